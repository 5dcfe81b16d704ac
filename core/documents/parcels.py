"""Files that leave the house locked: a ZIP under AES-256, with a password that nobody keeps."""

from __future__ import annotations

import secrets
import tempfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import IO, cast
from zoneinfo import ZoneInfo

import pyzipper

ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # none that is taken for another when read aloud
GROUPS, GROUP = 6, 4
CHUNK = 64 * 1024
SEOUL = ZoneInfo("Asia/Seoul")

type Files = Iterable[tuple[str, Iterable[bytes]]]  # name within the ZIP → content, piece by piece


def new_password() -> str:
    """`k7mq-…`: 24 letters by chance (over 118 bits), in groups that can be read out."""
    groups = ("".join(secrets.choice(ALPHABET) for _letter in range(GROUP)) for _group in range(GROUPS))
    return "-".join(groups)


def locked(files: Files, *, password: str, now: datetime) -> IO[bytes]:
    """The ZIP, from its beginning. It opens with `password` alone; nothing unlocked touches the disk.

    WinZip AE-2 with AES-256: 7-Zip, WinZip, Keka and the archive managers of Linux open it. Names and sizes
    within it are not hidden.
    """
    out = cast(IO[bytes], tempfile.TemporaryFile())  # noqa: SIM115  # the answer closes it
    stamp = now.astimezone(SEOUL).timetuple()[:6]
    with pyzipper.AESZipFile(out, "w", encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword(password.encode("ascii"))
        archive.setencryption(pyzipper.WZ_AES, nbits=256)
        for name, pieces in files:
            entry = pyzipper.zipfile_aes.AESZipInfo(name, date_time=stamp)
            entry.compress_type = pyzipper.ZIP_DEFLATED
            with archive.open(entry, "w", force_zip64=True) as inside:
                for piece in pieces:
                    inside.write(piece)
    out.seek(0)
    return out


def pieces_of(parcel: IO[bytes]) -> Iterator[bytes]:
    """The file for an answer; it is gone from the disk when the last piece is."""
    with parcel:
        while piece := parcel.read(CHUNK):
            yield piece

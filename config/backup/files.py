"""Writing files so that they are there, whole, or not at all."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from config.backup.faults import BackupRefused

OWN_ONLY, OWN_FOLDER = 0o600, 0o700
PIECE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Kept:
    """One file of a backup: where below its folder, how long, and the SHA-256 of its bytes."""

    path: str
    size: int
    sha256: str


def written(target: Path, pieces: Iterable[bytes]) -> tuple[int, str]:
    """Size and SHA-256 of what now lies at `target`, on the disk. FileExistsError rather than writing over."""
    digest, size = hashlib.sha256(), 0
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWN_ONLY), "wb") as out:
        for piece in pieces:
            digest.update(piece)
            size += len(piece)
            out.write(piece)
        out.flush()
        os.fsync(out.fileno())
    return size, digest.hexdigest()


def pieces_of(path: Path) -> Iterator[bytes]:
    with path.open("rb") as source:
        while piece := source.read(PIECE):
            yield piece


def kept_file(folder: Path, path: str) -> Kept:
    """What the file at `path` below `folder` is now."""
    digest, size = hashlib.sha256(), 0
    for piece in pieces_of(folder / path):
        digest.update(piece)
        size += len(piece)
    return Kept(path, size, digest.hexdigest())


def settle(folder: Path) -> None:
    """The names in `folder` are on the disk too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def is_taken(folder: Path) -> bool:
    return folder.exists() and (not folder.is_dir() or any(folder.iterdir()))


@contextmanager
def arriving(target: Path) -> Iterator[Path]:
    """A folder to fill; it becomes `target` when the block ends well, and is gone otherwise.

    BackupRefused when `target` holds anything.
    """
    if is_taken(target):
        raise BackupRefused(f"비어 있지 않은 곳입니다: {target}")
    target.parent.mkdir(parents=True, exist_ok=True)
    half = target.with_name(f".{target.name}.{os.getpid()}.half")
    half.mkdir(mode=OWN_FOLDER)
    try:
        yield half
        for folder in (half, *(path for path in half.rglob("*") if path.is_dir())):
            settle(folder)
        half.rename(target)
        settle(target.parent)
    except BaseException:
        shutil.rmtree(half, ignore_errors=True)
        raise

"""An audit bundle as one file: what it holds, a manifest of it, a signature, and two programs that check it all."""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Mapping
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from core.audit.chain import digest, instant
from core.audit.keys import Signer
from core.audit.outside import verify

type Files = Mapping[str, bytes]  # path within the bundle → content

OUTSIDE = Path(verify.__file__).parent
CHECKERS = ("verify.py", "verify.html")
README = """\
이 묶음은 한 사건의 기록과, 그 기록이 바뀌지 않았다는 증거입니다.
This bundle holds the records of one case, and the proof that they were not changed.

확인하는 방법 (인터넷도 이 소프트웨어도 필요 없습니다)
How to check it (needs neither a network nor the software that made it)

  1. python3 verify.py BUNDLE.zip --key FINGERPRINT      Python 3.9+
  2. verify.html 파일을 브라우저에서 열고 ZIP 파일을 고릅니다. / Open verify.html in a browser and choose the ZIP.

FINGERPRINT는 서명 키의 지문입니다. 이 묶음이 아니라 기관에서 따로 받은 값을 쓰세요.
FINGERPRINT is that of the signing key. Use one you were given apart from this bundle.
묶음을 못 믿는다면 안의 verify.py도 믿지 마세요. 따로 받은 것과 비교하거나 직접 읽어 보세요.
If you do not trust the bundle, do not trust the verify.py inside it: compare it with your own, or read it.

  index.pdf        차례 / the list of contents
  papers/          나간 문서 그대로 / every paper, byte for byte as it was sealed
  evidence/        증거 원본 / the evidence as it came in
  data/            기록 / the records
  proof/           이력과 서명 / history, signed day heads
  proof/stamps/    시점확인(있을 때). openssl ts -verify -data DAY.txt -in DAY.tsr -CAfile ROOT.pem
                   time stamps, if there are any; the root certificate is the authority's
  manifest.json    모든 파일의 SHA-256 / the SHA-256 of every file
"""


def as_json(value: Any) -> bytes:
    """JSON for people and programs: indented, in the order given, UTF-8."""
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def listing(files: Files) -> list[dict[str, Any]]:
    """Path, SHA-256 and size of each file, in the order of their paths."""
    return [
        {"path": path, "sha256": hashlib.sha256(files[path]).hexdigest(), "size": len(files[path])}
        for path in sorted(files)
    ]


def content_digest(files: Files) -> str:
    """What history keeps of an export: the digest of the list of what was laid out in it."""
    return digest(listing(files))


def packed(
    files: Files,
    *,
    chain: str,
    history: Any,
    heads: Any,
    stamps: Files,
    is_redacted: bool,
    signer: Signer,
    now: datetime,
) -> bytes:
    """The ZIP file: `files`, the proof, the manifest signed by `signer`, the programs that check it."""
    whole = {
        **files,
        "README.txt": README.encode(),
        "proof/history.json": as_json(history),
        "proof/heads.json": as_json(heads),
        **stamps,
        **{name: (OUTSIDE / name).read_bytes() for name in CHECKERS},
    }
    manifest = as_json(
        {
            "title": verify.BUNDLE_TITLE,
            "case": chain,
            "made_at": instant(now),
            "is_redacted": is_redacted,
            "files": listing(whole),
        }
    )
    seal = {
        "key": signer.key_id,
        "public": signer.public.hex(),
        "signature": signer.sign(verify.manifest_message(manifest)),
    }
    return _zipped({**whole, "manifest.json": manifest, "manifest.sig.json": as_json(seal)}, now=now)


def _zipped(files: Files, *, now: datetime) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(files):
            entry = zipfile.ZipInfo(path, date_time=now.timetuple()[:6])
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, files[path])
    return out.getvalue()

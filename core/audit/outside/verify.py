#!/usr/bin/env python3
"""Check an audit bundle. One file, Python 3.9 or newer, nothing else: no package, no network.

    python3 verify.py BUNDLE.zip [--key FINGERPRINT ...]

BUNDLE is the ZIP file, or the folder it was unpacked into. --key names the signing keys that you trust,
by the fingerprints you were given apart from the bundle; without it the signatures are checked against
the keys in the bundle, which shows that nothing was changed since, but not who signed.

Prints each check in Korean and English. Exit 0: everything holds; 1: the first broken place is named;
2: there is no bundle to read.

What is checked, with SHA-256 throughout:
  history    each event's hash is that of its text; each names the hash of the one before; numbers from 1
  words      what was written beside an event has the salted hash that the event holds
  heads      each day head is signed (Ed25519, RFC 8032) and names the head before; from the chain, as it
             was at the end of the day, a path of hashes (in the way of RFC 6962) leads to the signed root
  rows       each record in data/ has the digest that the last event about it holds
  papers     each sealed paper has the hash that an event holds
  export     the last event tells of this very bundle, by the digest of the list of its contents
  manifest   every file is there, with its hash and size, and no other
  signature  the manifest is signed
  key        the keys that signed are those that you trust
"""

from __future__ import annotations

import hashlib
import json
import sys
import zipfile
from collections.abc import Callable, Collection, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Dict, Optional, Tuple, Union

BUNDLE_TITLE = "breachdesk audit bundle v1"
HEAD_TITLE = "breachdesk day head v1"
GENESIS = "0" * 64
EXPORTED, ERASED = "case.exported", "history.words-erased"
UNPINNED = "key, not compared"
UNLISTED = ("manifest.json", "manifest.sig.json")

Files = Dict[str, bytes]  # path within the bundle → content
Point = Tuple[int, int, int, int]
Told = Tuple[str, str]  # Korean and English
Finding = Tuple[str, Optional[str], str, str]  # the check, the broken place, Korean, English


class Broken(Exception):
    """Something does not hold: where, and what, in Korean and English."""

    def __init__(self, place: str, korean: str, english: str) -> None:
        super().__init__(place)
        self.place, self.korean, self.english = place, korean, english


class NoBundle(Exception):
    """There is nothing here that could be checked."""


# Ed25519 as RFC 8032 §5.1 writes it. Verification only, so nothing has to be kept from timing.

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT_OF_MINUS_ONE = pow(2, (P - 1) // 4, P)


def _add(one: Point, other: Point) -> Point:
    a = (one[1] - one[0]) * (other[1] - other[0]) % P
    b = (one[1] + one[0]) * (other[1] + other[0]) % P
    c = 2 * one[3] * other[3] * D % P
    d = 2 * one[2] * other[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def _times(number: int, point: Point) -> Point:
    total = (0, 1, 1, 0)
    while number:
        if number & 1:
            total = _add(total, point)
        point = _add(point, point)
        number >>= 1
    return total


def _same(one: Point, other: Point) -> bool:
    return (one[0] * other[2] - other[0] * one[2]) % P == 0 and (
        one[1] * other[2] - other[1] * one[2]
    ) % P == 0


def _x_of(y: int, sign: int) -> Optional[int]:
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if square == 0:
        return None if sign else 0
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_ONE % P
    if (x * x - square) % P:
        return None
    return P - x if x & 1 != sign else x


def _point(data: bytes) -> Optional[Point]:
    if len(data) != 32:
        return None
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & ((1 << 255) - 1)
    x = _x_of(y, sign)
    return None if x is None else (x, y, 1, x * y % P)


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE_X = _x_of(BASE_Y, 0) or 0
BASE: Point = (BASE_X, BASE_Y, 1, BASE_X * BASE_Y % P)


def is_signed(message: bytes, signature: bytes, public: bytes) -> bool:
    """Whether `signature` (64 bytes) is that of `public` (32 bytes) under `message`."""
    key = _point(public)
    if key is None or len(signature) != 64:
        return False
    r, s = _point(signature[:32]), int.from_bytes(signature[32:], "little")
    if r is None or s >= L:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % L
    return _same(_times(s, BASE), _add(r, _times(h, key)))


# How things are hashed.


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def canonical(value: Any) -> str:
    """The one JSON text a value has: keys sorted, no spaces, UTF-8."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(value: Any) -> str:
    return sha256(canonical(value).encode("utf-8"))


def fingerprint(public: bytes) -> str:
    return sha256(public)[:32]


def manifest_message(manifest: bytes) -> bytes:
    """What is signed of the manifest: never the text of anything else this key signs."""
    return BUNDLE_TITLE.encode() + b"\n" + manifest


def root_by(path: Any, leaf: bytes) -> str:
    """The root of the tree that `path` leads to from a leaf's text."""
    found = hashlib.sha256(b"\x00" + leaf).digest()
    for side, neighbour in path:
        pair = bytes.fromhex(neighbour) + found if side == "left" else found + bytes.fromhex(neighbour)
        found = hashlib.sha256(b"\x01" + pair).digest()
    return found.hex()


# Reading the bundle.


def read_bundle(path: Union[str, Path]) -> Files:
    """The files of a bundle, by their paths. NoBundle when it cannot be read."""
    path = Path(path)
    try:
        if path.is_dir():
            return {
                one.relative_to(path).as_posix(): one.read_bytes()
                for one in sorted(path.rglob("*"))
                if one.is_file()
            }
        with zipfile.ZipFile(path) as archive:
            names = [entry.filename for entry in archive.infolist() if not entry.is_dir()]
            if len(names) != len(set(names)):
                raise NoBundle("the ZIP file holds two files of the same name")
            return {name: archive.read(name) for name in names}
    except (OSError, zipfile.BadZipFile) as fault:
        raise NoBundle(str(fault)) from fault


class Bundle:
    """What a bundle says, read as far as it can be read."""

    def __init__(self, files: Files) -> None:
        self.files = files
        self.manifest = self.json("manifest.json")
        self.history = self.json("proof/history.json")
        self.chain = self.history["chain"]
        self.events = self.history["events"]
        self.bodies: list[Any] = []  # filled by the check of history
        self.is_redacted = self.manifest.get("is_redacted", False)

    def json(self, path: str) -> Any:
        if path not in self.files:
            raise Broken(path, "파일이 없습니다.", "The file is missing.")
        try:
            return json.loads(self.files[path].decode("utf-8"))
        except ValueError:
            raise Broken(path, "JSON으로 읽을 수 없습니다.", "It cannot be read as JSON.") from None

    def place(self, number: int) -> str:
        return "%s #%d" % (self.chain, number)

    def data(self) -> Iterator[tuple[str, Any]]:
        """Each file of data/ that holds rows, with its rows."""
        for path in sorted(self.files):
            if path.startswith("data/") and path.endswith(".json"):
                yield path, self.json(path)


# The checks. Each gives a sentence of what it found, in Korean and English, or raises Broken.


def check_history(bundle: Bundle) -> Told:
    previous = GENESIS
    hashes: dict[str, int] = {}
    for number, event in enumerate(bundle.events, 1):
        place, body = bundle.place(number), json.loads(event["body"])
        if body["chain"] != bundle.chain or body["sequence"] != number:
            told = (number, body["chain"], body["sequence"])
            raise Broken(
                place,
                "%d번 이력이 있을 자리에 %s #%s이 있습니다." % told,
                "Where event %d should stand, there is %s #%s." % told,
            )
        if body["previous"] != previous:
            earlier = hashes.get(body["previous"])
            if earlier:
                raise Broken(
                    place,
                    "%d번 뒤에서 이력이 둘로 갈라졌습니다." % earlier,
                    "The chain forks after event %d." % earlier,
                )
            raise Broken(place, "앞 이력의 해시와 이어지지 않습니다.", "It does not follow the event before.")
        if sha256(event["body"].encode("utf-8")) != event["hash"]:
            raise Broken(
                place,
                "이력의 내용이 기록된 해시와 다릅니다.",
                "What the event says does not have the hash it was recorded with.",
            )
        bundle.bodies.append(body)
        previous = event["hash"]
        hashes[previous] = number
    count = len(bundle.events)
    if count != bundle.history["length"] or previous != bundle.history["head"]:
        raise Broken(
            bundle.place(count + 1),
            "이력은 %d건인데 %d건이라고 적혀 있습니다." % (count, bundle.history["length"]),
            "There are %d events, and %d were told of." % (count, bundle.history["length"]),
        )
    return "이력 %d건이 이어져 있습니다." % count, "%d events follow each other." % count


def check_words(bundle: Bundle) -> Told:
    erased = {
        body["data"].get("sequence")
        for body in map(json.loads, (event["body"] for event in bundle.events))
        if body["action"] == ERASED
    }
    shown = gone = 0
    for number, event in enumerate(bundle.events, 1):
        vouched, words = json.loads(event["body"])["reason"], event.get("words")
        if words and digest([words["salt"], words["text"]]) != vouched:
            raise Broken(
                bundle.place(number),
                "사유가 적을 때와 다릅니다.",
                "The words beside it are not those that were written.",
            )
        if vouched and not words and not bundle.is_redacted and number not in erased:
            raise Broken(
                bundle.place(number),
                "사유가 없어졌는데 지웠다는 이력이 없습니다.",
                "The words beside it are gone, and no event tells of their erasure.",
            )
        shown, gone = shown + bool(words), gone + bool(vouched and not words)
    return (
        "사유 %d건이 맞습니다. 가리거나 지운 것은 %d건입니다." % (shown, gone),
        "%d reasons are as written; %d are hidden or erased." % (shown, gone),
    )


def check_heads(bundle: Bundle) -> Told:
    told = bundle.json("proof/heads.json")
    keys = {name: bytes.fromhex(public) for name, public in told["keys"].items()}
    before, sealed = None, 0
    for head in told["heads"]:
        statement = json.loads(head["statement"])
        place = "하루의 머리 / day head %s" % statement.get("day")
        _check_head(place, head, statement, before, keys)
        if "leaf" in head:
            sealed = _check_leaf(bundle, place, head, statement, sealed)
        before = (statement, head["hash"])
    count, rest = len(told["heads"]), len(bundle.events) - sealed
    return (
        "하루의 머리 %d개가 맞습니다. 이력 %d번까지 서명되었고, 그 뒤 %d건은 묶음의 서명만이 증명합니다."
        % (count, sealed, rest),
        "%d day heads hold. Events up to %d are sealed by them; the last %d by the bundle's signature alone."
        % (count, sealed, rest),
    )


def _check_head(place: str, head: Any, statement: Any, before: Any, keys: dict[str, bytes]) -> None:
    if statement.get("title") != HEAD_TITLE or sha256(head["statement"].encode("utf-8")) != head["hash"]:
        raise Broken(place, "머리의 내용이 해시와 다릅니다.", "The head does not have its hash.")
    if before:
        day, last = date.fromisoformat(statement["day"]), date.fromisoformat(before[0]["day"])
        if statement["previous"] != before[1] or day != last + timedelta(days=1):
            raise Broken(
                place, "앞날의 머리와 이어지지 않습니다.", "It does not follow the head of the day before."
            )
    public = keys.get(statement["key"])
    if public is None or fingerprint(public) != statement["key"] or head["key"] != statement["key"]:
        raise Broken(
            place,
            "서명한 키 %s의 공개 키가 없습니다." % statement["key"],
            "There is no public key %s." % statement["key"],
        )
    if not is_signed(head["statement"].encode("utf-8"), bytes.fromhex(head["signature"]), public):
        raise Broken(place, "서명이 맞지 않습니다.", "The signature does not hold.")


def _check_leaf(bundle: Bundle, place: str, head: Any, statement: Any, sealed: int) -> int:
    """How many events this head seals."""
    leaf = head["leaf"]
    if root_by(head["path"], canonical(leaf).encode("utf-8")) != statement["root"]:
        raise Broken(
            place,
            "사슬에서 서명한 뿌리로 가는 길이 맞지 않습니다.",
            "The path from the chain does not lead to the signed root.",
        )
    length = int(leaf["length"])
    if leaf["chain"] != bundle.chain or length < sealed:
        raise Broken(place, "다른 사슬의 잎입니다.", "The leaf is of another chain.")
    if length > len(bundle.events):
        raise Broken(
            bundle.place(len(bundle.events) + 1),
            "%s에 서명한 이력은 %d건인데 여기에는 %d건뿐입니다. 뒤가 잘렸습니다."
            % (statement["day"], length, len(bundle.events)),
            "%d events were signed on %s, and here are %d: the tail was cut."
            % (length, statement["day"], len(bundle.events)),
        )
    if length and bundle.events[length - 1]["hash"] != leaf["head"]:
        raise Broken(
            bundle.place(sealed + 1),
            "%d번에서 %d번까지의 이력이 %s에 서명한 머리와 다릅니다. 다시 쓰였습니다."
            % (sealed + 1, length, statement["day"]),
            "Events %d to %d are not those that were signed on %s: they were rewritten."
            % (sealed + 1, length, statement["day"]),
        )
    return length


def check_rows(bundle: Bundle) -> Told:
    states: dict[str, str] = {}
    kept: dict[str, list[Any]] = {}
    for body in bundle.bodies:
        states.update(body["data"].get("states", {}))
        kept.setdefault(body["subject"], []).append(body["data"])
    count, laid_out = 0, set()  # of rows
    for path, rows in bundle.data():
        for row in rows:
            count += _check_row(path, row, states, kept)
            laid_out.add(row.get("row"))
    for name in sorted(set(states) - laid_out):
        raise Broken(
            "data/ %s" % name,
            "이력이 보증하는 기록이 없습니다.",
            "A record that history vouches for is missing.",
        )
    return (
        "기록 %d건이 이력에 있는 해시와 같습니다." % count,
        "%d records have the digest that history holds." % count,
    )


def _check_row(path: str, row: Any, states: dict[str, str], kept: dict[str, list[Any]]) -> bool:
    name = row.get("row", "")
    place = "%s %s" % (path, name)
    vouched = row.get("vouched")
    if name in states and not vouched:
        raise Broken(
            place,
            "이력이 보증하는 기록인데 확인할 내용이 없습니다.",
            "History vouches for it, and it does not say by what.",
        )
    if vouched:
        now = digest({column: row["columns"][column] for column in vouched})
        if states.get(name) != now:
            raise Broken(
                place,
                "기록이 이력에 있는 해시와 다릅니다.",
                "The record does not have the digest that history holds.",
            )
    for key, said in row.get("kept", {}).items():
        if not any(data.get(key) == digest(said) for data in kept.get(name, [])):
            raise Broken(
                place,
                "기록의 내용이 이력에 있는 해시와 다릅니다.",
                "What the record says does not have the digest that history holds.",
            )
    return bool(vouched or row.get("kept"))


def check_papers(bundle: Bundle) -> Told:
    there = {sha256(data): path for path, data in bundle.files.items() if path.startswith("papers/")}
    told: dict[str, int] = {}
    for number, body in enumerate(bundle.bodies, 1):
        if body["data"].get("file_hash"):
            told.setdefault(body["data"]["file_hash"], number)
    if bundle.is_redacted:
        return (
            "가린 묶음이라 문서는 해시만 있습니다(%d건)." % len(told),
            "Redacted: papers are told of by their hash alone (%d)." % len(told),
        )
    for file_hash, number in told.items():
        if file_hash not in there:
            raise Broken(
                bundle.place(number),
                "이 이력이 말하는 문서가 없거나 바뀌었습니다.",
                "The paper this event tells of is missing or changed.",
            )
    for file_hash, path in there.items():
        if file_hash not in told:
            raise Broken(path, "이력에 없는 문서입니다.", "No event tells of this paper.")
    return "문서 %d건이 나간 그대로입니다." % len(there), "%d papers are as they were sealed." % len(there)


def check_export(bundle: Bundle) -> Told:
    last = bundle.bodies[-1] if bundle.bodies else {}
    listed = [
        entry
        for entry in bundle.manifest["files"]
        if entry["path"].startswith(("data/", "evidence/", "papers/")) or entry["path"] == "index.pdf"
    ]
    if last.get("action") != EXPORTED or last["data"].get("content") != digest(listed):
        raise Broken(
            bundle.place(len(bundle.events)),
            "마지막 이력이 이 묶음을 내보냈다는 이력이 아닙니다.",
            "The last event is not the one that tells of this bundle.",
        )
    return "이 묶음을 내보낸 것이 이력에 있습니다.", "History tells of this very bundle."


def check_manifest(bundle: Bundle) -> Told:
    if bundle.manifest.get("title") != BUNDLE_TITLE:
        raise Broken("manifest.json", "감사 묶음의 목록이 아닙니다.", "It is not an audit bundle's manifest.")
    listed = {entry["path"]: entry for entry in bundle.manifest["files"]}
    for path in sorted(set(bundle.files) - set(listed) - set(UNLISTED)):
        raise Broken(path, "목록에 없는 파일입니다.", "The manifest does not name this file.")
    for path, entry in sorted(listed.items()):
        data = bundle.files.get(path)
        if data is None:
            raise Broken(path, "파일이 없습니다.", "The file is missing.")
        if len(data) != entry["size"] or sha256(data) != entry["sha256"]:
            raise Broken(path, "파일이 목록과 다릅니다.", "The file is not the one in the manifest.")
    return "파일 %d개가 목록과 같습니다." % len(listed), "%d files are those in the manifest." % len(listed)


def check_signature(bundle: Bundle) -> Told:
    seal = bundle.json("manifest.sig.json")
    public = bytes.fromhex(seal["public"])
    message = manifest_message(bundle.files["manifest.json"])
    if fingerprint(public) != seal["key"] or not is_signed(message, bytes.fromhex(seal["signature"]), public):
        raise Broken(
            "manifest.sig.json", "목록의 서명이 맞지 않습니다.", "The manifest's signature does not hold."
        )
    return "목록이 서명되어 있습니다(키 %s)." % seal["key"], "The manifest is signed (key %s)." % seal["key"]


def keys_used(bundle: Bundle) -> list[str]:
    heads = bundle.json("proof/heads.json")["heads"]
    return sorted({bundle.json("manifest.sig.json")["key"], *(head["key"] for head in heads)})


def check_key(bundle: Bundle, trusted: Collection[str]) -> Told:
    used = keys_used(bundle)
    if not trusted:
        return (
            "키의 지문을 주지 않았습니다. 기관에서 따로 받은 지문과 비교하세요: %s" % ", ".join(used),
            "No fingerprint was given. Compare with the one you were given apart from this bundle.",
        )
    for key in used:
        if key not in trusted:
            raise Broken(
                "키 / key %s" % key,
                "믿는 키로 서명한 것이 아닙니다.",
                "It was not signed by a key that you trust.",
            )
    return "믿는 키로 서명했습니다.", "It was signed by keys that you trust."


CHECKS = (
    ("history", check_history),
    ("words", check_words),
    ("heads", check_heads),
    ("rows", check_rows),
    ("papers", check_papers),
    ("export", check_export),
    ("manifest", check_manifest),
    ("signature", check_signature),
)


def findings_of(files: Files, trusted: Collection[str] = ()) -> list[Finding]:
    """Each check with what it found: (name, None, Korean, English), or the broken place instead of None."""
    try:
        bundle = Bundle(files)
    except Broken as broken:
        return [("bundle", broken.place, broken.korean, broken.english)]
    except (KeyError, TypeError, AttributeError) as fault:
        return [
            ("bundle", "manifest.json, proof/history.json", "읽을 수 없습니다.", "Unreadable: %r" % fault)
        ]
    checks = [*CHECKS, ("key" if trusted else UNPINNED, lambda one: check_key(one, trusted))]
    return [_finding(name, check, bundle) for name, check in checks]


def _finding(name: str, check: Callable[[Bundle], Told], bundle: Bundle) -> Finding:
    try:
        korean, english = check(bundle)
    except Broken as broken:
        return (name, broken.place, broken.korean, broken.english)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as fault:
        return (name, name, "읽을 수 없는 내용입니다.", "Unreadable: %r" % fault)
    return (name, None, korean, english)


def report(findings: list[Finding]) -> str:
    """The findings as text, the verdict last."""
    lines = []
    for name, place, korean, english in findings:
        mark = "맞음 OK" if place is None else "어긋남 BROKEN"
        where = "" if place is None else " %s:" % place
        lines.append("[%s] %s:%s %s" % (mark, name, where, korean))
        lines.append("    %s" % english)
    broken = [finding for finding in findings if finding[1] is not None]
    if broken:
        lines.append("판정: 어긋납니다. 처음 어긋난 곳은 %s입니다." % broken[0][1])
        lines.append("Verdict: BROKEN. The first broken place is %s." % broken[0][1])
    elif any(finding[0] == UNPINNED for finding in findings):
        lines.append("판정: 바뀐 것이 없습니다. 누가 서명했는지는 위 지문을 비교해야 압니다.")
        lines.append("Verdict: everything holds. Who signed is known once you compare the fingerprint above.")
    else:
        lines.append("판정: 모두 맞습니다.")
        lines.append("Verdict: everything holds.")
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    trusted: set[str] = set()
    paths: list[str] = []
    rest = list(arguments)
    while rest:
        word = rest.pop(0)
        if word == "--key" and rest:
            trusted.add(rest.pop(0).strip().lower())
        elif word.startswith("-"):
            print(__doc__)
            return 2
        else:
            paths.append(word)
    try:
        findings = findings_of(read_bundle(paths[0] if paths else Path(__file__).parent), trusted)
    except NoBundle as fault:
        print("묶음을 읽을 수 없습니다. / There is no bundle to read: %s" % fault)
        return 2
    print(report(findings))
    return 1 if any(place is not None for _name, place, _korean, _english in findings) else 0


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    sys.exit(main(sys.argv[1:]))

"""An edition of the law as one document, and what changed between two of them.

`edition_of` gives every law file as plain data; the same document read back answers as the files do.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from rules.engine.faults import Fault, LawFileError
from rules.engine.law_files import LawFiles, PackagedFiles, digest_of

FORMAT = 1
NAMED_BY = ("version", "from", "code", "id", "day", "question", "fact")  # what tells items of a list apart
CITED_BY = ("cite", "source", "confidence")


class StoredFiles:
    """The law files of a stored edition."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        """Raises LawFileError for a document that is no edition of this format."""
        if document.get("format") != FORMAT or not isinstance(document.get("files"), Mapping):
            raise LawFileError("edition", [Fault("format", f"이 형식({FORMAT})의 규칙집이 아닙니다.")])
        self.files: Mapping[str, Any] = document["files"]
        self.names = tuple(sorted(self.files))

    def plain(self, name: str) -> tuple[object, list[Fault]]:
        return self.files[name], []

    def has_key(self, name: str, key: str) -> bool:
        return isinstance(self.files[name], Mapping) and key in self.files[name]


def edition_of(files: LawFiles | None = None) -> dict[str, Any]:
    """This edition: every law file as plain data, and the digest of their bytes. Raises LawFileError."""
    files = files or PackagedFiles()
    content: dict[str, object] = {}
    for name in files.names:
        plain, faults = files.plain(name)
        if faults:
            raise LawFileError(name, faults)
        content[name] = plain
    return {"format": FORMAT, "rules_digest": digest_of(files.names), "files": content}


def canonical(document: Mapping[str, Any]) -> str:
    """The same edition is the same text: sorted keys, no spaces to spare."""
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of_edition(document: Mapping[str, Any]) -> str:
    """sha256 of the canonical text."""
    return hashlib.sha256(canonical(document).encode()).hexdigest()


def compare_editions(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """What changed from one edition to the next.

    `duties` lists each version added, removed or changed, a change with every value old and new and
    the articles of the new text; `files` does the same for everything else, by file and path.
    Raises LawFileError for a document that is no edition.
    """
    before, after = StoredFiles(old), StoredFiles(new)
    duties = [*_duty_changes(_duties(before), _duties(after))]
    return {
        "old_digest": old.get("rules_digest"),
        "new_digest": new.get("rules_digest"),
        "duties": duties,
        "files": [*_file_changes(before, after)],
    }


def _duties(files: StoredFiles) -> dict[str, dict[str, Any]]:
    """Every version by its id, with what the family says to all of them."""
    found: dict[str, dict[str, Any]] = {}
    for name in files.names:
        if not files.has_key(name, "duties"):
            continue
        for family_id, family in files.files[name]["duties"].items():
            common = {key: value for key, value in family.items() if key != "history"}
            for entry in family["history"]:
                version = entry.get("version") or f"repeal_{entry['from']}"
                found[f"{family_id}.{version}"] = {"file": name, "family": common, **entry}
    return found


def _duty_changes(
    before: Mapping[str, dict[str, Any]], after: Mapping[str, dict[str, Any]]
) -> Iterator[dict[str, Any]]:
    for duty in sorted({*before, *after}):
        old, new = before.get(duty), after.get(duty)
        if old == new:
            continue
        change = "added" if old is None else "removed" if new is None else "changed"
        speaking = new or old or {}
        yield {
            "id": duty,
            "change": change,
            "file": speaking["file"],
            "cite": speaking.get("cite", []),
            "values": _differences(old, new) if old and new else [],
        }


def _file_changes(before: StoredFiles, after: StoredFiles) -> Iterator[dict[str, Any]]:
    """Changes outside the versions of duties: vocabulary, codes, contents, holidays, other topics."""
    for name in sorted({*before.names, *after.names}):
        old, new = _beside_duties(before, name), _beside_duties(after, name)
        if old == new:
            continue
        change = "added" if name not in before.files else "removed" if name not in after.files else "changed"
        values = _differences(old, new) if change == "changed" else []
        yield {"file": name, "change": change, "values": values}


def _beside_duties(files: StoredFiles, name: str) -> object:
    content = files.files.get(name)
    if not isinstance(content, Mapping):
        return content
    return {key: value for key, value in content.items() if key != "duties"}


def _differences(old: object, new: object) -> list[dict[str, Any]]:
    """Every value that differs, by its path, with the articles that stand beside the new one."""
    before, after = dict(_leaves(old, "", ())), dict(_leaves(new, "", ()))
    return [
        {
            "path": path,
            "old": before[path][0] if path in before else None,
            "new": after[path][0] if path in after else None,
            "cite": list((after.get(path) or before[path])[1]),
        }
        for path in sorted({*before, *after}, key=_natural)
        if (path in before and before[path][0]) != (path in after and after[path][0])
        or (path in before) != (path in after)
    ]


def _leaves(
    value: object, path: str, cite: tuple[str, ...]
) -> Iterator[tuple[str, tuple[Any, tuple[str, ...]]]]:
    if isinstance(value, Mapping):
        own = value.get("cite")
        cite = tuple(own) if isinstance(own, list) else (own,) if isinstance(own, str) else cite
        for key, item in value.items():
            yield from _leaves(item, f"{path}.{key}" if path else str(key), cite)
    elif isinstance(value, list) and value and all(isinstance(item, Mapping) for item in value):
        for place, item in enumerate(value):
            yield from _leaves(item, f"{path}[{_name_of(item, value, place)}]", cite)
    else:
        yield path, (value, cite)


def _name_of(item: Mapping[str, Any], items: list[Any], place: int) -> str:
    """The key that tells this item from the others, so that one put before it is no change; else its place."""
    for key in NAMED_BY:
        named = [other.get(key) for other in items]
        if isinstance(item.get(key), str) and len(set(map(str, named))) == len(items):
            return str(item[key])
    return str(place)


def _natural(path: str) -> list[object]:
    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", path)]

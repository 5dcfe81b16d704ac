"""The law of duties as one whole: read from the law files of an edition, checked across files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path, PurePosixPath
from typing import Any

from rules.duties.jurisdiction import (
    CODES,
    CONTENTS,
    Jurisdiction,
    jurisdiction_folders,
    jurisdiction_of,
    read_jurisdictions,
)
from rules.duties.lexicon import Lexicon, merged_codes, merged_lists
from rules.duties.questions import Question, decisions_field
from rules.duties.rows import LAW_FILE, Family, families_of, family_faults
from rules.duties.vocabulary import (
    SCOPES,
    VOCABULARY_FILE,
    FactEntry,
    Vocabulary,
    clock_entry,
    entry_faults,
    entry_of,
)
from rules.engine.calendar import Calendar, Changes
from rules.engine.declaration import Field, Record
from rules.engine.editions import StoredFiles, digest_of_edition
from rules.engine.faults import Fault, LawFileError
from rules.engine.holidays import calendar_field
from rules.engine.kinds import Day, Instant
from rules.engine.law_files import CITED, HEAD, LawFiles, PackagedFiles, checked, digest_of, read_law_file

FACTS_FOLDER = "facts"
COVERAGE_FILE = "facts/coverage.yaml"
SPAN = Record((Field("first", Day(), required=True), Field("last", Day(), required=True), *CITED))
COVERAGE = Record((*HEAD, Field("occurrence", SPAN, required=True), Field("awareness", SPAN, required=True)))
SPANS = ("occurrence", "awareness")
KOREA = "kr"  # the only jurisdiction whose calendar an administrator may change
MOST_CHANGED = 8  # calendars kept ready: the one in use, and those a page tries out


@dataclass(frozen=True)
class Law:
    """Everything the topic `duties` reads, of one edition."""

    files: tuple[str, ...]
    digest: str
    lexicon: Lexicon
    jurisdictions: Mapping[str, Jurisdiction]
    families: tuple[Family, ...]

    @property
    def vocabulary(self) -> Vocabulary:
        return self.lexicon.vocabulary

    @cached_property
    def questions(self) -> Mapping[str, Question]:
        """Every question a person may decide, by id."""
        found = [question for family in self.families for question in family.questions()]
        return {question.id: question for question in found if question.id}

    @cached_property
    def record(self) -> Record:
        """The shape of a facts document: organisation, incident, decisions."""
        own = (calendar_field(self.calendar),) if self.calendar else ()
        return Record((*self.vocabulary.record.fields, decisions_field(self.questions), *own))

    @property
    def calendar(self) -> Calendar | None:
        """The Korean calendar; None in an edition without one."""
        korea = self.jurisdictions.get(KOREA)
        return korea.calendar if korea else None

    def counted_by(self, changes: Changes) -> Law:
        """The same law counting by the Korean calendar with these changes; made once while they are in use."""
        if not changes or self.calendar is None:
            return self
        if changes not in self._changed:
            if len(self._changed) >= MOST_CHANGED:
                self._changed.pop(next(iter(self._changed)), None)
            self._changed[changes] = self._recounted(self.calendar.changed(changes))
        return self._changed[changes]

    @cached_property
    def _changed(self) -> dict[Changes, Law]:
        return {}

    def _recounted(self, calendar: Calendar) -> Law:
        before = self.jurisdictions[KOREA]
        korea = replace(before, calendar=calendar)
        families = tuple(
            replace(family, home=korea) if family.home is before else family for family in self.families
        )
        return replace(self, jurisdictions={**self.jurisdictions, KOREA: korea}, families=families)


@cache
def current_law() -> Law:
    """The law of this edition. Raises LawFileError."""
    files = PackagedFiles()
    return read_law(files, digest_of(law_files(files)))


def law_of_edition(document: Mapping[str, Any]) -> Law:
    """The law of a stored edition, read once while it is in use. Raises LawFileError."""
    key = digest_of_edition(document)
    if key not in _STORED:
        if len(_STORED) >= MOST_STORED:
            _STORED.pop(next(iter(_STORED)))
        digest = (document.get("topics") or {}).get("duties") or document.get("rules_digest") or key
        _STORED[key] = read_law(StoredFiles(document), str(digest))
    return _STORED[key]


_STORED: dict[str, Law] = {}
MOST_STORED = 4  # an open case rarely compares more editions than two


def duty_files(files: LawFiles | None = None) -> tuple[str, ...]:
    """Every law file with duties, wherever it stands below a jurisdiction, in the order of their paths."""
    files = files or PackagedFiles()
    return tuple(sorted(name for name in files.names if files.has_key(name, "duties")))


def law_files(files: LawFiles | None = None) -> tuple[str, ...]:
    """Every file the topic reads."""
    files = files or PackagedFiles()
    jurisdictions = jurisdiction_folders(files)
    beside = {
        f"{folder}/{name}"
        for folder in jurisdictions
        for name in ("jurisdiction.yaml", "codes.yaml", "contents.yaml")
    }
    under = tuple(f"{folder}/calendar/" for folder in jurisdictions)
    read = {
        name
        for name in files.names
        if name in beside or name.startswith((f"{FACTS_FOLDER}/", *under)) or files.has_key(name, "duties")
    }
    return tuple(sorted(read))


def read_law(files: LawFiles, digest: str) -> Law:
    """The law these files make. Raises LawFileError with the file's name and every fault in it."""
    jurisdictions = read_jurisdictions(files)
    read = {name: checked(name, *files.plain(name), LAW_FILE) for name in duty_files(files)}
    lexicon = Lexicon(_vocabulary(files, read), _codes(files, read), _lists(files, read))
    families: list[Family] = []
    for name, content in read.items():
        home = jurisdiction_of(name, jurisdictions)
        if home is None:
            raise LawFileError(name, [Fault("", "jurisdiction.yaml이 있는 폴더 아래에 있어야 합니다.")])
        families += _families(name, content, lexicon, home)
    _refuse_repeats(families)
    _refuse_different_questions(families)
    return Law(law_files(files), digest, lexicon, jurisdictions, tuple(families))


def read_families(path: Path, *, name: str | None = None) -> tuple[Family, ...]:
    """The duties of one file as if it stood in Korea's folder. Raises LawFileError with every fault."""
    name = name or path.name
    content = read_law_file(path, LAW_FILE, name=name)
    law = current_law()
    entries = (*law.vocabulary.entries, *_own_entries(name, content))
    files = PackagedFiles()
    lexicon = Lexicon(
        _checked_vocabulary(entries, _spans(files)),
        merged_codes([("", law.lexicon.codes), (name, content.get("codes") or {})]),
        merged_lists([("", law.lexicon.lists), (name, content.get("contents") or {})]),
    )
    return _families(name, content, lexicon, law.jurisdictions["kr"])


def _families(
    name: str, content: Mapping[str, Any], lexicon: Lexicon, home: Jurisdiction
) -> tuple[Family, ...]:
    faults = family_faults(content, lexicon, home)
    if faults:
        raise LawFileError(name, faults)
    return families_of(content, lexicon, home, name)


def _refuse_different_questions(families: list[Family]) -> None:
    """One id is one question wherever it stands: the same kind, answers and default."""
    seen: dict[str, Question] = {}
    for family in families:
        for question in family.questions():
            if question.id is None:
                continue
            first = seen.setdefault(question.id, question)
            if _put(first) != _put(question):
                fault = Fault(f"duties.{family.id}", f"{question.id}가 서로 다른 물음에 쓰였습니다.")
                raise LawFileError(family.file, [fault])


def _put(question: Question) -> tuple[object, ...]:
    return question.kind, question.answers, question.default


def _refuse_repeats(families: list[Family]) -> None:
    seen: dict[str, str] = {}
    for family in families:
        if family.id in seen:
            raise LawFileError(
                family.file, [Fault(f"duties.{family.id}", f"{seen[family.id]}에도 있습니다.")]
            )
        seen[family.id] = family.file


def _vocabulary(files: LawFiles, read: Mapping[str, Mapping[str, Any]]) -> Vocabulary:
    entries: list[FactEntry] = []
    for scope in SCOPES:
        name = f"{FACTS_FOLDER}/{scope}.yaml"
        content = checked(name, *files.plain(name), VOCABULARY_FILE)
        _refuse(
            name,
            [fault for key, item in content["facts"].items() for fault in entry_faults(item, f"facts.{key}")],
        )
        entries += _entries(name, {key: {**item, "scope": scope} for key, item in content["facts"].items()})
    for name, law_file in read.items():
        entries += _own_entries(name, law_file)
    return _checked_vocabulary(entries, _spans(files))


def _own_entries(name: str, content: Mapping[str, Any]) -> list[FactEntry]:
    own = content.get("facts") or {}
    _refuse(name, [fault for key, item in own.items() for fault in entry_faults(item, f"facts.{key}")])
    return _entries(name, own)


def _entries(file: str, items: Mapping[str, Mapping[str, Any]]) -> list[FactEntry]:
    made = [entry_of(name, item["scope"], item, file) for name, item in items.items()]
    clocks = [clock_entry(name, item, file) for name, item in items.items()]
    return [*made, *(clock for clock in clocks if clock is not None)]


def _checked_vocabulary(entries: Iterable[FactEntry], spans: Mapping[str, Instant]) -> Vocabulary:
    vocabulary = Vocabulary(entries, spans)
    found = vocabulary.faults()
    if found:
        file = found[0][0]
        raise LawFileError(file, [fault for name, fault in found if name == file])
    return vocabulary


def _refuse(name: str, faults: list[Fault]) -> None:
    if faults:
        raise LawFileError(name, faults)


def _spans(files: LawFiles) -> dict[str, Instant]:
    content = checked(COVERAGE_FILE, *files.plain(COVERAGE_FILE), COVERAGE)
    return {span: Instant(content[span]["first"], content[span]["last"]) for span in SPANS}


def _codes(files: LawFiles, read: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    own = ((name, content.get("codes") or {}) for name, content in read.items())
    return merged_codes(
        [*((name, checked(name, *files.plain(name), CODES)) for name in _named(files, "codes.yaml")), *own]
    )


def _lists(files: LawFiles, read: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    own = ((name, content.get("contents") or {}) for name, content in read.items())
    shared = (
        (name, checked(name, *files.plain(name), CONTENTS)["contents"])
        for name in _named(files, "contents.yaml")
    )
    return merged_lists([*shared, *own])


def _named(files: LawFiles, file: str) -> list[str]:
    """The files of this name that stand beside a jurisdiction."""
    return [
        name
        for name in files.names
        if PurePosixPath(name).name == file
        and PurePosixPath(name).with_name("jurisdiction.yaml").as_posix() in files.names
    ]

"""What differs from one jurisdiction to the next: its zone, its calendar, how it counts, its codes.

Each stands in `jurisdiction.yaml` at the top of the jurisdiction's folder, with `codes.yaml` and
`contents.yaml` beside it. A law file belongs to the nearest such folder above it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from pathlib import PurePosixPath
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from rules.engine.calendar import Calendar
from rules.engine.declaration import Field, ListOf, MapOf, Record
from rules.engine.faults import Fault, LawFileError
from rules.engine.history import FirstDay
from rules.engine.holidays import HOLIDAYS, OVERRIDES, calendar_of
from rules.engine.kinds import Text
from rules.engine.korean import SEOUL
from rules.engine.law_files import CITED, HEAD, LawFiles, checked

FILE = "jurisdiction.yaml"
COUNTED = ("HOURS", "DAYS", "WORKDAYS", "CALENDAR_DAYS")
NEEDS_CALENDAR = ("DAYS", "WORKDAYS")
LABELS = Record((Field("label", Text(), required=True), Field("label_en", Text(), required=True)))
CODE_KINDS = ("recipients", "exceptions", "delay_grounds")
CODE_FIELDS = tuple(Field(kind, MapOf(LABELS)) for kind in CODE_KINDS)
CODES = Record((*HEAD, *CODE_FIELDS))
CODES_BLOCK = Field("codes", Record(CODE_FIELDS))
ITEM = Record(
    (
        Field("code", Text(), required=True),
        Field("label", Text(), required=True),
        Field("label_en", Text(), required=True),
        Field("cite", Text(), required=True),
    )
)
EDITION = Record(
    (Field("from", FirstDay(), required=True), *CITED, Field("items", ListOf(ITEM, "code"), required=True))
)
CONTENT_LIST = Record(
    (
        Field("title", Text(), required=True),
        Field("title_en", Text(), required=True),
        Field("history", ListOf(EDITION), required=True),
    )
)
CONTENTS = Record((*HEAD, Field("contents", MapOf(CONTENT_LIST), required=True)))
CONTENTS_BLOCK = Field("contents", MapOf(CONTENT_LIST))
JURISDICTION = Record(
    (
        *HEAD,
        Field(
            "jurisdiction",
            Record(
                (
                    Field("name", Text(), required=True),
                    Field("name_en", Text(), required=True),
                    Field("zone", Text(), required=True),
                    Field("zone_label", Text(), required=True),
                    Field("zone_label_en", Text(), required=True),
                    Field("holidays", Text()),
                    Field("overrides", Text()),
                    Field(
                        "counting",
                        Record(tuple(Field(word, ListOf(Text())) for word in COUNTED)),
                        required=True,
                    ),
                )
            ),
            required=True,
        ),
    )
)


@dataclass(frozen=True, slots=True, eq=False)
class Jurisdiction:
    """One jurisdiction. `calendar` is None where no period is moved past holidays.

    `counting` holds the ways of counting it knows, each with the articles that say so.
    """

    code: str
    name: str
    name_en: str
    zone: tzinfo
    zone_name: str
    zone_label: str
    zone_label_en: str
    calendar: Calendar | None
    counting: Mapping[str, tuple[str, ...]]

    @property
    def zone_suffix(self) -> str:
        """The zone's name after an instant; nothing for Korea, where every reader expects it."""
        return "" if self.zone is SEOUL else f"({self.zone_label})"

    def day(self, instant: datetime) -> date:
        """The calendar day of an instant here."""
        if instant.tzinfo is self.zone:
            return instant.date()
        return instant.astimezone(self.zone).date()


def read_jurisdictions(files: LawFiles) -> dict[str, Jurisdiction]:
    """Every jurisdiction of an edition, by its folder. Raises LawFileError."""
    return {folder: _read(PurePosixPath(folder) / FILE, files) for folder in jurisdiction_folders(files)}


def jurisdiction_folders(files: LawFiles) -> tuple[str, ...]:
    """The folder of every jurisdiction of an edition."""
    return tuple(name.removesuffix(f"/{FILE}") for name in files.names if name.endswith(f"/{FILE}"))


def jurisdiction_of(name: str, jurisdictions: Mapping[str, Jurisdiction]) -> Jurisdiction | None:
    """The nearest jurisdiction above a law file."""
    for folder in PurePosixPath(name).parents:
        if folder.as_posix() in jurisdictions:
            return jurisdictions[folder.as_posix()]
    return None


def _read(path: PurePosixPath, files: LawFiles) -> Jurisdiction:
    name = path.as_posix()
    item = checked(name, *files.plain(name), JURISDICTION)["jurisdiction"]
    if any(word in item["counting"] for word in NEEDS_CALENDAR) != ("holidays" in item):
        raise LawFileError(
            name, [Fault("jurisdiction.holidays", "DAYS나 WORKDAYS는 공휴일이 있어야 셉니다.")]
        )
    return Jurisdiction(
        code=path.parent.as_posix().replace("/", "."),
        name=item["name"],
        name_en=item["name_en"],
        zone=_zone(name, item["zone"]),
        zone_name=item["zone"],
        zone_label=item["zone_label"],
        zone_label_en=item["zone_label_en"],
        calendar=_calendar(item, files),
        counting=item["counting"],
    )


def _zone(name: str, zone: str) -> tzinfo:
    if zone == "Asia/Seoul":
        return SEOUL
    try:
        return ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise LawFileError(name, [Fault("jurisdiction.zone", f"모르는 시간대입니다: {zone}")]) from error


def _calendar(item: Mapping[str, Any], files: LawFiles) -> Calendar | None:
    if "holidays" not in item:
        return None
    names = (item["holidays"], item["overrides"])
    listed = checked(names[0], *files.plain(names[0]), HOLIDAYS)
    overrides = checked(names[1], *files.plain(names[1]), OVERRIDES)
    return calendar_of(listed, overrides, names)

"""The safety settings as they stand, or stood."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from core.access.catalogue import SETTINGS, Code, Setting
from core.access.models import SafetySetting


def values_at(at: datetime | None = None) -> Mapping[Code, int]:
    """Every setting at an instant, its default where nobody had set it; now without an instant."""
    rows = SafetySetting.objects.order_by("pk")
    if at is not None:
        rows = rows.filter(set_at__lte=at)
    said = dict(rows.values_list("code", "value"))  # the last row of a code wins
    return {code: said.get(code, setting.default) for code, setting in SETTINGS.items()}


def value_of(code: Code) -> int:
    last = SafetySetting.objects.filter(code=code).order_by("-pk").values_list("value", flat=True).first()
    return SETTINGS[code].default if last is None else last


@dataclass(frozen=True, slots=True)
class SettingLine:
    """A setting with the row that holds; `row` None is the default."""

    setting: Setting
    value: int
    row: SafetySetting | None
    lowest: int
    history: tuple[SafetySetting, ...]

    @property
    def value_said(self) -> str:
        return self.setting.said(self.value)

    @property
    def default_said(self) -> str:
        return self.setting.said(self.setting.default)

    @property
    def lowest_said(self) -> str:
        return self.setting.said(self.lowest)

    @property
    def highest_said(self) -> str:
        return self.setting.said(self.setting.highest)

    @property
    def earlier(self) -> list[tuple[str, SafetySetting]]:
        """The rows before the one that holds, the newest first, each with its value in words."""
        return [(self.setting.said(row.value), row) for row in self.history[1:]]


def setting_lines(*, at: datetime | None = None, log_floor_months: int = 12) -> list[SettingLine]:
    """Every setting with what holds, the least it may be, and its rows, the newest first."""
    rows = SafetySetting.objects.select_related("set_by").order_by("-pk")
    if at is not None:
        rows = rows.filter(set_at__lte=at)
    held: dict[str, list[SafetySetting]] = {}
    for row in rows:
        held.setdefault(row.code, []).append(row)
    return [_line(setting, held.get(code, []), log_floor_months) for code, setting in SETTINGS.items()]


def lowest_of(setting: Setting, log_floor_months: int) -> int:
    if setting.code is Code.ACCESS_LOG_MONTHS:
        return max(setting.lowest, log_floor_months)
    return setting.lowest


def _line(setting: Setting, rows: list[SafetySetting], floor: int) -> SettingLine:
    last = rows[0] if rows else None
    value = last.value if last else setting.default
    return SettingLine(setting, value, last, lowest_of(setting, floor), tuple(rows))

"""The field for an instant: what people type at night, read in Asia/Seoul, never guessed."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.accounts.days import SEOUL
from incidents.clocks import instant_label
from incidents.values import CLOCK_SKEW, YEARS, read_money

_TIME = r"(\d{1,2}):?(\d{2})(?::(\d{2}))?"
_SHAPES = (
    re.compile(rf"(?P<y>\d{{4}})[-./] ?(?P<m>\d{{1,2}})[-./] ?(?P<d>\d{{1,2}})\.?(?:[ T]+{_TIME})?"),
    re.compile(rf"(?P<y>\d{{4}})(?P<m>\d{{2}})(?P<d>\d{{2}})(?:[ T]*{_TIME})?"),
    re.compile(rf"(?P<m>\d{{1,2}})[-./](?P<d>\d{{1,2}})(?:[ T]+{_TIME})?"),
)
WEEK = timedelta(days=7)


def read_instant(text: str, *, now: datetime) -> datetime:
    """`2026-11-24 09:12`, `20261124 0912`, `11/24 9:12` or ISO 8601 with an offset, as an instant in Asia/Seoul.

    Without a year it is this year, or last year where this year's would lie more than a week ahead of
    `now`. ValueError says what to type; a missing time is never taken as 00:00.
    """
    plain = re.sub(r"\s*KST$", "", text.strip(), flags=re.IGNORECASE)
    offset = _with_offset(plain)
    if offset is not None:
        return offset
    plain = re.sub(r"\s+", " ", re.sub(r"\([^)]*\)", " ", plain)).strip()
    for shape in _SHAPES:
        found = shape.fullmatch(plain)
        if found:
            return _built(found, now=now)
    raise ValueError(_("읽지 못했습니다. 2026-11-24 09:12처럼 적어 주세요."))


def _with_offset(text: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        return None
    refuse_strange_year(moment)
    return moment.astimezone(SEOUL)


def refuse_strange_year(day: date) -> None:
    """ValueError for a year nobody means; it would overflow in another zone, or print a margin of centuries."""
    if day.year not in YEARS:
        raise ValueError(_("%(year)d년은 받을 수 없습니다. 연도를 확인해 주세요.") % {"year": day.year})


def _built(found: re.Match[str], *, now: datetime) -> datetime:
    hour, minute, second = found.groups()[-3:]
    if hour is None:
        raise ValueError(_("시각이 빠졌습니다. 2026-11-24 09:12처럼 시와 분까지 적어 주세요."))
    month, day = int(found["m"]), int(found["d"])
    this_year = now.astimezone(SEOUL).year
    years = [int(found["y"])] if "y" in found.re.groupindex else [this_year, this_year - 1]
    for year in years:
        moment = _moment(year, month, day, int(hour), int(minute), int(second or 0))
        if moment is not None and (len(years) == 1 or moment <= now + WEEK):
            refuse_strange_year(moment)
            return moment
    raise ValueError(_("없는 날짜나 시각입니다. 달력과 24시간제로 확인해 주세요."))


def _moment(year: int, month: int, day: int, hour: int, minute: int, second: int) -> datetime | None:
    try:
        return datetime(year, month, day, hour, minute, second, tzinfo=SEOUL)
    except ValueError:
        return None


def typed_instant(moment: datetime) -> str:
    """How an instant is put into the field: `2026-11-24 09:12`."""
    return f"{moment.astimezone(SEOUL):%Y-%m-%d %H:%M}"


def typed_second(moment: datetime) -> str:
    """`2026-11-24 09:12:01`: the first whole second that is not before `moment`."""
    local = moment.astimezone(SEOUL)
    whole = local.replace(microsecond=0) + timedelta(seconds=1 if local.microsecond else 0)
    return f"{whole:%Y-%m-%d %H:%M:%S}"


class InstantInput(forms.TextInput):
    """A text field that `instant.js` helps with; without it the server reads the same text."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        base = {
            "data-bd-instant": "",
            "autocomplete": "off",
            "placeholder": "2026-11-24 09:12",
            "spellcheck": "false",
        }
        super().__init__({**base, **(attrs or {})})


class InstantField(forms.Field):
    """An aware instant. The form that holds it sets `now` before it is cleaned.

    With an `initial` whose seconds the field does not show, the same minute means the same instant.
    """

    widget = InstantInput
    default_error_messages = {"required": gettext_lazy("날짜와 시각을 적어 주세요. 예: 2026-11-24 09:12")}

    def __init__(self, *, may_be_future: bool = False, **rest: Any) -> None:
        super().__init__(**rest)
        self.may_be_future = may_be_future
        self.now: datetime | None = None

    def prepare_value(self, value: Any) -> Any:
        return typed_instant(value) if isinstance(value, datetime) else value

    def to_python(self, value: Any) -> datetime | None:
        if value in self.empty_values:
            return None
        if self.now is None:
            raise RuntimeError("the form must give its InstantField the present instant")
        try:
            moment = read_instant(str(value), now=self.now)
        except ValueError as fault:
            raise ValidationError(str(fault), code="unread") from fault
        return self._same_minute(moment)

    def _same_minute(self, moment: datetime) -> datetime:
        known = self.initial
        if isinstance(known, datetime) and known.replace(second=0, microsecond=0) == moment:
            return known
        return moment

    def validate(self, value: Any) -> None:
        super().validate(value)
        assert self.now is not None or value is None
        if value is not None and not self.may_be_future and value > self.now + CLOCK_SKEW:  # type: ignore[operator]
            message = _("아직 오지 않은 시각입니다(지금 %(now)s). 날짜와 시각을 확인해 주세요.")
            raise ValidationError(message % {"now": instant_label(self.now)}, code="future")


class CountField(forms.IntegerField):
    """A whole number that may be typed with commas: `1,200`."""

    def __init__(self, **rest: Any) -> None:
        rest.setdefault("widget", forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}))
        rest.setdefault("error_messages", {"invalid": gettext_lazy("정수로 적어 주세요. 예: 1200")})
        super().__init__(min_value=0, **rest)

    def to_python(self, value: Any) -> int | None:
        text = re.sub(r"[,\s명회분]", "", str(value)) if value not in self.empty_values else value
        return super().to_python(text)


class MoneyField(forms.CharField):
    """Whole won as text without commas, typed `30,000,000` or `30000000`."""

    def __init__(self, **rest: Any) -> None:
        rest.setdefault(
            "widget",
            forms.TextInput(
                attrs={"inputmode": "numeric", "autocomplete": "off", "placeholder": "30,000,000"}
            ),
        )
        super().__init__(max_length=30, **rest)

    def prepare_value(self, value: Any) -> Any:
        return f"{int(value):,}" if str(value or "").isdecimal() else value

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        if not text:
            return ""
        try:
            return read_money(text)
        except ValueError as fault:
            raise ValidationError(str(fault), code="invalid") from fault


class DayField(forms.DateField):
    """A calendar day: `2026-11-24`."""

    def __init__(self, **rest: Any) -> None:
        rest.setdefault(
            "widget",
            forms.DateInput(attrs={"placeholder": "2026-11-24", "autocomplete": "off"}, format="%Y-%m-%d"),
        )
        super().__init__(input_formats=["%Y-%m-%d", "%Y.%m.%d", "%Y%m%d"], **rest)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value is None:
            return
        try:
            refuse_strange_year(value)
        except ValueError as fault:
            raise ValidationError(str(fault), code="year") from fault

"""The safety settings: numbers with a range, a reason and a past."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction

from core.access.catalogue import SETTINGS, Code
from core.access.models import SafetySetting
from core.access.queries import setting_lines, value_of, values_at
from core.access.services import set_safety_setting
from core.audit.models import HOUSE, Event
from core.audit.verification import first_break
from tests.core.access.doors import NIGHT, administrator, set_to

pytestmark = pytest.mark.django_db


def test_without_a_row_every_setting_has_its_default():
    assert values_at() == {code: setting.default for code, setting in SETTINGS.items()}
    assert value_of(Code.IDLE_MINUTES) == 15


def test_the_past_stays_as_it_was():
    set_to(Code.IDLE_MINUTES, 10, now=NIGHT)
    set_to(Code.IDLE_MINUTES, 20, now=NIGHT + timedelta(days=1))
    at = (NIGHT - timedelta(seconds=1), NIGHT, NIGHT + timedelta(days=2))
    assert [values_at(one)[Code.IDLE_MINUTES] for one in at] == [15, 10, 20]
    line = next(one for one in setting_lines() if one.setting.code is Code.IDLE_MINUTES)
    assert [row.value for row in line.history] == [20, 10]


def test_a_change_is_history_with_old_and_new():
    set_to(Code.SESSION_LIMIT, 2)
    event = Event.objects.of_chain(HOUSE).get(action="safety.setting-changed")
    assert (event.data["before"], event.data["after"], event.reason) == (3, 2, "시험")


@pytest.mark.parametrize("code", Code)
@pytest.mark.parametrize("end", ["below", "above"])
def test_a_value_outside_the_range_is_refused_and_the_range_is_named(code, end):
    setting = SETTINGS[code]
    value = setting.lowest - 1 if end == "below" else setting.highest + 1
    with pytest.raises(ValidationError) as refusal:
        set_to(code, value)
    said = " ".join(refusal.value.messages)
    assert setting.said(setting.lowest) in said and setting.said(setting.highest) in said
    assert not SafetySetting.objects.exists()


def test_a_change_needs_a_reason():
    with pytest.raises(ValidationError, match="이유"):
        set_safety_setting(code=Code.IDLE_MINUTES, value=10, reason=" ", actor=administrator(), now=NIGHT)


def test_the_log_is_kept_no_shorter_than_the_law_of_this_installation():
    who = administrator()
    given = {"code": Code.ACCESS_LOG_MONTHS, "reason": "줄임", "actor": who, "now": NIGHT}
    with pytest.raises(ValidationError, match="24"):
        set_safety_setting(value=23, log_floor_months=24, **given)
    assert set_safety_setting(value=24, log_floor_months=24, **given).value == 24


def test_an_account_is_not_closed_before_anybody_was_told():
    with pytest.raises(ValidationError, match="알리는 날"):
        set_to(Code.UNUSED_CLOSE_DAYS, 60)
    with pytest.raises(ValidationError, match="알리는 날"):
        set_to(Code.UNUSED_WARN_DAYS, 90)


@pytest.mark.parametrize("act", [lambda rows: rows.update(value=1), lambda rows: rows.delete()])
def test_the_database_refuses_to_change_a_row(act):
    set_to(Code.IDLE_MINUTES, 10)
    with pytest.raises(DatabaseError), transaction.atomic():
        act(SafetySetting.objects.all())
    assert first_break(HOUSE) is None

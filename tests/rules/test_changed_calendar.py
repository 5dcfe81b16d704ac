"""The holidays an administrator changes move counted days, never hours, and every answer names its calendar."""

from datetime import date, timedelta

import pytest

import rules
from rules.duties.law import current_law
from rules.engine.calendar import DayChange

COUNTED = {"start": "2026-06-01", "length": "P30D", "counting": "DAYS"}  # ends on Wednesday 2026-07-01
LEAK = {"incident": {"leak_known_at": "2026-10-01T20:00+09:00", "person_count": 1200}}
ORDER = {"id": "proposal", "kind": "mediation_proposal_received", "on": "2026-10-12"}


def holiday(day, name="임시공휴일"):
    return {"day": day, "change": "holiday", "name": name}


def ended(day):
    return {"day": day, "change": "no_holiday"}


def last_day(*changes, **facts):
    return rules.assess("period", {**COUNTED, **facts, "calendar": list(changes)})["last_day"]


def test_a_holiday_on_the_last_day_moves_the_end_by_a_day():
    assert last_day() == "2026-07-01"
    answer = rules.assess("period", {**COUNTED, "calendar": [holiday("2026-07-01")]})
    assert (answer["last_day"], answer["moved_from"]) == ("2026-07-02", "2026-07-01")
    assert answer["skipped"] == [{"day": "2026-07-01", "name": "임시공휴일"}]


def test_a_holiday_taken_back_moves_the_end_back():
    """2026-07-17, a Friday, is 제헌절: a period that ends on it runs until Monday, unless it is none."""
    assert last_day(length="P46D") == "2026-07-20"
    assert last_day(ended("2026-07-17"), length="P46D") == "2026-07-17"


@pytest.mark.parametrize("day", ["2026-06-30", "2026-07-02"])
def test_a_holiday_beside_the_last_day_moves_nothing(day):
    assert last_day(holiday(day)) == "2026-07-01"


def test_working_days_pass_over_the_added_holiday():
    facts = {"start": "2026-06-01", "length": "P5D", "counting": "WORKDAYS"}
    before = date.fromisoformat(rules.assess("period", facts)["last_day"])
    after = rules.assess("period", {**facts, "calendar": [holiday("2026-06-04")]})["last_day"]
    assert date.fromisoformat(after) == before + timedelta(days=1)


def test_a_sunday_stays_a_rest_day():
    assert last_day(ended("2026-07-05"), length="P34D") == "2026-07-06"


def test_hours_never_move():
    facts = {"start": "2026-10-01T20:00+09:00", "length": "PT72H", "counting": "HOURS"}
    plain = rules.assess("period", facts)
    changed = rules.assess("period", {**facts, "calendar": [holiday("2026-10-04"), holiday("2026-10-02")]})
    assert plain["due_at"] == changed["due_at"] == "2026-10-04T20:00:00+09:00"
    before, after = (
        rules.assess("duties", LEAK),
        rules.assess("duties", {**LEAK, "calendar": [holiday("2026-10-04")]}),
    )
    ends = [[(duty["id"], duty["due_at"]) for duty in answer["duties"]] for answer in (before, after)]
    assert ends[0] == ends[1]
    assert any(due for _id, due in ends[0])


def test_a_duty_counted_in_working_days_moves_with_its_calendar():
    """The guidance of 2020 read 지체 없이 as five working days; what ends on the added day moves, nothing else."""
    facts = {
        "organization": {"is_icsp": True},
        "incident": {"leak_known_at": "2015-06-01T10:00+09:00", "person_count": 20000, "effect": ["leak"]},
    }
    plain = {duty["id"]: duty for duty in rules.assess("duties", facts)["duties"]}
    counted = {key: duty["guidance_last_day"] for key, duty in plain.items() if duty["guidance_last_day"]}
    assert counted
    day = next(iter(counted.values()))
    changed = rules.assess("duties", {**facts, "calendar": [holiday(day)]})["duties"]
    moved = {duty["id"]: duty["guidance_last_day"] for duty in changed if duty["id"] in counted}
    assert {key for key, end in moved.items() if end != counted[key]} == {
        key for key, end in counted.items() if end == day
    }


def test_a_followup_moves_with_its_calendar():
    plain = rules.assess("followups", {"events": [ORDER]})
    ends = [
        item["last_day"] for item in plain["followups"] if item["last_day"] and item["counting"] == "DAYS"
    ]
    changed = rules.assess("followups", {"events": [ORDER], "calendar": [holiday(ends[0])]})
    after = [
        item["last_day"] for item in changed["followups"] if item["last_day"] and item["counting"] == "DAYS"
    ]
    assert after[0] > ends[0]
    assert (
        changed["followups"][0]["calendar_digest"] == changed["calendar_digest"] != plain["calendar_digest"]
    )


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ([holiday("2026-07-01"), ended("2026-07-01")], "calendar[1].day"),
        ([holiday("2010-12-31")], "calendar[0].day"),
        ([holiday("2029-01-01")], "calendar[0].day"),
        ([{"day": "2026-07-01", "change": "moved"}], "calendar[0].change"),
        ([{"day": "2026-07-01"}], "calendar[0].change"),
        ([{**holiday("2026-07-01"), "why": "x"}], "calendar[0].why"),
        ({"2026-07-01": "holiday"}, "calendar"),
    ],
)
@pytest.mark.parametrize(
    ("topic", "facts"), [("period", COUNTED), ("duties", LEAK), ("followups", {"events": [ORDER]})]
)
def test_a_faulty_change_is_refused_at_its_path(topic, facts, changes, path):
    with pytest.raises(rules.FactsError) as refusal:
        rules.assess(topic, {**facts, "calendar": changes})
    assert [fault.path for fault in refusal.value.faults] == [path]


@pytest.mark.parametrize("day", ["2011-01-01", "2028-12-31"])
def test_the_first_and_the_last_day_of_the_calendar_may_be_changed(day):
    assert last_day(holiday(day)) == "2026-07-01"


def test_the_digest_names_the_calendar_whatever_the_order_of_the_changes():
    one, other = holiday("2026-07-01"), holiday("2026-07-02")
    digests = {
        topic: [
            rules.assess(topic, {**facts, "calendar": changes})["calendar_digest"]
            for changes in ([], [one], [one, other], [other, one])
        ]
        for topic, facts in (("period", COUNTED), ("duties", LEAK), ("followups", {"events": [ORDER]}))
    }
    plain, with_one, both, other_way = digests["period"]
    assert digests["duties"] == digests["followups"] == digests["period"]
    assert both == other_way
    assert len({plain, with_one, both}) == 3


def test_every_korean_duty_keeps_the_digest_and_a_stored_edition_gives_the_same():
    answer = rules.assess("duties", LEAK)
    assert {duty["calendar_digest"] for duty in answer["duties"] if duty["jurisdiction"] == "kr"} == {
        answer["calendar_digest"]
    }
    stored = rules.assess("duties", LEAK, edition=rules.edition())
    assert stored["calendar_digest"] == answer["calendar_digest"]


def test_one_set_of_changes_is_worked_out_once_and_leaves_the_law_as_it_was():
    law = current_law()
    changes = (DayChange(date(2026, 10, 6), "holiday", "임시공휴일"),)
    changed = law.counted_by(changes)

    assert law.counted_by(changes) is changed
    assert law.counted_by(()) is law
    assert law.calendar is not None
    assert law.calendar.rest_day_name(date(2026, 10, 6)) is None
    assert changed.calendar is not None
    assert changed.calendar.rest_day_name(date(2026, 10, 6)) == "임시공휴일"
    assert changed.digest == law.digest

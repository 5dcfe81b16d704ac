"""A seeded log gives exactly the alerts that are expected, each once; somebody else looks at them and says why."""

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from core.access.alert_models import Alert, Explanation, Finding, Rule
from core.access.alerts import (
    AlertClosed,
    answer_explanation,
    ask_explanation,
    close_alert,
    raise_alerts,
)
from core.access.catalogue import Code
from core.access.models import Act, Result
from core.access.sealing import seal_access_log
from core.accounts.models import Role
from core.audit.models import HOUSE, Event
from core.audit.verification import first_break
from notifications.models import OutgoingEmail
from notifications.services.sweeping import sweep
from tests.clock import KST
from tests.core.access.doors import set_to
from tests.core.access.rows import written
from tests.core.accounts.factories import MembershipFactory
from tests.incidents.factories import organization_with
from tests.incidents.pages import office

pytestmark = pytest.mark.django_db
DAY_AT_TEN = datetime(2026, 11, 20, 10, tzinfo=KST)
NIGHT_AT_TWO = datetime(2026, 11, 20, 2, tzinfo=KST)
SECOND, MINUTE, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)


@pytest.fixture
def team():
    """An organisation with a person in every role."""
    organization, people = organization_with(*Role)
    return organization, people


def looked(now):
    seal_access_log(now=now, most=None)
    return raise_alerts(now=now)


def found():
    return [(one.rule, one.account_id, one.row_count, one.measured) for one in Alert.objects.order_by("pk")]


def reads(person, organization, at, *, count, per_row=1, first=0, every=SECOND, **rest):
    """`count` readings, each of `per_row` subjects nobody has seen before in it."""
    for number in range(count):
        start = first + number * per_row
        written(
            person,
            at + number * every,
            organization=organization.pk,
            subjects=tuple(range(start, start + per_row)),
            **rest,
        )


def test_somebody_from_another_network_is_an_alert_and_their_first_one_is_none(team):
    _place, people = team
    handler = people[Role.HANDLER]
    for at, address in ((0, "192.0.2.1"), (1, "192.0.2.77"), (2, "198.51.100.4"), (3, "198.51.100.9")):
        written(handler, DAY_AT_TEN + at * MINUTE, act=Act.SIGN_IN, address=address)
    assert looked(DAY_AT_TEN + DAY) == 1
    assert found() == [(Rule.NEW_NETWORK, handler.pk, 1, 1)]
    assert Alert.objects.get().address == "198.51.100.4"


def test_a_network_not_used_for_long_is_new_again(team):
    _place, people = team
    handler = people[Role.HANDLER]
    for days, address in ((0, "192.0.2.1"), (0, "198.51.100.4"), (89, "192.0.2.1"), (89, "198.51.100.4")):
        written(handler, DAY_AT_TEN + timedelta(days=days - 89), act=Act.SIGN_IN, address=address)
    looked(DAY_AT_TEN)
    written(handler, DAY_AT_TEN + timedelta(days=90), act=Act.SIGN_IN, address="192.0.2.1")
    assert looked(DAY_AT_TEN + timedelta(days=90)) == 1


def test_a_failed_try_from_elsewhere_is_no_network_of_theirs(team):
    _place, people = team
    handler = people[Role.HANDLER]
    written(handler, DAY_AT_TEN, act=Act.SIGN_IN)
    written(handler, DAY_AT_TEN, act=Act.SIGN_IN_FAILED, result=Result.REFUSED, address="203.0.113.5")
    assert looked(DAY_AT_TEN) == 0


@pytest.mark.parametrize(("count", "alerts"), [(19, 0), (20, 1), (45, 1)])
def test_much_work_in_one_night_is_one_alert(team, count, alerts):
    place, people = team
    reads(people[Role.HANDLER], place, NIGHT_AT_TWO, count=count)
    looked(DAY_AT_TEN)
    assert [rule for rule, *_rest in found()] == [Rule.NIGHT] * alerts


@pytest.mark.parametrize(
    ("hour", "is_night"), [("21:59:59", False), ("22:00", True), ("05:59:59", True), ("06:00", False)]
)
def test_a_night_is_from_one_hour_to_the_other_in_korea(team, hour, is_night):
    place, people = team
    set_to(Code.ALERT_NIGHT_ROWS, 1)
    reads(people[Role.HANDLER], place, datetime.fromisoformat(f"2026-11-20T{hour}+09:00"), count=1)
    assert looked(DAY_AT_TEN + DAY) == is_night


def test_two_nights_are_two_alerts_and_midnight_parts_none(team):
    place, people = team
    set_to(Code.ALERT_NIGHT_ROWS, 2)
    for at in (NIGHT_AT_TWO - 4 * 60 * MINUTE, NIGHT_AT_TWO, NIGHT_AT_TWO + DAY, NIGHT_AT_TWO + DAY):
        reads(people[Role.HANDLER], place, at, count=1)
    assert looked(DAY_AT_TEN + DAY) == 2


@pytest.mark.parametrize(("last", "alerts"), [(10 * MINUTE - SECOND, 1), (10 * MINUTE, 0)])
def test_many_subjects_within_minutes_are_an_alert(team, last, alerts):
    place, people = team
    reads(people[Role.HANDLER], place, DAY_AT_TEN, count=1, per_row=150)
    reads(people[Role.HANDLER], place, DAY_AT_TEN + last, count=1, per_row=50, first=150)
    looked(DAY_AT_TEN + DAY)
    assert [(rule, measured) for rule, _who, _rows, measured in found()] == [
        (Rule.MANY_SUBJECTS, 200)
    ] * alerts


def test_the_same_subjects_again_are_not_many(team):
    place, people = team
    for number in range(5):
        reads(people[Role.HANDLER], place, DAY_AT_TEN + number * SECOND, count=1, per_row=150)
    assert looked(DAY_AT_TEN + DAY) == 0


def test_a_long_burst_is_one_alert_for_each_stretch_of_it(team):
    place, people = team
    set_to(Code.ALERT_SUBJECTS, 10)
    set_to(Code.ALERT_SMALL_READS, 1_000)
    reads(people[Role.HANDLER], place, DAY_AT_TEN, count=60, every=20 * SECOND)  # twenty minutes
    looked(DAY_AT_TEN + DAY)
    times = [(one.last_at - DAY_AT_TEN) // MINUTE for one in Alert.objects.order_by("pk")]
    assert times == [3, 16]


def test_one_person_refused_again_and_again_is_an_alert_about_them(team):
    place, people = team
    handler = people[Role.HANDLER]
    for number in range(10):
        written(handler, DAY_AT_TEN + number * SECOND, result=Result.REFUSED, organization=place.pk)
    assert looked(DAY_AT_TEN + DAY) == 1
    assert found() == [(Rule.FAILURES, handler.pk, 10, 10)]


def test_a_source_that_tries_many_accounts_is_an_alert_about_nobody(team):
    _place, people = team
    tried = [people[Role.HANDLER], people[Role.CPO], *[None] * 8]
    for number, person in enumerate(tried):
        written(
            person,
            DAY_AT_TEN + number * SECOND,
            act=Act.SIGN_IN_FAILED,
            result=Result.REFUSED,
            words="" if person else f"guess{number}@example.org",
            address="203.0.113.5",
        )
    assert looked(DAY_AT_TEN + DAY) == 1
    assert found() == [(Rule.FAILURES, None, 10, 10)]


def test_one_who_forgot_their_password_is_one_alert_and_not_two(team):
    _place, people = team
    for number in range(10):
        written(
            people[Role.HANDLER],
            DAY_AT_TEN + number * SECOND,
            act=Act.SIGN_IN_FAILED,
            result=Result.REFUSED,
        )
    looked(DAY_AT_TEN + DAY)
    assert [who for _rule, who, *_rest in found()] == [people[Role.HANDLER].pk]


@pytest.mark.parametrize(("subjects", "alerts"), [(49, 0), (50, 1)])
def test_a_little_at_a_time_all_day_is_an_alert(team, subjects, alerts):
    place, people = team
    reads(people[Role.HANDLER], place, DAY_AT_TEN, count=subjects, every=5 * MINUTE)
    looked(DAY_AT_TEN + DAY)
    assert [rule for rule, *_rest in found()] == [Rule.SMALL_READS] * alerts


def seeded(team):
    """Every rule broken once, and ordinary work around it."""
    place, people = team
    handler, cpo, auditor = people[Role.HANDLER], people[Role.CPO], people[Role.AUDITOR]
    written(auditor, DAY_AT_TEN - DAY, act=Act.SIGN_IN)
    reads(auditor, place, DAY_AT_TEN, count=30, every=MINUTE)
    reads(cpo, place, NIGHT_AT_TWO, count=5)
    reads(handler, place, NIGHT_AT_TWO, count=25)
    written(cpo, DAY_AT_TEN, act=Act.SIGN_IN, address="198.51.100.4")
    reads(cpo, place, DAY_AT_TEN, count=4, per_row=50, address="198.51.100.4")
    reads(people[Role.COUNSEL], place, DAY_AT_TEN, count=60, every=5 * MINUTE)
    for number in range(12):
        written(
            None,
            DAY_AT_TEN + number * SECOND,
            act=Act.SIGN_IN_FAILED,
            result=Result.REFUSED,
            words=f"guess{number}@example.org",
            address="203.0.113.5",
        )
    return {
        (Rule.NIGHT, handler.pk),
        (Rule.NEW_NETWORK, cpo.pk),
        (Rule.MANY_SUBJECTS, cpo.pk),
        (Rule.SMALL_READS, people[Role.COUNSEL].pk),
        (Rule.FAILURES, None),
    }


def test_a_seeded_log_gives_exactly_the_expected_alerts_and_a_second_sweep_none(team):
    expected = seeded(team)
    assert sweep(now=DAY_AT_TEN + DAY).faults == 0
    assert {(rule, who) for rule, who, *_rest in found()} == expected and len(found()) == len(expected)
    assert sweep(now=DAY_AT_TEN + DAY + MINUTE).faults == 0
    assert len(found()) == len(expected)
    assert Event.objects.filter(action="alert.raised").count() == len(expected)
    assert first_break(HOUSE) is None


def test_reading_row_by_row_finds_the_same(team, monkeypatch):
    expected = seeded(team)
    monkeypatch.setattr("core.access.alerts.BATCH", 1)
    monkeypatch.setattr("core.access.alerts.BATCHES", 1_000)
    looked(DAY_AT_TEN + DAY)
    assert {(rule, who) for rule, who, *_rest in found()} == expected and len(found()) == len(expected)


def test_what_is_long_past_when_it_is_first_read_raises_nothing(team):
    seeded(team)
    assert looked(DAY_AT_TEN + timedelta(days=30)) == 0


def mailed(template="alert_raised"):
    return set(OutgoingEmail.objects.filter(template=template).values_list("to_user", flat=True))


def test_those_who_watch_are_told_but_not_the_one_it_is_about(team):
    place, people = team
    reads(people[Role.AUDITOR], place, NIGHT_AT_TWO, count=20)
    MembershipFactory(role=Role.CPO)  # of another organisation
    looked(DAY_AT_TEN)
    assert mailed() == {people[Role.CPO].pk}


def test_the_mail_names_the_rule_and_no_person_and_no_address(team, mailoutbox):
    place, people = team
    reads(people[Role.HANDLER], place, NIGHT_AT_TWO, count=20)
    sweep(now=DAY_AT_TEN)
    mail = next(one for one in mailoutbox if "경보" in one.subject)
    text = mail.subject + mail.body + str(mail.alternatives)
    assert str(Rule.NIGHT.label) in text and Alert.objects.get().get_absolute_url() in text
    for secret in (people[Role.HANDLER].name, people[Role.HANDLER].email, "192.0.2.1", place.name):
        assert secret not in text


@pytest.fixture
def alert(team):
    place, people = team
    reads(people[Role.HANDLER], place, NIGHT_AT_TWO, count=20)
    looked(DAY_AT_TEN)
    return Alert.objects.get()


def close(alert, actor, reason="야간 대응 근무표 확인"):
    return close_alert(
        alert_id=alert.pk, finding=Finding.IN_ORDER, reason=reason, actor=actor, now=DAY_AT_TEN
    )


def test_an_alert_is_closed_once_with_a_finding_and_a_reason(team, alert):
    _place, people = team
    with pytest.raises(ValidationError):
        close(alert, people[Role.CPO], reason=" ")
    done = close(alert, people[Role.CPO])
    assert (done.finding, done.closed_by, done.closed_at) == (
        Finding.IN_ORDER,
        people[Role.CPO],
        DAY_AT_TEN,
    )
    with pytest.raises(AlertClosed):
        close(alert, people[Role.AUDITOR])
    assert Event.objects.filter(action="alert.closed").count() == 1 and first_break(HOUSE) is None


def test_nobody_judges_an_alert_about_themselves(team, alert):
    place, people = team
    MembershipFactory(user=people[Role.HANDLER], organization=place, role=Role.CPO)
    with pytest.raises(PermissionError):
        close(alert, people[Role.HANDLER])
    with pytest.raises(PermissionError):
        ask_explanation(alert_id=alert.pk, question="?", actor=people[Role.HANDLER], now=DAY_AT_TEN)


def test_a_stranger_who_watches_elsewhere_judges_nothing_here(alert):
    with pytest.raises(PermissionError):
        close(alert, MembershipFactory(role=Role.CPO).user)


def test_a_finding_changed_behind_the_service_is_found(team, alert):
    close(alert, team[1][Role.CPO])
    Alert.objects.update(finding=Finding.FOLLOWED_UP)
    assert first_break(HOUSE) is not None


def test_an_explanation_is_asked_mailed_and_given_once_by_the_one_asked(team, alert):
    _place, people = team
    asked = ask_explanation(
        alert_id=alert.pk, question="어떤 대응이었습니까", actor=people[Role.CPO], now=DAY_AT_TEN
    )
    assert mailed("explanation_asked") == {people[Role.HANDLER].pk}
    with pytest.raises(PermissionError):
        answer_explanation(explanation_id=asked.pk, answer="x", actor=people[Role.CPO], now=DAY_AT_TEN)
    answer_explanation(
        explanation_id=asked.pk, answer="새벽 침해 대응", actor=people[Role.HANDLER], now=DAY_AT_TEN
    )
    assert Explanation.objects.get().answer == "새벽 침해 대응"
    with pytest.raises(AlertClosed):
        answer_explanation(explanation_id=asked.pk, answer="고침", actor=people[Role.HANDLER], now=DAY_AT_TEN)
    assert first_break(HOUSE) is None


@pytest.fixture
def place():
    return office()


@pytest.fixture
def about(place):
    reads(place.people["handler"], place.case.organization, NIGHT_AT_TWO, count=20)
    looked(DAY_AT_TEN)
    return Alert.objects.get(account=place.people["handler"])


def test_the_pages_lead_from_the_list_to_a_closed_alert(place, about):
    auditor = place.client("auditor")
    page = auditor.get(reverse("alert-list")).content.decode()
    assert about.get_absolute_url() in page and str(Rule.NIGHT.label) in page
    shown = auditor.get(about.get_absolute_url())
    assert len(shown.context["rows"]) == 20
    answer = auditor.post(reverse("ask-explanation", args=[about.pk]), {"question": "어떤 일이었습니까"})
    assert answer.status_code == 302
    handler = place.client("handler")
    asked = Explanation.objects.get()
    assert "어떤 일이었습니까" in handler.get(reverse("access:explanation-list")).content.decode()
    handler.post(reverse("access:answer-explanation", args=[asked.pk]), {"answer": "새벽 대응"})
    assert "새벽 대응" in auditor.get(about.get_absolute_url()).content.decode()
    assert auditor.post(about.get_absolute_url(), {"finding": "in_order"}).status_code == 422
    answer = auditor.post(about.get_absolute_url(), {"finding": "in_order", "reason": "근무표 확인"})
    assert answer.status_code == 302
    assert about.get_absolute_url() not in auditor.get(reverse("alert-list")).content.decode()
    assert about.get_absolute_url() in auditor.get(reverse("alert-list") + "?all=1").content.decode()


def test_one_who_watches_sees_an_alert_about_themselves_and_cannot_judge_it(place):
    reads(place.people["auditor"], place.case.organization, NIGHT_AT_TWO, count=20)
    looked(DAY_AT_TEN)
    mine = Alert.objects.get()
    client = place.client("auditor")
    assert "경보 닫기" not in client.get(mine.get_absolute_url()).content.decode()
    answer = client.post(mine.get_absolute_url(), {"finding": "in_order", "reason": "x"})
    assert answer.status_code == 403 and Alert.objects.open().exists()


@pytest.mark.parametrize("kind", ["handler", "approver", "counsel", "admin", "outsider"])
def test_nobody_else_sees_alerts(place, about, kind):
    client = place.client(kind)
    assert client.get(reverse("alert-list")).status_code == 403
    assert client.get(about.get_absolute_url()).status_code == 404

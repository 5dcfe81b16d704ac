"""Another edition waits until it is applied; what was computed under an earlier one stays as it was."""

import copy
from datetime import date, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils.html import strip_tags

import rules
from core.audit.models import HOUSE, Event
from core.audit.verification import first_break
from incidents import queries, services
from incidents.models import Deadline, Duty, LawEdition, Phase
from incidents.services import Obstacle
from incidents.services import law as law_services
from notifications.services.sweeping import sweep
from tests.incidents.factories import KNOWN, opened_case
from tests.incidents.pages import KINDS, office

LATER = KNOWN + timedelta(days=1)
REPORT = "kr.pipa.s34.report"
OLD = "0" * 64
pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.fixture
def earlier(monkeypatch):
    """Opens cases while an edition is in force in which the report is due after 48 hours."""
    document = copy.deepcopy(rules.edition())
    [history] = [
        content["duties"][REPORT]["history"]
        for content in document["files"].values()
        if REPORT in (content.get("duties") or {})
    ]
    shorten(history)
    document["rules_digest"] = document["topics"]["duties"] = OLD
    LawEdition.objects.all().delete()
    assess = rules.assess

    def opened(opener=opened_case, **case):
        with monkeypatch.context() as then:
            then.setattr(rules, "digest", lambda: OLD)
            then.setattr(rules, "edition", lambda: document)
            then.setattr(
                rules,
                "assess",
                lambda topic, facts: (
                    assess(topic, facts, edition=document) if topic == "duties" else assess(topic, facts)
                ),
            )
            services.note_installed_edition(now=KNOWN)
            return opener(**case)

    return opened


def shorten(part):
    """72 hours become 48, wherever they stand in the history of a duty."""
    items = part.items() if isinstance(part, dict) else enumerate(part)
    for key, value in list(items):
        if key == "limit" and value == "PT72H":
            part[key] = "PT48H"
        elif isinstance(value, dict | list):
            shorten(value)


def report(case):
    return Deadline.objects.current().select_related("duty").get(case=case, duty__family=REPORT)


def hours(case):
    row = report(case)
    return (row.due_at - row.starts_at) / timedelta(hours=1)


def apply(case, reason="개정 확인", now=LATER):
    return services.apply_edition(actor=case.lead, now=now, reason=reason)


def test_the_first_edition_is_in_force_at_once_and_noted_once():
    LawEdition.objects.all().delete()
    first = services.note_installed_edition(now=KNOWN)
    again = services.note_installed_edition(now=LATER)
    assert first == again == LawEdition.objects.in_force()
    assert (first.digest, first.applied_at, first.applied_by) == (rules.digest(), KNOWN, None)
    assert first.document == rules.edition()
    assert not queries.is_edition_waiting()


def test_migrating_notes_the_installed_edition():
    LawEdition.objects.all().delete()
    call_command("migrate", verbosity=0)
    assert LawEdition.objects.get().digest == rules.digest()


def test_a_later_edition_waits_and_moves_nothing(earlier):
    case = earlier()
    terms = report(case).duty.terms

    services.note_installed_edition(now=LATER)

    assert hours(case) == 48
    assert report(case).duty.terms == terms
    assert LawEdition.objects.in_force().digest == OLD
    assert queries.is_edition_waiting()


def test_what_changed_is_told_by_version_with_its_articles(earlier):
    earlier()
    change = queries.edition_change()
    assert change.is_waiting
    assert {one.change for one in change.duties} == {"changed"}
    assert all(one.id.startswith(REPORT) for one in change.duties)
    values = [value for one in change.duties for value in one.values]
    assert {(value.old, value.new) for value in values} == {("PT48H", "PT72H")}
    assert all("제34조" in " ".join(value.cite) or "제40조" in " ".join(value.cite) for value in values)


def test_the_preview_shows_before_and_after_and_writes_nothing(earlier):
    case = earlier()
    events, duties = Event.objects.count(), Duty.objects.count()
    [moved] = queries.moved_cases(now=LATER)
    [row] = moved.rows
    assert moved.case == case
    assert (row.kind, row.delta) == ("later", "24시간 00분 늦춰짐")
    assert (Event.objects.count(), Duty.objects.count(), hours(case)) == (events, duties, 48)


def test_applying_counts_open_cases_anew_and_keeps_the_old_terms(earlier):
    case = earlier()
    old = report(case)
    terms, digest = old.duty.terms, old.duty.rules_digest

    apply(case)

    assert hours(case) == 72
    old.refresh_from_db()
    assert (old.duty.terms, old.duty.rules_digest) == (terms, digest)
    assert old.superseded_by == report(case)
    assert (old.duty.rules_digest, report(case).duty.rules_digest) == (
        OLD,
        rules.edition()["topics"]["duties"],
    )
    told = Event.objects.of_chain(case.reference).filter(action="deadline.moved").last()
    assert told.reason == "개정 확인"
    event = Event.objects.of_chain(HOUSE).get(action="law.edition-applied")
    assert (event.data["before"], event.data["after"]) == (OLD, rules.digest())
    assert (event.data["cases_moved"], event.data["cases_refused"]) == (1, [])
    assert (first_break(HOUSE), first_break(case.reference)) == (None, None)
    edition = LawEdition.objects.in_force()
    assert (edition.digest, edition.applied_by, edition.applied_at) == (rules.digest(), case.lead, LATER)


def test_a_closed_case_keeps_what_it_was_closed_with(earlier):
    case, open_case = earlier(), earlier()
    held = list(Duty.objects.filter(case=case).order_by("pk").values())
    type(case).objects.filter(pk=case.pk).update(phase=Phase.CLOSED, closed_at=KNOWN)

    apply(open_case)

    assert list(Duty.objects.filter(case=case).order_by("pk").values()) == held
    assert (hours(case), hours(open_case)) == (48, 72)


def test_a_crash_midway_is_gone_on_with_and_no_case_moves_twice(earlier, monkeypatch):
    first, second = earlier(), earlier()
    recompute = law_services.recompute_duties

    def broken(*, case_id, **rest):
        if case_id == second.pk:
            raise RuntimeError("power cut")
        return recompute(case_id=case_id, **rest)

    with monkeypatch.context() as then:
        then.setattr(law_services, "recompute_duties", broken)
        with pytest.raises(RuntimeError):
            apply(first)
    assert (hours(first), hours(second)) == (72, 48)
    assert LawEdition.objects.in_force().digest == OLD
    done = report(first)

    apply(first, now=LATER + timedelta(hours=1))

    assert (hours(first), hours(second)) == (72, 72)
    assert report(first) == done
    assert LawEdition.objects.in_force().digest == rules.digest()


def test_applying_twice_changes_nothing_more(earlier):
    case = earlier()
    apply(case)
    events = Event.objects.count()
    apply(case, reason="또", now=LATER + timedelta(hours=1))
    assert Event.objects.count() == events


@pytest.mark.parametrize("reason", ["", "  ", "가" * 501])
def test_a_reason_is_asked_for(earlier, reason):
    case = earlier()
    with pytest.raises(Obstacle) as refused:
        apply(case, reason=reason)
    assert refused.value.field == "reason"
    assert hours(case) == 48


@pytest.mark.parametrize("kind", KINDS)
def test_everybody_reads_the_editions_and_administrators_apply_them(earlier, kind):
    place = earlier(office)
    client, page = place.client(kind), reverse("settings-law")

    answer = client.get(page)
    applied = client.post(page, {"reason": "개정 확인"})

    if kind == "anonymous":
        assert (answer.status_code, applied.status_code) == (302, 302)
        assert hours(place.case) == 48
        return
    text = answer.content.decode()
    assert "PT48H" in text
    assert (place.case.reference in text) == (kind in ("handler", "cpo", "approver", "counsel", "auditor"))
    assert ("볼 권한이 없는 사건 1건" in strip_tags(text)) == (kind in ("admin", "outsider"))
    assert ('name="reason"' in text) is (kind == "admin")
    assert applied.status_code == (302 if kind == "admin" else 403)
    assert hours(place.case) == (72 if kind == "admin" else 48)


def test_every_page_says_that_an_edition_waits_until_it_is_applied(earlier):
    place = earlier(office)
    page = reverse("incidents:case-list")
    banner = "규칙판이 바뀌어 다시 계산해야 합니다"
    with time_machine.travel(LATER, tick=False):
        client = place.client("handler")
        sweep(now=LATER)
        assert banner in client.get(page).content.decode()
        apply(place.case)
        assert banner not in client.get(page).content.decode()


def test_the_banner_is_one_small_question(earlier, django_assert_num_queries, monkeypatch):
    earlier()
    monkeypatch.setattr(rules, "edition", lambda: pytest.fail("law was read"))
    with django_assert_num_queries(1):
        assert queries.is_edition_waiting()


def test_the_command_prints_the_change_and_applies_it(earlier):
    place = earlier(office)
    admin = place.people["admin"]
    out = StringIO()

    call_command("law_editions", stdout=out)
    assert hours(place.case) == 48
    call_command("law_editions", "--apply", "--by", admin.email, "--reason", "개정 확인", stdout=out)

    text = out.getvalue()
    assert "PT48H → PT72H" in text
    assert "24시간 00분 늦춰짐" in text
    assert f"적용함:  {rules.digest()}" in text
    assert hours(place.case) == 72


@pytest.mark.parametrize("kind", ["handler", "outsider", None])
def test_the_command_applies_only_for_an_administrator(earlier, kind):
    place = earlier(office)
    email = place.people[kind].email if kind else "nobody@example.org"
    with pytest.raises(CommandError, match="관리자"):
        call_command("law_editions", "--apply", "--by", email, "--reason", "개정", stdout=StringIO())
    assert hours(place.case) == 48


def test_a_holiday_waits_for_the_edition_so_that_no_other_change_brings_it_in(earlier):
    case = earlier()
    wanted = {"day": date(2026, 12, 31), "change": "holiday", "name": "임시공휴일", "source": "관보"}
    services.note_installed_edition(now=LATER)
    with pytest.raises(Obstacle, match="규칙판을 먼저"):
        services.add_holiday_change(actor=case.lead, now=LATER, **wanted)
    assert hours(case) == 48
    apply(case)
    assert services.add_holiday_change(actor=case.lead, now=LATER, **wanted).pk

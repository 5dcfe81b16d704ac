"""Each page of a case, tried with one user of every kind."""

from datetime import timedelta

import pytest
from django.urls import reverse

from incidents import services
from tests.incidents.factories import KNOWN
from tests.incidents.pages import KINDS, office

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]

SEEING = ("handler", "cpo", "approver", "counsel", "auditor")
WORKING = ("handler", "cpo", "approver", "counsel")
DECIDING = ("cpo", "approver")
READ = (
    "case-overview",
    "case-clocks",
    "contested-awareness",
    "not-due",
    "what-if",
    "case-procedure",
    "case-facts",
    "case-tasks",
    "case-history",
)
WORK = (
    "claim-awareness",
    "choose-step",
    "case-intake",
    "describe-case",
    "advance-phase",
    "add-deadline",
    "add-task",
    "add-entry",
)
OF_DEADLINE = {
    "deadline": SEEING,
    "explain-deadline": SEEING,
    "fulfil-deadline": WORKING,
    "reopen-deadline": WORKING,
    "dismiss-deadline": DECIDING,
}
OF_FACT = {"fact-history": SEEING, "change-fact": WORKING}


def allowed_at(name):
    if name in READ:
        return SEEING
    return DECIDING if name == "close-case" else WORKING


def expected(kind, allowed):
    if kind == "anonymous":
        return 302
    if kind in allowed:
        return 200
    return 403 if kind in SEEING else 404


def claim_of(case):
    return services.claim_awareness(
        case_id=case.pk,
        anchor="leak_known_at",
        at=KNOWN - timedelta(hours=1),
        basis="alert",
        source="경보",
        actor=case.lead,
        now=KNOWN,
    )


def step_of(case):
    return services.record_step(
        case_id=case.pk,
        kind="fine_disposition_received",
        happened_on=KNOWN.date(),
        actor=case.lead,
        now=KNOWN,
    )


@pytest.mark.parametrize("kind", KINDS)
def test_each_page_of_a_case_opens_only_for_those_who_may(kind):
    place = office()
    reference, deadline = place.case.reference, place.case.deadlines.first()
    task = place.case.tasks.first()
    pages = [
        (reverse(f"incidents:{name}", args=[reference]), allowed_at(name))
        for name in (*READ, *WORK, "close-case")
    ]
    pages += [
        (reverse(f"incidents:{name}", args=[reference, deadline.pk]), who)
        for name, who in OF_DEADLINE.items()
    ]
    pages += [
        (reverse(f"incidents:{name}", args=[reference, "leak_known_at"]), who)
        for name, who in OF_FACT.items()
    ]
    pages.append((reverse("incidents:skip-task", args=[reference, task.pk]), WORKING))
    rival = claim_of(place.case)
    pages.append((reverse("incidents:withdraw-awareness-claim", args=[reference, rival.pk]), WORKING))
    pages.append((reverse("incidents:adopt-awareness-claim", args=[reference, rival.pk]), DECIDING))
    step = step_of(place.case)
    pages.append((reverse("incidents:record-step", args=[reference, step.kind]), WORKING))
    pages.append((reverse("incidents:correct-step", args=[reference, step.pk]), WORKING))
    pages.append((reverse("incidents:withdraw-step", args=[reference, step.pk]), WORKING))
    client = place.client(kind)

    answers = {address: client.get(address).status_code for address, _allowed in pages}

    assert answers == {address: expected(kind, allowed) for address, allowed in pages}


@pytest.mark.parametrize("kind", KINDS)
def test_changes_are_refused_to_those_who_may_not_make_them(kind):
    place = office()
    deadline, task = place.case.deadlines.first(), place.case.tasks.first()
    reference = place.case.reference
    posts = [
        (reverse("incidents:take-task", args=[reference, task.pk]), WORKING),
        (reverse("incidents:finish-task", args=[reference, task.pk]), WORKING),
        (reverse("incidents:dismiss-deadline", args=[reference, deadline.pk]), DECIDING),
        (reverse("incidents:change-fact", args=[reference, "person_count"]), WORKING),
        (reverse("incidents:close-case", args=[reference]), DECIDING),
    ]
    client = place.client(kind)

    for address, allowed in posts:
        status = client.post(address).status_code
        if kind == "anonymous":
            assert status == 302
        elif kind in allowed:
            assert status in (200, 302, 422)
        else:
            assert status == expected(kind, allowed), address


@pytest.mark.parametrize("kind", KINDS)
def test_the_lists_show_a_case_only_to_those_who_may_see_it(kind):
    place = office(title="보이면 안 되는 제목")
    client = place.client(kind)

    for name in ("home", "incidents:case-list", "incidents:case-export", "incidents:task-list"):
        is_file = name == "incidents:case-export"
        answer = client.post(reverse(name), {"purpose": "보고"}) if is_file else client.get(reverse(name))
        if kind == "anonymous":
            assert answer.status_code == 302
            continue
        text = answer.getvalue().decode()
        assert (place.case.reference in text) == (kind in SEEING), name


def test_an_address_with_the_wrong_method_changes_nothing():
    place = office()
    task = place.case.tasks.first()
    client = place.client("handler")

    answer = client.get(reverse("incidents:finish-task", args=[place.case.reference, task.pk]))

    task.refresh_from_db()
    assert (answer.status_code, task.done_at) == (405, None)


def test_a_deadline_of_another_case_is_not_found_under_this_one():
    place, other = office(), office()
    deadline = other.case.deadlines.first()

    answer = place.client("handler").get(
        reverse("incidents:deadline", args=[place.case.reference, deadline.pk])
    )

    assert answer.status_code == 404
    assert "이 사건을 볼 권한이 없거나 없는 사건입니다." in answer.content.decode()

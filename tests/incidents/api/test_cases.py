"""Cases over HTTP: for every kind of person what the pages show them, by the same services."""

from datetime import date, timedelta

import pytest
import time_machine

from core.accounts.days import SEOUL
from core.accounts.models import Membership, Role, Scope
from core.accounts.services import take_role
from incidents import queries, services
from incidents.clocks import clock_of
from incidents.models import Case, Certainty, FactRevision
from incidents.services import FactChange
from tests.core.accounts.factories import MembershipFactory, ProfileFactory
from tests.core.accounts.tokens import Program, program_of, token_for
from tests.incidents.factories import KNOWN, opened_case
from tests.incidents.pages import KINDS, office
from tests.incidents.test_access_views import SEEING, WORKING

pytestmark = pytest.mark.django_db
LATER = KNOWN + timedelta(hours=1)
FACTS = {"person_count": {"value": 1200, "certainty": "confirmed", "source": "로그"}}


@pytest.fixture
def place():
    with time_machine.travel(LATER, tick=False):
        yield office()


def program(place, kind, *scopes):
    person = place.people[kind]
    return program_of(person, *scopes) if person else Program()


def stated(place, **document):
    place.case.refresh_from_db()
    return {"expected_count": place.case.fact_count, "facts": FACTS, **document}


def expected(kind, allowed):
    if kind == "anonymous":
        return 401
    return 200 if kind in allowed else 403 if kind in SEEING else 404


@pytest.mark.parametrize("kind", KINDS)
def test_each_door_of_a_case_opens_only_for_those_who_may(place, kind):
    reference, asking = place.case.reference, program(place, kind)
    answers = {
        "case": asking.get(f"/cases/{reference}").status_code,
        "deadlines": asking.get(f"/cases/{reference}/deadlines").status_code,
        "facts": asking.post(f"/cases/{reference}/facts", stated(place)).status_code,
    }
    assert answers == {
        "case": expected(kind, SEEING),
        "deadlines": expected(kind, SEEING),
        "facts": expected(kind, WORKING),
    }


@pytest.mark.parametrize("kind", KINDS)
def test_the_list_holds_what_one_may_see(place, kind):
    answer = program(place, kind).get("/cases")
    if kind == "anonymous":
        assert answer.status_code == 401
    else:
        listed = [case["reference"] for case in answer.json()["items"]]
        assert listed == ([place.case.reference] if kind in SEEING else [])


@pytest.mark.parametrize("kind", KINDS)
def test_a_case_is_opened_by_those_who_work_on_cases(place, kind):
    answer = program(place, kind).post("/cases", {})
    wanted = {"anonymous": 401, "outsider": 201}.get(kind, 201 if kind in WORKING else 403)
    assert answer.status_code == wanted


def test_a_role_that_ended_closes_the_case_to_the_token(place):
    counsel = place.people["counsel"]
    asking = program_of(counsel)
    held = Membership.objects.get(user=counsel)
    MembershipFactory(user=counsel)  # and still has a part elsewhere
    take_role(membership_id=held.pk, actor=place.people["admin"], now=LATER, reason="자리를 옮김")
    assert asking.get(f"/cases/{place.case.reference}").status_code == 404
    assert asking.get("/cases").json()["count"] == 0


def test_the_last_role_that_ended_ends_the_token(place):
    counsel = place.people["counsel"]
    asking = program_of(counsel)
    held = Membership.objects.get(user=counsel)
    take_role(membership_id=held.pk, actor=place.people["admin"], now=LATER, reason="퇴사")
    assert asking.get(f"/cases/{place.case.reference}").status_code == 401


@pytest.mark.parametrize("state", ["wrong", "revoked", "expired", "closed"])
def test_no_door_of_a_case_opens_to_a_dead_token(place, state):
    owner = place.people["cpo"]
    token, secret = token_for(owner, now=LATER)
    if state == "revoked":
        token.revoked_at = LATER
    if state == "expired":
        token.expires_at = LATER
    token.save()
    if state == "closed":
        owner.is_active = False
        owner.save()
    asking = Program("bd_00000000_" + "x" * 43 if state == "wrong" else secret)
    reference, before = place.case.reference, Case.objects.count()
    answers = [
        asking.get("/topics"),
        asking.post("/assess/period", {}),
        asking.get("/cases"),
        asking.post("/cases", {}),
        asking.get(f"/cases/{reference}"),
        asking.get(f"/cases/{reference}/deadlines"),
        asking.post(f"/cases/{reference}/facts", stated(place)),
    ]
    assert [answer.status_code for answer in answers] == [401] * 7
    assert Case.objects.count() == before


def test_what_one_may_not_see_and_what_there_is_not_answer_alike(place):
    asking = program(place, "outsider")
    hidden = asking.get(f"/cases/{place.case.reference}")
    absent = asking.get("/cases/1999-001")
    assert (hidden.status_code, hidden.json()) == (absent.status_code, absent.json())


def test_the_lists_come_in_pages(place):
    for _number in range(4):
        opened_case(organization=place.case.organization, actor=place.people["handler"])
    asking = program(place, "handler", Scope.READ)
    pages = [asking.get("/cases", page=number, size=2).json() for number in (1, 2, 3)]
    seen = [case["reference"] for page in pages for case in page["items"]]
    assert (len(seen), len(set(seen)), [page["has_more"] for page in pages]) == (5, 5, [True, True, False])
    assert {page["count"] for page in pages} == {5}
    assert asking.get("/cases", page=9).json()["items"] == []


@pytest.mark.parametrize(
    "query",
    [{"page": "0"}, {"page": "x"}, {"size": "201"}, {"phase": "asleep"}, {"kind": "x"}, {"order": "-"}],
)
def test_a_query_that_means_nothing_is_422_at_its_name(place, query):
    answer = program(place, "handler").get("/cases", **query)
    assert (answer.status_code, answer.json()["error"]["path"]) == (422, next(iter(query)))


def test_the_list_is_narrowed_as_on_the_page(place):
    asking = program(place, "handler")
    assert asking.get("/cases", q="계정").json()["count"] == 1
    assert asking.get("/cases", q="없는 말").json()["count"] == 0
    assert asking.get("/cases", phase="closed").json()["count"] == 0


def test_the_number_of_queries_does_not_grow_with_the_cases(place, django_assert_max_num_queries):
    asking = program(place, "handler")
    for _number in range(8):
        opened_case(organization=place.case.organization, actor=place.people["handler"])
    with django_assert_max_num_queries(8):
        assert len(asking.get("/cases").json()["items"]) == 9


def test_a_clock_reads_as_on_the_page_with_the_terms_it_was_made_of(place):
    answer = program(place, "auditor").get(f"/cases/{place.case.reference}/deadlines").json()
    rows = {
        row.pk: row for row in place.case.deadlines.select_related("case", "duty", "owner", "dismissed_by")
    }
    assert answer["as_of"] == LATER.astimezone(SEOUL).isoformat()
    assert answer["count"] == len(rows) == len(answer["items"])
    for item in answer["items"]:
        clock = clock_of(rows[item["id"]], LATER)
        assert item["state"] == clock.state
        assert (item["time_label"], item["seconds_left"]) == (clock.time_label, clock.seconds_left)
        assert item["terms"] == clock.deadline.duty.terms
    ends = [item["due_at"] for item in answer["items"] if item["due_at"]]
    assert "2026-11-24T09:12:00+09:00" in ends
    assert ends == sorted(ends)


def test_replaced_clocks_are_shown_when_asked_for(place):
    asking = program(place, "cpo")
    address = f"/cases/{place.case.reference}"
    earlier = {"leak_known_at": {"value": "2026-11-20T10:00+09:00", "certainty": "confirmed"}}
    asking.post(f"{address}/facts", stated(place, facts=earlier, reason="로그로 확인"))
    shown = {
        show: asking.get(f"{address}/deadlines", show=show).json() for show in ("current", "replaced", "all")
    }
    assert {item["state"] for item in shown["replaced"]["items"]} == {"superseded"}
    assert shown["all"]["count"] == shown["current"]["count"] + shown["replaced"]["count"]


def test_a_day_counted_end_is_told_by_its_last_day(place):
    services.add_deadline(
        case_id=place.case.pk,
        actor=place.people["cpo"],
        now=LATER,
        title="자료 제출",
        last_day=date(2026, 12, 1),
    )
    items = program(place, "cpo").get(f"/cases/{place.case.reference}/deadlines").json()["items"]
    (own,) = [item for item in items if item["title"] == "자료 제출"]
    assert (own["last_day"], own["due_at"], own["terms"]) == ("2026-12-01", None, None)


# 지금 알았다


def test_opening_starts_the_clocks_at_the_servers_instant(place):
    answer = program(place, "outsider").post("/cases", {})
    case = Case.objects.get(reference=answer.json()["reference"])
    assert (case.opened_at, case.opened_by) == (LATER, place.people["outsider"])
    assert {fact["name"] for fact in answer.json()["facts"]} == {"leak_known_at", "intrusion_known_at"}
    assert case.deadlines.running().exists()


def test_whoever_is_in_a_hurry_sends_no_document_at_all(place):
    assert program(place, "outsider").post("/cases", "").status_code == 201


def test_sent_again_at_once_it_is_the_same_case(place):
    asking = program(place, "outsider")
    first = asking.post("/cases", {})
    with time_machine.travel(LATER + timedelta(seconds=20), tick=False):
        again = asking.post("/cases", {})
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json()["reference"] == again.json()["reference"]


def test_who_works_for_two_organisations_says_which(place):
    handler = place.people["handler"]
    second = MembershipFactory(user=handler, role=Role.HANDLER).organization
    ProfileFactory(organization=second)
    asking = program_of(handler)
    unsaid = asking.post("/cases", {})
    assert (unsaid.status_code, unsaid.json()["error"]["path"]) == (422, "organization")
    assert second.name in unsaid.json()["error"]["hint"]
    assert asking.post("/cases", {"organization": second.pk}).json()["organization"]["id"] == second.pk


def test_a_case_is_not_opened_for_strangers(place):
    foreign = place.people["outsider"].memberships.get().organization
    answer = program(place, "handler").post("/cases", {"organization": foreign.pk})
    assert (answer.status_code, answer.json()["error"]["path"]) == (422, "organization")
    assert foreign.name not in answer.content.decode()


@pytest.mark.parametrize(
    "document", [{"organisation": 1}, {"organization": "1"}, {"organization": True}, [], "1"]
)
def test_a_document_of_another_shape_opens_nothing(place, document):
    before = Case.objects.count()
    assert program(place, "handler").post("/cases", document).status_code == 422
    assert Case.objects.count() == before


# Facts


def test_a_fact_is_recorded_by_the_same_service(place):
    answer = program(place, "handler").post(f"/cases/{place.case.reference}/facts", stated(place))
    row = FactRevision.objects.get(case=place.case, name="person_count")
    assert (row.value, row.certainty, row.source) == (1200, "confirmed", "로그")
    assert (row.recorded_by, row.recorded_at) == (place.people["handler"], LATER)
    place.case.refresh_from_db()
    assert answer.json()["fact_count"] == place.case.fact_count


def test_an_instant_known_as_a_range_keeps_both_ends(place):
    ends = {"value": "2026-11-20T10:00+09:00", "until_at": "2026-11-20T11:00+09:00", "certainty": "estimated"}
    document = stated(place, facts={"leak_known_at": ends}, reason="로그로 확인")
    answer = program(place, "handler").post(f"/cases/{place.case.reference}/facts", document).json()
    starts = {one["after"]["starts_at"] for one in answer["movements"] if one["change"] == "moved"}
    assert starts == {"2026-11-20T10:00:00+09:00"}
    case = program(place, "handler").get(f"/cases/{place.case.reference}").json()
    held = next(fact for fact in case["facts"] if fact["name"] == "leak_known_at")
    assert (held["value"], held["until_at"]) == ("2026-11-20T10:00:00+09:00", "2026-11-20T11:00:00+09:00")


def test_what_moved_is_answered(place):
    earlier = {"leak_known_at": {"value": "2026-11-20T10:00+09:00", "certainty": "confirmed"}}
    document = stated(place, facts=earlier, reason="로그로 확인")
    answer = program(place, "handler").post(f"/cases/{place.case.reference}/facts", document).json()
    moved = [one for one in answer["movements"] if one["change"] == "moved"]
    assert moved
    assert moved[0]["after"]["starts_at"] == "2026-11-20T10:00:00+09:00"
    assert moved[0]["before"]["starts_at"] == "2026-11-21T09:12:00+09:00"


def test_a_case_somebody_changed_meanwhile_is_409_with_the_new_count(place):
    document = stated(place)
    services.record_facts(
        case_id=place.case.pk,
        changes=[FactChange("summary", "먼저", Certainty.CONFIRMED)],
        actor=place.people["cpo"],
        now=LATER,
    )
    answer = program(place, "handler").post(f"/cases/{place.case.reference}/facts", document)
    assert (answer.status_code, answer.json()["error"]["path"]) == (409, "expected_count")
    document["expected_count"] = answer.json()["fact_count"]
    assert program(place, "handler").post(f"/cases/{place.case.reference}/facts", document).status_code == 200


def test_a_correction_needs_a_reason(place):
    address = f"/cases/{place.case.reference}/facts"
    asking = program(place, "handler")
    asking.post(address, stated(place))
    corrected = {"person_count": {"value": 1300}}
    answer = asking.post(address, stated(place, facts=corrected))
    assert (answer.status_code, answer.json()["error"]["path"]) == (422, "reason")
    assert asking.post(address, stated(place, facts=corrected, reason="재집계")).status_code == 200


def test_a_closed_case_is_409(place):
    Case.objects.filter(pk=place.case.pk).update(phase="closed", closed_at=LATER)
    answer = program(place, "handler").post(f"/cases/{place.case.reference}/facts", stated(place))
    assert answer.status_code == 409


WRONG = {
    "a name there is not": ({"colour": {"value": 1}}, ["facts.colour"]),
    "a confirmed fact among the others": ({"confirmed_fact": {"value": {}}}, ["facts.confirmed_fact"]),
    "no zone": ({"leak_known_at": {"value": "2026-11-20T10:00"}}, ["facts.leak_known_at.value"]),
    "no instant": ({"leak_known_at": {"value": "soon"}}, ["facts.leak_known_at.value"]),
    "a number for an instant": ({"leak_known_at": {"value": 20261120}}, ["facts.leak_known_at.value"]),
    "a later end with no zone": (
        {"leak_known_at": {"value": "2026-11-20T10:00+09:00", "until_at": "2026-11-20T11:00"}},
        ["facts.leak_known_at.until_at"],
    ),
    "a later end that is earlier": (
        {"leak_known_at": {"value": "2026-11-20T10:00+09:00", "until_at": "2026-11-20T09:00+09:00"}},
        ["facts.leak_known_at"],
    ),
    "the year one": ({"occurred_at": {"value": "0001-01-01T00:00+09:00"}}, ["facts.occurred_at.value"]),
    "the future": ({"leak_known_at": {"value": "2026-11-30T10:00+09:00"}}, ["facts.leak_known_at"]),
    "a negative count": ({"person_count": {"value": -1}}, ["facts.person_count"]),
    "a fraction": ({"person_count": {"value": 1.5}}, ["facts.person_count"]),
    "text for a count": ({"person_count": {"value": "1200"}}, ["facts.person_count"]),
    "yes for true": ({"has_sensitive": {"value": "yes"}}, ["facts.has_sensitive"]),
    "no such effect": ({"effect": {"value": ["boom"]}}, ["facts.effect"]),
    "a mapping for words": ({"summary": {"value": {"a": 1}}}, ["facts.summary.value"]),
    "null that is certain": (
        {"summary": {"value": None, "certainty": "confirmed"}},
        ["facts.summary.value"],
    ),
    "a value that is unknown": (
        {"person_count": {"value": 1, "certainty": "unknown"}},
        ["facts.person_count.value"],
    ),
    "no such certainty": (
        {"person_count": {"value": 1, "certainty": "sure"}},
        ["facts.person_count.certainty"],
    ),
    "a long source": ({"person_count": {"value": 1, "source": "가" * 201}}, ["facts.person_count.source"]),
    "a key of its own": ({"person_count": {"value": 1, "key": "b"}}, ["facts.person_count.key"]),
    "two mistakes": (
        {"person_count": {"value": -1}, "has_sensitive": {"value": 1}},
        ["facts.has_sensitive", "facts.person_count"],
    ),
    "nothing": ({}, ["facts"]),
}


@pytest.mark.parametrize("mistake", WRONG)
def test_what_cannot_be_a_fact_is_422_at_its_place_and_nothing_is_recorded(place, mistake):
    facts, paths = WRONG[mistake]
    before = FactRevision.objects.count()
    answer = program(place, "cpo").post(f"/cases/{place.case.reference}/facts", stated(place, facts=facts))
    assert answer.status_code == 422
    assert sorted(fault["path"] for fault in answer.json()["errors"]) == paths
    assert all(fault["message"] for fault in answer.json()["errors"])
    assert FactRevision.objects.count() == before


@pytest.mark.parametrize("count", [None, -1, "2", True, 1.0, 10**12])
def test_the_count_that_was_read_is_asked_for(place, count):
    document = {"facts": FACTS} if count is None else {"facts": FACTS, "expected_count": count}
    answer = program(place, "cpo").post(f"/cases/{place.case.reference}/facts", document)
    assert (answer.status_code, answer.json()["error"]["path"]) == (422, "expected_count")


JUDGED = {"risk_markedly_lower": {"value": True, "source": "보호책임자: 암호화됨"}}


@pytest.mark.parametrize("kind", WORKING)
def test_what_the_law_leaves_to_a_person_is_stated_by_those_who_decide(place, kind):
    answer = program(place, kind).post(f"/cases/{place.case.reference}/facts", stated(place, facts=JUDGED))
    assert answer.status_code == (200 if kind in ("cpo", "approver") else 403)


def test_a_judgement_names_who_judged_and_why(place):
    facts = {"risk_markedly_lower": {"value": True}}
    answer = program(place, "cpo").post(f"/cases/{place.case.reference}/facts", stated(place, facts=facts))
    assert answer.json()["error"]["path"] == "facts.risk_markedly_lower.source"


CONFIRMED = {"text": "주소도 유출", "confirmed_at": "2026-11-21T09:30+09:00"}


def test_newly_confirmed_facts_take_the_next_keys(place):
    asking, address = program(place, "handler"), f"/cases/{place.case.reference}/facts"
    both = stated(place, facts={}, confirmed_facts=[CONFIRMED, {**CONFIRMED, "text": "생일도 유출"}])
    assert asking.post(address, both).status_code == 200
    assert queries.confirmed_keys(place.case) == ["f1", "f2"]
    corrected = {**CONFIRMED, "key": "f2", "text": "생일은 아님"}
    again = stated(place, facts={}, confirmed_facts=[corrected], reason="재확인")
    assert asking.post(address, again).status_code == 200
    assert queries.confirmed_keys(place.case) == ["f1", "f2"]


@pytest.mark.parametrize(
    ("stated_facts", "path"),
    [
        ([{**CONFIRMED, "key": "f9"}], "confirmed_facts[0].key"),
        ([{**CONFIRMED, "confirmed_at": "2026-11-21"}], "confirmed_facts[0].confirmed_at"),
        ([{**CONFIRMED, "certainty": "unknown"}], "confirmed_facts[0].certainty"),
        ([CONFIRMED, {**CONFIRMED, "text": ""}], "confirmed_facts[1].text"),
        ([{**CONFIRMED, "confirmed_at": "2026-12-21T09:30+09:00"}], "confirmed_facts"),
        ([{"text": "시각 없음"}], "confirmed_facts[0].confirmed_at"),
    ],
)
def test_a_confirmed_fact_that_will_not_do_is_named_by_its_place(place, stated_facts, path):
    document = stated(place, facts={}, confirmed_facts=stated_facts)
    answer = program(place, "handler").post(f"/cases/{place.case.reference}/facts", document)
    assert (answer.status_code, answer.json()["error"]["path"]) == (422, path)

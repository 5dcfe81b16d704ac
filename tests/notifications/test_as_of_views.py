"""The pages of the past: the case as it was, what changed between two instants, who knew what when."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.urls import reverse
from django.utils.html import strip_tags

from core.accounts.models import Membership, Role
from core.accounts.services import take_role
from core.audit.models import Event
from incidents import services
from incidents.clocks import in_address
from incidents.models import Phase
from incidents.services import FactChange
from notifications.models import PaperKind
from notifications.services import filings
from tests.incidents.factories import KNOWN
from tests.incidents.pages import KINDS, office
from tests.incidents.test_access_views import expected
from tests.notifications.paper_cases import approved, given, rewritten, scene, started

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
HOUR = timedelta(hours=1)
LATER = KNOWN + 5 * HOUR
PAGES = ("case-past", "case-between", "who-knew")
SEEING = ("handler", "cpo", "approver", "counsel", "auditor")
ASKING = ("cpo", "approver", "auditor")


@pytest.fixture(autouse=True)
def five_hours_later():
    with time_machine.travel(LATER, tick=False):
        yield


def page(name, case, **query):
    return reverse(f"notifications:{name}", args=[case.reference], query=query)


def text_of(answer):
    assert answer.status_code == 200
    return " ".join(strip_tags(answer.content.decode().replace("<", " <")).split())


def corrected(place, *, now=KNOWN + 2 * HOUR, hours=3):
    services.record_facts(
        case_id=place.case.pk,
        changes=[FactChange("leak_known_at", KNOWN - hours * HOUR, "confirmed", "일지")],
        actor=place.people["cpo"],
        now=now,
        reason="당직 일지 확인",
    )


@pytest.mark.parametrize("kind", KINDS)
def test_the_past_of_a_case_opens_only_for_those_who_see_it(kind):
    place = office()
    client = place.client(kind)

    answers = {name: client.get(page(name, place.case)).status_code for name in PAGES}

    assert answers == dict.fromkeys(PAGES, expected(kind, SEEING))


@pytest.mark.parametrize("kind", SEEING)
def test_only_those_who_decide_or_audit_look_with_the_eyes_of_another(kind):
    place = office()
    client = place.client(kind)

    answers = {
        name: client.get(page(name, place.case, **{"as": place.people["handler"].pk})).status_code
        for name in ("case-past", "who-knew")
    }

    assert set(answers.values()) == {200 if kind in ASKING else 403}


def test_the_past_shows_what_was_known_then_and_says_that_it_is_past():
    place = office()
    corrected(place)
    services.advance_phase(
        case_id=place.case.pk, phase=Phase.NOTIFICATION, actor=place.people["cpo"], now=KNOWN + 3 * HOUR
    )

    before = text_of(place.client("handler").get(page("case-past", place.case, at=in_address(KNOWN + HOUR))))
    after = text_of(place.client("handler").get(page("case-past", place.case, at=in_address(LATER))))

    assert "과거 화면입니다" in before and "고칠 수 없습니다" in before
    assert "2026-11-21(토) 09:12 KST 추정" in before and "2026-11-21(토) 06:12 KST 확인" not in before
    assert "71시간 00분 남음" in before
    assert "단계: 탐지·인지" in before
    assert "2026-11-21(토) 06:12 KST 확인" in after
    assert "단계: 통지·신고" in after


def test_a_page_of_the_past_offers_nothing_to_change_and_its_figures_stand_still():
    place = office()

    answer = place.client("handler").get(page("case-past", place.case)).content.decode()

    assert 'method="post"' not in answer.split("<main")[1].split("</main>")[0]
    assert "data-bd-clock=" not in answer


def test_before_the_case_was_opened_there_is_nothing():
    place = office()

    shown = text_of(place.client("handler").get(page("case-past", place.case, at="2026-11-20 09:00")))

    assert "아직 접수하지 않은 때입니다" in shown
    assert "할 일 내부 목표" not in shown


@pytest.mark.parametrize("typed", ["어제쯤", "2026-11-24", "2030-01-01 09:00"])
def test_an_instant_that_cannot_be_read_or_has_not_come_is_said_at_its_field(typed):
    place = office()

    answer = place.client("handler").get(page("case-past", place.case, at=typed))

    assert answer.status_code == 422
    assert typed in answer.content.decode()


def test_the_slider_leads_to_the_instant_of_its_step():
    place = office()
    corrected(place)
    client = place.client("auditor")

    answer = client.get(page("case-past", place.case, step="0", **{"as": place.people["cpo"].pk}))

    asked = parse_qs(urlsplit(answer.url).query)
    assert asked == {"at": [in_address(KNOWN)], "as": [str(place.people["cpo"].pk)]}
    assert client.get(page("case-past", place.case, step="2")).status_code == 404
    assert client.get(page("case-past", place.case, step="-1")).status_code == 404


def test_the_neighbours_of_an_instant_are_one_click_away():
    place = office()
    corrected(place)
    corrected(place, now=KNOWN + 3 * HOUR, hours=4)

    answer = place.client("auditor").get(page("case-past", place.case, at=in_address(KNOWN + 2 * HOUR)))

    assert answer.context["earlier_url"] == page("case-past", place.case, at=in_address(KNOWN))
    assert answer.context["later_url"] == page("case-past", place.case, at=in_address(KNOWN + 3 * HOUR))


def test_with_the_eyes_of_somebody_who_could_not_see_it_nothing_is_shown():
    place = office()
    counsel = place.people["counsel"]
    services.leave_case(
        case_id=place.case.pk,
        user_id=counsel.pk,
        actor=place.people["cpo"],
        now=KNOWN + HOUR,
        reason="부서 이동",
    )
    client, asked = place.client("auditor"), {"as": counsel.pk}

    then = text_of(client.get(page("case-past", place.case, at=in_address(KNOWN), **asked)))
    now = text_of(client.get(page("case-past", place.case, **asked)))

    assert f"{counsel}의 눈으로 봅니다. 그때의 역할: 법무. 사건 참여자였습니다." in then
    assert "유출등을 알게 된 때" in then
    assert "그때 이 사건을 볼 수 없었던 사람입니다" in now
    assert "끝난 시계" not in now and "아직 모름" not in now


def test_a_role_taken_since_still_counts_for_the_time_it_was_held():
    place = office()
    approver = place.people["approver"]
    held = Membership.objects.get(user=approver, role=Role.APPROVER)
    take_role(membership_id=held.pk, actor=place.people["cpo"], now=KNOWN + HOUR, reason="인사")
    client, asked = place.client("auditor"), {"as": approver.pk}

    then = client.get(page("case-past", place.case, at=in_address(KNOWN), **asked))
    now = client.get(page("case-past", place.case, **asked))

    assert (then.context["is_seen"], now.context["is_seen"]) == (True, False)


def test_two_instants_are_compared_in_whichever_order_they_are_typed():
    place = office()
    corrected(place)
    client = place.client("handler")
    one, two = in_address(KNOWN + HOUR), in_address(LATER)

    shown = text_of(client.get(page("case-between", place.case, **{"from": one, "to": two})))
    turned = text_of(client.get(page("case-between", place.case, **{"from": two, "to": one})))

    assert (
        "유출등을 알게 된 때 사실 변경 2026-11-21(토) 09:12 KST (추정) 2026-11-21(토) 06:12 KST (확인)"
        in shown
    )
    assert "당직 일지 확인" in shown
    assert "기한 변경" in shown and "사건 접수" not in shown
    assert turned == shown


def test_between_an_instant_and_itself_nothing_changed():
    place = office()
    moment = in_address(KNOWN)

    shown = text_of(
        place.client("handler").get(page("case-between", place.case, **{"from": moment, "to": moment}))
    )

    assert "그 사이에 바뀐 것이 없습니다" in shown


def reported(one):
    """A report to KISA, written, approved and given two hours after the leak was known."""
    paper = started(one, PaperKind.KISA_REPORT, now=KNOWN + HOUR / 2)
    rewritten(one, paper, now=KNOWN + HOUR / 2, incident_type="시스템 해킹")
    approval = approved(one, paper, now=KNOWN + HOUR)
    act = given(
        KNOWN + 2 * HOUR, recipient="kisa", channels=("email",), told_count=None, receipt_number="K-77"
    )
    filings.record_filing(version_id=approval.version_id, given=act, actor=one.handler, now=KNOWN + 2 * HOUR)


def client_of(one, client):
    client.force_login(one.people[Role.AUDITOR])
    return client


def test_papers_written_approved_and_given_are_told_between_two_instants(client):
    one = scene()
    reported(one)

    shown = text_of(client_of(one, client).get(page("case-between", one.case)))

    for word in ("침해사고 신고서 2판 판 저장", "침해사고 신고서 2판 승인", "침해사고 신고서 2판 신고함"):
        assert word in shown
    assert "침해사고 신고 이행" in shown


def test_a_paper_is_shown_as_far_as_it_was(client):
    one = scene()
    reported(one)
    reader = client_of(one, client)

    words = [
        text_of(reader.get(page("case-past", one.case, at=in_address(KNOWN + hours * HOUR))))
        for hours in (0.5, 1, 2)
    ]

    assert ["승인 기다림" in words[0], "승인됨 · 제출할 차례" in words[1], "제출함" in words[2]] == [True] * 3
    assert "2판 제출함" not in words[1]


def test_the_chain_of_knowing_leads_from_the_first_alert_to_the_authority_with_what_stands_behind_each(
    client,
):
    one = scene(extra=(FactChange("anomaly_detected_at", KNOWN - 3 * HOUR, "estimated", "경보 #481"),))
    reported(one)

    answer = client_of(one, client).get(page("who-knew", one.case))

    shown = text_of(answer)
    order = ["이상 징후를 본 때", "침해사고를 알게 된 때", "유출등을 알게 된 때", "침해사고 신고서"]
    places = [shown.index(word) for word in order]
    assert places == sorted(places)
    assert "근거 경보 #481" in shown and "접수번호 K-77" in shown
    assert "2시간 00분 뒤 · 처음부터 5시간 00분" in shown
    assert reverse("notifications:paper-pdf", args=[one.case.reference, 1, 2]) in answer.content.decode()


def test_the_chain_tells_what_was_recorded_by_then_and_no_more(client):
    one = scene()
    reported(one)

    shown = text_of(client_of(one, client).get(page("who-knew", one.case, at=in_address(KNOWN + HOUR))))

    assert "유출등을 알게 된 때" in shown
    assert "접수번호 K-77" not in shown


def test_a_duty_met_without_a_paper_stands_in_the_chain_once(client):
    place = office()
    deadline = place.case.deadlines.get(duty__family="kr.pipa.s34.report")
    services.fulfil_deadline(
        deadline_id=deadline.pk,
        at=KNOWN + HOUR,
        note="전화로 먼저 신고",
        actor=place.people["cpo"],
        now=KNOWN + HOUR,
    )

    shown = text_of(place.client("auditor").get(page("who-knew", place.case)))

    assert shown.count("근거 전화로 먼저 신고") == 1


def test_a_rival_time_stands_in_the_chain_and_no_time_is_counted_from_it():
    place = office()
    services.claim_awareness(
        case_id=place.case.pk,
        anchor="leak_known_at",
        at=KNOWN - HOUR,
        basis="alert",
        source="경보 #481",
        actor=place.people["cpo"],
        now=KNOWN,
    )
    cpo_knew = FactChange("cpo_informed_at", KNOWN + HOUR, "confirmed", "메일")
    services.record_facts(
        case_id=place.case.pk, changes=[cpo_knew], actor=place.people["cpo"], now=KNOWN + HOUR
    )

    shown = text_of(place.client("auditor").get(page("who-knew", place.case)))

    assert "다투는 시각" in shown and "탐지 경보 · 경보 #481" in shown
    assert "1시간 00분 뒤 · 처음부터 1시간 00분" in shown


def test_each_event_of_the_history_has_an_address_and_leads_to_the_case_as_it_was():
    place = office()
    corrected(place)
    first = Event.objects.get(chain=place.case.reference, sequence=1)
    history = reverse("incidents:case-history", args=[place.case.reference])

    shown = place.client("auditor").get(history, {"event": 1}).content.decode()

    assert 'id="e-1"' in shown
    assert f"{history}?event=1#e-1" in shown
    assert page("case-past", place.case, at=in_address(first.recorded_at)).replace("%3A", ":") in shown


def test_a_deep_link_opens_the_page_on_which_its_event_stands():
    place = office()
    for number in range(60):
        services.add_timeline_entry(
            case_id=place.case.pk,
            text=f"전화 {number}",
            happened_at=KNOWN,
            actor=place.people["cpo"],
            now=KNOWN,
        )
    history = reverse("incidents:case-history", args=[place.case.reference])
    client = place.client("auditor")

    linked, turned = client.get(history, {"event": 1}), client.get(history, {"event": 1, "page": 1})

    assert 'id="e-1"' in linked.content.decode()
    assert turned.context["page_obj"].number == 1


@pytest.mark.parametrize("name", PAGES)
def test_a_longer_history_asks_no_more_questions(name, django_assert_max_num_queries):
    place = office()
    client = place.client("auditor")

    def questions():
        with django_assert_max_num_queries(200) as asked:
            client.get(page(name, place.case))
        return len(asked)

    client.get(page(name, place.case))
    before = questions()
    for number in range(12):
        corrected(place, now=KNOWN + HOUR + number * timedelta(minutes=5), hours=number % 2 + 1)
        services.add_task(
            case_id=place.case.pk, title="전화", actor=place.people["cpo"], now=KNOWN + 3 * HOUR
        )

    assert questions() <= before

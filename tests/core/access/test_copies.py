"""The register of copies: a number each time, a purpose always, a limit a day, a second person for what covers many."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from core.access.catalogue import Code
from core.access.copies import CopyRefused, NeedsSecondPerson, answer_request, ask_for_copy, make_copy
from core.access.copy_models import Copy, CopyKind, CopyRequest
from core.accounts.models import Role
from core.audit.models import Event
from core.audit.verification import first_break
from tests.core.access.doors import NIGHT, set_to
from tests.incidents.factories import opened_case, organization_with

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def place():
    return organization_with(Role.HANDLER, Role.CPO, Role.AUDITOR)


def taken(place, *, by=Role.HANDLER, now=NIGHT, **said):
    organization, people = place
    usual = {
        "organization_id": organization.pk,
        "kind": CopyKind.PAPER,
        "what": "2026-001-1-1",
        "original_hash": "a" * 64,
        "purpose": "제출",
    }
    return make_copy(actor=people[by], now=now, **usual | said)


def asked(place, case, *, by=Role.AUDITOR, now=NIGHT, purpose="감사", person_count=1200):
    organization, people = place
    return ask_for_copy(
        organization_id=organization.pk,
        case_key=case.reference,
        kind=CopyKind.CASE,
        person_count=person_count,
        purpose=purpose,
        actor=people[by],
        now=now,
    )


def answered(request, person, *, now=NIGHT, is_approved=True, note=""):
    return answer_request(request_id=request.pk, is_approved=is_approved, note=note, actor=person, now=now)


def large(place, case, **said):
    usual = {"by": Role.AUDITOR, "kind": CopyKind.CASE, "case_key": case.reference, "person_count": 1200}
    return taken(place, **usual | said)


def test_two_copies_have_two_numbers_and_two_rows(place):
    first, second = taken(place), taken(place)
    assert (first.number, second.number) == ("2026-000001", "2026-000002")
    assert Copy.objects.count() == 2


def test_numbers_begin_anew_with_the_year_of_seoul(place):
    new_year = NIGHT.replace(month=12, day=31, hour=15, minute=0)
    assert taken(place, now=new_year - timedelta(seconds=1)).number == "2026-000001"
    assert taken(place, now=new_year).number == "2027-000001"


@pytest.mark.parametrize("purpose", ["", "  ", "\x00", "가" * 501])
def test_nothing_leaves_without_a_purpose(place, purpose):
    with pytest.raises(CopyRefused) as refused:
        taken(place, purpose=purpose)
    assert refused.value.field == "purpose"
    assert not Copy.objects.exists()


def test_history_tells_of_a_copy_and_finds_a_changed_row(place):
    case = opened_case(organization=place[0], actor=place[1][Role.HANDLER])
    taken(place, case_key=case.reference)
    told = Event.objects.of_chain(case.reference).get(action="copy.made")
    assert (told.data["number"], told.data["original"]) == ("2026-000001", "a" * 64)
    assert first_break(case.reference) is None


@pytest.mark.parametrize("act", [lambda rows: rows.update(purpose="x"), lambda rows: rows.delete()])
def test_the_database_refuses_to_change_the_register(place, act):
    taken(place)
    with pytest.raises(DatabaseError), transaction.atomic():
        act(Copy.objects.all())


def test_the_limit_is_for_each_account_and_each_day_of_seoul(place):
    set_to(Code.COPIES_A_DAY, 2)
    midnight = NIGHT.replace(hour=15, minute=0)
    late = midnight - timedelta(minutes=1)
    taken(place, now=late), taken(place, now=late)
    with pytest.raises(CopyRefused, match="2번"):
        taken(place, now=late)
    assert taken(place, now=late, by=Role.CPO)
    assert taken(place, now=midnight)


def test_few_people_ask_nobody_and_the_number_is_a_setting(place):
    case = opened_case(organization=place[0], actor=place[1][Role.HANDLER])
    assert taken(place, case_key=case.reference, person_count=999).allowed_by is None
    with pytest.raises(NeedsSecondPerson):
        taken(place, case_key=case.reference, person_count=1000)
    set_to(Code.SECOND_PERSON_FROM, 10)
    with pytest.raises(NeedsSecondPerson):
        taken(place, case_key=case.reference, person_count=10)


def test_an_approval_is_used_once(place):
    case = opened_case(organization=place[0], actor=place[1][Role.HANDLER])
    request = answered(asked(place, case), place[1][Role.CPO])
    copy = large(place, case)
    assert copy.allowed_by == request
    request.refresh_from_db()
    assert request.state(now=NIGHT) == "used"
    with pytest.raises(NeedsSecondPerson):
        large(place, case)
    assert first_break(case.reference) is None


def test_an_approval_for_fewer_people_than_leave_is_none_and_more_can_be_asked_for(place):
    case = opened_case(organization=place[0], actor=place[1][Role.HANDLER])
    few = answered(asked(place, case), place[1][Role.CPO])  # for 1,200
    with pytest.raises(NeedsSecondPerson):
        large(place, case, person_count=1201)
    waiting = asked(place, case)
    many = asked(place, case, person_count=3_000_000)
    assert many.pk != waiting.pk and asked(place, case, person_count=3_000_000).pk == many.pk
    answered(many, place[1][Role.CPO])
    assert large(place, case, person_count=3_000_000).allowed_by == many
    assert large(place, case).allowed_by == few


def test_an_approval_lapses_after_a_day(place):
    case = opened_case(organization=place[0], actor=place[1][Role.HANDLER])
    request = answered(asked(place, case), place[1][Role.CPO])
    with pytest.raises(NeedsSecondPerson):
        large(place, case, now=NIGHT + DAY)
    assert request.state(now=NIGHT + DAY) == "lapsed"
    assert large(place, case, now=NIGHT + DAY - timedelta(seconds=1))


def test_it_is_theirs_alone_and_for_this_case_alone(place):
    case, other = (opened_case(organization=place[0], actor=place[1][Role.HANDLER]) for _two in range(2))
    answered(asked(place, case), place[1][Role.CPO])
    with pytest.raises(NeedsSecondPerson):
        large(place, other)
    with pytest.raises(NeedsSecondPerson):
        taken(place, kind=CopyKind.CASE, case_key=case.reference, person_count=1200)


def test_nobody_answers_their_own_request(place):
    case = opened_case(organization=place[0], actor=place[1][Role.HANDLER])
    request = asked(place, case)
    with pytest.raises(CopyRefused, match="내가 요청한"):
        answered(request, place[1][Role.AUDITOR])
    with pytest.raises(IntegrityError), transaction.atomic():
        CopyRequest.objects.update(is_approved=True, decided_at=NIGHT, decided_by=place[1][Role.AUDITOR])


def test_a_refusal_says_why_and_opens_nothing(place):
    case = opened_case(organization=place[0], actor=place[1][Role.HANDLER])
    request = asked(place, case)
    with pytest.raises(CopyRefused) as missing:
        answered(request, place[1][Role.CPO], is_approved=False)
    assert missing.value.field == "note"
    answered(request, place[1][Role.CPO], is_approved=False, note="범위를 줄여 주세요")
    with pytest.raises(NeedsSecondPerson):
        large(place, case)
    with pytest.raises(CopyRefused, match="이미 답했거나"):
        answered(request, place[1][Role.CPO])


def test_asking_again_while_it_waits_is_the_same_request(place):
    case = opened_case(organization=place[0], actor=place[1][Role.HANDLER])
    first = asked(place, case)
    assert asked(place, case, purpose="다시") == first
    assert asked(place, case, now=NIGHT + DAY) != first

"""Papers, evidence, bundles and lists leave with a number, a row and, where they hold what people gave, a password."""

from datetime import timedelta
from io import BytesIO

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone
from pypdf import PdfReader

from config.powers import power_holders
from core.access.catalogue import Code
from core.access.copy_models import Copy, CopyKind
from core.access.models import AccessRow, Act
from core.access.services import set_safety_setting
from core.accounts.models import Membership, Role, User
from core.audit import keys
from core.audit.models import Event
from core.audit.verification import first_break
from incidents import permissions
from incidents.models import Case
from notifications.models import PaperKind
from notifications.services.copies import NothingToGive, copy_paper
from tests.incidents.factories import opened_case
from tests.notifications.paper_cases import HOUR, KNOWN, approved, scene, started
from tests.taking import allowed_export, parcel_of, password_on

pytestmark = pytest.mark.django_db
LATER = KNOWN + 3 * HOUR


@pytest.fixture
def one(settings, tmp_path):
    settings.SIGNING_KEY_FILE = tmp_path / "signing.pem"
    keys.make_signing_key()
    with time_machine.travel(LATER, tick=False):
        yield scene()


def texts(pdf):
    return [page.extract_text().replace(" ", "") for page in PdfReader(BytesIO(pdf)).pages]


def door(one, name, *more):
    return reverse(name, args=[one.case.reference, *more])


def set_number(one, code, value):
    actor = one.people[Role.ADMIN]
    set_safety_setting(code=code, value=value, reason="시험", actor=actor, now=LATER)


def test_two_prints_have_two_numbers_and_two_rows_and_say_so_on_each_page(one, client):
    paper = started(one, PaperKind.SUBJECT_NOTICE)
    approval = approved(one, paper, now=KNOWN + HOUR)
    client.force_login(one.handler)
    where = door(one, "notifications:paper-pdf", paper.number, 1)
    prints = [client.post(where, {"use": "review"}).content for _two in range(2)]
    rows = list(Copy.objects.order_by("number"))
    assert [row.number for row in rows] == ["2026-000001", "2026-000002"]
    for pdf, row in zip(prints, rows, strict=True):
        assert all(f"사본{row.number}" in page and str(one.handler) in page for page in texts(pdf))
        assert (row.original_hash, row.purpose) == (approval.document.file_hash, "검토·결재")
    approval.document.refresh_from_db()
    assert approval.document.file_is_whole
    assert first_break(one.case.reference) is None
    assert (
        list(AccessRow.objects.filter(act=Act.PRINT).values_list("purpose", flat=True)) == ["검토·결재"] * 2
    )


def test_the_original_is_given_to_those_who_hand_it_in_and_stands_in_the_register(one, client):
    paper = started(one, PaperKind.PIPC_REPORT)
    approval = approved(one, paper, now=KNOWN + HOUR)
    where = door(one, "notifications:paper-pdf", paper.number, 1)
    said = {"use": "giving", "words": "보호위원회", "is_original": "on"}
    client.force_login(one.handler)
    assert client.post(where, said).content == bytes(approval.document.pdf)
    row = Copy.objects.get()
    assert (row.is_marked, row.purpose) == (False, "통지·제출: 보호위원회")
    client.force_login(one.people[Role.AUDITOR])
    assert "사본2026-000002" in texts(client.post(where, said).content)[0]


def test_of_a_draft_there_is_no_original(one):
    paper = started(one, PaperKind.PIPC_REPORT)
    with pytest.raises(NothingToGive):
        copy_paper(version=paper.latest(), purpose="제출", actor=one.handler, now=LATER, is_original=True)
    assert not Copy.objects.exists()


def test_a_print_without_a_purpose_or_over_the_limit_leaves_nothing(one, client):
    paper = started(one, PaperKind.SUBJECT_NOTICE)
    client.force_login(one.handler)
    where = door(one, "notifications:paper-pdf", paper.number, 1)
    assert client.post(where, {"use": "other"}).status_code == 422
    set_number(one, Code.COPIES_A_DAY, 1)
    assert client.post(where, {"use": "other", "words": "회의"}).status_code == 200
    refused = client.post(where, {"use": "review"})
    assert refused.status_code == 422 and "1번" in refused.content.decode()
    assert Copy.objects.count() == 1
    assert AccessRow.objects.filter(act=Act.PRINT).count() == 1


def test_a_bundle_leaves_locked_and_the_verifier_holds_of_what_is_inside(one, client, tmp_path):
    auditor = one.people[Role.AUDITOR]
    set_number(one, Code.SECOND_PERSON_FROM, 1_000_000)
    client.force_login(auditor)
    parcel = parcel_of(client, door(one, "incidents:export-case"), {"reason": "위원회 제출"})
    row = Copy.objects.get(kind=CopyKind.CASE)
    assert (row.made_by, row.is_locked, row.purpose) == (auditor, True, "위원회 제출")
    assert row.number in parcel.answer["Content-Disposition"]
    assert row.number in parcel.opened("COPY.txt").decode("utf-8-sig")
    with pytest.raises(RuntimeError):
        parcel.opened("COPY.txt", "wrong")
    assert b"history.json" not in parcel.content
    bundle = tmp_path / "bundle.zip"
    bundle.write_bytes(parcel.opened(f"{row.what}.zip"))
    call_command("verify_history", "--bundle", bundle)


def test_the_password_is_kept_nowhere_and_its_ticket_is_of_one_person_one_page_and_ten_minutes(one, client):
    set_number(one, Code.SECOND_PERSON_FROM, 1_000_000)
    where = door(one, "incidents:export-case")
    client.force_login(one.people[Role.AUDITOR])
    password, ticket = password_on(client.post(where, {"reason": "제출"}))
    assert not Copy.objects.exists() and not Event.objects.filter(action="case.exported").exists()
    assert password not in str(client.session.items())
    client.force_login(one.people[Role.CPO])
    assert client.post(where, {"ticket": ticket}).status_code == 302
    client.force_login(one.people[Role.AUDITOR])
    assert client.post(where, {"ticket": ticket + "x"}).status_code == 302
    other = opened_case(organization=one.organization, actor=one.handler)
    elsewhere = reverse("incidents:export-case", args=[other.reference])
    assert client.post(elsewhere, {"ticket": ticket}).status_code == 302
    with time_machine.travel(LATER + timedelta(minutes=11), tick=False):
        assert client.post(where, {"ticket": ticket}).status_code == 302
    assert not Copy.objects.exists()


def test_many_people_ask_for_a_second_person_before_the_bundle_leaves(one, client):
    set_number(one, Code.SECOND_PERSON_FROM, 1)
    auditor, cpo = one.people[Role.AUDITOR], one.people[Role.CPO]
    where = door(one, "incidents:export-case")
    client.force_login(auditor)
    assert client.post(where, {"reason": "제출"}).status_code == 422
    assert client.post(where, {"reason": "제출", "ask": "1"}).status_code == 302
    asked = one.case.organization.copy_requests.get()
    client.force_login(cpo)
    register = client.get(reverse("copy-register")).content.decode()
    assert one.case.reference in register
    answer = door(one, "incidents:decide-copy", asked.pk)
    assert client.post(answer, {"answer": "no", "note": ""}).status_code == 422
    assert client.post(answer, {"answer": "yes", "note": ""}).status_code == 302
    client.force_login(auditor)
    assert parcel_of(client, where, {"reason": "제출"}).opened("COPY.txt")
    assert client.post(where, {"reason": "또"}).status_code == 422
    assert Copy.objects.get(kind=CopyKind.CASE).allowed_by == asked


def test_a_redacted_bundle_covers_nobody(one, client):
    set_number(one, Code.SECOND_PERSON_FROM, 1)
    client.force_login(one.people[Role.AUDITOR])
    said = {"reason": "보고", "is_redacted": "on"}
    assert parcel_of(client, door(one, "incidents:export-case"), said).opened("COPY.txt")


def test_an_approval_of_another_day_opens_nothing(one, client):
    set_number(one, Code.SECOND_PERSON_FROM, 1)
    auditor = one.people[Role.AUDITOR]
    allowed_export(one.case, asker=auditor, approver=one.people[Role.CPO], now=timezone.now())
    client.force_login(auditor)
    with time_machine.travel(LATER + timedelta(days=1), tick=False):
        client.force_login(auditor)
        assert client.post(door(one, "incidents:export-case"), {"reason": "제출"}).status_code == 422


def test_the_list_carries_its_number_and_a_row_for_each_organisation(one, client):
    client.force_login(one.handler)
    text = client.post(reverse("incidents:case-export"), {"purpose": "보고"}).content.decode("utf-8-sig")
    row = Copy.objects.get(kind=CopyKind.LIST)
    assert (row.organization, row.purpose) == (one.organization, "보고")
    assert row.number in text.splitlines()[-1] and str(one.handler) in text.splitlines()[-1]
    assert client.post(reverse("incidents:case-export"), {"purpose": " "}).status_code == 422
    nothing = client.post(reverse("incidents:case-export") + "?q=nothing", {"purpose": "보고"})
    assert nothing.status_code == 422 and Copy.objects.count() == 1


def test_the_registers_show_it_to_those_who_may_see(one, client):
    paper = started(one, PaperKind.SUBJECT_NOTICE)
    copy_paper(version=paper.latest(), purpose="내부 회의", actor=one.handler, now=LATER)
    for role in (Role.HANDLER, Role.AUDITOR):
        client.force_login(one.people[role])
        assert "내부 회의" in client.get(door(one, "incidents:case-copies")).content.decode()
    client.force_login(one.people[Role.AUDITOR])
    assert "내부 회의" in client.get(reverse("copy-register")).content.decode()
    other = scene()
    client.force_login(other.people[Role.AUDITOR])
    assert "내부 회의" not in client.get(reverse("copy-register")).content.decode()
    assert client.get(door(one, "incidents:case-copies")).status_code == 404


def test_the_list_of_powers_equals_what_the_grants_let_each_account_do(one):
    """Asked of the permissions themselves, account by account."""
    User.objects.filter(pk=one.people[Role.COUNSEL].pk).update(is_active=False)
    case = Case.objects.get(pk=one.case.pk)
    listed = {
        one.person.pk: (one.sets_rights, one.downloads, one.destroys)
        for one in power_holders([case.organization_id])
    }
    real = {}
    for person in User.objects.filter(memberships__organization=case.organization, is_active=True).distinct():
        can_take = permissions.can_copy_evidence(person, case) or permissions.can_export_case(person, case)
        real[person.pk] = (
            permissions.can_administer(person),
            can_take,
            permissions.can_decide_case(person, case),
        )
    assert listed == {pk: can for pk, can in real.items() if any(can)}
    assert Membership.objects.filter(organization=case.organization).count() == len(listed) + 1

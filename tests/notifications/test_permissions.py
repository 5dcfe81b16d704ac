"""One person of every role, every act on a paper."""

import pytest
from django.urls import reverse

from core.accounts.models import Role
from notifications import permissions
from notifications.models import PaperKind
from tests.core.accounts.factories import UserFactory
from tests.notifications.paper_cases import approved, scene, started

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]
READS = {**dict.fromkeys(Role, True), Role.ADMIN: False}  # an administrator has no part in a case
DRAFTS = {
    **dict.fromkeys(Role, False),
    Role.HANDLER: True,
    Role.CPO: True,
    Role.APPROVER: True,
    Role.COUNSEL: True,
}
APPROVES = {**dict.fromkeys(Role, False), Role.CPO: True, Role.APPROVER: True}


@pytest.mark.parametrize("role", list(Role))
def test_what_each_role_may_do_with_a_paper(role):
    one = scene()
    paper = started(one, PaperKind.SUBJECT_NOTICE)
    person = one.people[role]
    assert permissions.can_read_papers(person, one.case) is READS[role]
    assert permissions.can_draft_papers(person, one.case) is DRAFTS[role]
    assert permissions.can_approve_papers(person, one.case) is APPROVES[role]
    assert permissions.can_decide_version(person, paper.latest()) is APPROVES[role]
    assert permissions.can_record_filing(person, paper) is DRAFTS[role]


def test_a_stranger_may_do_nothing():
    one = scene()
    paper = started(one, PaperKind.SUBJECT_NOTICE)
    stranger = UserFactory()
    assert not permissions.can_read_papers(stranger, one.case)
    assert not permissions.can_draft_papers(stranger, one.case)
    assert not permissions.can_decide_version(stranger, paper.latest())
    assert not permissions.can_record_filing(stranger, paper)


def test_an_approver_of_another_organisation_may_not_approve():
    one, other = scene(), scene()
    paper = started(one, PaperKind.SUBJECT_NOTICE)
    assert not permissions.can_decide_version(other.approver, paper.latest())


PAGES = ("case-notices", "case-reports", "paper", "compare-versions", "paper-version", "paper-pdf")
WRITING = ("edit-paper", "record-filing")


def doors(one, paper):
    reference, number = one.case.reference, paper.number
    args = {
        "case-notices": [reference],
        "case-reports": [reference],
        "paper-version": [reference, number, 1],
        "paper-pdf": [reference, number, 1],
        "record-filing": [reference, number, 1],
    }
    names = (*PAGES, *WRITING)
    return {
        name: reverse(f"notifications:{name}", args=args.get(name, [reference, number])) for name in names
    }


@pytest.mark.parametrize("role", list(Role))
def test_each_role_at_each_door(client, role):
    one = scene()
    paper = started(one, PaperKind.SUBJECT_NOTICE)
    approved(one, paper)
    client.force_login(one.people[role])
    answers = {name: client.get(url).status_code for name, url in doors(one, paper).items()}
    reads = 200 if READS[role] else 404
    writes = 200 if DRAFTS[role] else (403 if READS[role] else 404)
    assert answers == {**dict.fromkeys(PAGES, reads), **dict.fromkeys(WRITING, writes)}


def test_for_a_stranger_there_is_nothing_behind_any_door(client):
    one = scene()
    paper = started(one, PaperKind.SUBJECT_NOTICE)
    client.force_login(UserFactory())
    for name, url in doors(one, paper).items():
        answer = client.get(url)
        assert answer.status_code == 404, name
        assert "볼 권한이 없거나 없는 사건입니다" in answer.content.decode()


@pytest.mark.parametrize(("role", "answer"), [(Role.AUDITOR, 403), (Role.ADMIN, 404)])
def test_who_only_reads_can_post_nothing(client, role, answer):
    one = scene()
    paper = started(one, PaperKind.SUBJECT_NOTICE)
    client.force_login(one.people[role])
    args = [one.case.reference, paper.number]
    posts = [
        reverse("notifications:start-paper", args=args[:1]),
        reverse("notifications:edit-paper", args=args),
        reverse("notifications:lint-paper", args=args),
        reverse("notifications:decide-version", args=args),
        reverse("notifications:record-filing", args=[*args, 1]),
    ]
    assert [client.post(url).status_code for url in posts] == [answer] * len(posts)


def test_nobody_reaches_a_paper_through_a_case_they_may_see(client):
    """A paper is found below its own case only."""
    mine, other = scene(), scene()
    paper = started(other, PaperKind.SUBJECT_NOTICE)
    client.force_login(mine.handler)
    url = reverse("notifications:paper", args=[mine.case.reference, paper.number])
    assert client.get(url).status_code == 404


def test_an_approver_sees_the_approval_panel_and_the_author_is_told_why_not(client):
    one = scene()
    paper = started(one, PaperKind.SUBJECT_NOTICE)
    client.force_login(one.approver)
    panel = client.get(paper.get_absolute_url()).content.decode()
    assert "승인하고 잠그기" in panel
    assert f"이 승인은 1판(해시 {paper.latest().short_hash}…)에만 적용됩니다" in panel
    client.force_login(one.handler)
    assert "승인하고 잠그기" not in client.get(paper.get_absolute_url()).content.decode()

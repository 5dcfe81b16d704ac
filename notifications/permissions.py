"""What a role may do with notices, reports, reminders and mail. Seeing a case is `Case.objects.visible_to(user)`."""

from __future__ import annotations

from core.accounts.models import Role, User
from core.accounts.standing import holds
from incidents.models import Case
from incidents.permissions import can_see_case, can_work_on_case
from notifications.models.papers import Paper, PaperVersion

APPROVING = (Role.CPO, Role.APPROVER)


def can_read_papers(user: User, case: Case) -> bool:
    return can_see_case(user, case)


def can_draft_papers(user: User, case: Case) -> bool:
    """Start a paper, write its versions. Auditors read only."""
    return can_work_on_case(user, case)


def can_approve_papers(user: User, case: Case) -> bool:
    """Whether the person approves papers of this case at all; for one version see `can_decide_version`."""
    return can_see_case(user, case) and holds(user, *APPROVING, organization=case.organization_id)


def can_decide_version(user: User, version: PaperVersion) -> bool:
    """Approve or return exactly this version: an approver or the CPO, and never the one who wrote it."""
    return version.author_id != user.pk and can_approve_papers(user, version.paper.case)


def can_record_filing(user: User, paper: Paper) -> bool:
    """Record that an approved version was given."""
    return can_work_on_case(user, paper.case)

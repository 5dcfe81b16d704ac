"""Every page a person can open, on a phone and at a desk, in both themes: axe finds nothing, nothing scrolls sideways.

`PAGES` names each door of config.urls with who opens it; `NOT_PAGES` says why a door is not there. A new door
that stands in neither fails the first test.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth.models import AnonymousUser
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.urls import URLResolver, get_resolver, reverse
from django.utils import timezone
from playwright.sync_api import Page, Route, expect

from core.accounts.models import User
from incidents.models import Basis, Case
from incidents.services import claim_awareness, decide_open_point, record_step
from notifications.models import OutgoingEmail, Paper, PaperKind
from notifications.services import filings
from notifications.services.sweeping import sweep
from tests.core.accounts.factories import PASSWORD, MembershipFactory
from tests.incidents.open_cases import PSEUDONYMISED, pseudonymised_case
from tests.notifications.paper_cases import HOUR, KNOWN, Scene, approved, given, rewritten, scene, started

RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
PHONE = {"width": 360, "height": 780}
NARROWEST = {"width": 320, "height": 640}
DESK = {"width": 1440, "height": 900}
SHARES = 3  # so that the workers of a run divide the pages among them
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
AXE_SOURCE = Axe().axe_script
FINDINGS = """rules => axe.run(document, {...rules, resultTypes: ["violations"], iframes: false}).then(
  ({violations}) => violations.map(({id, nodes}) => [id, nodes.map((node) => node.html)]))"""
BROKEN_DAYS = """() => {
  const found = [], walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode());) {
    if (node.parentElement.closest("option, textarea, script, .visually-hidden")) continue;
    for (const day of node.data.matchAll(/\\d{4}-\\d\\d-\\d\\d(\\(.\\))?/g)) {
      const range = document.createRange();
      range.setStart(node, day.index); range.setEnd(node, day.index + day[0].length);
      if (new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size > 1) found.push(day[0]);
    }
  }
  return found;
}"""

OF_A_CASE = {
    "case-overview": "handler",
    "case-intake": "handler",
    "case-members": "cpo",
    "describe-case": "handler",
    "advance-phase": "handler",
    "close-case": "cpo",
    "case-clocks": "handler",
    "not-due": "auditor",
    "what-if": "auditor",
    "add-deadline": "handler",
    "case-procedure": "handler",
    "choose-step": "handler",
    "contested-awareness": "cpo",
    "claim-awareness": "handler",
    "case-facts": "handler",
    "case-tasks": "handler",
    "add-task": "handler",
    "case-history": "auditor",
    "add-entry": "handler",
}
OF_A_CLOCK = {
    "deadline": "handler",
    "explain-deadline": "auditor",
    "fulfil-deadline": "handler",
    "dismiss-deadline": "cpo",
    "reopen-deadline": "cpo",
}
BEFORE_SIGNING_IN = (
    "account_login",
    "account_signup",
    "account_inactive",
    "account_reset_password",
    "account_reset_password_done",
    "account_reset_password_from_key_done",
)
OF_ONESELF = (
    "account_logout",
    "account_change_password",
    "account_reauthenticate",
    "accounts:token-list",
    "accounts:create-token",
    "mfa_index",
    "mfa_activate_totp",
    "settings",
    "settings-law",
    "settings-holidays",
    "settings-add-holiday",
)
OF_AN_ORGANIZATION = (
    "settings-organization",
    "settings-profile",
    "settings-add-person",
    "settings-give-role",
)

POSTED = "takes POST alone"
CLOSED = "closed, or leads to the sign-in: accounts are made by administrators and every address is confirmed"
SAME_FORM = "one of the forms looked at, asked for another thing"
NOT_PAGES = {
    "healthz": "JSON",
    "api-reference": "the programs' own page, with the look of its library",
    "account_email": CLOSED,
    "accounts:email": CLOSED,
    "account_email_verification_sent": CLOSED,
    "account_confirm_email": CLOSED,
    "account_confirm_login_code": CLOSED,
    "account_set_password": "leads on to changing the password: every person has one",
    "account_reset_password_from_key": "a key from a mail; a used one is looked at below",
    "mfa_authenticate": "only in the middle of signing in",
    "mfa_reauthenticate": "only with a second factor",
    "mfa_deactivate_totp": "only with a second factor",
    "mfa_view_recovery_codes": "only with a second factor",
    "mfa_generate_recovery_codes": "only with a second factor",
    "mfa_download_recovery_codes": "a text file",
    "accounts:theme": POSTED,
    "accounts:revoke-token": SAME_FORM,
    "set_language": POSTED,
    "incidents:case-export": "CSV",
    "incidents:draft": "JSON",
    "incidents:discard-draft": POSTED,
    "incidents:leave-case": SAME_FORM,
    "incidents:reopen-case": "only of a closed case; the form of closing one",
    "incidents:take-task": POSTED,
    "incidents:finish-task": POSTED,
    "incidents:skip-task": SAME_FORM,
    "notifications:retry-mail": POSTED,
    "notifications:acknowledge": POSTED,
    "notifications:start-paper": POSTED,
    "notifications:lint-paper": POSTED,
    "notifications:decide-version": POSTED,
    "notifications:notice-tab": "another name of notifications:case-notices",
    "notifications:report-tab": "another name of notifications:case-reports",
    "notifications:paper-pdf": "a PDF",
    "settings-take-role": SAME_FORM,
    "settings-end-holiday": SAME_FORM,
}


@dataclass
class House:
    """A case with papers in every state, and one person of every kind."""

    one: Scene
    drafted: Paper
    ready: Paper
    filed: Paper
    filing: int
    step: int
    claim: int
    people: dict[str, User]
    pondered: Case

    @property
    def case(self) -> Case:
        return self.one.case


@pytest.fixture
def house(transactional_db: None) -> House:
    one = scene()
    drafted = started(one, PaperKind.SUBJECT_NOTICE)
    rewritten(one, drafted, rights="")
    ready = started(one, PaperKind.PIPC_REPORT)
    rewritten(one, ready, institution="주식회사 보기")
    filed = started(one, PaperKind.KISA_REPORT)
    rewritten(one, filed, incident_type="시스템 해킹")
    approval = approved(one, filed, now=KNOWN + HOUR)
    act = given(KNOWN + 2 * HOUR, recipient="kisa", channels=("email",), told_count=None)
    filing = filings.record_filing(
        version_id=approval.version_id, given=act, actor=one.handler, now=KNOWN + 2 * HOUR
    )
    step = record_step(
        case_id=one.case.pk,
        kind="fine_disposition_received",
        happened_on=KNOWN.date(),
        document="과태료 부과통지서",
        actor=one.handler,
        now=KNOWN + 2 * HOUR,
    )
    claim = claim_awareness(
        case_id=one.case.pk,
        anchor="leak_known_at",
        at=KNOWN - HOUR,
        basis=Basis.ALERT,
        source="경보 #481",
        actor=one.handler,
        now=KNOWN + 2 * HOUR,
    )
    sweep(now=timezone.now())
    people = {role.value: person for role, person in one.people.items()}
    people["outsider"] = MembershipFactory().user
    return House(one, drafted, ready, filed, filing.pk, step.pk, claim.pk, people, pondered_case(one))


def pondered_case(one: Scene) -> Case:
    """A case with a question the law leaves open, which somebody has decided."""
    case = pseudonymised_case(organization=one.organization, actor=one.handler, now=KNOWN)
    decide_open_point(
        case_id=case.pk,
        question=PSEUDONYMISED,
        answer="owed",
        reason="법무 검토",
        actor=one.handler,
        now=KNOWN,
    )
    return case


def pages(house: House) -> Iterator[tuple[str, str, str]]:
    """Who opens which door: (person, URL name, address). The empty person has not signed in."""
    case, clock = house.case.reference, house.case.deadlines.order_by("pk").first()
    mail, place = OutgoingEmail.objects.order_by("pk").first(), house.one.organization.pk
    assert clock and mail
    yield from (("", name, reverse(name)) for name in BEFORE_SIGNING_IN)
    yield from (("admin", name, reverse(name)) for name in OF_ONESELF)
    yield from (("admin", name, reverse(name, args=[place])) for name in OF_AN_ORGANIZATION)
    yield "cpo", "settings-people", reverse("settings-people", args=[place])
    yield "admin", "notifications:reminder-policy", reverse("notifications:reminder-policy", args=[place])
    yield "admin", "notifications:mail-list", reverse("notifications:mail-list")
    yield "admin", "notifications:mail", reverse("notifications:mail", args=[mail.pk])
    yield "handler", "home", reverse("home")
    yield "handler", "home", reverse("home") + "?show=overdue"
    yield "outsider", "home", reverse("home")
    yield "handler", "incidents:case-list", reverse("incidents:case-list")
    yield "handler", "incidents:case-list", reverse("incidents:case-list") + "?q=none"
    yield "handler", "incidents:open-case", reverse("incidents:open-case")
    yield "auditor", "incidents:open-case", reverse("incidents:open-case")
    yield "handler", "incidents:task-list", reverse("incidents:task-list")
    for name, person in OF_A_CASE.items():
        yield person, f"incidents:{name}", reverse(f"incidents:{name}", args=[case])
    yield "auditor", "incidents:case-overview", reverse("incidents:case-overview", args=[case])
    for name in ("decide-open-point", "withdraw-decision"):
        where = reverse(f"incidents:{name}", args=[house.pondered.reference, PSEUDONYMISED])
        yield "cpo", f"incidents:{name}", where
    yield "cpo", "incidents:case-clocks", reverse("incidents:case-clocks", args=[house.pondered.reference])
    supposed = reverse("incidents:what-if", args=[case]) + "?ask=1&person_count=1,000"
    yield "auditor", "incidents:what-if", supposed
    for name, person in OF_A_CLOCK.items():
        yield person, f"incidents:{name}", reverse(f"incidents:{name}", args=[case, clock.pk])
    step = reverse("incidents:record-step", args=[case, "surcharge_instalments_granted"])
    yield "handler", "incidents:record-step", step
    yield "handler", "incidents:withdraw-step", reverse("incidents:withdraw-step", args=[case, house.step])
    for name in ("withdraw-awareness-claim", "adopt-awareness-claim"):
        yield "cpo", f"incidents:{name}", reverse(f"incidents:{name}", args=[case, house.claim])
    yield "handler", "incidents:change-fact", reverse("incidents:change-fact", args=[case, "anchor"])
    yield "handler", "incidents:change-fact", reverse("incidents:change-fact", args=[case, "person_count"])
    yield "handler", "incidents:fact-history", reverse("incidents:fact-history", args=[case, "person_count"])
    yield from papers(house)
    yield "outsider", "404", reverse("incidents:case-overview", args=[case])
    yield "handler", "403", reverse("settings-organization", args=[place])
    yield "", "a used key", "/accounts/password/reset/key/1-abc/"


def papers(house: House) -> Iterator[tuple[str, str, str]]:
    case = house.case.reference

    def door(name: str, paper: Paper, *more: int) -> tuple[str, str]:
        name = f"notifications:{name}"
        return name, reverse(name, args=[case, paper.number, *more])

    yield "handler", "notifications:case-notices", reverse("notifications:case-notices", args=[case])
    yield "handler", "notifications:case-reports", reverse("notifications:case-reports", args=[case])
    yield "approver", "notifications:awaiting-approval", reverse("notifications:awaiting-approval")
    yield "handler", *door("paper", house.drafted)
    yield "approver", *door("paper", house.ready)
    yield "handler", *door("paper", house.filed)
    yield "handler", *door("edit-paper", house.drafted)
    yield "handler", *door("compare-versions", house.drafted)
    yield "handler", *door("paper-version", house.drafted, 1)
    yield "handler", *door("record-filing", house.filed, 2)
    yield "handler", *door("record-filing", house.drafted, 1)
    yield "handler", *door("filing", house.filed, house.filing)


def named_doors(resolver: Any, space: str = "") -> Iterator[str]:
    for door in resolver.url_patterns:
        if isinstance(door, URLResolver):
            yield from named_doors(door, f"{space}{door.namespace}:" if door.namespace else space)
        elif door.name:
            yield space + door.name


def looked_at(page: Page, label: str) -> list[tuple[str, Any]]:
    """What is wrong with the page that is open: on the phone in both themes, at 320 px and at a desk."""
    wrong: list[tuple[str, Any]] = []
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.evaluate(AXE_SOURCE)
    for theme, rules in (("light", RULES), ("dark", COLOURS)):
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        expect(page.locator("html")).to_have_attribute("data-bs-theme", theme)
        wrong += [(f"{label} {theme} {rule}", at) for rule, at in page.evaluate(FINDINGS, rules)]
    wrong += [(f"{label} breaks a day", day) for day in page.evaluate(BROKEN_DAYS)]
    for size in (NARROWEST, DESK):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        wider = page.evaluate(SIDEWAYS)
        wrong += [(f"{label} {size['width']}px is wider by", wider)] if wider > 0 else []
    return wrong


def answering(body: str) -> Callable[[Route], None]:
    return lambda route: route.fulfill(body=body, content_type="text/html")


@pytest.fixture
def visit(live_server: Any, new_context: Callable[..., Any], sign_in: Callable[..., None], house: House):
    """A phone for each person, signed in once."""
    phones: dict[str, Page] = {}

    def page_of(person: str) -> Page:
        if person not in phones:
            phones[person] = new_context(viewport=PHONE, reduced_motion="reduce").new_page()
            if person:
                sign_in(phones[person], email=house.people[person].email, password=PASSWORD)
        return phones[person]

    return page_of


@pytest.mark.django_db(transaction=True)
def test_every_door_is_looked_at_or_says_why_not(house: House) -> None:
    named = {name for name in named_doors(get_resolver()) if not name.startswith("api")}
    seen = {name for _person, name, _address in pages(house)}
    assert named - seen - set(NOT_PAGES) == set(), (
        "say in PAGES who opens it, or in NOT_PAGES why nobody does"
    )
    assert set(NOT_PAGES) & seen == set()
    assert set(NOT_PAGES) - named <= {"api-reference"}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("share", range(SHARES))
def test_no_page_has_a_finding_on_a_phone_or_at_a_desk_in_either_theme(
    live_server, visit, house, share
) -> None:
    wrong = []
    for person, name, address in list(pages(house))[share::SHARES]:
        page = visit(person)
        answer = page.goto(live_server.url + address)
        expected = {"403": 403, "404": 404}.get(
            name, 403 if (person, name) == ("auditor", "incidents:open-case") else 200
        )
        if answer.status != expected:
            wrong.append((f"{name} for {person}", answer.status))
        wrong += looked_at(page, f"{name} for {person}")
    assert wrong == []


@pytest.mark.django_db(transaction=True)
def test_no_page_that_an_act_leads_to_has_a_finding(live_server, visit, house) -> None:
    """The refused sign-in, the result of a change, two people's texts, a stale approval, and what nobody wants to see."""
    wrong = []
    case = house.case.reference

    visitor = visit("")
    visitor.goto(f"{live_server.url}/accounts/login/")
    visitor.locator("input[name=login]").fill("nobody@example.org")
    visitor.locator("input[name=password]").fill("wrong")
    visitor.locator("form:has(input[name=password]) [type=submit]").first.click()
    expect(visitor.get_by_role("alert").first).to_be_visible()
    wrong += looked_at(visitor, "refused sign-in")

    handler = visit("handler")
    handler.goto(live_server.url + reverse("incidents:change-fact", args=[case, "leak_known_at"]))
    handler.locator("input[name=leak_known_at]").fill(f"{datetime.now(UTC):%Y-%m-%d} 00:01")
    handler.get_by_role("button", name="결과 먼저 보기").click()
    handler.wait_for_load_state("networkidle")
    wrong += looked_at(handler, "change of a fact")

    handler.goto(live_server.url + reverse("notifications:edit-paper", args=[case, house.drafted.number]))
    rewritten(house.one, house.drafted, rights="저장된 글")
    handler.locator("textarea[name$=rights]").fill("내가 쓴 글")
    handler.get_by_role("button", name="새 판 저장하기").click()
    expect(handler.locator("main")).to_contain_text("어느 쪽도 지워지지 않습니다")
    wrong += looked_at(handler, "two texts")

    approver = visit("approver")
    approver.goto(live_server.url + reverse("notifications:paper", args=[case, house.ready.number]))
    rewritten(house.one, house.ready, institution="다른 이름")
    approver.get_by_role("button", name="돌려보내기").click()
    wrong += looked_at(approver, "stale decision")

    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    for template, context in (("account/locked.html", {}), ("500.html", {}), ("413.html", {"limit": 10})):
        shown = render_to_string(template, context, request=request)
        visitor.route("**/shown/", answering(shown))
        visitor.goto(f"{live_server.url}/shown/")
        wrong += looked_at(visitor, template)
        visitor.unroute("**/shown/")
    assert wrong == []

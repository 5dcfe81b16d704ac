"""The page that says what runs here."""

import io
from datetime import timedelta
from importlib import metadata

import pytest
from django.urls import reverse
from django.utils import timezone

from config import system
from core.access.recovery import note_backup
from incidents.models import EvidenceScan
from incidents.scanner import Answer
from incidents.services import record_scan, take_evidence
from tests.incidents.pages import office

pytestmark = [pytest.mark.django_db, pytest.mark.any_database]


@pytest.fixture
def place():
    return office()


def shown(place, kind="admin"):
    return place.client(kind).get(reverse("settings-system"))


def test_the_packages_are_those_of_the_lock_with_what_is_installed(place):
    every = {one.name: one for one in shown(place).context["packages"]}
    assert every["django"].installed == metadata.version("django")
    assert {"celery", "cryptography", "weasyprint"} <= set(every) and len(every) > 40


def test_a_package_that_differs_from_the_lock_is_said(place, monkeypatch):
    odd = system.Package("django", "6.1", "6.0")
    monkeypatch.setattr(system, "packages", lambda: (odd, system.Package("tzdata", "2026", "")))
    page = shown(place)
    assert page.context["different"] == [odd]
    assert "잠금 파일과 다른 판이 설치된 패키지가 1개" in page.content.decode()


def test_the_last_backup_and_the_lack_of_a_scanner_are_said(place, settings):
    text = shown(place).content.decode()
    assert "백업한 적이 없습니다" in text and "검사 프로그램이 없습니다" in text
    note_backup(size=2048, file_count=3, key="abcd", now=timezone.now())
    settings.SCANNER = "tcp://127.0.0.1:9"
    page = shown(place)
    assert "abcd" in page.content.decode() and "검사를 기다리는 증거 0건" in page.content.decode()


def test_what_waits_too_long_is_shown_with_its_instant(place):
    place.case.deadlines.order_by("pk").first().reminders.update(act_at=timezone.now() - timedelta(hours=3))
    assert shown(place).context["oldest"]["reminder"] is not None


def test_a_full_disk_is_said(place, monkeypatch):
    full = type("Usage", (), {"free": 5, "total": 100})
    monkeypatch.setattr(system.shutil, "disk_usage", lambda path: full)
    page = shown(place)
    assert page.context["disk"]["is_low"] and "부족" in page.content.decode()


@pytest.mark.parametrize("kind", ["handler", "approver", "counsel", "outsider"])
def test_nobody_else_sees_it(place, kind):
    assert shown(place, kind).status_code == 403


def test_flagged_evidence_is_counted_and_what_has_no_verdict_waits(place):
    flagged, _waiting = (
        take_evidence(
            case_id=place.case.pk,
            upload=io.BytesIO(b"x"),
            file_name="a.log",
            title="로그",
            actor=place.people["handler"],
            now=timezone.now(),
        )
        for _number in range(2)
    )
    record_scan(
        evidence_id=flagged.pk, answer=Answer(EvidenceScan.Verdict.FLAGGED, "Eicar"), now=timezone.now()
    )
    assert shown(place).context["scans"] == {"is_configured": False, "waiting": 1, "flagged": 1}

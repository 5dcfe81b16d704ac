"""A recorded case played through the services, and the errors of a record that cannot be played."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.core.management import CommandError, call_command

from core.audit.keys import ensure_signing_key
from core.audit.outside import verify
from core.audit.verification import first_break, known_chains
from core.audit.witnesses import untold_rows
from core.documents.models import Document
from incidents.models import Case, Deadline
from notifications.models import OutgoingEmail
from notifications.replay.script import ScriptError, load_script

DEMO = settings.BASE_DIR / "demo"


@pytest.fixture(scope="module")
def script_of():
    def edited(folder: Path, name="mis-sent-mail-2026.yaml", change=lambda document: None) -> Path:
        """A copy of a recorded case with something changed in it."""
        document = yaml.load((DEMO / name).read_text(encoding="utf-8"), Loader=yaml.BaseLoader)
        change(document)
        (folder / "organization.yaml").write_bytes((DEMO / "organization.yaml").read_bytes())
        path = folder / name
        path.write_text(yaml.safe_dump(document, allow_unicode=True), encoding="utf-8")
        return path

    return edited


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_the_case_of_2025_from_detection_to_the_follow_up_check(tmp_path, capsys):
    call_command("replay", str(DEMO / "kt-2025.yaml"), "--out", str(tmp_path))
    case = Case.objects.get()
    table = capsys.readouterr().out
    missed = Deadline.objects.get(case=case, duty__family="kr.na.s48_3.report", superseded_at=None)
    assert missed.missed_at is not None
    assert missed.lateness_reason
    assert "64시간 20분 늦음" in table
    plan = Deadline.objects.get(case=case, duty__family="kr.followup.na.s48_4.recurrence_plan")
    assert (plan.last_day, plan.met_at is not None) == (date(2026, 1, 31), True)
    assert not Deadline.objects.running().filter(case=case).exists()
    assert Document.objects.of_case(case.reference).count() == len(list((tmp_path / "papers").glob("*.pdf")))
    assert all(first_break(chain) is None for chain in known_chains())
    assert untold_rows() == []


@pytest.mark.django_db(transaction=True)
def test_a_replay_leaves_an_audit_bundle_that_holds(tmp_path, settings):
    settings.SIGNING_KEY_FILE = tmp_path / "keys" / "signing.pem"
    key_id = ensure_signing_key()
    call_command("replay", str(DEMO / "mis-sent-mail-2026.yaml"), "--out", str(tmp_path / "out"))
    files = verify.read_bundle(tmp_path / "out" / "audit-bundle.zip")
    assert all(place is None for _name, place, *_words in verify.findings_of(files, {key_id}))


@pytest.mark.long
@pytest.mark.any_database
@pytest.mark.django_db(transaction=True)
def test_every_reminder_of_a_replay_goes_through_a_real_mail_server(tmp_path):
    call_command("replay", str(DEMO / "kt-2025.yaml"), "--out", str(tmp_path))
    letters = sorted((tmp_path / "mail").glob("*.eml"))
    assert len(letters) == OutgoingEmail.objects.filter(sent_at__isnull=False).count() > 0
    assert not OutgoingEmail.objects.owed().exists()
    title = Case.objects.get().title
    assert not any(title.encode() in letter.read_bytes() for letter in letters)


@pytest.mark.django_db(transaction=True)
def test_twenty_names_sent_to_the_wrong_address_need_six_items_and_no_report(tmp_path):
    call_command("replay", str(DEMO / "mis-sent-mail-2026.yaml"), "--out", str(tmp_path))
    duties = Case.objects.get().duties.filter(superseded_at=None)
    assert [duty.rule_id for duty in duties] == ["kr.pipa.s34.subject_notice.v3"]
    assert len(duties.get().terms["content_items"]) == 6


@pytest.mark.any_database
@pytest.mark.django_db(transaction=True)
def test_the_demonstration_is_loaded_once(settings):
    settings.IS_DEMONSTRATION = True
    for _time in range(2):
        call_command("load_demo", verbosity=0)
    assert Case.objects.count() == 3
    assert Deadline.objects.running().exists()


@pytest.mark.django_db
def test_the_demonstration_stays_out_of_production(settings):
    settings.IS_DEMONSTRATION = False
    with pytest.raises(CommandError):
        call_command("load_demo")
    assert not Case.objects.exists()


def _unknown_key(document):
    document["script"][0]["colour"] = "red"


def _naive_time(document):
    document["script"][1]["at"] = "2026-09-11T08:05"


def _impossible_time(document):
    document["script"][1]["at"] = "2026-09-31T08:05+09:00"


def _missing_key(document):
    del document["script"][3]["paper"]


def _unknown_fact(document):
    document["script"][0]["facts"]["mood"] = {"value": "bad"}


def _backwards(document):
    document["script"][1]["at"] = "2026-09-01T08:05+09:00"


def _with_step(**changed):
    step = {"at": "2026-12-01T09:00+09:00", "by": "cpo@example.org", "do": "step", "on": "2026-11-30"}
    named = {"kind": "fine_disposition_received", "given": {"pay_by": "2026-12-20"}}
    return lambda document: document["script"].append({**step, **named, **changed})


FAULTS = {
    "step of an unknown kind": (_with_step(kind="rumour"), r"script\[\d+\]\.kind: 모르는 절차 ‘rumour’"),
    "step on an impossible day": (_with_step(on="2026-02-30"), r"script\[\d+\]\.on: 없는 날"),
    "step with an unknown fact": (_with_step(given={"mood": "bad"}), r"script\[\d+\]\.given.*‘mood’"),
    "unknown key": (_unknown_key, r"script\[0\].*‘colour’"),
    "naive time": (_naive_time, r"script\[1\]\.at: 시간대가 없는"),
    "impossible time": (_impossible_time, r"script\[1\]\.at: 없는 시각"),
    "missing key": (_missing_key, r"script\[3\].*‘paper’가 없"),
    "unknown fact": (_unknown_fact, r"script\[0\]\.facts.*‘mood’"),
    "time that runs backwards": (_backwards, "거꾸로"),
}


@pytest.mark.parametrize("name", sorted(FAULTS))
def test_a_record_that_cannot_be_played_says_where(tmp_path, script_of, name):
    change, words = FAULTS[name]
    with pytest.raises(ScriptError) as fault:
        load_script(script_of(tmp_path, change=change))
    assert re.search(words, str(fault.value))


def test_a_key_given_twice_is_refused(tmp_path):
    path = tmp_path / "twice.yaml"
    path.write_text("title: a\ntitle: b\n", encoding="utf-8")
    with pytest.raises(ScriptError, match="두 번"):
        load_script(path)


def test_a_shifted_case_keeps_its_distances():
    script = load_script(DEMO / "first-hours.yaml")
    moved = script.shifted(timedelta(days=3, hours=5))
    known = moved.acts[0].given["facts"]["leak_known_at"]["value"]
    assert known - moved.acts[0].at == timedelta(0)
    assert moved.acts[-1].at - moved.acts[0].at == script.acts[-1].at - script.acts[0].at
    assert moved.acts[0].at > datetime(2026, 11, 23, tzinfo=UTC)

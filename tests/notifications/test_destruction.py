"""A closed case is destroyed by two people and the sweep: nothing anybody wrote is left, and the chain still holds."""

import io
import json
from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest
import time_machine
from django.apps import apps
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from pypdf import PdfReader

from core.access.copy_models import Copy
from core.accounts.models import Role
from core.audit import destroying
from core.audit.chain import digest
from core.audit.models import Event, EventWords
from core.audit.services import vouch_for_rows
from core.audit.verification import first_break
from core.documents.case_keys import CaseKey, KeyDestroyed, key_for
from core.documents.models import Document
from core.documents.vault import VaultBroken, opened
from incidents import services
from incidents.destroying import ledger_path
from incidents.models import (
    Case,
    CounselNote,
    CustodyEntry,
    Destruction,
    Draft,
    Evidence,
    FactRevision,
    Phase,
    TimelineEntry,
)
from incidents.services import FactChange, Obstacle
from incidents.services.destruction import (
    answer_destruction,
    ask_destruction,
    carry_out_destruction,
    carry_out_destructions,
)
from incidents.services.holding import CaseDestroyed
from notifications.models import PaperKind, PaperVersion
from notifications.services.sweeping import sweep
from tests.notifications.paper_cases import HOUR, KNOWN, approved, rewritten, scene, started

pytestmark = pytest.mark.django_db
NOW = KNOWN + timedelta(days=400)
PLANTED = "비밀문장4711"
DAY = timedelta(days=1)
FIGURES = ("leak_known_at", "intrusion_known_at", "person_count", "illegal_external_access")


@pytest.fixture(autouse=True)
def _after_a_year(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)
    with time_machine.travel(NOW, tick=False):
        yield


def planted_case():
    """Words in every place people can put them; closed since."""
    one = scene()
    case, who = one.case, {"actor": one.handler, "now": KNOWN + HOUR}
    services.describe_case(case_id=case.pk, title=PLANTED, kinds={}, **who)
    services.record_facts(
        case_id=case.pk, changes=[FactChange("summary", PLANTED, "confirmed", PLANTED)], reason=PLANTED, **who
    )
    services.add_timeline_entry(case_id=case.pk, text=PLANTED, happened_at=KNOWN, source=PLANTED, **who)
    task = services.add_task(case_id=case.pk, title=PLANTED, **who)
    services.skip_task(task_id=task.pk, reason=PLANTED, **who)
    services.take_evidence(
        case_id=case.pk,
        upload=io.BytesIO(PLANTED.encode()),
        file_name=f"{PLANTED}.txt",
        title=PLANTED,
        party=PLANTED,
        note=PLANTED,
        **who,
    )
    services.add_counsel_note(case_id=case.pk, text=PLANTED, actor=one.people[Role.COUNSEL], now=KNOWN + HOUR)
    paper = started(one, PaperKind.SUBJECT_NOTICE)
    rewritten(one, paper, items=PLANTED, title=PLANTED)
    approved(one, paper, now=KNOWN + HOUR)
    services.keep_draft(
        user=one.handler, form=f"intake:{case.reference}", content={"a": [PLANTED]}, now=KNOWN
    )
    sweep(now=KNOWN + 2 * HOUR, keeps_pulse=False)
    closed(one)
    return one


def closed(one):
    """Closed as a year of work would have left it: no clock runs any more."""
    for deadline in one.case.deadlines.running():
        services.dismiss_deadline(
            deadline_id=deadline.pk, reason=PLANTED, actor=one.people[Role.CPO], now=KNOWN + 3 * HOUR
        )
    services.close_case(case_id=one.case.pk, actor=one.people[Role.CPO], now=KNOWN + 4 * HOUR, reason=PLANTED)
    one.case.refresh_from_db()


def asked(one, **said):
    usual = {"ground": "retention", "reason": "보유 기간 1년", "needless_on": NOW.date(), "now": NOW}
    return ask_destruction(case_id=one.case.pk, actor=one.people[Role.CPO], **usual | said)


def allowed(one, row=None):
    row = row or asked(one)
    approver = one.people[Role.APPROVER]
    return answer_destruction(destruction_id=row.pk, is_approved=True, note="", actor=approver, now=NOW)


def where_planted():
    """Each column of each table in the database that still holds the planted words."""
    found = []
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            table = model._meta.db_table
            if table not in connection.introspection.table_names(cursor):
                continue
            cursor.execute(f'SELECT * FROM "{table}"')
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                for name, value in zip(names, row, strict=True):
                    text = (
                        bytes(value).decode("latin-1")
                        if isinstance(value, bytes | memoryview)
                        else str(value)
                    )
                    raw = PLANTED in text or json.dumps(PLANTED)[1:-1] in text
                    if raw or PLANTED.encode().decode("latin-1") in text:
                        found.append(f"{table}.{name}")
    return sorted(set(found))


def files_of_evidence():
    folder = Path(settings.EVIDENCE_FOLDER)
    return {path.name for path in folder.glob("*")}


def test_nothing_anybody_wrote_is_left_and_the_chain_still_holds():
    one = planted_case()
    before = where_planted()
    assert len(before) > 15 and first_break(one.case.reference) is None
    item, events = Evidence.objects.get(), Event.objects.filter(chain=one.case.reference).count()
    document = Document.objects.get()
    allowed(one)
    assert carry_out_destructions(now=NOW) == 1
    assert where_planted() == []
    assert not item.path.exists()
    assert not EventWords.objects.filter(event__chain=one.case.reference).exists()
    assert first_break(one.case.reference) is None
    item.refresh_from_db(), document.refresh_from_db()
    assert (item.sha256, item.size) == (Evidence.objects.get().sha256, len(PLANTED.encode()))
    assert bytes(document.pdf) == b"" and document.file_hash
    assert Event.objects.filter(chain=one.case.reference).count() == events + 4
    vouch_for_rows(actor=None, at=NOW, reason="시험에 쓰는 사람과 기관")
    call_command("verify_history")
    call_command("verify_evidence")


def test_nobody_finds_out_by_trying_what_was_destroyed():
    """A digest of a short text is guessed in no time, unless a salt that is gone stands before it."""
    one = planted_case()
    carry_out_destruction(destruction_id=allowed(one).pk, now=NOW)
    tries = (product((PLANTED, ""), repeat=length) for length in (1, 2, 3))
    guessed = {digest(list(words)) for some in tries for words in some}
    told = {str(said) for event in Event.objects.of_chain(one.case.reference) for said in event.data.values()}
    assert not guessed & told
    for model in (FactRevision, TimelineEntry):
        assert set(model.objects.filter(case=one.case).values_list("salt", flat=True)) == {None}


def test_a_row_from_before_there_were_salts_is_still_vouched_for(monkeypatch):
    one = scene()
    monkeypatch.setattr(TimelineEntry, "__init__", _without_salt(TimelineEntry.__init__))
    services.add_timeline_entry(
        case_id=one.case.pk, text=PLANTED, happened_at=KNOWN, actor=one.handler, now=KNOWN + HOUR
    )
    assert TimelineEntry.objects.get(text=PLANTED).salt is None
    assert first_break(one.case.reference) is None


def _without_salt(make):
    def made(self, *args, **said):
        make(self, *args, **(said if args else {"salt": None, **said}))

    return made


def test_the_drafts_of_a_case_whose_number_only_begins_the_same_stay():
    one = planted_case()
    usual = {"user": one.handler, "content": {"a": ["쓰던 말"]}, "now": KNOWN}
    for form in ("fact:{}:summary:", "entry:{}", "fact:{}0:summary:", "entry:{}0"):
        services.keep_draft(form=form.format(one.case.reference), **usual)
    carry_out_destruction(destruction_id=allowed(one).pk, now=NOW)
    left = sorted(Draft.objects.values_list("form", flat=True))
    assert left == [f"entry:{one.case.reference}0", f"fact:{one.case.reference}0:summary:"]


def test_figures_and_instants_stay():
    one = planted_case()
    kept = list(FactRevision.objects.filter(name__in=FIGURES).values_list("name", "value", "recorded_at"))
    assert len(kept) > 2
    allowed(one)
    carry_out_destructions(now=NOW)
    assert (
        list(FactRevision.objects.filter(name__in=FIGURES).values_list("name", "value", "recorded_at"))
        == kept
    )
    assert FactRevision.objects.filter(name="summary").last().value == destroying.GONE


def test_the_certificate_says_what_how_many_how_who_and_when():
    one = planted_case()
    allowed(one)
    carry_out_destructions(now=NOW)
    row = Destruction.objects.get()
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(bytes(row.certificate.pdf))).pages)
    packed = text.replace(" ", "").replace("\n", "")
    for said in (
        one.case.reference,
        "보유기간1년",
        str(one.people[Role.CPO]),
        str(one.people[Role.APPROVER]),
        "증거파일",
        "제21조",
    ):
        assert said in packed, said
    assert row.counts["files"] == 1 and row.counts["keys"] == 1 and row.counts["counsel"] == 1
    told = Event.objects.get(action="destruction.finished")
    assert told.data["counts"] == row.counts and told.data["certificate"] == row.certificate.file_hash


def test_running_it_twice_does_nothing():
    one = planted_case()
    row = allowed(one)
    assert carry_out_destruction(destruction_id=row.pk, now=NOW)
    events, papers = Event.objects.count(), Document.objects.count()
    assert not carry_out_destruction(destruction_id=row.pk, now=NOW + DAY)
    assert carry_out_destructions(now=NOW + DAY) == 0
    assert (Event.objects.count(), Document.objects.count()) == (events, papers)


@pytest.mark.parametrize("step", ["facts", "evidence", "papers", "mail"])
def test_cut_short_between_the_steps_it_goes_on_where_it_stopped(monkeypatch, step):
    one = planted_case()
    row = allowed(one)
    eraser = destroying._erasers[step]

    def killed(reference):
        eraser.destroy(reference)
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setitem(destroying._erasers, step, destroying.Eraser(step, eraser.title, killed))
        with pytest.raises(SystemExit):
            carry_out_destruction(destruction_id=row.pk, now=NOW)
    row.refresh_from_db()
    assert row.begun_at and not row.finished_at and step not in row.counts
    done = dict(row.counts)
    assert carry_out_destruction(destruction_id=row.pk, now=NOW + HOUR)
    row.refresh_from_db()
    assert row.finished_at and {name: row.counts[name] for name in done} == done
    assert where_planted() == [] and first_break(one.case.reference) is None


def test_the_sweep_carries_it_out():
    one = planted_case()
    allowed(one)
    assert sweep(now=NOW).faults == 0
    assert Destruction.objects.get().finished_at == NOW


def test_one_person_asks_and_another_approves():
    one = planted_case()
    row = asked(one)
    with pytest.raises(Obstacle, match="내가 요청한"):
        answer_destruction(
            destruction_id=row.pk, is_approved=True, note="", actor=one.people[Role.CPO], now=NOW
        )
    with pytest.raises(Obstacle, match="보호책임자나 승인자"):
        answer_destruction(
            destruction_id=row.pk, is_approved=True, note="", actor=one.people[Role.AUDITOR], now=NOW
        )
    assert carry_out_destructions(now=NOW) == 0
    assert "timelineentry" in str(where_planted())


def test_a_refused_one_is_not_carried_out_and_can_be_asked_again():
    one = planted_case()
    row = asked(one)
    with pytest.raises(Obstacle) as missing:
        answer_destruction(
            destruction_id=row.pk, is_approved=False, note=" ", actor=one.people[Role.APPROVER], now=NOW
        )
    assert missing.value.field == "note"
    answer_destruction(
        destruction_id=row.pk, is_approved=False, note="소송 중", actor=one.people[Role.APPROVER], now=NOW
    )
    assert carry_out_destructions(now=NOW) == 0
    assert asked(one).pk != row.pk


def test_a_legal_hold_stops_it_even_after_the_approval():
    one = planted_case()
    hold = {
        "evidence_id": Evidence.objects.get().pk,
        "reason": "소송",
        "actor": one.people[Role.CPO],
        "now": NOW,
    }
    allowed(one)
    services.hold_evidence(is_held=True, **hold)
    assert carry_out_destructions(now=NOW) == 0
    assert Destruction.objects.get().begun_at is None and Evidence.objects.get().path.exists()
    services.hold_evidence(is_held=False, **hold)
    assert carry_out_destructions(now=NOW) == 1


def test_evidence_that_has_to_be_kept_stops_it_until_the_day_after():
    one = planted_case()
    services.keep_evidence_until(
        evidence_id=Evidence.objects.get().pk,
        until=NOW.date(),
        reason="보관",
        actor=one.people[Role.CPO],
        now=NOW,
    )
    with pytest.raises(Obstacle, match="보관 기간"):
        asked(one)
    assert asked(one, now=NOW + DAY)


def test_an_open_case_and_a_day_to_come_are_refused():
    one = scene()
    with pytest.raises(Obstacle, match="종결한"):
        asked(one)
    other = planted_case()
    with pytest.raises(Obstacle) as early:
        asked(other, needless_on=NOW.date() + 2 * DAY)
    assert early.value.field == "needless_on"


def test_the_last_day_is_the_fifth_after_it_became_needless():
    row = asked(planted_case(), needless_on=KNOWN.date())
    assert row.last_day == KNOWN.date() + timedelta(days=5)


@pytest.mark.parametrize(
    ("table", "change"),
    [
        (TimelineEntry, {"text": "x"}),
        (FactRevision, {"source": "x"}),
        (CounselNote, {"text": "x"}),
        (CustodyEntry, {"note": "x"}),
        (Evidence, {"title": "x"}),
        (PaperVersion, {"title": "x"}),
        (Document, {"title": "x"}),
    ],
)
def test_the_database_lets_words_go_in_a_destruction_alone(table, change):
    one = planted_case()
    with pytest.raises(DatabaseError), transaction.atomic():
        table.objects.update(**change)
    allowed(one)
    with pytest.raises(DatabaseError), transaction.atomic():
        table.objects.update(**change)
    carry_out_destructions(now=NOW)
    with pytest.raises(DatabaseError), transaction.atomic():
        table.objects.update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        table.objects.all().delete()


def test_the_words_of_another_case_stay_guarded_while_one_is_destroyed(monkeypatch):
    one, other = planted_case(), planted_case()
    row = allowed(one)
    eraser = destroying._erasers["timeline"]

    def both(reference):
        with pytest.raises(DatabaseError), transaction.atomic():
            eraser.destroy(other.case.reference)
        with pytest.raises(DatabaseError), transaction.atomic():
            EventWords.objects.filter(event__chain=other.case.reference).delete()
        return eraser.destroy(reference)

    monkeypatch.setitem(destroying._erasers, "timeline", destroying.Eraser("timeline", "", both))
    assert carry_out_destruction(destruction_id=row.pk, now=NOW)
    assert first_break(other.case.reference) is None
    assert TimelineEntry.objects.filter(case=other.case, text=PLANTED).exists()


def test_the_key_of_the_case_goes_so_a_file_kept_elsewhere_stays_shut(tmp_path):
    one = planted_case()
    item = Evidence.objects.get()
    elsewhere = tmp_path / "backup.bdv"
    elsewhere.write_bytes(item.path.read_bytes())
    assert b"".join(opened(elsewhere)) == PLANTED.encode()
    allowed(one)
    carry_out_destructions(now=NOW)
    with pytest.raises(VaultBroken):
        b"".join(opened(elsewhere))
    assert bytes(CaseKey.objects.get().wrapped) == b""
    with pytest.raises(KeyDestroyed):
        key_for(one.case.reference, vault_keys=[b"0" * 32])


def test_nothing_is_added_to_a_destroyed_case_and_nothing_taken_out():
    one = planted_case()
    allowed(one)
    carry_out_destructions(now=NOW)
    cpo = {"actor": one.people[Role.CPO], "now": NOW}
    with pytest.raises(CaseDestroyed):
        services.reopen_case(case_id=one.case.pk, reason="다시", **cpo)
    with pytest.raises(CaseDestroyed):
        services.export_case(case_id=one.case.pk, reason="제출", **cpo)
    with pytest.raises(CaseDestroyed):
        services.add_counsel_note(
            case_id=one.case.pk, text="뒤늦은 메모", actor=one.people[Role.COUNSEL], now=NOW
        )
    with pytest.raises(CaseDestroyed):
        services.record_custody(evidence_id=Evidence.objects.get().pk, kind="viewed", note="봄", **cpo)


def test_every_page_of_a_destroyed_case_still_opens(client):
    one = planted_case()
    allowed(one)
    carry_out_destructions(now=NOW)
    client.force_login(one.people[Role.CPO])
    names = (
        "case-overview",
        "case-clocks",
        "case-facts",
        "case-tasks",
        "case-evidence",
        "case-history",
        "case-copies",
        "case-destruction",
    )
    for name in names:
        answer = client.get(reverse(f"incidents:{name}", args=[one.case.reference]))
        assert answer.status_code == 200 and PLANTED not in answer.content.decode(), name
    for name in ("case-notices", "case-past", "case-between", "who-knew"):
        answer = client.get(reverse(f"notifications:{name}", args=[one.case.reference]))
        assert answer.status_code == 200 and PLANTED not in answer.content.decode(), name
    paper = client.get(reverse("notifications:paper", args=[one.case.reference, 1]))
    assert paper.status_code == 200
    pdf = reverse("notifications:paper-pdf", args=[one.case.reference, 1, 2])
    refused = client.post(pdf, {"use": "review"})
    assert refused.status_code == 422 and "파기한 사건입니다" in refused.content.decode()


def test_the_pages_ask_answer_and_give_the_certificate(client):
    one = planted_case()
    where = reverse("incidents:case-destruction", args=[one.case.reference])
    said = {"ground": "retention", "needless_on": "2027-12-01", "reason": "보유 기간 1년"}
    client.force_login(one.people[Role.CPO])
    assert client.post(where, said | {"reason": ""}).status_code == 422
    assert client.post(where, said).status_code == 302
    assert client.post(where, {"answer": "yes"}).status_code == 200
    assert Destruction.objects.get().decided_at is None
    client.force_login(one.people[Role.APPROVER])
    assert client.post(where, {"answer": "yes"}).status_code == 302
    sweep(now=NOW)
    paper = reverse("incidents:destruction-certificate", args=[one.case.reference])
    pdf = client.post(paper, {"purpose": "보관"}).content
    number = Copy.objects.get().number
    assert all(
        f"사본{number}" in page.extract_text().replace(" ", "") for page in PdfReader(io.BytesIO(pdf)).pages
    )
    client.force_login(one.handler)
    assert client.get(where).status_code == 403


def test_after_an_older_backup_it_is_destroyed_again():
    one = planted_case()
    allowed(one)
    carry_out_destructions(now=NOW)
    (line,) = ledger_path().read_text(encoding="utf-8").splitlines()
    assert PLANTED not in line and json.loads(line)["case"] == one.case.reference
    older = planted_case()
    Case.objects.filter(pk=older.case.pk).update(phase=Phase.INVESTIGATION, closed_at=None)
    said = json.loads(line) | {"case": older.case.reference, "organization": older.case.organization_id}
    ledger_path().write_text(line + "\n" + json.dumps(said) + "\n", encoding="utf-8")
    assert PLANTED in str(TimelineEntry.objects.values_list("text", flat=True))
    call_command("reapply_destructions")
    assert where_planted() == []
    row = Destruction.objects.get(case=older.case)
    assert row.is_reapplied and row.finished_at == NOW
    assert first_break(older.case.reference) is None
    rows = Destruction.objects.count()
    call_command("reapply_destructions")
    assert Destruction.objects.count() == rows


@pytest.mark.any_database
@pytest.mark.parametrize("line", ["{", "[]", "3", '{"case": "2026-001"}'])
def test_a_ledger_with_a_broken_line_destroys_nothing_and_names_the_line(line, tmp_path):
    one = planted_case()
    allowed(one)
    carry_out_destructions(now=NOW)
    whole = ledger_path().read_text(encoding="utf-8")
    older = planted_case()
    said = json.loads(whole) | {"case": older.case.reference, "organization": older.case.organization_id}
    ledger = tmp_path / "found.jsonl"
    ledger.write_text(json.dumps(said) + "\n" + line + "\n", encoding="utf-8")
    with pytest.raises(CommandError, match="2번째 줄"):
        call_command("reapply_destructions", "--from", str(ledger))
    assert not older.case.destructions.exists()

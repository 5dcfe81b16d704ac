"""The evidence of an organisation's safety measures as they stood when a day ended: one PDF, the records as JSON."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Max, Q
from django.db.models.functions import TruncMonth
from django.utils import translation
from django.utils.translation import gettext as _

import rules
from config.plan_annex import EDITION, TEMPLATE, annex_lines, annex_table, stood_at
from config.safety import measures_on
from core.access.models import AccessRow, BackupNote, RecoveryDrill, Review, SafetySetting, YearlyCheck
from core.accounts.days import SEOUL
from core.accounts.models import Organization, Role, User
from core.audit.bundle import as_json, listing
from core.audit.chain import instant
from core.audit.keys import NoSigningKey, UnsafeSigningKey, load_signer
from core.audit.models import HOUSE, DayHead, Event
from core.documents.papers import Imprint, Sheet
from core.documents.renderer import content_hash, render_pdf
from core.documents.tables import Column, DataTable, FormRow, FormTable
from incidents.clocks import day_after, instant_label
from incidents.documents import as_printable

type Rows = list[dict[str, Any]]
SIGNED_FOR = b"breachdesk safety evidence\n"
RIGHTS = ("role.given", "role.taken", "role.taking-out-set")


def records_of(place: Organization, day: date) -> dict[str, Rows]:
    """Everything recorded before `day` ended in Korea, by the name of its file; nothing of another organisation."""
    end = day_after(day)
    return {
        "settings": [asdict(line) for line in annex_lines(day)],
        "setting-history": _settings(end),
        "measures": [_measure(one) for one in measures_on(day)],
        "reviews": _reviews(place, end),
        "yearly-checks": _checks(place, end),
        "drills": _drills(end),
        "backups": _backups(end),
        "rights": _rights(place, end),
        "access-log": _log(place, end),
        "proof": _proof(day, end),
    }


def _settings(end: datetime) -> Rows:
    rows = SafetySetting.objects.filter(set_at__lt=end).select_related("set_by").order_by("pk")
    return [
        {
            "code": row.code,
            "value": row.value,
            "set_at": instant(row.set_at),
            "set_by": row.set_by_id,
            "reason": row.reason,
        }
        for row in rows
    ]


def _measure(one: Mapping[str, Any]) -> dict[str, Any]:
    return {name: one.get(name, "") for name in ("id", "title", "state", "why", "floor", "cite")}


def _reviews(place: Organization, end: datetime) -> Rows:
    rows = Review.objects.filter(organization=place, reviewed_at__lt=end).select_related("reviewer")
    return [
        {
            "kind": row.kind,
            "first_day": row.first_day.isoformat(),
            "last_day": row.last_day.isoformat(),
            "verdict": row.verdict,
            "note": row.note,
            "rows": row.row_count,
            "reviewed_at": instant(row.reviewed_at),
            "reviewer": {"id": row.reviewer_id, "name": row.reviewer.name},
        }
        for row in rows.order_by("reviewed_at", "pk")
    ]


def _checks(place: Organization, end: datetime) -> Rows:
    rows = YearlyCheck.objects.filter(organization=place, checked_at__lt=end)
    return [
        {
            "first_day": row.first_day.isoformat(),
            "last_day": row.last_day.isoformat(),
            "verdict": row.verdict,
            "lines": row.lines,
            "note": row.note,
            "checked_at": instant(row.checked_at),
            "checker": {"id": row.checker_id, "name": row.checker.name},
            "document": {"number": row.document.number, "sha256": row.document.file_hash},
        }
        for row in rows.select_related("checker", "document").order_by("checked_at", "pk")
    ]


def _drills(end: datetime) -> Rows:
    rows = RecoveryDrill.objects.filter(recorded_at__lt=end).order_by("drilled_on", "pk")
    return [
        {
            "drilled_on": row.drilled_on.isoformat(),
            "took_seconds": row.took_seconds,
            "result": row.result,
            "note": row.note,
            "recorded_at": instant(row.recorded_at),
            "recorded_by": row.recorded_by_id,
        }
        for row in rows
    ]


def _backups(end: datetime) -> Rows:
    rows = BackupNote.objects.filter(noted_at__lt=end).order_by("pk")
    return [
        {
            "kind": row.kind,
            "noted_at": instant(row.noted_at),
            "made_at": instant(row.made_at),
            "files": row.file_count,
            "size": row.size,
            "key": row.key,
        }
        for row in rows
    ]


def _rights(place: Organization, end: datetime) -> Rows:
    """Each role given and taken, each right to take things out, with the event of history that vouches for it."""
    told = Event.objects.of_chain(HOUSE).filter(
        action__in=RIGHTS, data__organization=place.pk, recorded_at__lt=end
    )
    events = list(told.select_related("actor", "words"))
    told_of = {event.data.get(key) for event in events for key in ("user", "asked_by")}
    names = User.objects.in_bulk(told_of - {None})
    return [
        {
            "at": instant(event.recorded_at),
            "act": event.action,
            "person": {"id": event.data["user"], "name": str(names.get(event.data["user"], ""))},
            "role": event.data["role"],
            "may_take_out": (event.data.get("after") or event.data).get("may_take_out"),
            "by": {"id": event.actor_id, "name": str(event.actor or "")},
            "asked_by": {
                "id": event.data.get("asked_by"),
                "name": str(names.get(event.data.get("asked_by"), "")),
            },
            "reason": event.reason,
            "event": {"number": event.sequence, "hash": event.hash},
        }
        for event in events
    ]


def _log(place: Organization, end: datetime) -> Rows:
    """How many rows of the access log each month has, and the last of them."""
    rows = AccessRow.objects.filter(organization=place, at__lt=end)
    months = rows.annotate(month=TruncMonth("at", tzinfo=SEOUL)).values("month").order_by("month")
    return [
        {
            "month": f"{one['month']:%Y-%m}",
            "rows": one["count"],
            "refused": one["refused"],
            "downloads": one["downloads"],
            "last_at": instant(one["last"]),
        }
        for one in months.annotate(
            count=Count("pk"),
            refused=Count("pk", filter=Q(result="refused")),
            downloads=Count("pk", filter=Q(act__in=("download", "print"))),
            last=Max("at"),
        )
    ]


def _proof(day: date, end: datetime) -> Rows:
    """How far the history of the house had come, and the signed head of the day if there is one."""
    last = Event.objects.of_chain(HOUSE).filter(recorded_at__lt=end).last()
    head = DayHead.objects.filter(day__lte=day).last()
    proof: Rows = []
    if last is not None:
        proof.append({"chain": HOUSE, "length": last.sequence, "hash": last.hash})
    if head is not None:
        signed = {"head": head.hash, "root": head.root, "key": head.key_id, "signature": head.signature}
        proof.append({"day": head.day.isoformat(), **signed})
    return proof


def packed(place: Organization, day: date, *, exporter: str, reason: str, now: datetime) -> bytes:
    """The ZIP file: the PDF, the records, a list of both with their SHA-256, signed where there is a key."""
    with translation.override("ko"):
        records = records_of(place, day)
        files = {f"data/{name}.json": as_json(rows) for name, rows in records.items()}
        files["safety.pdf"] = _paper(place, day, records, exporter=exporter, reason=reason, now=now)
    manifest = as_json(
        {
            "title": "breachdesk safety evidence 1",
            "organization": place.name,
            "day": day.isoformat(),
            "made_at": instant(now),
            "made_by": exporter,
            "reason": reason,
            "files": listing(files),
        }
    )
    return _zipped({**files, "manifest.json": manifest, **_signature(manifest)}, now=now)


def _signature(manifest: bytes) -> dict[str, bytes]:
    """The signature of the list; nothing on a machine without the signing key."""
    with suppress(NoSigningKey, UnsafeSigningKey):
        signer = load_signer()
        digest = hashlib.sha256(manifest).hexdigest()
        seal = {
            "key": signer.key_id,
            "public": signer.public.hex(),
            "signed": SIGNED_FOR.decode() + digest,
            "signature": signer.sign(SIGNED_FOR + digest.encode()),
        }
        return {"manifest.sig.json": as_json(seal)}
    return {}


def _zipped(files: Mapping[str, bytes], *, now: datetime) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(files):
            entry = zipfile.ZipInfo(path, date_time=now.timetuple()[:6])
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, files[path])
    return out.getvalue()


def _paper(
    place: Organization, day: date, records: dict[str, Rows], *, exporter: str, reason: str, now: datetime
) -> bytes:
    rows = (
        (_("기관"), place.name),
        (_("기준"), stood_at(day, now=now)),
        (_("만든 때"), instant_label(now)),
        (_("만든 사람"), exporter),
        (_("만든 이유"), reason),
        *((_("이력의 머리"), one["head"]) for one in records["proof"] if "head" in one),
        *((_("이력의 끝"), f"#{one['length']} {one['hash']}") for one in records["proof"] if "length" in one),
    )
    imprint = Imprint(
        number=f"증빙-{place.pk}-{day:%Y%m%d}-{now.astimezone(SEOUL):%H%M}",
        title=_("안전조치 증빙"),
        template_edition=EDITION,
        rules_digest=rules.digest(),
        content_hash=content_hash(records),
        status="sealed",
    )
    about = FormTable(tuple(FormRow(label, as_printable(text)) for label, text in rows))
    context: dict[str, object] = {
        "about": about,
        "tables": [annex_table(annex_lines(day)), *_tables(records)],
    }
    return render_pdf(template=TEMPLATE, context=context, sheet=Sheet.REPORT, imprint=imprint, now=now).pdf


def _tables(records: dict[str, Rows]) -> list[DataTable]:
    """The tables that have rows, in the order they are read."""
    made = (
        _table(
            _("접근 권한의 부여와 말소"),
            (_("때"), _("한 일"), _("사람"), _("역할"), _("한 사람"), _("요청한 사람"), _("이유")),
            [_right(one) for one in records["rights"]],
        ),
        _table(
            _("점검"),
            (_("종류"), _("기간"), _("판정"), _("점검자"), _("확인한 내용과 조치")),
            [_review(one) for one in records["reviews"]],
        ),
        _table(
            _("이행 실태 점검"),
            (_("기간"), _("판정"), _("점검자"), _("문서"), _("종합 의견과 조치")),
            [_check(one) for one in records["yearly-checks"]],
        ),
        _table(
            _("복구 훈련"),
            (_("훈련한 날"), _("걸린 시간(초)"), _("결과"), _("확인한 내용과 조치")),
            [_drill(one) for one in records["drills"]],
        ),
        _table(
            _("접속기록"),
            (_("달"), _("건수"), _("거부된 것"), _("다운로드와 출력")),
            [
                (one["month"], *(f"{one[name]:,}" for name in ("rows", "refused", "downloads")))
                for one in records["access-log"]
            ],
        ),
    )
    return [table for table in made if table.rows]


def _table(caption: str, columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> DataTable:
    printable = tuple(tuple(as_printable(str(cell)) or "—" for cell in row) for row in rows)
    return DataTable(caption=caption, columns=tuple(Column(head) for head in columns), rows=printable)


def _label(at: str) -> str:
    return instant_label(datetime.fromisoformat(at))


def _right(one: dict[str, Any]) -> tuple[str, ...]:
    role = str(Role(one["role"]).label)
    people = (one["person"]["name"], role, one["by"]["name"], one["asked_by"]["name"])
    return (_label(one["at"]), _act(one), *people, one["reason"])


def _act(one: dict[str, Any]) -> str:
    if one["act"] == "role.taking-out-set":
        return _("출력·다운로드 부여") if one["may_take_out"] else _("출력·다운로드 말소")
    if one["act"] == "role.taken":
        return _("말소")
    return _("부여(출력·다운로드 포함)") if one["may_take_out"] else _("부여")


def _review(one: dict[str, Any]) -> tuple[str, ...]:
    kind = dict(Review._meta.get_field("kind").flatchoices)[one["kind"]]
    verdict = dict(Review._meta.get_field("verdict").flatchoices)[one["verdict"]]
    period = f"{one['first_day']} ~ {one['last_day']}"
    return (str(kind), period, str(verdict), one["reviewer"]["name"], one["note"])


def _check(one: dict[str, Any]) -> tuple[str, ...]:
    verdict = dict(YearlyCheck._meta.get_field("verdict").flatchoices)[one["verdict"]]
    period = f"{one['first_day']} ~ {one['last_day']}"
    return (period, str(verdict), one["checker"]["name"], one["document"]["number"], one["note"])


def _drill(one: dict[str, Any]) -> tuple[str, ...]:
    result = RecoveryDrill.Result(one["result"]).label
    return (one["drilled_on"], f"{one['took_seconds']:,}", str(result), one["note"])

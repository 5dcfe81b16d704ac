"""An audit bundle of a case in which something happened on three days, and the hands that tamper with it."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import transaction

from core.accounts.models import Role
from core.audit import keys
from core.audit.chain import canonical, digest
from core.audit.outside.verify import fingerprint, manifest_message, read_bundle
from core.audit.sealing import close_passed_days
from incidents import services
from notifications.models import PaperKind
from notifications.services import filings
from tests.notifications.paper_cases import KNOWN, Scene, approved, given, scene, started

DAY = timedelta(days=1)
SECRETS = ("김피해", "홍길동", "고객센터 계정 탈취", "전화로 알려 옴", "당직 일지")
ORIGINAL = "통화 기록".encode() * 100
PRIVILEGED = "먼저 안 시각을 다투면 불리함"
REASON = "홍길동 조사관의 자료 요구"


def eventful_case() -> Scene:
    """Facts, a filed notice, a timeline entry and a task, over two closed days and the present one."""
    one = scene()
    paper = started(one, PaperKind.SUBJECT_NOTICE)
    approval = approved(one, paper)
    who = {"actor": one.handler}
    filings.record_filing(
        version_id=approval.version_id,
        given=given(KNOWN + timedelta(hours=1), note="김피해 님 제외"),
        now=KNOWN + timedelta(hours=2),
        **who,
    )
    close_passed_days(now=KNOWN + DAY)
    services.add_timeline_entry(
        case_id=one.case.pk,
        text="김피해 님이 전화로 알려 옴",
        source="당직 일지",
        happened_at=KNOWN,
        now=KNOWN + DAY,
        **who,
    )
    services.record_facts(
        case_id=one.case.pk,
        changes=[services.FactChange("person_count", 1300, "confirmed")],
        reason="홍길동 님이 다시 셈",
        now=KNOWN + DAY,
        **who,
    )
    close_passed_days(now=KNOWN + 2 * DAY)
    services.take_evidence(
        case_id=one.case.pk,
        upload=io.BytesIO(ORIGINAL),
        file_name="김피해 녹취.txt",
        title="김피해 님 통화",
        party="홍길동",
        now=KNOWN + 2 * DAY,
        **who,
    )
    counsel = one.people[Role.COUNSEL]
    services.add_counsel_note(case_id=one.case.pk, text=PRIVILEGED, actor=counsel, now=KNOWN + 2 * DAY)
    services.add_task(case_id=one.case.pk, title="홍길동에게 전화", now=KNOWN + 2 * DAY, **who)
    return one


def exported(one: Scene, *, is_redacted: bool = False) -> services.Bundle:
    return services.export_case(
        case_id=one.case.pk,
        actor=one.people[Role.AUDITOR],
        reason=REASON,
        now=KNOWN + 2 * DAY + timedelta(hours=1),
        is_redacted=is_redacted,
    )


@dataclass
class Loot:
    """A bundle in the hands of somebody who may change everything in it but has no key of ours."""

    files: dict[str, bytes]
    history: dict = field(init=False)
    heads: dict = field(init=False)

    def __post_init__(self):
        self.history = json.loads(self.files["proof/history.json"])
        self.heads = json.loads(self.files["proof/heads.json"])

    @property
    def events(self) -> list[dict]:
        return self.history["events"]

    @property
    def case(self) -> str:
        return self.history["chain"]

    def rewrite(self, index: int, **changes: object) -> None:
        """Change what the event at `index` says; its hash becomes right again."""
        body = {**json.loads(self.events[index]["body"]), **changes}
        words = {} if "reason" in changes else {"words": self.events[index].get("words")}
        kept = words if words.get("words") else {}
        self.events[index] = {"body": canonical(body), "hash": digest(body), **kept}

    def rehash(self, start: int) -> None:
        """Let every event from index `start` on follow the one before."""
        for index in range(start, len(self.events)):
            self.rewrite(index, sequence=index + 1, previous=self.events[index - 1]["hash"])

    def agree(self) -> None:
        self.history["length"], self.history["head"] = len(self.events), self.events[-1]["hash"]

    def rows(self, name: str) -> list[dict]:
        return json.loads(self.files[f"data/{name}.json"])

    def put_rows(self, name: str, rows: list[dict]) -> None:
        self.files[f"data/{name}.json"] = json.dumps(rows, ensure_ascii=False).encode()

    def packed(self) -> bytes:
        """The ZIP file again, the manifest right once more, and signed with a key the thief has made."""
        self.files |= {
            "proof/history.json": json.dumps(self.history, ensure_ascii=False).encode(),
            "proof/heads.json": json.dumps(self.heads, ensure_ascii=False).encode(),
        }
        manifest = json.loads(self.files["manifest.json"])
        listed = sorted(set(self.files) - {"manifest.json", "manifest.sig.json"})
        manifest["files"] = [
            {
                "path": path,
                "sha256": hashlib.sha256(self.files[path]).hexdigest(),
                "size": len(self.files[path]),
            }
            for path in listed
        ]
        private = Ed25519PrivateKey.generate()
        public = private.public_key().public_bytes_raw()
        self.files["manifest.json"] = json.dumps(manifest).encode()
        signature = private.sign(manifest_message(self.files["manifest.json"])).hex()
        seal = {"key": fingerprint(public), "public": public.hex(), "signature": signature}
        self.files["manifest.sig.json"] = json.dumps(seal).encode()
        return zipped(self.files)


def zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in files.items():
            archive.writestr(path, data)
    return out.getvalue()


def change_a_byte(loot: Loot) -> None:
    loot.events[4]["body"] = loot.events[4]["body"].replace('"sequence":5', '"sequence":5 ')


def drop_an_event(loot: Loot) -> None:
    del loot.events[3]
    loot.agree()


def insert_an_event(loot: Loot) -> None:
    loot.events.insert(3, dict(loot.events[3]))
    loot.rewrite(3, action="fact.recorded", reason="")
    loot.agree()


def swap_events(loot: Loot) -> None:
    loot.events[1], loot.events[2] = loot.events[2], loot.events[1]


def cut_the_tail(loot: Loot) -> None:
    del loot.events[sealed(loot) - 2 :]
    loot.agree()


def fork_the_chain(loot: Loot) -> None:
    loot.events.append(dict(loot.events[9]))
    loot.rewrite(-1, sequence=len(loot.events), previous=loot.events[8]["hash"])
    loot.agree()


def replace_the_head(loot: Loot) -> None:
    loot.rewrite(1, subject="incidents.case:999", reason="")
    loot.rehash(2)
    loot.agree()


def sealed(loot: Loot) -> int:
    """How many events the last day head seals."""
    return int(loot.heads["heads"][-1]["leaf"]["length"])


def replace_chain_and_day_head(loot: Loot) -> None:
    """The whole history invented anew, the last day head put to match; only the signature is missing."""
    replace_the_head(loot)
    head = loot.heads["heads"][-1]
    leaf = {"chain": loot.case, "length": len(loot.events), "head": loot.events[-1]["hash"]}
    root = hashlib.sha256(b"\x00" + canonical(leaf).encode()).hexdigest()
    body = {**json.loads(head["statement"]), "root": root, "chains": 1}
    loot.heads["heads"] = [
        {**head, "statement": canonical(body), "hash": digest(body), "leaf": leaf, "path": []}
    ]


def sign_everything_anew(loot: Loot) -> None:
    """As above, and the day head signed too: by the thief's own key, which the bundle now names."""
    replace_chain_and_day_head(loot)
    private = Ed25519PrivateKey.generate()
    public = private.public_key().public_bytes_raw()
    head = loot.heads["heads"][0]
    body = {**json.loads(head["statement"]), "key": fingerprint(public)}
    signature = private.sign(canonical(body).encode()).hex()
    loot.heads["heads"] = [
        {
            **head,
            "statement": canonical(body),
            "hash": digest(body),
            "key": fingerprint(public),
            "signature": signature,
        }
    ]
    loot.heads["keys"] = {fingerprint(public): public.hex()}


def change_the_words(loot: Loot) -> None:
    said = next(event for event in loot.events if "words" in event)
    said["words"]["text"] = "아무 일도 없었음"


def change_a_row(loot: Loot) -> None:
    rows = loot.rows("deadlines")
    rows[0]["columns"]["due_at"] = "2027-01-01T00:00:00.000000Z"
    loot.put_rows("deadlines", rows)


def change_a_fact(loot: Loot) -> None:
    rows = loot.rows("facts")
    rows[0]["kept"]["digest"][0] = "다른 값"
    loot.put_rows("facts", rows)


def drop_a_row(loot: Loot) -> None:
    loot.put_rows("tasks", loot.rows("tasks")[1:])


def change_a_paper(loot: Loot) -> None:
    path = next(path for path in loot.files if path.startswith("papers/"))
    loot.files[path] += b" "


def slip_in_a_paper(loot: Loot) -> None:
    loot.files["papers/99-subject_notice.pdf"] = b"%PDF-1.7 never sent"


def change_the_index(loot: Loot) -> None:
    loot.files["index.pdf"] += b" "


type Tamper = Callable[[Loot], None]

# name → what is done, the check that finds it, and the first broken place (a case's reference stands for {})
TAMPERINGS: dict[str, tuple[Tamper, str, str]] = {
    "a changed byte": (change_a_byte, "history", "{} #5"),
    "a dropped event": (drop_an_event, "history", "{} #4"),
    "an inserted event": (insert_an_event, "history", "{} #5"),
    "swapped events": (swap_events, "history", "{} #2"),
    "a cut tail": (cut_the_tail, "heads", "{} #"),
    "a forked chain": (fork_the_chain, "history", "{} #"),
    "a replaced head": (replace_the_head, "heads", "{} #1"),
    "a replaced head and day": (replace_chain_and_day_head, "heads", "하루의 머리"),
    "everything signed anew": (sign_everything_anew, "key", "키 / key "),
    "changed words": (change_the_words, "words", "{} #"),
    "a changed row": (change_a_row, "rows", "data/deadlines.json incidents.deadline:"),
    "a changed fact": (change_a_fact, "rows", "data/facts.json incidents.factrevision:"),
    "a dropped row": (drop_a_row, "rows", "data/ incidents.task:"),
    "a changed paper": (change_a_paper, "papers", "{} #"),
    "a paper slipped in": (slip_in_a_paper, "papers", "papers/99-subject_notice.pdf"),
    "a changed index": (change_the_index, "export", "{} #"),
}

_made: dict[bool, tuple[bytes, str]] = {}


def bundle_of_this_run(*, is_redacted: bool = False) -> tuple[bytes, str]:
    """One bundle for all tests that only read it, with the fingerprint of its key. The first to ask needs a database."""
    if is_redacted not in _made:
        if not keys.key_file().exists():
            keys.make_signing_key()
        with (
            transaction.atomic()
        ):  # its case and closed days leave no trace for the test that happens to ask first
            made = exported(eventful_case(), is_redacted=is_redacted)
            transaction.set_rollback(True)
        _made[is_redacted] = (made.content, made.key_id)
    return _made[is_redacted]


def loot_of(content: bytes, folder: Path) -> Loot:
    whole = folder / "whole.zip"
    whole.write_bytes(content)
    return Loot(read_bundle(whole))

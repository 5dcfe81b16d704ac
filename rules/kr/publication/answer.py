"""The topic `publication` as plain data for JSON."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from rules.engine.conditions import Words
from rules.engine.history import Entry
from rules.engine.korean import listed
from rules.engine.law_files import digest_of, under
from rules.engine.periods import end_of_calendar_days, read_length
from rules.kr.fines.law import current_law as fine_law
from rules.kr.publication.criteria import Tested, cautions_of, tested
from rules.kr.publication.facts import Case, facts_record, read_case
from rules.kr.publication.law import PublicationLaw, current_law
from rules.kr.publication.notice import notice_of
from rules.kr.publication.order import order_of
from rules.kr.working import Caution, least_sure, once

FAVOURABLE = Words(
    "위반 당시의 공표기준을 적용하되, 뒤에 정하여진 지침의 1년이 당사자에게 유리하므로 그 기간을 적용하였습니다.",
    "The criteria of the day of the act apply, but the one year of the later guideline, more favourable, is taken.",
)
PERIOD_OPEN = Words(
    "2023-10-10까지의 처분에 대한 공표 기간은 확인하지 못하였습니다(미확인).",
    "How long a sanction decided up to 2023-10-10 was published was not confirmed (unconfirmed).",
)
LIST_OPEN = Words(
    "공표 요건의 전체 목록을 확인하지 못하여, 여기에 없는 요건에 해당하는지는 사람이 확인하여야 합니다(미확인).",
    "The whole list of criteria was not found; whether one that is not here applies is for a person to check (unconfirmed).",
)


def assess_publication(document: object) -> dict[str, Any]:
    """Whether the sanctions may be published, how long, and the table of the notice. Raises FactsError."""
    law = current_law()
    case = read_case(document, fine_law(), law)
    results = tested(case, law)
    posting = law.on("posting", case.decided_on)
    assert posting is not None
    cautions = [*cautions_of(case, results, law), *_posting_cautions(case, results, posting)]
    told = _why(results, posting)
    return {
        "topic": "publication",
        "rules_digest": digest_of(law_files()),
        "decided_on": case.decided_on.isoformat(),
        "state": "possible" if any(item.met for item in results) else "unsettled",
        "criteria_met": [item.criterion["number"] for item in results if item.met],
        "criteria": [_criterion(item) for item in results],
        **_posting(case, posting),
        "order": order_of(case, law),
        "notice": notice_of(case, law),
        "missing": list(once(name for item in results for name in item.missing)),
        "warnings": [caution.as_dict() for caution in cautions],
        "cite": _cite(results, posting, law),
        "source": results[0].edition.source,
        "confidence": least_sure([posting.confidence, *(item.edition.confidence for item in results)]),
        "why": told.ko,
        "why_en": told.en,
    }


def schema() -> dict[str, Any]:
    return facts_record(fine_law(), current_law()).schema()


def law_files() -> tuple[str, ...]:
    return under("kr/publication", "kr/fines", "facts/coverage.yaml")


def _criterion(item: Tested) -> dict[str, Any]:
    return {
        "edition": item.edition.version,
        "number": item.criterion["number"],
        "label": item.criterion["label"],
        "label_en": item.criterion["label_en"],
        "met": item.met,
        "missing": list(item.missing),
        "cite": list(item.edition.cite),
        "confidence": item.edition.confidence,
        "why": item.words.ko,
        "why_en": item.words.en,
    }


def _posting(case: Case, posting: Entry) -> dict[str, Any]:
    """Where and how long; a posting is a state that lasts, so its first day counts and no holiday is passed over."""
    values = posting.values or {}
    length, posted_on = values.get("length"), case.facts.get("posted_on")
    last_day = None
    if length and posted_on:
        last_day = end_of_calendar_days(start=posted_on - timedelta(days=1), length=read_length(length)).day
    return {
        "where": values["where"],
        "period": length,
        "posted_on": posted_on.isoformat() if posted_on else None,
        "last_day": last_day.isoformat() if last_day else None,
    }


def _posting_cautions(case: Case, results: Sequence[Tested], posting: Entry) -> list[Caution]:
    told = []
    if "length" not in (posting.values or {}):
        told.append(Caution("period_unconfirmed", PERIOD_OPEN, posting.cite, "uncertain"))
    elif any(item.edition.end and item.edition.end < posting.start for item in results):
        cite = ("개인정보보호위원회 결정(2024-06-26)", *posting.cite)
        told.append(Caution("favourable_period", FAVOURABLE, cite, "guidance"))
    partial = [item.edition for item in results if not (item.edition.values or {})["list_is_whole"]]
    if partial:
        cite = once(cite for entry in partial for cite in entry.cite)
        told.append(Caution("criteria_unconfirmed", LIST_OPEN, cite, "uncertain"))
    return told


def _cite(results: Sequence[Tested], posting: Entry, law: PublicationLaw) -> list[str]:
    statute = law.rules["publication"][0].cite
    return list(once([*statute, *(cite for item in results for cite in item.edition.cite), *posting.cite]))


def _why(results: Sequence[Tested], posting: Entry) -> Words:
    met = [item for item in results if item.met]
    if not met:
        return Words(
            "확인된 공표 요건 가운데 해당하는 것이 없거나 사실이 부족합니다. 공표 여부는 개인정보 보호위원회가 정합니다.",
            "None of the known criteria is met, or facts are missing. Whether to publish is for the Commission.",
        )
    length = (posting.values or {}).get("length")
    span, span_en = (", 기간은 1년입니다", " for one year") if length == "P1Y" else ("", "")
    return Words(
        f"공표 요건에 해당합니다({listed([item.criterion['label'] for item in met])}){span}. 공표 여부는 개인정보 보호위원회가 정합니다.",
        f"Criteria met: {'; '.join(item.criterion['label_en'] for item in met)}. The result may be published{span_en}; "
        "whether it is, is for the Commission.",
    )

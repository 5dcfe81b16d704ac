"""The text of the notice as the Commission publishes it: heading, table, what 舊 means, day and sender."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from rules.engine.history import Entry
from rules.kr.fines.facts import Act
from rules.kr.publication.facts import Case
from rules.kr.publication.law import PublicationLaw
from rules.kr.won import man_won

TITLE = "개인정보 보호법 위반 행정처분 결과 공표"
INTRO = "개인정보 보호법 위반에 따라 행정처분한 내용 및 결과를 아래와 같이 공표합니다."
COLUMNS = ("순번", "위반행위를 한 자의 명칭", "위반조항", "위반내용", "처분일자", "처분내용")
SENDER = "개인정보 보호위원회"
NAMES = {
    "recommendation": "개선권고",
    "order": "시정조치 명령",
    "surcharge": "과징금 부과",
    "accusation": "고발",
    "disciplinary_recommendation": "징계권고",
    "fine": "과태료 부과",
}


def notice_of(case: Case, law: PublicationLaw) -> dict[str, Any]:
    """The notice as rows; a provision of an act that has since been amended is marked 舊, with a footnote."""
    marks = _marks(case, law)
    return {
        "title": TITLE,
        "intro": INTRO,
        "columns": list(COLUMNS),
        "rows": [_row(act, case, law, marks) for act in case.acts],
        "footnotes": [_footnote(entry, mark) for entry, mark in marks],
        "dated": korean_day(case.decided_on),
        "sender": SENDER,
    }


def _marks(case: Case, law: PublicationLaw) -> list[tuple[Entry, str]]:
    """The acts of law that were in force then and no longer are, each with its asterisks."""
    now = law.on("acts_of_law", case.decided_on)
    old: list[Entry] = []
    for act in case.acts:
        entry = law.on("acts_of_law", act.law_on)
        if entry and entry is not now and entry not in old:
            old.append(entry)
    return [(entry, "*" * (place + 1)) for place, entry in enumerate(old)]


def _row(act: Act, case: Case, law: PublicationLaw, marks: list[tuple[Entry, str]]) -> dict[str, Any]:
    entry = law.on("acts_of_law", act.law_on)
    mark = next((found for old, found in marks if old is entry), None)
    named = f"舊 보호법{mark}" if mark else "보호법"
    return {
        "number": 1,
        "name": case.said("party", "name"),
        "provision": f"{named} {act.provision}".strip(),
        "content": act.facts.get("content") or act.item.title,
        "decided_on": dotted_day(case.decided_on),
        "sanction": ", ".join(_sanction(item) for item in act.facts["sanctions"]),
    }


def _sanction(item: dict[str, Any]) -> str:
    amount = item.get("amount")
    return f"{NAMES[item['kind']]} {man_won(Decimal(amount))}" if amount else NAMES[item["kind"]]


def _footnote(entry: Entry, mark: str) -> str:
    return f"{mark} 舊 보호법 : {dotted_day(entry.start)} 시행, {(entry.values or {})['number']}"


def dotted_day(day: date) -> str:
    """2024. 6. 26."""
    return f"{day.year}. {day.month}. {day.day}."


def korean_day(day: date) -> str:
    """2024년 6월 26일."""
    return f"{day.year}년 {day.month}월 {day.day}일"

"""Accounts whose name looks like a post or a team rather than a person (안전성 확보조치 기준 제5조제4항)."""

from __future__ import annotations

import re

WORDS = """
    account accounts admin administrator all contact cs customer dev dpo guest help helpdesk hello hr info it
    legal mail manager master noc office operator ops postmaster privacy public root sales security service
    shared soc staff support sysadmin system team test user webmaster
    """
SHARED = frozenset(WORDS.split())
SHARED_KOREAN = (
    "공용",
    "공동",
    "대표메일",
    "관리자",
    "운영팀",
    "담당자",
    "보안팀",
    "개인정보팀",
    "임시",
    "테스트",
)


def looks_shared(*, email: str, name: str) -> bool:
    """Whether the address or the name says a function: `admin@`, `info2@`, `security-team@`, `공용 계정`."""
    local = email.partition("@")[0].lower()
    parts = [part.rstrip("0123456789") for part in re.split(r"[._+-]+", local)]
    is_function = all(part in SHARED for part in parts if part) and any(parts)
    return is_function or any(word in name.replace(" ", "") for word in SHARED_KOREAN)

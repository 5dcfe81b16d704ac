"""What the API says when it does not do what was asked: one shape, with the place, the obstacle and the remedy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ninja import Field, Schema

from incidents.api.wording import gettext_lazy as _
from rules import Fault


class FaultOut(Schema):
    path: str = Field(description=_("어디가: 점으로 이은 이름. 문서 전체면 비어 있음"))
    message: str = Field(description=_("무엇이 잘못됐나"))
    hint: str = Field(description=_("어떻게 고치나"))


class Refusal(Schema):
    """The answer of every request that failed."""

    error: FaultOut = Field(description=_("첫째 잘못"))
    errors: list[FaultOut] = Field(description=_("모든 잘못"))


class Refused(Exception):
    """An answer other than what was asked for. `more` stands beside the faults."""

    def __init__(self, status: int, faults: Sequence[Fault], more: Mapping[str, Any] | None = None) -> None:
        super().__init__(f"{status}: {', '.join(fault.path for fault in faults)}")
        self.status = status
        self.faults = faults
        self.more = more or {}


def refused(status: int, message: str, *, path: str = "", hint: str = "", **more: Any) -> Refused:
    """A refusal for a single reason."""
    return Refused(status, [Fault(path, message, hint)], more)


REFUSALS: dict[int, Any] = {400: Refusal, 401: Refusal, 403: Refusal, 429: Refusal}
BODY_REFUSALS: dict[int, Any] = {**REFUSALS, 413: Refusal, 422: Refusal}

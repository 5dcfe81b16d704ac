"""What there is to do first in a case, step by step: the files in `playbooks/`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

FOLDER = Path(__file__).resolve().parent / "playbooks"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do, in Korean and in English. A task keeps the Korean; `within_minutes` is no legal limit."""

    code: str
    title: str
    title_en: str
    who: str
    who_en: str
    within_minutes: int
    guidance: str
    guidance_en: str


@cache
def playbook(name: str) -> tuple[Step, ...]:
    """The steps of a playbook in order. TypeError names an unknown or missing key."""
    document = yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))
    return tuple(Step(**step) for step in document["steps"])


@cache
def known_steps() -> dict[str, Step]:
    """Every step of every playbook by its code, for tasks that were made from one."""
    return {step.code: step for path in sorted(FOLDER.glob("*.yaml")) for step in playbook(path.stem)}

"""Every action anybody records has words a person can read, and a kind."""

import ast
import re
from pathlib import Path

from django.apps import apps
from django.conf import settings

from core.audit import telling

ACTION = re.compile(r"[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*")
FILES = {".html", ".json", ".pdf", ".py"}
ROOMS = ("config", "core", "incidents", "insurance", "notifications", "penalties")


def writes_history(path: Path, source: str) -> bool:
    """Whether the module has the pen: it imports `core.audit.services`, or belongs to it."""
    inside = (settings.BASE_DIR / "core/audit") in path.parents
    return inside or "core.audit.services" in source


def recorded_actions() -> dict[str, str]:
    """Each action named in a module that writes history, and where."""
    found = {}
    for path in (path for room in ROOMS for path in (settings.BASE_DIR / room).rglob("*.py")):
        source = path.read_text(encoding="utf-8")
        if path.name == "telling.py" or not writes_history(path, source):
            continue
        for node in ast.walk(ast.parse(source)):
            if (
                isinstance(node, ast.Constant)
                and isinstance(node.value, str)
                and ACTION.fullmatch(node.value)
            ):
                found[node.value] = str(path.relative_to(settings.BASE_DIR))
    return {action: where for action, where in found.items() if not names_code(action)}


def names_code(word: str) -> bool:
    """Whether it is an app's, a model's or a file's name, which look the same as an action's."""
    models = {model._meta.label_lower for model in apps.get_models()}
    return word in models | {app.name for app in apps.get_app_configs()} or Path(word).suffix in FILES


def test_every_recorded_action_is_named_and_of_a_kind():
    recorded = recorded_actions()
    assert len(recorded) > 55
    assert {a: where for a, where in recorded.items() if a not in telling.actions()} == {}
    assert {a: where for a, where in recorded.items() if not telling.kind_word(a)} == {}


def test_every_named_action_is_recorded_somewhere():
    assert telling.actions() - set(recorded_actions()) == set()


def test_the_history_of_a_case_is_not_narrowed_to_what_no_case_has():
    assert "fact" in telling.kinds()
    assert {"person", "role", "organization", "timers"} & set(telling.kinds()) == set()


def test_a_subject_nobody_tells_of_is_left_out():
    assert telling.tell_subjects(["no.such:1", "without a number", "notifications.paper:x"]) == {}

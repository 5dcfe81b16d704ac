"""Every action a service records has words a person can read."""

import re

from django.conf import settings

from core.audit import telling

RECORDED = re.compile(
    r"\"((?:case|fact|deadline|task|playbook|timeline|paper|notice|report|reminder|email)\.[a-z-]+)\""
)
OF_CASES = ("incidents", "notifications")


def recorded_actions():
    for app in OF_CASES:
        for path in (settings.BASE_DIR / app / "services").glob("*.py"):
            yield from RECORDED.findall(path.read_text(encoding="utf-8"))


def test_every_recorded_action_is_named():
    actions = set(recorded_actions())
    assert len(actions) > 25
    assert {action for action in actions if telling.action_word(action) == action} == set()


def test_a_subject_nobody_tells_of_is_left_out():
    assert telling.tell_subjects(["no.such:1", "without a number", "notifications.paper:x"]) == {}

"""Reading a recorded case strictly: an unknown key, a missing one or a naive time is an error that says where."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import gettext as _

from incidents.facts import CATALOGUE, Kind
from rules import event_kinds


class ScriptError(ValueError):
    """A recorded case that cannot be played; the text names the file, the place and the remedy."""


_INSTANT = "tag:yaml.org,2002:timestamp"
_NOT_READ = {("tag:yaml.org,2002:bool", letter) for letter in "oO"}  # `on:` names a day, it is no `true`


class _Loader(yaml.SafeLoader):
    """Keeps instants, and the word `on`, as they are written and refuses a key given twice."""


def _mapping(loader: _Loader, node: yaml.MappingNode) -> dict[Any, Any]:
    keys = [loader.construct_object(key) for key, _value in node.value]
    for key in keys:
        if keys.count(key) > 1:
            raise ScriptError(
                _("%(line)d행: ‘%(key)s’를 두 번 적었습니다.")
                % {"line": node.start_mark.line + 1, "key": key}
            )
    return dict(loader.construct_pairs(node, deep=True))


_Loader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if (tag, first) not in _NOT_READ and tag != _INSTANT]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}

# What each act needs, and what it may have besides.
ACTS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "open": (frozenset({"facts"}), frozenset({"title", "kinds"})),
    "describe": (frozenset({"kinds"}), frozenset({"title"})),
    "state": (frozenset({"facts"}), frozenset({"reason"})),
    "confirm": (frozenset({"key", "text", "confirmed_at"}), frozenset({"source"})),
    "acknowledge": (frozenset({"deadline"}), frozenset({"key"})),
    "finish": (frozenset({"task"}), frozenset()),
    "skip": (frozenset({"task", "reason"}), frozenset()),
    "draft": (frozenset({"paper", "as"}), frozenset({"key", "fields"})),
    "approve": (frozenset({"paper"}), frozenset({"note"})),
    "file": (frozenset({"paper", "recipient", "channel", "receipt"}), frozenset({"lateness_reason", "note"})),
    "give": (frozenset({"paper", "people", "channel"}), frozenset({"lateness_reason", "note"})),
    "happened": (frozenset({"kind", "text"}), frozenset({"source", "happened_at"})),
    "deadline": (frozenset({"as", "title", "last_day", "source"}), frozenset()),
    "meet": (frozenset({"deadline"}), frozenset({"note", "lateness_reason", "key"})),
    "dismiss": (frozenset({"deadline", "reason"}), frozenset({"key"})),
    "phase": (frozenset({"phase"}), frozenset()),
    "step": (frozenset({"kind", "on"}), frozenset({"given", "document", "note", "as"})),
    "claim": (frozenset({"anchor", "known_at", "basis", "source"}), frozenset()),
}
FACT_KEYS = frozenset({"value", "certainty", "source", "until"})


@dataclass(frozen=True, slots=True)
class Act:
    """One thing one person did, when."""

    at: datetime
    by: str
    do: str
    given: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Script:
    """A recorded case: the organisation it happened to, and what was done in order."""

    title: str
    organization: dict[str, Any]
    acts: tuple[Act, ...]

    def shifted(self, by: timedelta) -> Script:
        """The same case `by` later, every instant in it moved alike; days are not moved."""
        return Script(self.title, self.organization, tuple(_shift(act, by) for act in self.acts))


def load_script(path: Path) -> Script:
    """The recorded case in `path`. ScriptError names what is wrong and where."""
    document = _read(path)
    _check_keys(document, needed={"title", "organization", "script"}, allowed=set(), where=path.name)
    organization = _read(path.parent / str(document["organization"]))
    acts = tuple(_act(entry, where=f"{path.name}: script[{n}]") for n, entry in enumerate(document["script"]))
    if any(later.at < earlier.at for earlier, later in pairwise(acts)):
        raise ScriptError(
            _("%(file)s: script의 시각이 거꾸로 갑니다. 시간 순서로 적어 주세요.") % {"file": path.name}
        )
    if not acts or acts[0].do != "open":
        raise ScriptError(_("%(file)s: script는 open으로 시작해야 합니다.") % {"file": path.name})
    return Script(str(document["title"]), organization, acts)


def _read(path: Path) -> dict[str, Any]:
    try:
        document = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506 (a SafeLoader)
    except OSError as fault:
        raise ScriptError(_("%(path)s: 읽을 수 없습니다.") % {"path": path}) from fault
    except yaml.YAMLError as fault:
        raise ScriptError(
            _("%(path)s: YAML이 아닙니다: %(fault)s") % {"path": path.name, "fault": fault}
        ) from fault
    if not isinstance(document, dict):
        raise ScriptError(_("%(path)s: 이름과 값의 묶음이어야 합니다.") % {"path": path.name})
    return document


def _check_keys(entry: dict[str, Any], *, needed: set[str], allowed: set[str], where: str) -> None:
    unknown = set(entry) - needed - allowed
    if unknown:
        known = ", ".join(sorted(needed | allowed))
        raise ScriptError(
            _("%(where)s: 모르는 이름 ‘%(name)s’입니다. 쓸 수 있는 이름: %(known)s")
            % {"where": where, "name": sorted(map(str, unknown))[0], "known": known}
        )
    missing = needed - set(entry)
    if missing:
        raise ScriptError(
            _("%(where)s: ‘%(name)s’가 없습니다.") % {"where": where, "name": sorted(missing)[0]}
        )


def instant(value: Any, *, where: str) -> datetime:
    """An aware instant. ScriptError for a naive or impossible one."""
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError as fault:
        raise ScriptError(
            _("%(where)s: 없는 시각입니다: %(value)s") % {"where": where, "value": value}
        ) from fault
    if moment.tzinfo is None:
        raise ScriptError(
            _("%(where)s: 시간대가 없는 시각입니다: %(value)s. 끝에 +09:00을 붙여 주세요.")
            % {"where": where, "value": value}
        )
    return moment


def _act(entry: dict[str, Any], *, where: str) -> Act:
    do = entry.get("do")
    if do not in ACTS:
        known = ", ".join(ACTS)
        raise ScriptError(
            _("%(where)s.do: 모르는 일 ‘%(do)s’입니다. %(known)s")
            % {"where": where, "do": do, "known": known}
        )
    needed, allowed = ACTS[do]
    _check_keys(entry, needed={"at", "by", "do", *needed}, allowed=set(allowed), where=where)
    given = {key: value for key, value in entry.items() if key not in ("at", "by", "do")}
    for key in ("confirmed_at", "happened_at", "known_at"):
        if key in given:
            given[key] = instant(given[key], where=f"{where}.{key}")
    if "last_day" in given:
        given["last_day"] = _day(given["last_day"], where=f"{where}.last_day")
    if do == "step":
        given |= _step(given, where=where)
    if "facts" in given:
        given["facts"] = _facts(given["facts"], where=f"{where}.facts")
    return Act(instant(entry["at"], where=f"{where}.at"), str(entry["by"]), do, given)


def _day(value: Any, *, where: str) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError as fault:
        raise ScriptError(
            _("%(where)s: 없는 날입니다: %(value)s") % {"where": where, "value": value}
        ) from fault


def _step(given: dict[str, Any], *, where: str) -> dict[str, Any]:
    """The day of the event as a day. What the document names is read when it is played."""
    named = given.get("given", {})
    if given["kind"] not in event_kinds():
        raise ScriptError(
            _("%(where)s.kind: 모르는 절차 ‘%(kind)s’입니다.") % {"where": where, "kind": given["kind"]}
        )
    known = set(event_kinds()[given["kind"]].given)
    if not isinstance(named, dict):
        raise ScriptError(_("%(path)s: 이름과 값의 묶음이어야 합니다.") % {"path": f"{where}.given"})
    _check_keys(named, needed=set(), allowed=known, where=f"{where}.given")
    return {"on": _day(given["on"], where=f"{where}.on")}


def _facts(entry: dict[str, Any], *, where: str) -> dict[str, dict[str, Any]]:
    facts = {}
    for name, stated in entry.items():
        if name not in CATALOGUE:
            raise ScriptError(_("%(where)s: 모르는 사실 ‘%(name)s’입니다.") % {"where": where, "name": name})
        _check_keys(stated, needed={"value"}, allowed=set(FACT_KEYS), where=f"{where}.{name}")
        value = stated["value"]
        if CATALOGUE[name].kind is Kind.INSTANT:
            value = instant(value, where=f"{where}.{name}.value")
        facts[name] = {**stated, "value": value}
        if "until" in stated:
            facts[name]["until"] = instant(stated["until"], where=f"{where}.{name}.until")
    return facts


def _shift(act: Act, by: timedelta) -> Act:
    return Act(act.at + by, act.by, act.do, _shift_value(act.given, by))


def _shift_value(value: Any, by: timedelta) -> Any:
    if isinstance(value, datetime):
        return value + by
    if isinstance(value, dict):
        return {key: _shift_value(item, by) for key, item in value.items()}
    return value

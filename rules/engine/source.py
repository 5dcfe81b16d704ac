"""Read YAML and JSON without the surprises of either.

Timestamps and days stay as written (an offset is never lost), only `true` and
`false` are booleans, and a key given twice, an alias or a merge is a fault.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import yaml

from rules.engine.faults import Fault

LOADER: type = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
TAG = "tag:yaml.org,2002:"
LONGEST_INTEGER = 100  # digits; a longer one stays text, which is a fault wherever a number is wanted
TOO_DEEP = Fault("", "문서가 너무 깊게 겹쳐 있습니다.", "사실만 적은 JSON이나 YAML 문서 하나를 주십시오.")


def read_document(text: str) -> tuple[object, list[Fault]]:
    """The plain data of one YAML or JSON document, and what is wrong with its form."""
    try:
        if text.lstrip()[:1] in ("{", "["):
            try:
                return _read_json(text)
            except json.JSONDecodeError:
                pass  # a YAML flow mapping may open with the same bracket
        return _read_yaml(text)
    except RecursionError:
        return None, [TOO_DEEP]


def read_json(text: str) -> tuple[object, list[Fault]]:
    """The plain data of one JSON document and nothing else, and what is wrong with its form."""
    try:
        return _read_json(text)
    except json.JSONDecodeError as error:
        where = f"{error.lineno}행 {error.colno}열: {error.msg}"
        return None, [Fault("", f"문서를 읽을 수 없습니다({where}).", "JSON 문서 하나를 주십시오.")]
    except RecursionError:
        return None, [TOO_DEEP]


def _read_json(text: str) -> tuple[object, list[Fault]]:
    faults: list[Fault] = []

    def pairs(items: list[tuple[str, object]]) -> dict[str, object]:
        result: dict[str, object] = {}
        for key, value in items:
            if key in result:
                faults.append(_duplicate(key))
            result[key] = value
        return result

    return json.loads(text, object_pairs_hook=pairs, parse_int=_integer), faults


def _read_yaml(text: str) -> tuple[object, list[Fault]]:
    try:
        node = yaml.compose(text, Loader=LOADER)
    except yaml.YAMLError as error:
        return None, [_unreadable(error)]
    faults: list[Fault] = []
    return (None if node is None else _plain(node, "", faults, set())), faults


def _plain(node: yaml.Node, path: str, faults: list[Fault], seen: set[int]) -> object:
    if isinstance(node, yaml.ScalarNode):
        return _scalar(node)
    if id(node) in seen:
        faults.append(Fault(path, "YAML 별칭(alias)은 쓸 수 없습니다.", "값을 그대로 다시 적으십시오."))
        return None
    seen.add(id(node))
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, f"{path}[{place}]", faults, seen) for place, item in enumerate(node.value)]
    return _mapping(node, path, faults, seen)


def _mapping(node: yaml.Node, path: str, faults: list[Fault], seen: set[int]) -> dict[str, object]:
    result: dict[str, object] = {}
    for key_node, value_node in node.value:
        key = key_node.value if isinstance(key_node, yaml.ScalarNode) else "?"
        where = f"{path}.{key}" if path else key
        if key in result:
            faults.append(_duplicate(where))
        if key == "<<":
            faults.append(Fault(where, "YAML 병합(<<)은 쓸 수 없습니다.", "값을 그대로 적으십시오."))
        result[key] = _plain(value_node, where, faults, seen)
    return result


def _scalar(node: yaml.ScalarNode) -> object:
    text: str = node.value
    reader = READERS.get(node.tag.removeprefix(TAG))
    return reader(text) if reader else text


def _integer(text: str) -> object:
    # YAML 1.1 reads 09:30 as a base-60 number and 010 as eight; neither is meant here
    return int(text) if len(text) <= LONGEST_INTEGER and INTEGER.fullmatch(text) else text


def _boolean(text: str) -> object:
    return {"true": True, "false": False}.get(text.lower(), text)


def _decimal(text: str) -> object:
    if ":" in text:
        return text
    return float(text.replace("_", "").replace(".inf", "inf").replace(".nan", "nan").lower())


READERS: dict[str, Callable[[str], object]] = {
    "int": _integer,
    "bool": _boolean,
    "float": _decimal,
    "null": lambda text: None,
}


def _duplicate(path: str) -> Fault:
    return Fault(path, "같은 이름이 두 번 적혀 있습니다.", "하나만 남기십시오.")


def _unreadable(error: yaml.YAMLError) -> Fault:
    mark = getattr(error, "problem_mark", None)
    place = f"{mark.line + 1}행 {mark.column + 1}열" if mark else "문서"
    problem = getattr(error, "problem", None) or "YAML 또는 JSON이 아닙니다"
    return Fault("", f"문서를 읽을 수 없습니다({place}: {problem}).", "YAML 또는 JSON 문서 하나를 주십시오.")

"""The law on the command line: `python -m rules TOPIC [FILE]`.

`edition` prints this edition as one document; `editions OLD [NEW]` what changed since a stored one.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from difflib import get_close_matches
from typing import Any

import rules
from rules.engine.faults import FactsError, Fault
from rules.engine.source import read_document
from rules.topics import TOPICS

OPTIONS = ("--example", "--schema", "--explain")


def main(arguments: Sequence[str]) -> int:
    """Answer on standard output and 0; or one line of faults on standard error, nothing else, and 2."""
    try:
        sys.stdout.write(_answer(list(arguments)))
    except FactsError as error:
        faults = [fault.as_dict() for fault in error.faults]
        sys.stderr.write(_json({"error": faults[0], "errors": faults}) + "\n")
        return 2
    return 0


def _answer(arguments: list[str]) -> str:
    if arguments[:1] == ["edition"] and len(arguments) == 1:
        return rules.canonical(rules.edition()) + "\n"
    if arguments[:1] == ["editions"] and len(arguments) in (2, 3):
        stored = [_stored(file) for file in arguments[1:]]
        new = stored[1] if len(stored) > 1 else rules.edition()
        return _json(rules.compare_editions(stored[0], new), indent=2) + "\n"
    options = [argument for argument in arguments if argument.startswith("--")]
    words = [argument for argument in arguments if not argument.startswith("--")]
    _refuse_unknown(options, words)
    if not words:
        return "".join(f"{topic.name}\t{topic.summary} ({topic.summary_en})\n" for topic in TOPICS.values())
    topic = words[0]
    if "--example" in options:
        return rules.example(topic)
    if "--schema" in options:
        return _json(rules.schema(topic), indent=2) + "\n"
    content, faults = read_document(_text(words[1] if len(words) > 1 else "-"))
    is_explained = "--explain" in options
    if is_explained and TOPICS[topic].explain is None:
        raise FactsError(
            [Fault("--explain", f"{topic}에는 --explain이 없습니다.", "선택 없이 다시 하십시오.")]
        )
    answer = rules.assess_document(topic, content, faults, explained=is_explained)
    return _json(answer, indent=2) + "\n"


def _stored(file: str) -> dict[str, Any]:
    """A stored edition; a fault where the file is none."""
    content, faults = read_document(_text(file))
    if faults or not isinstance(content, dict) or "files" not in content:
        raise FactsError(
            [*faults, Fault("", f"저장된 규칙집이 아닙니다: {file}", "python -m rules edition > 파일")]
        )
    return content


def _refuse_unknown(options: list[str], words: list[str]) -> None:
    faults = [
        Fault(option, f"모르는 선택입니다: {option}", " ".join(OPTIONS))
        for option in options
        if option not in OPTIONS
    ]
    if words and words[0] not in TOPICS:
        close = get_close_matches(words[0], TOPICS, n=1)
        hint = f"‘{close[0]}’을(를) 쓰려던 것입니까?" if close else f"쓸 수 있는 주제: {', '.join(TOPICS)}"
        faults.append(Fault("topic", f"모르는 주제입니다: {words[0]}", hint))
    if len(words) > 2 or len(options) > 1 or (options and not words):
        faults.append(
            Fault(
                "", "인수가 맞지 않습니다.", "python -m rules TOPIC [--explain] [FILE | --example | --schema]"
            )
        )
    if faults:
        raise FactsError(faults)


def _text(file: str) -> str:
    try:
        if file == "-":
            return sys.stdin.buffer.read().decode("utf-8-sig")
        with open(file, "rb") as opened:
            return opened.read().decode("utf-8-sig")
    except OSError as error:
        raise FactsError([Fault("", f"파일을 읽을 수 없습니다: {file}", error.strerror or "")]) from error
    except UnicodeDecodeError as error:
        raise FactsError([Fault("", "UTF-8 글이 아닙니다.", "파일을 UTF-8로 저장하십시오.")]) from error


def _json(content: object, indent: int | None = None) -> str:
    return json.dumps(content, ensure_ascii=False, indent=indent)


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.stderr.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    sys.exit(main(sys.argv[1:]))

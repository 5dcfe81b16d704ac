"""The law on the command line: `python -m rules TOPIC [FILE]`."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from difflib import get_close_matches

import rules
from rules.engine.faults import FactsError, Fault
from rules.engine.source import read_document
from rules.topics import TOPICS

OPTIONS = ("--example", "--schema")


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
    return _json(rules.assess_document(topic, content, faults), indent=2) + "\n"


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
            Fault("", "인수가 맞지 않습니다.", "python -m rules TOPIC [FILE | --example | --schema]")
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

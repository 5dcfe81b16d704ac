"""A press for tests: write a template, get a real PDF and read it back."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings

from core.documents import strict_templates
from core.documents.renderer import Imprint, RenderedPaper, Sheet, render_pdf
from tests.clock import NOON

Press = Callable[..., RenderedPaper]


def imprint(**changes: Any) -> Imprint:
    values: dict[str, Any] = {
        "number": "2026-017-N01",
        "title": "개인정보 유출 통지",
        "template_edition": "2026-11",
        "rules_digest": "1a2b3c4d5e6f7081",
        "content_hash": "7c1e99aa00112233",
        "status": "approved",
    }
    return Imprint(**{**values, **changes})


def text_of(pdf: bytes, *options: str) -> str:
    """The text in reading order, as `pdftotext` finds it."""
    program = ["pdftotext", *options, "-", "-"]
    return subprocess.run(program, input=pdf, capture_output=True, check=True).stdout.decode()


def pages_of(pdf: bytes) -> list[str]:
    return text_of(pdf, "-layout").split("\f")[:-1]


@pytest.fixture
def template_folder(tmp_path: Path, settings: Any) -> Iterator[Path]:
    """A template folder of this test's own, beside the project's."""
    options = {**django_settings.TEMPLATES[0]}
    options["DIRS"] = [settings.BASE_DIR / "templates", tmp_path]
    settings.TEMPLATES = [options]
    _forget_templates()
    yield tmp_path
    _forget_templates()


def _forget_templates() -> None:
    strict_templates.paper_engine.cache_clear()
    strict_templates._template.cache_clear()


@pytest.fixture
def press(template_folder: Path) -> Press:
    """`press("<p>{{ name }}</p>", name="…")`: the content of a paper, printed."""

    def print_it(
        content: str,
        *,
        sheet: Sheet = Sheet.REPORT,
        status: str = "approved",
        title: str = "시험 문서",
        **context: Any,
    ) -> RenderedPaper:
        source = (
            '{% extends "core/pdf/base.html" %}{% load i18n paper %}'
            f"{{% block content %}}{content}{{% endblock %}}"
        )
        (template_folder / "paper.html").write_text(source, encoding="utf-8")
        strict_templates._template.cache_clear()
        return render_pdf(
            template="paper.html",
            context=context,
            sheet=sheet,
            imprint=imprint(status=status, title=title),
            now=NOON,
        )

    return print_it

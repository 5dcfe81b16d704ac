"""Looking at a page: axe at both themes, nothing sideways, no broken day, and a picture where one is asked for.

`PICTURES=folder make test ARGS="tests/browser/test_every_page.py"` writes a picture of every page at a phone's and a
desk's width, in both themes.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

RULES = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
PHONE = {"width": 360, "height": 780}
NARROWEST = {"width": 320, "height": 640}
DESK = {"width": 1440, "height": 900}
SIDEWAYS = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
AXE_SOURCE = Axe().axe_script
FINDINGS = """rules => axe.run(document, {...rules, resultTypes: ["violations"], iframes: false}).then(
  ({violations}) => violations.map(({id, nodes}) => [id, nodes.map((node) => node.html)]))"""
BROKEN_DAYS = """() => {
  const found = [], walker = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  for (let node; (node = walker.nextNode());) {
    if (node.parentElement.closest("option, textarea, script, .visually-hidden")) continue;
    for (const day of node.data.matchAll(/\\d{4}-\\d\\d-\\d\\d(\\(.\\))?/g)) {
      const range = document.createRange();
      range.setStart(node, day.index); range.setEnd(node, day.index + day[0].length);
      if (new Set([...range.getClientRects()].map((box) => Math.round(box.top))).size > 1) found.push(day[0]);
    }
  }
  return found;
}"""


def looked_at(page: Page, label: str) -> list[tuple[str, Any]]:
    """What is wrong with the page that is open: on the phone in both themes, at 320 px and at a desk."""
    wrong: list[tuple[str, Any]] = []
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.evaluate(AXE_SOURCE)
    for theme, rules in (("light", RULES), ("dark", COLOURS)):
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        expect(page.locator("html")).to_have_attribute("data-bs-theme", theme)
        wrong += [(f"{label} {theme} {rule}", at) for rule, at in page.evaluate(FINDINGS, rules)]
        picture(page, f"{label} phone {theme}")
    wrong += [(f"{label} breaks a day", day) for day in page.evaluate(BROKEN_DAYS)]
    for size in (NARROWEST, DESK):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        wider = page.evaluate(SIDEWAYS)
        wrong += [(f"{label} {size['width']}px is wider by", wider)] if wider > 0 else []
    for theme in ("dark", "light"):
        page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
        picture(page, f"{label} desk {theme}")
    return wrong


def picture(page: Page, name: str) -> None:
    folder = os.environ.get("PICTURES")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{re.sub('[^a-z0-9]+', '-', name.lower())}.png", full_page=True)

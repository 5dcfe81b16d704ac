"""Every page in English: a walk over the demonstration finds no Korean but what is Korean by nature.

Korean by nature is what people typed (the recorded cases say what that is), what a law file cites, a
paper or mail as it was written, and a Korean term the catalogue itself puts beside its English one.
Everything else on a page is ours to say in English.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

import polib
import pytest
import yaml
from django.conf import settings as django_settings
from django.core.management import call_command
from django.test import Client
from django.urls import Resolver404, resolve
from django.utils import timezone

from config.yearly_figures import CHECKLIST
from core.access.catalogue import SETTINGS
from core.accounts.models import User
from notifications.layouts import FORM_CITE, PARTIAL_CITE
from notifications.models import DeliveryAttempt, OutgoingEmail, PaperVersion
from notifications.services.sweeping import sweep

ALIKE = 3  # of one page asked for with the same parameters: every event leads to the case as it was then
ONE_OF_EACH = (
    "incidents:change-fact",
    "incidents:fact-history",
    "incidents:record-step",
)  # whose case is all one
IN_PAGES = ("page",)  # the pages of a list are all read
HANGUL = re.compile("[가-힣]")
SPOKEN = ("alt", "aria-label", "content", "data-bd-title", "data-label", "data-tip", "placeholder", "title")
WHAT_PEOPLE_WRITE = {"textarea"}
NOT_READ = {"style", "symbol"}
WITHIN_A_SENTENCE = {"a", "b", "bdi", "cite", "code", "del", "em", "ins", "small", "span", "strong", "time"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
NOT_PAGES = re.compile(r"/pdf/|/logout/|\.csv|/static/|/drafts/")
pytestmark = pytest.mark.any_database
WALKERS = ("cpo@example.org", "admin@example.org")


class Page(HTMLParser):
    """The texts of a page as a reader or a screen reader meets them, and where its links lead."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.links: list[str] = []
        self._passed_over: list[str] = []
        self._sentence = ""
        self.feed(html)
        self._end_sentence()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag not in WITHIN_A_SENTENCE:
            self._end_sentence()
        if tag in VOID:
            self._say(given)
            return
        says_korean = given.get("lang") == "ko" and tag != "html"
        if self._passed_over or says_korean or tag in WHAT_PEOPLE_WRITE | NOT_READ:
            self._passed_over.append(tag)
            return
        self._say(given)
        if tag == "a" and "href" in given:
            self.links.append(given["href"])

    def handle_endtag(self, tag: str) -> None:
        if tag not in WITHIN_A_SENTENCE:
            self._end_sentence()
        if self._passed_over and self._passed_over[-1] == tag:
            self._passed_over.pop()

    def handle_data(self, data: str) -> None:
        if not self._passed_over:
            self._sentence += data

    def _end_sentence(self) -> None:
        if self._sentence.strip():
            self.texts.append(self._sentence)
        self._sentence = ""

    def _say(self, given: dict[str, str]) -> None:
        self.texts += [given[name] for name in SPOKEN if given.get(name)]


def strings_of(document: Any) -> Iterator[str]:
    if isinstance(document, dict):
        for value in document.values():
            yield from strings_of(value)
    elif isinstance(document, list):
        for value in document:
            yield from strings_of(value)
    elif isinstance(document, str):
        yield document


def typed_by_people() -> set[str]:
    """What the recorded cases say that people typed, and their names."""
    paths = sorted((django_settings.BASE_DIR / "demo").glob("*.yaml"))
    return {text for path in paths for text in strings_of(yaml.safe_load(path.read_text(encoding="utf-8")))}


def cited() -> set[str]:
    """Articles and statute titles, as the law files have them."""

    def found(document: Any) -> Iterator[str]:
        if isinstance(document, dict):
            for key, value in document.items():
                yield from strings_of(value) if key in ("cite", "instrument") else found(value)
        elif isinstance(document, list):
            for value in document:
                yield from found(value)

    folder = django_settings.BASE_DIR / "rules" / "kr"
    files = (yaml.load(path.read_text(encoding="utf-8"), yaml.BaseLoader) for path in folder.rglob("*.yaml"))
    civil_act = {f"민법 제{number}조" for number in (155, 156, 157, 159, 161)}
    own = {FORM_CITE, *PARTIAL_CITE.values(), *(setting.cite for setting in SETTINGS.values())}
    own |= {line.cite for line in CHECKLIST.values()}
    return {text for file in files for text in found(file)} | own | civil_act


def papers_and_mail() -> set[str]:
    """Papers word for word, and mail as it was sent."""
    texts: set[str] = set()
    for version in PaperVersion.objects.all():
        texts |= {version.title, *strings_of(version.fields), *strings_of(version.letterhead)}
    lines = {line.strip() for text in texts for line in text.splitlines()}
    texts |= {
        line.removesuffix(":") for line in lines if line.endswith(":")
    }  # small headings, quoted by the check
    texts |= set(OutgoingEmail.objects.values_list("subject", flat=True))
    return texts | set(DeliveryAttempt.objects.values_list("text", flat=True))


def korean_terms() -> list[tuple[list[str], re.Pattern[str]]]:
    """The English texts that name a Korean term, their places open; and what stands between the places."""
    catalogue = polib.pofile(str(django_settings.BASE_DIR / "locale/en/LC_MESSAGES/django.po"))
    said = {text for entry in catalogue for text in (entry.msgstr, *entry.msgstr_plural.values())}
    place = re.compile(r"%\(\w+\)[sd]")
    with_terms = sorted((text for text in said if HANGUL.search(text)), key=len, reverse=True)
    split = [place.split(text) for text in with_terms]
    return [(parts, re.compile(".*?".join(map(re.escape, parts)))) for parts in split]


def plain(text: str) -> str:
    return " ".join(text.split())


class KoreanByNature:
    """Takes from a text what may be Korean; what is left should not be."""

    def __init__(self) -> None:
        words = {plain(text) for text in typed_by_people() | cited() | papers_and_mail()}
        korean = sorted((word for word in words if HANGUL.search(word)), key=len, reverse=True)
        self.words = korean
        self.whole = [(word, re.compile(f"(?<![가-힣]){re.escape(word)}(?![가-힣])")) for word in korean]
        self.terms = korean_terms()

    def left_of(self, text: str) -> str:
        rest = plain(text)
        for parts, term in self.terms:
            rest = term.sub(" ", rest) if all(part in rest for part in parts) else rest
        for word, alone in self.whole:
            rest = alone.sub(" ", rest) if word in rest else rest
        if rest.rstrip(") ").endswith("…"):  # a long text, cut short
            rest = " " if any(plain(rest).split("…")[0] in word for word in self.words) else rest
        return rest


@pytest.fixture
def demonstration(settings: Any) -> None:
    settings.IS_DEMONSTRATION = True
    call_command("load_demo", verbosity=0)
    sweep(now=timezone.now())


def thing_of(path: str) -> tuple[str, ...] | None:
    """What a page is about, whatever the case; None where each page of its kind is read."""
    try:
        door = resolve(path)
    except Resolver404:
        return None
    if door.view_name not in ONE_OF_EACH:
        return None
    return door.view_name, *(value for name, value in door.kwargs.items() if name != "reference")


def walk(email: str) -> Iterator[tuple[str, Page]]:
    """Every page that can be reached by links from the first, in English."""
    client = Client()
    client.force_login(User.objects.get(email=email))
    client.cookies[django_settings.LANGUAGE_COOKIE_NAME] = "en"
    waiting, seen, things, asked = ["/", "/accounts/password/change/"], set(), set(), Counter()
    while waiting:
        address = waiting.pop()
        if address in seen or NOT_PAGES.search(address):
            continue
        seen.add(address)
        response = client.get(address)
        if response.status_code != 200 or not response["Content-Type"].startswith("text/html"):
            continue
        page = Page(response.content.decode())
        yield address, page
        for link in page.links:
            target = urlsplit(urljoin(f"http://testserver{address}", link))
            shape = target.path, tuple(parse_qs(target.query))
            asked[shape] += 1
            if target.netloc != "testserver" or (asked[shape] > ALIKE and shape[1] != IN_PAGES):
                continue
            thing = thing_of(target.path), shape[1]
            if thing[0] is None or thing not in things:
                things.add(thing)
                waiting.append(target.path + (f"?{target.query}" if target.query else ""))


@pytest.mark.long
@pytest.mark.django_db(transaction=True)
def test_no_page_in_english_speaks_korean_of_its_own(demonstration):
    nature = KoreanByNature()
    notices_a_korean_label(nature)
    found, sound = set(), set()

    for email in WALKERS:
        count = 0
        for address, page in walk(email):
            count += 1
            for text in set(page.texts) - sound:
                if HANGUL.search(text) and HANGUL.search(nature.left_of(text)):
                    found.add((re.sub(r"\d{4}-\d{3}", "…", address), plain(text)[:200]))
                else:
                    sound.add(text)
        assert count > 20, email

    assert not found, "\n".join(f"{address}  {text}" for address, text in sorted(found))


def notices_a_korean_label(nature: KoreanByNature) -> None:
    """The walk would find one: what is ours is left, what is Korean by nature is not."""
    page = Page(
        '<html lang="ko"><p aria-label="기한">KRW 5</p><b lang="ko">한국어</b><p>담당 한서윤</p></html>'
    )
    assert [text for text in page.texts if HANGUL.search(nature.left_of(text))] == ["기한", "담당 한서윤"]

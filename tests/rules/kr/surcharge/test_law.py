"""The loader of surcharge law: every figure dated and traced, every mistake refused, every edge of a regime."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

import rules
from rules.engine.faults import LawFileError
from rules.engine.history import Entry
from rules.engine.law_files import CONFIDENCES, HERE, digest_of
from rules.engine.source import read_document
from rules.kr.surcharge.facts import CRITERIA
from rules.kr.surcharge.law import ARTICLES, FOLDER, VALUES, articles, read_article
from rules.kr.surcharge.topic import law_files
from tests.rules.kr.surcharge.documents import PIPA_39_15
from tests.rules.test_law_files import untraced

ROOT = Path(rules.__file__).parent.parent
ONE_DAY = timedelta(days=1)
FILES = [f"kr/surcharge/{name}.yaml" for name in ARTICLES]
ENTRIES = [
    (article.id, name, entry)
    for article in articles().values()
    for name, history in [("regimes", article.regimes), *article.rules.items()]
    for entry in history
]
GOOD = (FOLDER / "pipa_28_6.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("file", FILES)
def test_every_value_is_dated_and_traced(file: str) -> None:
    content, faults = read_document((HERE / file).read_text(encoding="utf-8"))
    assert not faults
    assert untraced(content) == []


@pytest.mark.parametrize("key", ["from", "cite", "source", "confidence"])
def test_a_value_that_is_not_traced_is_found_and_refused(tmp_path: Path, key: str) -> None:
    lines = GOOD.splitlines(keepends=True)
    place = lines.index("  cap:\n")
    at = next(at for at in range(place, len(lines)) if f"{key}:" in lines[at])
    text = "".join(lines[:at] + lines[at + 1 :])
    content, _ = read_document(text)
    assert untraced(content) == [".rules.cap[0]"]
    assert f"rules.cap[0].{key}" in faults_of(tmp_path, text)


@pytest.mark.parametrize(("article", "name", "entry"), ENTRIES, ids=lambda part: getattr(part, "start", part))
def test_every_entry_has_its_day_cite_source_and_confidence(article: str, name: str, entry: Entry) -> None:
    assert date(2008, 12, 1) < entry.start < date(2027, 1, 1)
    assert entry.cite and all(entry.cite)
    assert entry.source.startswith("https://")
    assert entry.confidence in CONFIDENCES
    assert not [number for number in figures(entry.values) if isinstance(number, float | Decimal)]


def figures(content: object) -> list[object]:
    """Every number the values hold."""
    if isinstance(content, dict):
        return [found for item in content.values() for found in figures(item)]
    if isinstance(content, list | tuple):
        return [found for item in content for found in figures(item)]
    return [content] if isinstance(content, int | float | Decimal | Fraction) else []


def faults_of(tmp_path: Path, text: str) -> set[str]:
    (tmp_path / "bad_law.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(LawFileError, match=r"bad_law\.yaml") as raised:
        read_article(tmp_path / "bad_law.yaml")
    return {fault.path for fault in raised.value.faults}


def test_the_file_the_mistakes_are_made_in_is_good(tmp_path: Path) -> None:
    (tmp_path / "good.yaml").write_text(GOOD, encoding="utf-8")
    assert set(read_article(tmp_path / "good.yaml").rules) <= set(VALUES)


MISTAKES = {
    "unknown rule": ("  cap:\n", "  cup:\n", "rules.cup"),
    "unknown value": ('{percent: "3"', '{per_cent: "3"', "rules.cap[0].values.per_cent"),
    "float": ('percent: "3"', "percent: 3.5", "rules.cap[0].values.percent"),
    "number that is not quoted": ('percent: "3"', "percent: 3", "rules.cap[0].values.percent"),
    "money with a comma": ('"400000000"', '"400,000,000"', "rules.cap[0].values.no_revenue"),
    "unknown day": ("selected_by: ended_on", "selected_by: begun_on", "regimes[0].selected_by"),
    "unknown gravity": ("very_serious: {low", "grave: {low", "rules.rates[0].values.bands.grave"),
    "band upside down": ('{low: "2.7", high: "2.7"', '{low: "2.7", high: "2.6"', "rules.rates[0].values.bands.very_serious"),
    "unknown confidence": ("confidence: statute", "confidence: sure", "regimes[0].confidence"),
    "a regime that goes on after its last day": ("  - from: 2023-09-15", "  - from: 2023-09-16", "regimes[1].from"),
    "doubled key": ("who_en:", "who_en: x\nwho_en:", "who_en"),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_refused_with_its_file_and_place(tmp_path: Path, mistake: str) -> None:
    old, new, path = MISTAKES[mistake]
    assert old in GOOD
    assert path in faults_of(tmp_path, GOOD.replace(old, new, 1))


@pytest.mark.parametrize("article", ARTICLES)
def test_a_restriction_and_a_matrix_name_only_what_there_is(article: str) -> None:
    law = articles()[article].rules
    known = {
        code
        for name in ("adjust1", "adjust2")
        for entry in law.get(name, ())
        for code in dict(entry.values or {})["minus"]
    }
    for entry in law.get("restriction", ()):
        assert set(dict(entry.values or {})["refusable"]) == known - {"harm_recovery"}
    for entry in law.get("gravity", ()):
        values = dict(entry.values or {})
        assert values["test"] != "matrix" or tuple(values["criteria"]) == CRITERIA


@pytest.mark.parametrize("article", ARTICLES)
def test_a_regime_that_computes_has_every_rule_it_needs_from_its_first_day(article: str) -> None:
    law = articles()[article]
    for regime in law.regimes:
        if regime.values is None or "refused" in regime.values:
            continue
        first = law.regimes[0].start if regime.selected_by == "decided_on" else regime.start
        days = {"ended_on": first, "decided_on": max(first, regime.start)}
        assert law.regime_on(days) == regime
        for name in ("cap", "gravity", "rounding", "payment"):
            assert law.rule_on(name, days) is not None, (regime.version, name)
        assert law.rule_on("rates", days) or law.rule_on("fixed_bases", days)
        assert bool(law.rule_on("first", days)) == bool(law.rule_on("additional", days))
        assert bool(law.rule_on("first", days)) != bool(law.rule_on("adjust1", days))


EDGES: list[tuple[str, date, dict[str, str]]] = [
    # the day a violation ends: which regimes fit the day before, on the day, and the day after
    ("ended_on", date(2008, 12, 14), {"before": "", "on": "net_2008", "after": "net_2008"}),
    ("ended_on", date(2014, 8, 7), {"before": "net_2008", "on": "net_2008 pipa_34_2", "after": "net_2008 pipa_34_2"}),
    ("ended_on", date(2014, 11, 29), {"before": "net_2008 pipa_34_2", "on": "net_2014 pipa_34_2", "after": "net_2014 pipa_34_2"}),
    ("ended_on", date(2020, 8, 5), {
        "before": "net_2014 pipa_34_2",
        "on": "pipa_39_15_2020 pipa_34_2 pipa_28_6",
        "after": "pipa_39_15_2020 pipa_34_2 pipa_28_6",
    }),
    ("ended_on", date(2023, 9, 15), {
        "before": "pipa_39_15_2022 pipa_34_2 pipa_28_6",
        "on": "pipa_64_2_2023",
        "after": "pipa_64_2_2023",
    }),
    ("ended_on", date(2026, 5, 19), {"before": "pipa_64_2_2023", "on": "pipa_64_2_2026_05", "after": "pipa_64_2_2026_05"}),
    ("ended_on", date(2026, 9, 11), {"before": "pipa_64_2_2026_05", "on": "pipa_64_2_2026_09", "after": "pipa_64_2_2026_09"}),
    ("decided_on", date(2022, 10, 20), {
        "before": "pipa_39_15_2020 pipa_34_2 pipa_28_6",
        "on": "pipa_39_15_2022 pipa_34_2 pipa_28_6",
        "after": "pipa_39_15_2022 pipa_34_2 pipa_28_6",
    }),
]  # fmt: skip


@pytest.mark.parametrize(("key", "edge", "fitting"), EDGES, ids=lambda part: str(part)[:10])
@pytest.mark.parametrize(("when", "shift"), [("before", -1), ("on", 0), ("after", 1)])
def test_the_regimes_that_fit_around_each_edge(
    key: str, edge: date, fitting: dict[str, str], when: str, shift: int
) -> None:
    day = edge + shift * ONE_DAY
    ended = day if key == "ended_on" else date(2021, 6, 30)
    days = {"ended_on": ended, "decided_on": day}
    found = [entry.version for article in articles().values() if (entry := article.regime_on(days))]
    assert sorted(filter(None, found)) == sorted(fitting[when].split())


def test_every_edge_of_a_regime_is_among_these() -> None:
    edges = {(entry.selected_by, entry.start) for article in articles().values() for entry in article.regimes}
    assert edges == {(key, edge) for key, edge, _ in EDGES}


def test_the_digest_covers_every_file_of_the_topic() -> None:
    assert set(FILES) < set(law_files())
    assert rules.assess("surcharge", PIPA_39_15)["rules_digest"] == digest_of(law_files())


def test_other_topics_do_not_load_it() -> None:
    code = "import sys, rules; rules.schema('period'); print([m for m in sys.modules if 'surcharge' in m])"
    answer = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, timeout=60, check=True
    )
    loaded = "['rules.kr.surcharge', 'rules.kr.surcharge.topic']"
    assert answer.stdout.strip() == loaded


def test_an_assessment_is_quick() -> None:
    rules.assess("surcharge", PIPA_39_15)
    spent = []
    for _ in range(20):
        began = time.process_time()
        rules.assess("surcharge", PIPA_39_15)
        spent.append(time.process_time() - began)
    assert min(spent) < 0.01  # about 0.001 s alone; the margin is for a slow machine


def test_the_schema_names_every_regime_and_every_key_of_the_contract() -> None:
    offered = rules.schema("surcharge")["properties"]
    regimes = {entry.version for article in articles().values() for entry in article.regimes if entry.version}
    assert set(offered["regime"]["anyOf"][0]["enum"]) == {"auto", *regimes}
    assert set(offered["article"]["anyOf"][0]["enum"]) == {"auto", *ARTICLES}
    assert set(offered) >= {
        "violation", "decided_on", "regime", "article", "revenue", "gravity", "rate", "first_in_3_years",
        "additional_pct", "prior_same_item_3y", "adjust1", "adjust2", "final_cut_pct",
    }  # fmt: skip


def test_the_schema_offers_the_codes_of_every_regime() -> None:
    offered = rules.schema("surcharge")["properties"]
    minus = offered["adjust2"]["anyOf"][0]["properties"]["minus"]["anyOf"][0]["propertyNames"]["enum"]
    assert {"cooperation", "harm_recovery", "certification", "usual_efforts"} <= set(minus)
    assert {"lt_100_subjects", "computed_le"} <= set(offered["waiver"]["anyOf"][0]["enum"])

"""Documents of the topic `surcharge` that work, one for each article, and strategies that vary them."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

NET: dict[str, Any] = {
    "violation": {"from": "2018-12-31", "to": "2019-06-30"},
    "decided_on": "2020-01-15",
    "article": "net_64_3",
    "revenue": {"years": {"2016": "10000000000", "2017": "10000000000", "2018": "10000000000"}},
    "gravity": {
        "intent_or_gross": True,
        "direct_gain": False,
        "harm_share": "0.4",
        "publicly_exposed": False,
    },
    "first_in_3_years": True,
}
PIPA_39_15: dict[str, Any] = {
    **NET,
    "violation": {"from": "2020-12-31", "to": "2021-06-30"},
    "decided_on": "2023-05-10",
    "article": "pipa_39_15",
    "revenue": {"years": {"2018": "10000000000", "2019": "10000000000", "2020": "10000000000"}},
}
PIPA_28_6: dict[str, Any] = {**PIPA_39_15, "article": "pipa_28_6", "gravity": {"band": "serious"}}
PIPA_34_2: dict[str, Any] = {
    "violation": {"from": "2018-01-01", "to": "2019-06-30"},
    "decided_on": "2022-11-01",
    "article": "pipa_34_2",
    "gravity": {"intent_or_gross": True, "resident_number_count": 100000},
}
PIPA_64_2: dict[str, Any] = {
    "violation": {"from": "2025-01-01", "to": "2025-06-30"},
    "decided_on": "2025-12-01",
    "revenue": {"years": {"2022": "10000000000", "2023": "10000000000", "2024": "10000000000"}},
    "gravity": {"band": "serious"},
    "prior_same_item_3y": 0,
}
NEWEST: dict[str, Any] = {
    **PIPA_64_2,
    "violation": {"from": "2026-09-20", "to": "2026-10-31"},
    "decided_on": "2026-11-20",
    "revenue": {"years": {"2023": "10000000000", "2024": "10000000000", "2025": "10000000000"}},
    "gravity": {"band": "serious", "intent_or_gross": False},
}
DOCUMENTS = {
    "net_2014": NET,
    "pipa_39_15_2022": PIPA_39_15,
    "pipa_28_6": PIPA_28_6,
    "pipa_34_2": PIPA_34_2,
    "pipa_64_2_2023": PIPA_64_2,
    "pipa_64_2_2026_09": NEWEST,
}
BANDS = ("weak", "ordinary", "serious", "very_serious")  # the lightest first
CONDITIONS = {
    "ordinary": (False, "0.05", False),
    "serious": (False, "0.05", True),
    "very_serious": (True, "0.06", True),
}
CODES = {
    "adjust1": {"no_gain": 30, "public_or_sme_or_size": 50},
    "adjust2": {"corrected": 30, "cooperation": 30, "harm_recovery": 30, "self_report": 30, "other": 10},
}


def with_gravity(document: dict[str, Any], band: str) -> dict[str, Any]:
    """The document with the facts that make its violation of this band."""
    if document.get("article") in ("net_64_3", "pipa_39_15"):
        gain, share, exposed = CONDITIONS[band]
        facts = {
            "intent_or_gross": True,
            "direct_gain": gain,
            "harm_share": share,
            "publicly_exposed": exposed,
        }
        return {**document, "gravity": facts}
    return {**document, "gravity": {**document["gravity"], "band": band}}


def with_revenue(document: dict[str, Any], amounts: tuple[int, int, int]) -> dict[str, Any]:
    years = dict(zip(document["revenue"]["years"], map(str, amounts), strict=True))
    return {**document, "revenue": {"years": years}}


revenues = st.tuples(*[st.integers(1, 10**15)] * 3)


def percent_up_to(most: int) -> st.SearchStrategy[str]:
    return st.integers(0, most * 100).map(lambda part: f"{part // 100}.{part % 100:02}")


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """Any good document of an article that has revenue."""
    name = draw(
        st.sampled_from(("net_2014", "pipa_39_15_2022", "pipa_28_6", "pipa_64_2_2023", "pipa_64_2_2026_09"))
    )
    document = with_revenue(DOCUMENTS[name], draw(revenues))
    is_new = name.startswith("pipa_64_2")
    document = with_gravity(
        {"article": "pipa_64_2", **document}, draw(st.sampled_from(BANDS if is_new else BANDS[1:]))
    )
    began = draw(st.sampled_from(("2015-03-01", "2017-12-31", "2018-12-31")))
    document["violation"] = {**document["violation"], "from": began}
    if is_new:
        document["prior_same_item_3y"] = draw(st.integers(0, 3))
        document |= {
            step: {"minus": {code: draw(percent_up_to(most)) for code, most in codes.items()}}
            for step, codes in CODES.items()
        }
    else:
        document["first_in_3_years"] = draw(st.booleans())
        sign = draw(st.sampled_from(("", "-")))
        document["additional_pct"] = sign + draw(percent_up_to(50))
    if name != "net_2014":
        document["final_cut_pct"] = "-" + draw(percent_up_to(90))
    return document

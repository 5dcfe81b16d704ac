"""Articles as the sheets of practice write them (21①, 39의4①, 31③1) and as statutes cite them."""

from __future__ import annotations

import re

CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
PATTERN = rf"(\d+)(?:의(\d+))?([{CIRCLED}])?(\d+)?"


def formal(short: str) -> str:
    """제39조의4제1항 for 39의4①. Raises ValueError for what is no short form."""
    match = re.fullmatch(PATTERN, short)
    if match is None:
        raise ValueError(f"{short!r} is not an article in short form")
    article, branch, paragraph, item = match.groups()
    parts = (
        f"제{article}조",
        f"의{branch}" if branch else "",
        f"제{CIRCLED.index(paragraph) + 1}항" if paragraph else "",
        f"제{item}호" if item else "",
    )
    return "".join(parts)

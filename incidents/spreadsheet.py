"""Cells that a spreadsheet shows and does not run."""

FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless(cell: str) -> str:
    """`cell`, with an apostrophe before whatever a spreadsheet would take for a formula."""
    return f"'{cell}" if cell[:1] in FORMULA_SIGNS else cell

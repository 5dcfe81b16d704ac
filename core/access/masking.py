"""What stands in place of a person's number or address: masks of each kind, and finding them in what people type.

Pure: text in, text out. A mask keeps what tells two people apart at a glance, and not what reaches one of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date

STAR = "*"
_EDGE = r"(?<![0-9A-Za-z*])"  # neither within a longer number nor within a hash
_END = r"(?![0-9A-Za-z*])"
_DASH = r"[-‐‑–—−－. ·]"


def mask_name(name: str) -> str:
    """`홍*동`, `홍*`, `남**민`, `J*** S****`: the first letter of each word, of a Korean name the last one too."""
    if re.fullmatch(r"[가-힣]+", name):
        inner = len(name) - 2 if len(name) > 2 else len(name) - 1
        return name[:1] + STAR * inner + (name[-1] if len(name) > 2 else "")
    return re.sub(r"(\S)(\S*)", lambda word: word[1] + STAR * len(word[2]), name)


def mask_phone(number: str) -> str:
    """`010-****-5678`: the digits between the first group and the last four; however it is written."""
    digits = [place for place, letter in enumerate(number) if letter.isdigit()]
    first = 3 if _digits(number).startswith(("01", "0")) and not _digits(number).startswith("02") else 2
    if number.lstrip("(").startswith("+"):
        first = 4
    return _starred(number, digits[first:-4])


def mask_email(address: str) -> str:
    """`ho***@example.com`: at most two letters of the name, always three stars."""
    name, _at, host = address.rpartition("@")
    return f"{name[: min(2, max(len(name) - 1, 0))]}***@{host}"


def mask_resident_number(number: str) -> str:
    """`900101-*******`: the day of birth stays, the seven digits do not."""
    return _starred(number, [place for place, letter in enumerate(number) if letter.isdigit()][6:])


def mask_card(number: str) -> str:
    """`1234-56**-****-3456`: the first six and the last four."""
    return _starred(number, [place for place, letter in enumerate(number) if letter.isdigit()][6:-4])


def mask_account(number: str) -> str:
    """`***-***-**3456`: the last four."""
    return _starred(number, [place for place, letter in enumerate(number) if letter.isdigit()][:-4])


def mask_passport(number: str) -> str:
    """`M****5678`: the letter and the last four."""
    return number[:1] + STAR * (len(number) - 5) + number[-4:]


def _starred(text: str, places: Collection[int]) -> str:
    hidden = set(places)
    return "".join(STAR if place in hidden else letter for place, letter in enumerate(text))


def _digits(text: str) -> str:
    return "".join(letter for letter in text if letter.isdigit())


def is_resident_number(text: str) -> bool:
    """Whether `text` has the shape of a 주민등록번호 or 외국인등록번호 with a day there can be.

    The check digit is not asked: numbers given since October 2020 have none.
    """
    digits = _digits(text)
    if len(digits) != 13:
        return False
    century = {"1": 1900, "2": 1900, "5": 1900, "6": 1900, "9": 1800, "0": 1800}.get(digits[6], 2000)
    try:
        date(century + int(digits[:2]), int(digits[2:4]), int(digits[4:6]))
    except ValueError:
        return False
    return True


def has_its_check_digit(text: str) -> bool:
    """Whether the last digit of a 주민등록번호 is the one the others make."""
    digits = [int(letter) for letter in _digits(text)]
    weights = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
    if len(digits) != 13:
        return False
    rest = (11 - sum(one * weight for one, weight in zip(digits[:12], weights, strict=True)) % 11) % 10
    return digits[12] in (rest, (rest + 2) % 10)  # of foreigners, two more


def is_card_number(text: str) -> bool:
    """Whether the digits are those of a payment card: 14 to 19 of them, with Luhn's check, of a network's range."""
    digits = _digits(text)
    if not 14 <= len(digits) <= 19 or digits[0] not in "234569" or len(set(digits)) < 2:
        return False
    total = 0
    for place, letter in enumerate(reversed(digits)):
        value = int(letter) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of number or address: how it looks, what besides has to be true of it, and its mask."""

    code: str
    shape: re.Pattern[str]
    mask: Callable[[str], str]
    holds: Callable[[str], bool] = bool


def _seems_resident_number(text: str) -> bool:
    """With its dash the shape is enough; thirteen digits in a row might be anything, so those need their check."""
    parted = not text.isdigit()
    return is_resident_number(text) and (parted or has_its_check_digit(text))


RESIDENT = Kind(
    "resident",
    re.compile(rf"{_EDGE}\d{{6}}\s?{_DASH}?\s?[0-9]\d{{6}}{_END}"),
    mask_resident_number,
    _seems_resident_number,
)
CARD = Kind(
    "card",
    re.compile(
        rf"{_EDGE}\d{{4}}{_DASH}?\d{{4}}{_DASH}?\d{{4}}{_DASH}?\d{{2,7}}{_END}|{_EDGE}\d{{4}}{_DASH}\d{{6}}{_DASH}\d{{5}}{_END}"
    ),
    mask_card,
    is_card_number,
)
PHONE = Kind(
    "phone",
    re.compile(
        rf"(?<![0-9A-Za-z*+-])(?:\(?\+?82\)?{_DASH}?\(?0?\)?{_DASH}?(?:1[016789]|2|[3-6]\d|70){_DASH}?\d{{3,4}}{_DASH}?\d{{4}}"
        rf"|\(?01[016789]\)?{_DASH}{{0,2}}\d{{3,4}}{_DASH}?\d{{4}}"
        rf"|\(?0(?:2|[3-6]\d|70|50\d)(?:\){_DASH}?|{_DASH}{{1,2}})\d{{3,4}}{_DASH}\d{{4}}"
        rf"|0(?:2\d{{7,8}}|(?:[3-6]\d|70)\d{{7,8}}))(?![0-9A-Za-z*-])"
    ),
    mask_phone,
)
EMAIL = Kind(
    "email",
    re.compile(
        r"(?<![\w.+%*-])[\w.+%-]+@(?:[A-Za-z0-9가-힣](?:[A-Za-z0-9가-힣-]*[A-Za-z0-9가-힣])?\.)+[A-Za-z가-힣]{2,}",
        re.ASCII,
    ),
    mask_email,
)
PASSPORT = Kind(
    "passport",
    re.compile(
        r"(?<![0-9A-Za-z*-])(?:[MSRODGPTmsrodgpt]\d{3}[A-Za-z]\d{4}|[MSRODGTmsrodgt]\d{8}|(?:PM|PS|PR|PO|PD)\d{7})(?![0-9A-Za-z*-])"
    ),
    mask_passport,
)
KINDS = (EMAIL, RESIDENT, CARD, PHONE, PASSPORT)


def masked(text: str, *, but: Collection[str] = ()) -> str:
    """`text` with every such number and address masked, save those in `but`. Again changes nothing."""
    for kind in KINDS:
        text = kind.shape.sub(lambda found, kind=kind: _mask_of(kind, found[0], but), text)  # type: ignore[misc]
    return text


def _mask_of(kind: Kind, found: str, but: Collection[str]) -> str:
    return found if found in but or not kind.holds(found) else kind.mask(found)


def found_in(text: str, *kinds: Kind) -> list[str]:
    """What `masked` would mask, in the order of the kinds; of these kinds only, if any are named."""
    return [one[0] for kind in kinds or KINDS for one in kind.shape.finditer(text) if kind.holds(one[0])]


def restored(text: str, original: str) -> str:
    """`text`, which somebody edited as it was shown masked, with what stood in `original` where its mask still stands.

    Two with the same mask come back in the order they stood in.
    """
    for full in found_in(original):
        mask = masked(full)
        if mask != full:
            text = text.replace(mask, full, 1)
    return text

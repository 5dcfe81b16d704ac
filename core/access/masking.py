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
_DASH = r"[-‐‑–—−－. ·\u00a0\u200b\u2060]"


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


def mask_cut_number(number: str) -> str:
    """`010-****-5…` would tell what `010-****-5678` does not: of a number cut short no more than its beginning stays."""
    kept = 3 if _digits(number).startswith(("0", "82")) else 6
    return _starred(number, [place for place, letter in enumerate(number) if letter.isdigit()][kept:])


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
# The end of a bank's name, or what an account is called; the short names of banks are everyday words as well.
# Each begins with a letter of its own, so that a page without any is read quickly.
_BANK = "은행|뱅크|금고|증권|우체국|농협|축협|수협|신협|카뱅|케뱅|신한|국민|우리|하나|기업|제일|씨티|산업|새마을|토스|Bank|bank"
_NAMED = r"계좌(?:\s?번호)?|account number|Account number|account no\.?|Account no\.?"
_GAP = r"[\s:：=(\[,]{0,3}(?:은|는|이|가|의)?\s?"
_HOLDER = r"(?:\(?예금주[\s:：]{0,2})?(?:[가-힣]{2,5}\)?\s)?"
_HYPHEN = "[-‐‑–—−]"
_PARTED = rf"\d{{2,6}}(?:{_HYPHEN}\d{{1,8}}){{2,4}}|\d{{2,6}}(?: \d{{2,8}}){{2,3}}"  # one sign throughout
_ACCOUNT = rf"(?:{_PARTED}|\d{{3,6}}{_HYPHEN}\d{{6,10}}|\d{{10,16}})"
_NO_AMOUNT = r"(?!\s?(?:원|건|명|개|회|바이트|KRW|USD|won\b|[천만억]))"
_DAY = re.compile(r"(?:19|20)\d\d\D(?:0?[1-9]|1[0-2])\D(?:0?[1-9]|[12]\d|3[01])(?!\d)")
_STAMP = re.compile(r"20\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d)?")


def _seems_account(text: str) -> bool:
    """Whether the number beside such a word can be one of an account: not a day, a case, a telephone, a card."""
    number = _number_in(text)
    digits = _digits(number)
    if not 10 <= len(digits) <= 16 or len(set(digits)) == 1:
        return False
    if re.fullmatch(r"(?:19|20)\d\d\D\d{3,6}", number):  # a case, a copy
        return False
    if _DAY.match(number) or _STAMP.fullmatch(number):
        return False
    if re.fullmatch(r"\d{3}\D\d{2}\D\d{5}", number) and "계좌" not in text:  # of a business
        return False
    return not any(kind.shape.fullmatch(number) and kind.holds(number) for kind in (RESIDENT, CARD, PHONE))


def _number_in(text: str) -> str:
    found = max(re.finditer(rf"\d(?:{_DASH}?\d)*", text), key=lambda one: len(one[0]), default=None)
    return found[0] if found else ""


def _mask_beside(text: str) -> str:
    """The words stay, the number shows its last four."""
    number = _number_in(text)
    return text.replace(number, mask_account(number))


ACCOUNT = Kind(
    "account",
    re.compile(
        rf"(?:{_BANK}|{_NAMED})\)?{_GAP}(?:(?:{_NAMED}){_GAP})?{_HOLDER}"
        rf"(?<![0-9A-Za-z*]){_ACCOUNT}{_END}(?!{_HYPHEN}\d){_NO_AMOUNT}"
    ),
    _mask_beside,
    _seems_account,
)
ACCOUNT_FIRST = Kind(  # 110-123-456789 (신한은행)
    "account",
    re.compile(
        rf"(?=\d)(?<![0-9A-Za-z*])(?<!\d[-.:]){_ACCOUNT}\s?[(\[]?"
        r"(?:[가-힣A-Za-z]{1,6}(?:은행|뱅크|금고|증권|Bank|bank)|우체국|농협|수협|신협)"
    ),
    _mask_beside,
    _seems_account,
)
_NO_HASH = r"(?<!해시 )(?<!hash )"  # of ours: its first twelve signs can all be digits


def _seems_cut(text: str) -> bool:
    """Six digits that begin a number of a resident are a day of birth; the other shapes are enough."""
    if not re.match(r"\d{6}", text) or text.startswith(("0", "82")):
        return True
    return bool(re.match(r"\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])", text))


CUT = Kind(  # by an ellipsis, where a page shows the beginning of a longer text
    "cut",
    re.compile(
        rf"(?<![0-9A-Za-z*-]){_NO_HASH}(?:\+?82|\(?0)(?:[)]?{_DASH}?\d){{4,}}{_DASH}?…"
        rf"|{_EDGE}{_NO_HASH}\d{{6}}\s?{_DASH}?\s?\d{{1,6}}…|{_EDGE}\d{{4}}{_DASH}\d{{4}}{_DASH}[\d-]*…"
    ),
    mask_cut_number,
    _seems_cut,
)
CUT_EMAIL = Kind("cut-email", re.compile(r"(?<![\w.+%*-])[\w.+%-]+@[\w.-]*…", re.ASCII), mask_email)
KINDS = (EMAIL, RESIDENT, CARD, PHONE, PASSPORT, ACCOUNT, ACCOUNT_FIRST, CUT, CUT_EMAIL)
_SIGNS = re.compile(r"@|\d(?:\D*\d){4}")  # no kind does without an @ or five digits


def may_hold(text: str) -> bool:
    """A quick look: False where no such number or address can stand in `text`."""
    return _SIGNS.search(text) is not None


def masked(text: str, *, but: Collection[str] = ()) -> str:
    """`text` with every such number and address masked, save those in `but`. Again changes nothing."""
    if not may_hold(text):
        return text
    for kind in KINDS:
        text = kind.shape.sub(lambda found, kind=kind: _mask_of(kind, found[0], but), text)  # type: ignore[misc]
    return text


def _mask_of(kind: Kind, found: str, but: Collection[str]) -> str:
    return found if found in but or not kind.holds(found) else kind.mask(found)


def found_in(text: str, *kinds: Kind) -> list[str]:
    """What `masked` would mask, in the order of the kinds; of these kinds only, if any are named."""
    if not may_hold(text):
        return []
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

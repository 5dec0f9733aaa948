"""Valid codes for whole columns: unified social credit codes, trade item numbers, patent application numbers."""

import numpy as np

from zhunsheng.ledgers.uscc import (
    CHARACTERS,
    SUBJECT_WEIGHTS,
    WEIGHTS,
    check_character,
    subject_check_character,
)
from zhunsheng.synthesis.amounts import Array
from zhunsheng.synthesis.columns import text

_BASE = len(CHARACTERS)
_SERIALS = _BASE**6
_STEP = 387_420_489 * 2 + 1
_OLD_SERIALS = 10**8
_OLD_STEP = 61_803_399
_VALUES = np.array([int(each, 36) for each in CHARACTERS], dtype=np.int64)
_M, _A = CHARACTERS.index("M"), CHARACTERS.index("A")
_PATENT_WEIGHTS = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)


def credit_code_columns(ids: Array, kinds: Array, areas: Array, is_old: Array) -> dict[str, Array]:
    """The parts of a credit code for each entity, as numbers; no two ids have the same code.

    Args:
        ids: surrogates of entities.
        kinds: 0 enterprise, 1 individual, 2 cooperative, 3 foreign office.
        areas: six digits of the registering authority's area.
        is_old: whether the subject code is one of the older, numeric ones.

    Returns:
        `class`, `area`, `old`, `serial`, `check17` and `check18` (positions in the character set).
    """
    ids = ids.astype(np.int64)
    serial = np.where(is_old, (ids * _OLD_STEP + 17) % _OLD_SERIALS, (ids * _STEP + 5) % _SERIALS)
    subject = np.empty((len(ids), 8), dtype=np.int64)
    rest = serial.copy()
    base = np.where(is_old, 10, _BASE)
    for place in range(7, -1, -1):
        subject[:, place] = rest % base
        rest //= base
    subject[~is_old, 0], subject[~is_old, 1] = _M, _A
    sums = (_VALUES[subject] * np.array(SUBJECT_WEIGHTS)).sum(axis=1)
    remainder = 11 - sums % 11
    check17 = np.where(remainder == 10, CHARACTERS.index("X"), np.where(remainder == 11, 0, remainder))
    kind = np.where(kinds == 1, 2, np.where(kinds == 2, 3, 1))
    weights = np.array(WEIGHTS, dtype=np.int64)
    total = 9 * weights[0] + kind * weights[1]
    digits = areas.astype(np.int64)
    for place in range(7, 1, -1):
        total = total + digits % 10 * weights[place]
        digits = digits // 10
    total = total + (subject * weights[8:16]).sum(axis=1) + check17 * weights[16]
    check18 = (31 - total % 31) % 31
    return {
        "class": kind,
        "area": areas,
        "old": is_old,
        "serial": serial,
        "check17": check17,
        "check18": check18,
    }


def credit_code_sql() -> str:
    """The SQL expression that puts the code together from the columns, each with `x_` before its name."""
    letters = text(CHARACTERS)
    digits = " || ".join(
        f"substr({letters}, (x_serial // {_BASE**power} % {_BASE} + 1)::INTEGER, 1)"
        for power in range(5, -1, -1)
    )
    subject = f"CASE WHEN x_old THEN lpad(x_serial::VARCHAR, 8, '0') ELSE 'MA' || {digits} END"
    ends = " || ".join(f"substr({letters}, (x_{name} + 1)::INTEGER, 1)" for name in ("check17", "check18"))
    return f"'9' || x_class || x_area || {subject} || {ends}"


def credit_code(number: int, kind: str, area: str) -> str:
    """A single code by the same rule as the columns.

    Args:
        number: surrogate of an entity with a newer subject code.
        kind: second character.
        area: six digits of the registering authority's area.
    """
    serial = (number * _STEP + 5) % _SERIALS
    digits = ""
    for _ in range(6):
        serial, digit = divmod(serial, _BASE)
        digits = CHARACTERS[digit] + digits
    subject = f"MA{digits}"
    first = f"9{kind}{area}{subject}{subject_check_character(subject)}"
    return first + check_character(first)


def trade_item_numbers(numbers: Array) -> Array:
    """GTIN-13 for each number (up to nine digits), beginning with 690, as whole numbers."""
    body = 690_000_000_000 + numbers.astype(np.int64) % 1_000_000_000
    digits = body.copy()
    total = np.zeros(len(body), dtype=np.int64)
    for place in range(12):
        total += digits % 10 * (3 if place % 2 == 0 else 1)
        digits //= 10
    return body * 10 + -total % 10


def patent_numbers(years: Array, kinds: Array, serials: Array) -> tuple[Array, Array]:
    """Application numbers: the twelve digits, and the check digit (10 stands for X).

    Args:
        years: of application.
        kinds: 0 invention, 1 utility model, 2 design.
        serials: below ten million, different within a year and kind.
    """
    body = (years * 10 + kinds + 1) * 10_000_000 + serials
    digits = body.copy()
    total = np.zeros(len(body), dtype=np.int64)
    for weight in reversed(_PATENT_WEIGHTS):
        total += digits % 10 * weight
        digits //= 10
    return body, total % 11

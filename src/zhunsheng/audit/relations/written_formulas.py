"""Computations written out in the text: （1139.68-1149.77）/1149.77×100%=-0.88%, 12+89+100=201.

The signs are read into tokens; before every equals sign the longest piece that is a computation in numbers
is worked out with the intervals its figures stand for.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import Enum
from fractions import Fraction

from zhunsheng.audit.agreement import Range, exactly
from zhunsheng.audit.passages import Passage
from zhunsheng.audit.quantities.numeral import Numeral
from zhunsheng.audit.quantities.units import Dimension
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.relations.verdicts import figure_range

_OPERATORS = {"+": "+", "-": "-", "×": "×", "*": "×", "÷": "÷", "/": "÷", "x": "×", "X": "×"}
_MOST_TOKENS = 200
# figures that end right where a computation seems to begin: it was cut in two
_TORN = re.compile(r"\d[,.]?$")
_GLUED = re.compile(r"\d{1,2}\.(?P<rest>\d[\d,]*(?:\.\d+)?)$")


class TokenKind(Enum):
    """What a token of a written computation is."""

    NUMBER = "number"
    OPERATOR = "operator"
    OPEN = "open"
    CLOSE = "close"
    EQUALS = "equals"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Token:
    """A token with its characters in the passage.

    Attributes:
        text: an operator as one of + - × ÷, words as written.
    """

    kind: TokenKind
    start: int
    end: int
    text: str
    numeral: Numeral | None = None


@dataclass(frozen=True, slots=True)
class WrittenFormula:
    """A computation in numbers and the result printed after it.

    Attributes:
        value: what it comes to; a percentage factor counts as its hundredth.
        figures: the figures it is made of.
        start, end: its characters in the passage, the result excluded.
        per_cent: it multiplies by 100 %, so that its value is printed as a percentage.
        divides: it has a division.
        torn: figures stand right before it without a space, so that it may begin earlier.
        unmarked: its value when the first figure begins with the number of a list item (1.40 for 40), or None.
    """

    passage: Passage
    value: Range
    figures: tuple[Numeral, ...]
    result: Numeral
    start: int
    end: int
    per_cent: bool
    divides: bool
    torn: bool
    unmarked: Range | None


def tokens_of(reading: Reading, passage: Passage) -> list[Token]:
    """The tokens of a passage; runs of other characters are words."""
    numerals = {each.start: each for each in reading.numerals_in(passage) if each.quantity is not None}
    found: list[Token] = []
    text = passage.text
    position = words_from = 0

    def close(end: int) -> None:
        piece = text[words_from:end].strip()
        if piece:
            found.append(Token(TokenKind.WORDS, words_from, end, piece))

    while position < len(text):
        token = _token_at(text, position, numerals)
        if token is None:
            position += 1
            continue
        close(position)
        found.append(token)
        position = words_from = token.end
    close(len(text))
    return found


def _token_at(text: str, position: int, numerals: dict[int, Numeral]) -> Token | None:
    numeral = numerals.get(position)
    if numeral is not None:
        return Token(TokenKind.NUMBER, position, numeral.end, numeral.text, numeral)
    character = text[position]
    if character in "xX" and not _between_numbers(text, position):
        return None
    if character in _OPERATORS:
        return Token(TokenKind.OPERATOR, position, position + 1, _OPERATORS[character])
    if character in "（）":
        kind = TokenKind.OPEN if character == "（" else TokenKind.CLOSE
        return Token(kind, position, position + 1, character)
    if character == "=":
        return Token(TokenKind.EQUALS, position, position + 1, character)
    return None


def _between_numbers(text: str, position: int) -> bool:
    return text[position - 1 : position].isdigit() and text[position + 1 : position + 2].isdigit()


def written_formulas(reading: Reading) -> Iterator[WrittenFormula]:
    """All computations in numbers followed by = and a figure."""
    for passage in reading.passages:
        if "=" not in passage.text:
            continue
        tokens = tokens_of(reading, passage)
        for index, token in enumerate(tokens[:-1]):
            if token.kind is TokenKind.EQUALS:
                found = _before(passage, tokens, index)
                if found is not None:
                    yield found


def _before(passage: Passage, tokens: Sequence[Token], equals: int) -> WrittenFormula | None:
    result = tokens[equals + 1].numeral
    if result is None or _goes_on(tokens, equals + 2):
        return None
    first = equals
    while first > 0 and equals - first < _MOST_TOKENS:
        if tokens[first - 1].kind in {TokenKind.WORDS, TokenKind.EQUALS}:
            break
        first -= 1
    for start in range(first, equals):
        piece = tokens[start:equals]
        if not any(each.kind is TokenKind.OPERATOR for each in piece):
            return None
        value = _Computation(piece).value()
        if value is not None:
            figures = tuple(each.numeral for each in piece if each.numeral is not None)
            return WrittenFormula(
                passage,
                value,
                figures,
                result,
                piece[0].start,
                piece[-1].end,
                any(each.dimension is Dimension.PERCENT and each.amount == 100 for each in figures),
                any(each.text == "÷" for each in piece),
                _TORN.search(passage.text[: piece[0].start]) is not None,
                _unmarked(passage, piece),
            )
    return None


def _goes_on(tokens: Sequence[Token], index: int) -> bool:
    """Whether the figure after the equals sign is itself the beginning of a computation."""
    return index < len(tokens) and tokens[index].kind is TokenKind.OPERATOR


def _unmarked(passage: Passage, piece: Sequence[Token]) -> Range | None:
    """The value without the list number that may be glued to the first figure: 1.17+20 is item 1, 17+20."""
    first = piece[0]
    if first.numeral is None or first.numeral.quantity is None:
        return None
    glued = _GLUED.match(passage.text[first.start : first.numeral.digits_end])
    if glued is None:
        return None
    quantity = replace(first.numeral.quantity, value=Decimal(glued["rest"].replace(",", "")))
    changed = replace(first, numeral=replace(first.numeral, quantity=quantity))
    return _Computation([changed, *piece[1:]]).value()


class _Computation:
    """Reads tokens by the usual precedence; anything that is no computation has no value."""

    def __init__(self, tokens: Sequence[Token]) -> None:
        self._tokens = tokens
        self._at = 0

    def value(self) -> Range | None:
        """The value when all tokens belong to one computation."""
        found = self._sum()
        return found if self._at == len(self._tokens) else None

    def _operator(self, wanted: str) -> str:
        if self._at < len(self._tokens):
            token = self._tokens[self._at]
            if token.kind is TokenKind.OPERATOR and token.text in wanted:
                self._at += 1
                return token.text
        return ""

    def _sum(self) -> Range | None:
        value = self._product()
        while value is not None and (operator := self._operator("+-")):
            other = self._product()
            if other is None:
                return None
            value = value + other if operator == "+" else value - other
        return value

    def _product(self) -> Range | None:
        value = self._factor()
        while value is not None and (operator := self._operator("×÷")):
            other = self._factor()
            if other is None or (operator == "÷" and other.low <= 0 <= other.high):
                return None
            value = value * other if operator == "×" else value / other
        return value

    def _factor(self) -> Range | None:
        if self._operator("-"):
            inner = self._factor()
            return -inner if inner is not None else None
        if self._at >= len(self._tokens):
            return None
        token = self._tokens[self._at]
        self._at += 1
        if token.numeral is not None:
            return _factor_range(token.numeral)
        if token.kind is not TokenKind.OPEN:
            return None
        inner = self._sum()
        if inner is None or self._at >= len(self._tokens):
            return None
        self._at += 1
        return inner if self._tokens[self._at - 1].kind is TokenKind.CLOSE else None


def _factor_range(numeral: Numeral) -> Range:
    """What a figure stands for in a computation; 100% is the exact number 1."""
    value = figure_range(numeral)
    if numeral.dimension is not Dimension.PERCENT:
        return value
    if numeral.amount == 100:
        return exactly(1)
    return value * exactly(Fraction(1, 100))

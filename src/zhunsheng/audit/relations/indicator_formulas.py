"""Indicators defined by a formula in words: 已报企业数/应报企业数×100%, and what their names promise."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from zhunsheng.audit.passages import Passage
from zhunsheng.audit.quantities.numeral import Numeral
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.relations.written_formulas import Token, TokenKind, tokens_of

_SCALES = {
    "十万": 100_000,
    "百万": 1_000_000,
    "千万": 10_000_000,
    "亿": 10**8,
    "万": 10_000,
    "千": 1_000,
    "百": 100,
}
_PER_NAME = re.compile(
    r"(?:每|^|(?<=[^\d.,一-龥]))(十万|百万|千万|亿|万|千|百)(?:人口|人|台|户|辆|车|家|件|公里|亩|吨)|每(十万|百万|千万|亿|万)元"
)
_PER_UNIT = re.compile(r"/(十万|百万|千万|亿|万|千|百)[\u4e00-\u9fff]")
_RATE_NAME = re.compile(r"率$|比例$|比重$|率控制$")
_NOT_A_SHARE = re.compile(r"频率|汇率|费率|利率|效率|税率|死亡率|出生率|发生率|千分")
_CLAUSE = re.compile(r"[，。；：\n=]")
_NAME_LENGTH = 40


@dataclass(frozen=True, slots=True)
class IndicatorFormula:
    """A formula in words.

    Attributes:
        name: the indicator it defines.
        tokens: its tokens, from the first operand to the last.
        scale: what the name or the unit of the target measures per (10,000 for 万台), or None.
        target: the target stated after the formula or before it in brackets, or None.
    """

    passage: Passage
    name: str
    tokens: tuple[Token, ...]
    scale: int | None
    target: Numeral | None

    @property
    def start(self) -> int:
        """First character in the passage."""
        return self.tokens[0].start

    @property
    def end(self) -> int:
        """Character after the last one in the passage."""
        return self.tokens[-1].end

    @property
    def is_rate(self) -> bool:
        """Whether the name is that of a share in per cent."""
        return _RATE_NAME.search(self.name) is not None and not _NOT_A_SHARE.search(self.name)

    @property
    def factors(self) -> tuple[tuple[str, Numeral], ...]:
        """The numbers of the formula with the operator before each ("" for the first)."""
        found = []
        for index, token in enumerate(self.tokens):
            if token.numeral is not None:
                before = self.tokens[index - 1] if index else None
                operator = before.text if before and before.kind is TokenKind.OPERATOR else ""
                found.append((operator, token.numeral))
        return tuple(found)

    @property
    def divisors(self) -> int:
        """How many times it divides outside brackets."""
        depth = count = 0
        for token in self.tokens:
            if token.kind is TokenKind.OPEN:
                depth += 1
            elif token.kind is TokenKind.CLOSE:
                depth -= 1
            elif depth == 0 and token.kind is TokenKind.OPERATOR and token.text == "÷":
                count += 1
        return count


def indicator_formulas(reading: Reading) -> Iterator[IndicatorFormula]:
    """All formulas in words with at least one division or multiplication and one number."""
    for passage in reading.passages:
        if not re.search(r"[/÷×*]", passage.text):
            continue
        for piece in _pieces(tokens_of(reading, passage)):
            found = _formula(reading, passage, piece)
            if found is not None:
                yield found


def _pieces(tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """Stretches of operands joined by operators; words are cut at commas and the like."""
    current: list[Token] = []
    for token in tokens:
        if token.kind is TokenKind.EQUALS:
            yield current
            current = []
            continue
        if current and _separate(current[-1], token):
            yield current
            current = []
        if token.kind is not TokenKind.WORDS:
            current.append(token)
            continue
        cuts = list(_CLAUSE.finditer(token.text))
        if not cuts:
            current.append(token)
            continue
        head = token.text[: cuts[0].start()]
        if head:
            current.append(Token(TokenKind.WORDS, token.start, token.start + len(head), head))
        yield current
        tail = token.text[cuts[-1].end() :]
        current = [Token(TokenKind.WORDS, token.end - len(tail), token.end, tail)] if tail else []
    yield current


def _separate(one: Token, other: Token) -> bool:
    """Whether two tokens beside each other cannot belong to one formula: operands without an operator."""
    if other.kind is TokenKind.NUMBER:
        return one.kind in {TokenKind.WORDS, TokenKind.NUMBER, TokenKind.CLOSE}
    if other.kind is TokenKind.WORDS:
        return one.kind in {TokenKind.NUMBER, TokenKind.CLOSE}
    return one.kind is TokenKind.NUMBER and other.kind is TokenKind.OPEN


def _formula(reading: Reading, passage: Passage, piece: list[Token]) -> IndicatorFormula | None:
    piece = _trimmed(piece)
    kinds = [each.kind for each in piece]
    operators = [each.text for each in piece if each.kind is TokenKind.OPERATOR]
    if TokenKind.WORDS not in kinds or not any(each.numeral for each in piece):
        return None
    if not {"÷", "×"} & set(operators):
        return None
    target = _target(reading, passage, piece)
    name = _name(reading, passage, piece[0].start)
    scale = _scale(name, target)
    return IndicatorFormula(passage, name, tuple(piece), scale, target)


def _trimmed(piece: list[Token]) -> list[Token]:
    """A piece without operators and stray brackets at its ends."""
    first, last = 0, len(piece)
    while first < last and piece[first].kind in {TokenKind.OPERATOR, TokenKind.CLOSE}:
        first += 1
    while last > first and piece[last - 1].kind is TokenKind.OPERATOR:
        last -= 1
    while last - first > 2 and piece[first].kind is TokenKind.OPEN and _closes(piece, first) == last - 1:
        first, last = first + 1, last - 1
    opened = sum(each.kind is TokenKind.OPEN for each in piece[first:last])
    closed = sum(each.kind is TokenKind.CLOSE for each in piece[first:last])
    for index in range(first, last):
        if opened > closed and piece[index].kind is TokenKind.OPEN:
            first = index + 1
            break
    if closed > opened and last > first and piece[last - 1].kind is TokenKind.CLOSE:
        last -= 1
    return piece[first:last]


def _closes(piece: Sequence[Token], opening: int) -> int:
    """Where a bracket is closed."""
    depth = 0
    for index in range(opening, len(piece)):
        depth += (piece[index].kind is TokenKind.OPEN) - (piece[index].kind is TokenKind.CLOSE)
        if depth == 0:
            return index
    return -1


def _name(reading: Reading, passage: Passage, start: int) -> str:
    """The indicator a formula defines: before an equals sign, else the label of its row."""
    before = re.sub(r"[=（\s]+$", "", passage.text[:start])
    words = _CLAUSE.split(before)[-1]
    if len(words) >= 2 and passage.text[len(before) : start].strip().startswith("="):
        return words[-_NAME_LENGTH:]
    if passage.cell is not None:
        view = reading.tables[passage.cell.table]
        for column in range(passage.cell.column - 1, -1, -1):
            text = view.texts.get((passage.cell.row, column), "")
            if re.search("[\u4e00-\u9fff]{2}", text):
                return text[:_NAME_LENGTH]
    return words[-_NAME_LENGTH:]


def _target(reading: Reading, passage: Passage, piece: Sequence[Token]) -> Numeral | None:
    """The figure stated with the formula: after it in the same sentence, or right before its bracket."""
    inside = {each.numeral.number for each in piece if each.numeral is not None}
    start, end = passage.sentence_at(piece[0].start)
    after = [
        each
        for each in reading.numerals_in(passage)
        if piece[-1].end <= each.start < end and each.quantity is not None
    ]
    before = [
        each
        for each in reading.numerals_in(passage)
        if start <= each.start < piece[0].start and each.quantity is not None and each.number not in inside
    ]
    if passage.text[piece[0].start - 1 : piece[0].start] == "（" and before:
        return before[-1]
    return after[0] if after else None


def _scale(name: str, target: Numeral | None) -> int | None:
    if target is not None and target.quantity is not None:
        match = _PER_UNIT.search(target.quantity.unit)
        if match:
            return _SCALES[match[1]]
    match = _PER_NAME.search(name)
    return _SCALES[match[1] or match[2]] if match else None

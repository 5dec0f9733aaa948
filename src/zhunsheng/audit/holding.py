"""Holding a document against another that is known to be right: every number verified, each change named.

The known document is what the case itself would print. Passages are matched by their words with the
figures left out, so a changed figure shows as a difference and a changed sentence as something to verify.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher

from zhunsheng.audit.auditing import Audit, Coverage, Obligation
from zhunsheng.audit.finding import Check, Finding, FoundPlace, Outcome
from zhunsheng.audit.passages import Passage
from zhunsheng.audit.quantities.numeral import Numeral, Role
from zhunsheng.audit.reading import Reading
from zhunsheng.kernel.problem import Kind, Severity

DIFFERS = Kind(
    "C001",
    Severity.ERROR,
    "报告的数与年度档案不符",
    "以档案为准更正报告；如报告是对的，先改档案再重新生成报告。",
)
NOT_IN_CASE = Kind(
    "C002",
    Severity.WARNING,
    "报告的数在年度档案中没有",
    "补入档案并写明来源，或从报告中删去。",
)

HELD = frozenset({DIFFERS.code, NOT_IN_CASE.code})
"""Codes of findings that come from holding against a year, not from a rule."""

_SIMILAR = 0.6


@dataclass(frozen=True, slots=True)
class _Line:
    """A passage with its figures left out."""

    passage: Passage
    skeleton: str
    numerals: tuple[Numeral, ...]


def hold_against(actual: Reading, known: Sequence[Reading]) -> Audit:
    """Compare every numeral of a document with the known document that is most like it.

    Args:
        known: what the case would print: the report and its forms.
    """
    lines = _lines(actual)
    best = max(known, key=lambda each: _common(lines, _lines(each)), default=None)
    checks = list(_checks(actual, lines, _lines(best))) if best is not None else []
    findings = tuple(check.finding for check in checks if check.finding is not None)
    content = [numeral for numeral in actual.numerals if not numeral.is_structural]
    checked = {number for check in checks for _, number in check.numerals}
    understood = sum(numeral.role is not Role.UNKNOWN for numeral in content)
    outcomes = [check.outcome for check in checks]
    obligation = Obligation(
        DIFFERS.code,
        DIFFERS.title,
        len(checks),
        outcomes.count(Outcome.PASSED),
        outcomes.count(Outcome.FAILED),
        outcomes.count(Outcome.INSUFFICIENT),
    )
    coverage = Coverage(
        len(actual.numerals),
        len(actual.numerals) - len(content),
        understood,
        sum(numeral.number in checked for numeral in content),
        len(content) - understood,
    )
    return Audit((actual,), tuple(checks), findings, (obligation,), (coverage,))


def _lines(reading: Reading) -> list[_Line]:
    found = []
    for passage in reading.passages:
        numerals = reading.numerals_in(passage)
        pieces = []
        position = 0
        for numeral in numerals:
            pieces.append(passage.text[position : numeral.start])
            position = numeral.digits_end
        pieces.append(passage.text[position:])
        found.append(_Line(passage, "#".join(pieces), numerals))
    return found


def _common(lines: Sequence[_Line], others: Sequence[_Line]) -> int:
    known = {each.skeleton for each in others}
    return sum(len(each.skeleton) for each in lines if each.skeleton in known)


def _checks(actual: Reading, lines: list[_Line], known: list[_Line]) -> Iterator[Check]:
    matcher = SequenceMatcher(
        None, [each.skeleton for each in known], [each.skeleton for each in lines], autojunk=False
    )
    for tag, first, last, begin, end in matcher.get_opcodes():
        if tag == "equal":
            for one, other in zip(known[first:last], lines[begin:end], strict=True):
                yield from _figures(actual, one, other)
        elif begin < end:
            yield from _changed(actual, known[first:last], lines[begin:end])


def _changed(actual: Reading, known: Sequence[_Line], lines: Sequence[_Line]) -> Iterator[Check]:
    """Passages whose words differ: matched by likeness, else unknown to the case."""
    left = list(known)
    for line in lines:
        likely = max(left, key=lambda each: _likeness(each, line), default=None)
        if likely is not None and _likeness(likely, line) >= _SIMILAR:
            left.remove(likely)
            yield from _matched_words(actual, likely, line)
        else:
            for numeral in line.numerals:
                yield from _unknown(actual, numeral)


def _likeness(one: _Line, other: _Line) -> float:
    matcher = SequenceMatcher(None, one.skeleton, other.skeleton, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= _SIMILAR else 0.0


def _matched_words(actual: Reading, one: _Line, other: _Line) -> Iterator[Check]:
    """Figures of a reworded passage, paired where the words around them are the same."""
    places = {index for index, character in enumerate(other.skeleton) if character == "#"}
    order = {index: number for number, index in enumerate(sorted(places))}
    known_order = {
        index: number
        for number, index in enumerate(i for i, character in enumerate(one.skeleton) if character == "#")
    }
    paired: dict[int, int] = {}
    for block in SequenceMatcher(None, one.skeleton, other.skeleton, autojunk=False).get_matching_blocks():
        for step in range(block.size):
            if block.b + step in order and block.a + step in known_order:
                paired[order[block.b + step]] = known_order[block.a + step]
    for number, numeral in enumerate(other.numerals):
        if number in paired and paired[number] < len(one.numerals):
            yield _compared(actual, one.numerals[paired[number]], numeral)
        else:
            yield from _unknown(actual, numeral)


def _figures(actual: Reading, known: _Line, line: _Line) -> Iterator[Check]:
    for one, other in zip(known.numerals, line.numerals, strict=False):
        yield _compared(actual, one, other)


def _compared(actual: Reading, known: Numeral, numeral: Numeral) -> Check:
    identifiers = ((actual.index, numeral.number),)
    same = known.text == numeral.text or (
        known.quantity is not None
        and numeral.quantity is not None
        and known.quantity.unit == numeral.quantity.unit
        and known.amount == numeral.amount
    )
    if same:
        return Check(DIFFERS.code, Outcome.PASSED, identifiers)
    finding = Finding(
        DIFFERS.code,
        DIFFERS.severity,
        Decimal("0.98"),
        f"报告写 {numeral.text}，按年度档案应为 {known.text}",
        (FoundPlace(actual.index, numeral.span, numeral.text, "报告"),),
        DIFFERS.remedy,
        numeral.text,
        known.text,
    )
    return Check(DIFFERS.code, Outcome.FAILED, identifiers, finding)


def _unknown(actual: Reading, numeral: Numeral) -> Iterator[Check]:
    if numeral.is_structural:
        return
    finding = Finding(
        NOT_IN_CASE.code,
        NOT_IN_CASE.severity,
        Decimal("0.7"),
        f"“{numeral.text}”不在按年度档案生成的报告中，无法核对",
        (FoundPlace(actual.index, numeral.span, numeral.text, "报告"),),
        NOT_IN_CASE.remedy,
        numeral.text,
    )
    yield Check(NOT_IN_CASE.code, Outcome.FAILED, ((actual.index, numeral.number),), finding)

"""A708: a part that is 100 % of something equals it."""

import re
from collections.abc import Iterator

from zhunsheng.audit.agreement import Agreement, agree, as_printed, range_of
from zhunsheng.audit.finding import Check
from zhunsheng.audit.quantities.numeral import Numeral
from zhunsheng.audit.quantities.units import Dimension
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.rule import AuditRule, place_of

CODE = "A708"

_SHARE_OF = re.compile(
    r"^[，、（]?(?:约)?占(?P<label>[^，。；：（）\d]{3,24}?)(?:的)?(?:比例|比重)?(?:为|达)?(?:的)?$"
)
_TAIL = re.compile(r"(?:总额|总数|总量|总计|合计|总|数|的)+$")
_LABEL_LENGTH = 4


def check(reading: Reading, rule: AuditRule) -> Iterator[Check]:
    """Find the amount of what is said to be covered wholly, elsewhere in the document."""
    for passage in reading.prose:
        numerals = reading.numerals_in(passage)
        for index, share in enumerate(numerals[1:], start=1):
            part = numerals[index - 1]
            if share.dimension is not Dimension.PERCENT or share.amount != 100:
                continue
            if part.dimension is not Dimension.MONEY or part.quantity is None:
                continue
            match = _SHARE_OF.match(passage.text[part.end : share.start])
            if match is None:
                continue
            label = _TAIL.sub("", match["label"])
            wholes = [
                each for each in _labelled(reading, label) if each.number not in {part.number, share.number}
            ]
            if not wholes:
                yield rule.insufficient(reading, part, share, detail="文中没有写总额")
                continue
            yield _judged(reading, rule, part, share, wholes, label)


def _judged(
    reading: Reading, rule: AuditRule, part: Numeral, share: Numeral, wholes: list[Numeral], label: str
) -> Check:
    equal = [
        each
        for each in wholes
        if each.quantity
        and part.quantity
        and agree(part.quantity, range_of(each.quantity)) in {Agreement.EXACT, Agreement.ROUNDING}
    ]
    if equal:
        return rule.passed(reading, part, share, equal[0])
    near = [
        each for each in wholes if abs(each.amount - part.amount) <= abs(part.amount) * rule.numbers["near"]
    ]
    if not near or part.quantity is None:
        return rule.insufficient(reading, part, share, detail="总额口径不同")
    whole = near[0]
    gap = as_printed(part.amount - whole.amount, part.quantity)
    return rule.failed(
        rule.finding(
            f"{part.text} 写为占“{label}”的 100%，而文中{label}是 "
            f"{as_printed(whole.amount, whole.quantity) if whole.quantity else whole.text}，相差 {gap}",
            [
                place_of(reading, part, "写为占100%的金额"),
                place_of(reading, whole, "另一处的总额"),
                place_of(reading, share, "100%"),
            ],
            confidence="0.75",
            printed=part.text,
            computed=as_printed(whole.amount, part.quantity),
            difference=gap,
        ),
        [(reading, part), (reading, whole), (reading, share)],
    )


def _labelled(reading: Reading, label: str) -> Iterator[Numeral]:
    """The amounts that stand right after the label (or its last words), in the text or in a table row."""
    for passage in reading.prose:
        for numeral in reading.numerals_in(passage):
            if numeral.dimension is not Dimension.MONEY:
                continue
            before = re.split(r"[，。；：、（）]", passage.text[max(0, numeral.start - 24) : numeral.start])[
                -1
            ]
            words = _TAIL.sub("", re.sub(r"(?:为|是|共|共计|达)+$", "", before))
            if len(words) >= _LABEL_LENGTH and (label.endswith(words) or words.endswith(label)):
                yield numeral
    for view in reading.tables:
        for row in range(view.header_rows, view.table.rows):
            words = _TAIL.sub("", view.label(row).split(" ")[-1])
            if len(words) >= _LABEL_LENGTH and label.endswith(words):
                first = next(
                    (
                        figure
                        for column in range(view.label_columns, view.table.columns)
                        if (figure := reading.numeral_in_cell(view.table.index, row, column))
                        and figure.dimension is Dimension.MONEY
                    ),
                    None,
                )
                if first is not None:
                    yield first

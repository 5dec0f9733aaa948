"""A901: a rate of growth or an amount is not left without its unit."""

import re
from collections.abc import Iterator

from zhunsheng.audit.finding import Check
from zhunsheng.audit.quantities.units import Dimension
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.rule import AuditRule, place_of

CODE = "A901"

_GROWTH = re.compile(r"(?:同比|比上年|较上年|环比)?(?:增长|下降|增幅|降幅)(?:了|约|为|达)?$")
_MONEY = re.compile(r"(?:预算|决算|支出|收入|经费|金额|资金)(?:数|额|为|共|合计|总计|安排)*$")
_ENDING = re.compile(r"^[，。；）]")


def check(reading: Reading, rule: AuditRule) -> Iterator[Check]:
    """Figures with decimals after a word of growth or money, and nothing behind them."""
    for passage in reading.prose:
        for numeral in reading.numerals_in(passage):
            quantity = numeral.quantity
            if quantity is None or quantity.places == 0 or numeral.in_range:
                continue
            before = passage.text[max(0, numeral.start - 10) : numeral.start]
            if not (_GROWTH.search(before) or _MONEY.search(before)):
                continue
            if numeral.dimension is not Dimension.NONE:
                yield rule.passed(reading, numeral)
                continue
            if quantity.multiplier == 1 and _ENDING.match(passage.text[numeral.end :]):
                wanted = "%" if _GROWTH.search(before) else "元或万元"
                yield rule.failed(
                    rule.finding(
                        f"“{before[-4:]}{numeral.text}”没有单位，应有“{wanted}”",
                        [place_of(reading, numeral)],
                        confidence="0.85",
                        printed=numeral.text,
                        computed=f"{numeral.text}{wanted if wanted == '%' else '（补单位）'}",
                    ),
                    [(reading, numeral)],
                )

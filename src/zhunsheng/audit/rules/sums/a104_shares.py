"""A104: the percentages of a complete breakdown add up to 100 %."""

from collections.abc import Iterator
from itertools import chain

from zhunsheng.audit.agreement import as_printed
from zhunsheng.audit.finding import Check
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.relations.share_sums import Shares, shares_in_tables, shares_in_text
from zhunsheng.audit.rule import AuditRule, place_of
from zhunsheng.kernel.problem import Severity
from zhunsheng.kernel.rounding import exact_decimal

CODE = "A104"


def check(reading: Reading, rule: AuditRule) -> Iterator[Check]:
    """Add up the shares of every complete list in text and tables."""
    for shares in chain(shares_in_text(reading), shares_in_tables(reading)):
        yield _checked(reading, rule, shares)


def _checked(reading: Reading, rule: AuditRule, shares: Shares) -> Check:
    total = shares.total
    gap = total.exact - 100
    if total.low <= 100 <= total.high:
        return rule.passed(reading, *shares.shares)
    printed = exact_decimal(total.exact)
    places = [place_of(reading, share, "占比") for share in shares.shares]
    if abs(gap) <= len(shares.shares) * shares.step:
        note = rule.finding(
            f"各项占比合计 {printed}%，与100%相差 {exact_decimal(gap)} 个百分点，属截断或尾差",
            places,
            severity=Severity.NOTE,
            confidence="0.95",
            printed=f"{printed}%",
            computed="100%",
            difference=exact_decimal(gap),
            remedy="占比按四舍五入重算，或调整其中一项使合计为100%。",
        )
        return rule.passed(reading, *shares.shares, note=note)
    message = f"列全的各项占比合计 {printed}%，应为100%，相差 {exact_decimal(gap)} 个百分点"
    wrong = shares.wrong_one()
    computed = "100%"
    if wrong is not None and wrong[0].quantity is not None:
        share, true = wrong
        computed = as_printed(true, wrong[0].quantity)
        message += f"；{share.text} 按金额重算为 {computed}"
        places.sort(key=lambda place: place.span != share.span)
    sure = shares.complete and shares.whole is not None
    return rule.failed(
        rule.finding(
            message,
            places,
            severity=Severity.ERROR if sure else Severity.WARNING,
            confidence="0.96" if sure else "0.70",
            printed=places[0].text,
            computed=computed,
            difference=exact_decimal(gap),
        ),
        [(reading, share) for share in shares.shares],
    )

"""A704: outputs with full marks whose project hardly spent its money."""

from collections.abc import Iterator

from zhunsheng.audit.agreement import as_printed
from zhunsheng.audit.finding import Check
from zhunsheng.audit.quantities.numeral import Numeral
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.relations.output_links import outputs_of
from zhunsheng.audit.relations.project_spending import project_spending
from zhunsheng.audit.relations.scoring_items import named
from zhunsheng.audit.rule import AuditRule, place_of
from zhunsheng.kernel.rounding import half_up

CODE = "A704"


def check(reading: Reading, rule: AuditRule) -> Iterator[Check]:
    """Compare the spending of every project with the marks of the outputs that name it."""
    for project in project_spending(reading):
        rate = project.rate
        if rate is None or not project.spent.amount:
            continue
        figures = (project.budget, project.spent)
        if rate >= rule.numbers["least_rate"]:
            continue
        outputs = [item for item in outputs_of(reading, project.name) if not item.lost and item.score]
        if not outputs:
            yield rule.insufficient(reading, *figures, detail="没有找到对应的产出指标")
            continue
        percent = half_up(rate * 100, 2)
        yield rule.failed(
            rule.finding(
                f"“{project.name}”预算 {_money(project.budget)}、支出 {_money(project.spent)}，只用了 {percent}%，"
                f"相关产出却得满分：{'、'.join(named(item) for item in outputs[:4])}",
                [
                    place_of(reading, project.spent, "支出"),
                    place_of(reading, project.budget, "预算"),
                    *(place_of(reading, item.score, "满分的产出") for item in outputs[:4] if item.score),
                ],
                confidence="0.75",
                printed=project.spent.text,
            ),
            [(reading, each) for each in figures],
        )


def _money(numeral: Numeral) -> str:
    """The amount with its unit, also where the unit stands in the header."""
    if numeral.quantity is None:
        return numeral.text
    return as_printed(numeral.amount, numeral.quantity)

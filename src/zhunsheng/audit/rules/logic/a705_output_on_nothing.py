"""A705: outputs with full marks whose project had or spent nothing at all."""

from collections.abc import Iterator

from zhunsheng.audit.finding import Check
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.relations.output_links import outputs_of
from zhunsheng.audit.relations.project_spending import project_spending
from zhunsheng.audit.relations.scoring_items import named
from zhunsheng.audit.rule import AuditRule, place_of
from zhunsheng.kernel.problem import Severity

CODE = "A705"


def check(reading: Reading, rule: AuditRule) -> Iterator[Check]:
    """Look at the outputs of every project without spending."""
    for project in project_spending(reading):
        if project.spent.amount:
            continue
        outputs = [item for item in outputs_of(reading, project.name) if not item.lost and item.score]
        if not outputs:
            continue
        withdrawn = not project.budget.amount
        state = "预算已调减为0、没有支出" if withdrawn else "有预算而没有支出"
        yield rule.failed(
            rule.finding(
                f"“{project.name}”{state}，相关产出却得满分：{'、'.join(named(item) for item in outputs[:4])}",
                [
                    place_of(reading, project.spent, "支出"),
                    place_of(reading, project.budget, "预算"),
                    *(place_of(reading, item.score, "满分的产出") for item in outputs[:4] if item.score),
                ],
                severity=Severity.NOTE if withdrawn else None,
                confidence="0.65" if withdrawn else "0.75",
                printed=project.spent.text,
            ),
            [(reading, project.spent), (reading, project.budget)],
        )

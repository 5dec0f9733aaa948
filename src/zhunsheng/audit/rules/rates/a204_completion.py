"""A204: a stated rate of completion, execution or coverage is the part divided by the whole."""

from collections.abc import Iterator

from zhunsheng.audit.agreement import Agreement, exactly
from zhunsheng.audit.finding import Check
from zhunsheng.audit.quantities.numeral import Numeral
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.relations.completions import Completion, completions_in
from zhunsheng.audit.relations.verdicts import (
    Member,
    Relation,
    best,
    figure_range,
    quotient,
    ratio_relation,
    scale_of,
    scaled,
    verdict,
)
from zhunsheng.audit.rule import AuditRule
from zhunsheng.kernel.problem import Severity

CODE = "A204"


def check(reading: Reading, rule: AuditRule) -> Iterator[Check]:
    """Recompute every rate of completion of running text."""
    for completion in completions_in(reading):
        found = [each for each in (completion.rate, completion.part) if each is not None]
        relations = _relations(completion)
        if not relations:
            yield rule.insufficient(reading, *found, detail="句中没有分子或分母")
            continue
        chosen = best(relations)
        if chosen is None or (chosen.agreement is Agreement.WRONG and not completion.sure):
            yield rule.insufficient(reading, *found, detail="分子、分母不能确定")
            continue
        if chosen.agreement is Agreement.WRONG:
            chosen = relations[0]
        yield verdict(rule, reading, chosen, completion.skeleton.label)


def _relations(completion: Completion) -> list[Relation]:
    found = []
    for whole in completion.wholes:
        if completion.part is None:
            break
        relation = (
            _remaining(completion, completion.part, whole)
            if completion.remaining
            else _direct(completion, completion.part, whole)
        )
        if relation is not None:
            found.append(relation)
    return found


def _direct(completion: Completion, part: Numeral, whole: Numeral) -> Relation | None:
    one = len(completion.wholes) == 1
    return ratio_relation(
        Member("完成比例", completion.rate),
        Member("完成数", part),
        Member("预算或目标数", whole),
        severity=Severity.ERROR if one else Severity.WARNING,
        confidence="0.93" if one else "0.75",
    )


def _remaining(completion: Completion, part: Numeral, whole: Numeral) -> Relation | None:
    value = quotient(figure_range(part), figure_range(whole))
    if value is None:
        return None
    return Relation(
        Member("比率", completion.rate),
        scaled(exactly(1) - value, scale_of(completion.rate)),
        (Member("不合格数", part), Member("总数", whole)),
        f"1-{part.text}÷{whole.text}",
        severity=Severity.WARNING,
        confidence="0.80",
    )

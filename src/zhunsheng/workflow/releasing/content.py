"""What the public sees of a year as plain data; the structure is documented in docs/public-data.md.

Everything comes from the public year (see `public_columns`) and the evaluation that was kept when it was locked. Every
value is an exact decimal in a text, with its unit beside it; nothing is read from the database.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Final

from zhunsheng.kernel.money import Money
from zhunsheng.kernel.rounding import half_up, plain
from zhunsheng.measures.describing import measure_words
from zhunsheng.plans.case import Actual, BudgetLine, Case, Indicator, Project
from zhunsheng.plans.checks import HAS_VALUE
from zhunsheng.scores.evaluation import Evaluation, ScoredNode
from zhunsheng.store.indicator_files import indicator_of
from zhunsheng.store.ledger_files import ledger_of

FORMAT: Final = "zhunsheng-public/1"
MONEY_UNIT: Final = "万元"


class Inconsistent(Exception):  # noqa: N818 - the data do not agree, the program is fine
    """The public year does not give the scores that were locked; `items` names where."""

    def __init__(self, items: tuple[str, ...]) -> None:
        super().__init__("、".join(items))
        self.items = items


@dataclass(frozen=True, slots=True)
class Licence:
    """Under which conditions the open data may be used."""

    code: str
    label: str
    url: str


LICENCES: Final[tuple[Licence, ...]] = (
    Licence(
        "cc-by-4.0", "知识共享 署名 4.0（使用须注明来源）", "https://creativecommons.org/licenses/by/4.0/"
    ),
    Licence(
        "cc0-1.0", "知识共享 CC0 1.0（可自由使用）", "https://creativecommons.org/publicdomain/zero/1.0/"
    ),
)


@dataclass(frozen=True, slots=True)
class ReleaseFacts:
    """What a release says about itself.

    Attributes:
        publisher: the body, as `{code, name, short_name, area}`.
        released: the day.
        version: number and hash of the frozen content.
    """

    publisher: Mapping[str, str]
    number: int
    released: date
    version: int
    sha256: str
    licence: Licence


def public_content(
    case: Case, evaluation: Evaluation, locked: Mapping[str, Any], facts: ReleaseFacts
) -> dict[str, Any]:
    """The content of a release.

    Args:
        case: the public year.
        evaluation: of the public year.
        locked: the documented JSON of the evaluation that was kept when the year was locked; its scores are shown.

    Raises:
        Inconsistent: the two evaluations differ in a score.
    """
    scores = _agreed_scores(evaluation, locked)
    return {
        "format": FORMAT,
        "publisher": dict(facts.publisher),
        "year": case.year,
        "title": case.about.title,
        "invented": case.about.invented,
        "number": facts.number,
        "released": facts.released.isoformat(),
        "licence": {
            "code": facts.licence.code,
            "label": facts.licence.label,
            "url": facts.licence.url,
        },
        "evaluation": _evaluation(evaluation, locked),
        "goals": {
            "goal": case.about.overall_goal,
            "result": case.about.overall_result,
            "unmet": case.about.unmet_reason,
        },
        "parts": [_part(node, scores) for node in evaluation.children("")],
        "items": [_item(node, scores) for node in evaluation.nodes],
        "tasks": [
            {
                "code": each.code,
                "name": each.name,
                "goals": list(each.goals),
                "results": list(each.results),
            }
            for each in case.tasks
        ],
        "indicators": [_indicator(case, evaluation, each, scores) for each in case.indicators],
        "budget": [_budget_line(each) for each in case.budget],
        "projects": [_project(each) for each in case.projects],
        "shortcomings": [{"title": each.title, "text": each.text} for each in case.shortcomings],
        "remedies": [{"title": each.title, "text": each.text} for each in case.remedies],
        "notes": _notes(case, evaluation),
        "provenance": {"version": facts.version, "sha256": facts.sha256, "program": str(locked["program"])},
    }


def _agreed_scores(evaluation: Evaluation, locked: Mapping[str, Any]) -> dict[str, str | None]:
    kept = {str(each["code"]): each["score"] for each in locked["nodes"]}
    found = {node.code: None if node.score is None else plain(node.score) for node in evaluation.nodes}
    differing = tuple(
        code for code in sorted(kept.keys() | found.keys()) if kept.get(code) != found.get(code)
    )
    if not differing and locked["total"] != plain(evaluation.total):
        differing = ("total",)
    if differing:
        raise Inconsistent(differing)
    return found


def _evaluation(evaluation: Evaluation, locked: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "total": locked["total"],
        "full": locked["full"],
        "grade": locked["grade"],
        "supported": locked["supported"],
        "unit": "分",
        "rubric": {
            "code": evaluation.rubric,
            "label": evaluation.rubric_label,
            "version": evaluation.rubric_version,
        },
        "ceiling": evaluation.ceiling or None,
    }


def _part(node: ScoredNode, scores: Mapping[str, str | None]) -> dict[str, Any]:
    return {"code": node.code, "name": node.name, "points": plain(node.points), "score": scores[node.code]}


def _item(node: ScoredNode, scores: Mapping[str, str | None]) -> dict[str, Any]:
    return {
        **_part(node, scores),
        "kind": node.kind,
        "level": node.level,
        "parent": node.parent or None,
        "rule": node.trace.rule,
        "clause": node.trace.clause,
        "steps": list(node.trace.steps),
        "basis": node.basis.label,
        "reason": node.deviation or node.reason,
        "remedy": node.remedy,
    }


def _indicator(
    case: Case, evaluation: Evaluation, indicator: Indicator, scores: Mapping[str, str | None]
) -> dict[str, Any]:
    node = evaluation.node(indicator.code)
    actual = case.actual_of.get(indicator.code)
    task = case.task_by_code.get(indicator.task)
    return {
        "code": indicator.code,
        "name": indicator.name,
        "task": None if task is None else {"code": task.code, "name": task.short_name or task.name},
        "group": indicator.group.label,
        "kind": indicator.kind.label,
        "nature": indicator.nature.label,
        "target": {
            "sign": indicator.target_sign.label,
            "value": indicator.target_value,
            "unit": indicator.target_unit,
            "text": indicator.target_text or (node.target if node is not None else ""),
            "initial": indicator.initial_target,
            "adjustment": indicator.adjustment,
        },
        "actual": _actual(actual, node),
        "previous": indicator.previous_actual,
        "points": None if node is None else plain(node.points),
        "score": None if node is None else scores[node.code],
        "formula": indicator.formula,
        "source": indicator.data_source,
        "definition": _definition(indicator.definition, case.year),
        "rule": "" if node is None else node.trace.rule,
        "clause": "" if node is None else node.trace.clause,
        "steps": [] if node is None else list(node.trace.steps),
        "reason": "" if node is None else node.deviation or node.reason,
        "notes": _indicator_notes(indicator, actual),
    }


def _actual(actual: Actual | None, node: ScoredNode | None) -> dict[str, Any]:
    if actual is None:
        return {
            "status": "not_collected",
            "label": "无完成值",
            "value": None,
            "unit": "",
            "text": "",
            "method": "",
            "evidence": "",
        }
    known = actual.status in HAS_VALUE
    return {
        "status": actual.status.value,
        "label": actual.status.label,
        "value": (actual.value or getattr(actual.tier, "label", "") or None) if known else None,
        "unit": actual.unit,
        "text": (node.actual if node is not None else f"{actual.value}{actual.unit}") if known else "",
        "method": actual.source_kind.label,
        "evidence": actual.evidence_status.label,
    }


def _indicator_notes(indicator: Indicator, actual: Actual | None) -> list[str]:
    notes = []
    if actual is None:
        notes.append("没有采集到完成值，不能视为已完成。")
    elif actual.sample_size is not None:
        notes.append(f"样本量 {actual.sample_size}。{actual.survey}")
    if indicator.initial_target:
        notes.append(f"目标值年中调整过，年初目标为 {indicator.initial_target}。{indicator.adjustment}")
    if indicator.exempt:
        notes.append(f"超额完成不扣减：{indicator.exempt}")
    return notes


def _definition(code: str, year: int) -> dict[str, Any] | None:
    """How the library of indicators computes it, or None when it is not one of the library."""
    found = indicator_of(code) if code else None
    version = found.version_for(year) if found is not None else None
    if found is None or version is None:
        return None
    return {
        "code": found.code,
        "label": found.label,
        "description": found.description,
        "formula": version.formula.text,
        "measures": [
            {"name": each.name, "words": measure_words(each, ledger_of, version.parameters)}
            for each in version.measures
        ],
        "source": str(version.source),
        "notes": list(version.notes),
    }


def _amount(money: Money | None) -> str | None:
    return None if money is None else plain(money.in_unit(MONEY_UNIT))


def _rate(above: Money | None, below: Money | None) -> str | None:
    """One amount by another in percent, rounded half-up to two decimals."""
    if above is None or below is None or below.yuan == 0:
        return None
    return plain(half_up(Fraction(above.yuan) / Fraction(below.yuan) * 100, 2))


def _budget_line(line: BudgetLine) -> dict[str, Any]:
    return {
        "code": line.code,
        "name": line.name,
        "side": line.side.value,
        "side_label": line.side.label,
        "category": line.category.value,
        "category_label": line.category.label,
        "fund_source": line.fund_source,
        "initial": _amount(line.initial),
        "adjusted": _amount(line.adjusted),
        "executed": _amount(line.executed),
        "previous": _amount(line.previous),
        "unit": MONEY_UNIT,
        "rate": _rate(line.executed, line.adjusted),
        "explanation": line.explanation,
    }


def _project(project: Project) -> dict[str, Any]:
    return {
        "code": project.code,
        "name": project.name,
        "unit_in_charge": project.unit,
        "key": project.key,
        "initial": _amount(project.initial),
        "adjusted": _amount(project.adjusted),
        "executed": _amount(project.executed),
        "unit": MONEY_UNIT,
        "rate": _rate(project.executed, project.adjusted),
        "goal": project.goal,
        "result": project.result,
    }


def _notes(case: Case, evaluation: Evaluation) -> list[str]:
    """What a reader must know to read the figures."""
    notes = [
        f"得分按《{evaluation.rubric_label}》（版本 {evaluation.rubric_version}）计算，四舍五入到两位小数。"
    ]
    notes += list(evaluation.assumptions)
    without = sum(1 for node in evaluation.nodes if node.kind == "indicator" and node.status == "no_actual")
    if without:
        notes.append(f"有 {without} 项指标没有完成值，不能视为已完成。")
    if evaluation.supported != evaluation.total:
        notes.append(
            f"总分中有完成值且评分规则明确的为 {plain(evaluation.supported)} 分，其余得分依据单位自报或人工评分。"
        )
    if case.about.invented:
        notes.insert(0, "这是为演示而编造的示例，不是真实单位的数据。")
    notes.append(f"金额单位为{MONEY_UNIT}；执行率＝执行数÷全年预算数。")
    return notes

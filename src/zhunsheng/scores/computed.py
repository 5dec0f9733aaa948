"""Actual values from records: computed figures take the place of stated ones, and what was stated is held against them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from zhunsheng.indicators.definition import ResultKind
from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Kind, Problem, Severity
from zhunsheng.measures.figure import Figure, FigureStatus
from zhunsheng.measures.stated import Compared, Verdict, held_against
from zhunsheng.plans.case import Actual, Case, ManagementFact
from zhunsheng.plans.choices import ActualStatus, EvidenceStatus, SourceKind, Tier
from zhunsheng.rubrics.facts import FactDefinition, FactKind

DISAGREES = Kind(
    "SCORE-060", Severity.WARNING, "填报的完成值与台账计算的不一致", "核对口径和记录；评分采用台账计算的值。"
)
TRUNCATED = Kind("SCORE-061", Severity.NOTE, "填报的完成值是截尾而不是四舍五入", "按四舍五入改写。")
NOT_COMPARED = Kind(
    "SCORE-062", Severity.NOTE, "填报的完成值无法与台账计算的值比较，仍采用填报的值", "核对单位和写法。"
)
NOT_COMPUTED = Kind(
    "SCORE-063", Severity.NOTE, "指标不能由台账算出，仍采用填报的值", "补充台账记录，或改正指标库编码。"
)


@dataclass(frozen=True, slots=True)
class Lineage:
    """A value that was computed, with what was stated.

    Attributes:
        item: code of the indicator or management fact.
        compared: how the stated value stands; None when nothing was stated.
        used: whether the score rests on the computed value; one in another unit than the stated value is shown only.
    """

    item: str
    name: str
    figure: Figure
    compared: Compared | None
    used: bool = True


@dataclass(frozen=True, slots=True)
class ComputedCase:
    """A case whose values come from records where they can.

    Attributes:
        case: the case to score.
        lineage: every value that was computed.
    """

    case: Case
    lineage: tuple[Lineage, ...]
    problems: tuple[Problem, ...]


def wanted(case: Case, facts: Mapping[str, FactDefinition]) -> tuple[str, ...]:
    """Codes of the indicator definitions that a case can take values from, each once."""
    named = [each.definition for each in case.indicators if each.definition]
    named += [each.computed_by for each in facts.values() if each.computed_by]
    return tuple(dict.fromkeys(named))


def with_computed(
    case: Case, facts: Mapping[str, FactDefinition], figures: Mapping[str, Figure], origin: str
) -> ComputedCase:
    """The case with computed values.

    Args:
        figures: by the code of their definition, for the case's year.
        origin: where the records come from, for people, such as the snapshot's name.
    """
    lineage: list[Lineage] = []
    problems: list[Problem] = []
    actuals = {each.indicator: each for each in case.actuals}
    for indicator in case.indicators:
        figure = figures.get(indicator.definition)
        if figure is None:
            continue
        actual = actuals.get(indicator.code)
        if figure.status is not FigureStatus.COMPUTED:
            problems.append(_not_computed(indicator.name, indicator.code, figure))
            continue
        stated = _stated(actual)
        compared = held_against(stated, figure) if stated else None
        usable = compared is None or compared.verdict is not Verdict.NOT_COMPARABLE
        lineage.append(Lineage(indicator.code, indicator.name, figure, compared, used=usable))
        problems.extend(_said(indicator.name, indicator.code, compared))
        if usable:
            actuals[indicator.code] = _actual(actual, indicator.code, figure, stated, origin)
    management, found = _facts(case.management, facts, figures, origin)
    lineage.extend(found)
    for each in found:
        problems.extend(_said(each.name, each.item, each.compared))
    ordered = tuple(actuals[each.code] for each in case.indicators if each.code in actuals)
    made = replace(case, actuals=ordered, management=management)
    return ComputedCase(made, tuple(lineage), tuple(problems))


def _not_computed(name: str, code: str, figure: Figure) -> Problem:
    return NOT_COMPUTED.at(Place(field=f"指标 {code}"), f"“{name}”：{figure.why or figure.status.label}")


def _said(name: str, code: str, compared: Compared | None) -> Iterable[Problem]:
    if compared is None or compared.verdict is Verdict.EQUAL:
        return
    place = Place(field=f"指标 {code}")
    if compared.verdict is Verdict.NOT_COMPARABLE:
        what = f"“{name}”写的是“{compared.stated}”：{compared.why}"
        yield NOT_COMPARED.at(place, what, value=compared.stated)
        return
    kind = TRUNCATED if compared.verdict is Verdict.TRUNCATED else DISAGREES
    what = f"“{name}”写的是“{compared.stated}”，由台账计算为 {compared.computed}"
    yield kind.at(place, what, value=compared.stated)


def _stated(actual: Actual | None) -> str:
    """What the case says, as it can be read; the printed text is words more often than a value."""
    if actual is None or actual.status is not ActualStatus.REPORTED:
        return ""
    return f"{actual.value}{actual.unit}" if actual.value else ""


def _actual(actual: Actual | None, code: str, figure: Figure, stated: str, origin: str) -> Actual:
    values = "，".join(f"{each.measure.name} = {each.printed}" for each in figure.measures)
    words = f"台账计算（{figure.indicator.code}：{values}；{origin}）"
    is_state = figure.indicator.kind is ResultKind.YES_NO
    tier = Tier.REACHED if figure.value is True else Tier.MISSED
    base = actual or Actual(indicator=code, status=ActualStatus.REPORTED)
    return replace(
        base,
        status=ActualStatus.REPORTED,
        value="" if is_state else figure.printed,
        unit="" if is_state else figure.indicator.unit,
        tier=tier if is_state else base.tier,
        printed=base.printed or stated,
        why_used="由台账记录计算" if not stated else f"由台账记录计算；填报值 {stated}",
        source_kind=SourceKind.COMPUTED,
        evidence=words,
        evidence_status=EvidenceStatus.PROVIDED,
    )


def _facts(
    rows: tuple[ManagementFact, ...],
    facts: Mapping[str, FactDefinition],
    figures: Mapping[str, Figure],
    origin: str,
) -> tuple[tuple[ManagementFact, ...], list[Lineage]]:
    stated = {each.fact: each for each in rows}
    lineage = []
    for code, definition in facts.items():
        figure = figures.get(definition.computed_by)
        if figure is None or figure.status is not FigureStatus.COMPUTED:
            continue
        row = stated.get(code)
        value = _fact_value(figure)
        said = "" if row is None or row.status is not ActualStatus.REPORTED else row.value
        lineage.append(Lineage(code, definition.label, figure, _fact_compared(said, definition, figure)))
        base = row or ManagementFact(fact=code)
        stated[code] = replace(
            base,
            value=value,
            status=ActualStatus.REPORTED,
            why_used="由台账记录计算" + (f"；填报值 {said}" if said and said != value else ""),
            evidence=f"台账计算（{figure.indicator.code}；{origin}）",
        )
    return tuple(stated.values()), lineage


def _fact_value(figure: Figure) -> str:
    if figure.indicator.kind is ResultKind.YES_NO:
        return "true" if figure.value is True else "false"
    return figure.printed


def _fact_compared(said: str, definition: FactDefinition, figure: Figure) -> Compared | None:
    if not said:
        return None
    if definition.kind is FactKind.YES_NO:
        value = _fact_value(figure)
        return Compared(said, value, Verdict.EQUAL if said == value else Verdict.DIFFERENT)
    return held_against(f"{said}{definition.unit}", figure)

"""Values from records put into the rows of a year, with the way back to the records."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from zhunsheng.assembly.evaluating import facts
from zhunsheng.kernel.problem import Problems
from zhunsheng.measures.describing import measure_words
from zhunsheng.measures.figure import Figure, FigureStatus
from zhunsheng.plans.case import Actual, Case, ManagementFact
from zhunsheng.plans.choices import EvidenceStatus, SourceKind
from zhunsheng.plans.sections import Section
from zhunsheng.scores.computed import Lineage, with_computed
from zhunsheng.store.database.case_content import SECTION_OF, case_of, record_of
from zhunsheng.store.database.case_rows import ROW_MODELS, CaseRow
from zhunsheng.store.database.models import ComputedFigures, StoredCase
from zhunsheng.store.ledger_files import ledger_of
from zhunsheng.workflow.action import Action, Change, Setting, Stale
from zhunsheng.workflow.collecting.items import is_computed
from zhunsheng.workflow.collecting.rows import write_row
from zhunsheng.workflow.planning.cells import RowInput, filled_texts, read_input

Counts = Mapping[tuple[str, str], int]
"""For each measure of each indicator, by code and name, how many records are behind it."""


@dataclass(frozen=True, slots=True)
class FromStore:
    """What was computed from one state of a record store.

    Attributes:
        figures: by the code of their definition.
        snapshot: token of the state.
        synthetic: whether generated records are among them.
    """

    figures: Mapping[str, Figure]
    counts: Counts
    snapshot: str
    synthetic: bool

    @property
    def origin(self) -> str:
        """The state, for people."""
        return f"快照 {self.snapshot}" + ("，合成数据" if self.synthetic else "")


@dataclass(frozen=True)
class TakeComputed(Action):
    """Puts computed values into the year; what was printed and stated stays beside them.

    What people reported while the records were read is not lost: the values are put into the rows as they are now.

    Attributes:
        fiscal_year: the figures are of this year.
    """

    code = "evaluation.take_computed"
    label = "采用台账计算的值"
    right = "evaluation.compute"
    touches_content = True

    case: StoredCase
    found: FromStore
    fiscal_year: int

    def case_id(self) -> int:
        """The year."""
        return self.case.pk

    def carry_out(self, setting: Setting) -> Iterator[Change]:
        """Compute the rows anew and write those that differ."""
        year = setting.year
        if year.fiscal_year != self.fiscal_year:
            raise Stale("计算期间档案的年度已改变；请重新计算")
        last = ComputedFigures.objects.filter(case=year).last()
        earlier: dict[str, Any] = {} if last is None else last.lineage
        now = case_of(year)
        stated = stated_case(now, earlier)
        made = with_computed(stated, facts(), self.found.figures, self.found.origin)
        changes = [
            *_write(setting, "actuals", "indicator", now.actuals, _keeping(now, made.case).actuals),
            *_write(setting, "management", "fact", now.management, made.case.management),
        ]
        lineage = lineage_of(made.lineage, self.found.counts, stated)
        lineage |= _not_computed(stated, self.found.figures)
        if last is None or last.snapshot != self.found.snapshot or last.lineage != lineage:
            ComputedFigures.objects.create(
                case=year,
                snapshot=self.found.snapshot,
                synthetic=self.found.synthetic,
                moment=setting.moment,
                who=setting.actor.user,
                lineage=lineage,
            )
            changes.append(Change("computed", None if last is None else last.snapshot, self.found.snapshot))
            year.snapshot = self.found.snapshot
        yield from changes


def stated_case(case: Case, earlier: Mapping[str, Any]) -> Case:
    """The case as people stated it: computed values are taken out again, so that computing twice changes nothing.

    Args:
        earlier: the lineage of the last computation, which keeps what was stated.
    """
    actuals = tuple(_stated(each, "actuals", earlier.get(each.indicator)) for each in case.actuals)
    management = tuple(_stated(each, "management", earlier.get(each.fact)) for each in case.management)
    return replace(
        case,
        actuals=tuple(each for each in actuals if each is not None),
        management=tuple(each for each in management if each is not None),
    )


def _stated(record: Any, section: str, entry: Mapping[str, Any] | None) -> Any:  # noqa: ANN401 - a record or None
    if entry is None or "stated_row" not in entry or not is_computed(record):
        return record
    if entry["stated_row"] is None:
        return None
    return _record(SECTION_OF[section], entry["stated_row"])


def _record(section: Section, texts: Mapping[str, str]) -> Any:  # noqa: ANN401 - one of the record classes
    return read_input(section, None, RowInput(texts), "", Problems())


def _keeping(now: Case, made: Case) -> Case:
    """Evidence that was accepted for the very same value stays accepted."""

    def kept(record: Actual) -> Actual:
        before = now.actual_of.get(record.indicator)
        same = (
            before is not None
            and before.evidence_status is EvidenceStatus.VERIFIED
            and record.source_kind is SourceKind.COMPUTED
            and (before.value, before.unit, before.tier) == (record.value, record.unit, record.tier)
        )
        return replace(record, evidence_status=EvidenceStatus.VERIFIED) if same else record

    return replace(made, actuals=tuple(kept(each) for each in made.actuals))


def _write(
    setting: Setting, section_name: str, key: str, before: Sequence[Any], after: Sequence[Any]
) -> Iterator[Change]:
    """Write the rows that differ, and take away those that stood on a computed value alone."""
    section = SECTION_OF[section_name]
    was = {getattr(each, key): each for each in before}
    wanted = {getattr(each, key): each for each in after}
    rows: dict[str, CaseRow] = {
        getattr(record_of(section, row), key): row
        for row in ROW_MODELS[section_name]._default_manager.filter(case=setting.year)
    }
    for code, record in wanted.items():
        if was.get(code) != record:
            write_row(setting, section, rows.get(code), record)
            old = None if code not in was else filled_texts(section, was[code])
            yield Change(f"{section_name}/{code}", old, filled_texts(section, record))
    for code in was.keys() - wanted.keys():
        rows[code].delete()
        yield Change(f"{section_name}/{code}", filled_texts(section, was[code]), None)


def lineage_of(lineage: Sequence[Lineage], counts: Counts, stated: Case) -> dict[str, Any]:
    """Where each computed value comes from, by item, as plain data."""
    return {each.item: _line(each, counts, stated) for each in lineage}


def _line(line: Lineage, counts: Counts, stated: Case) -> dict[str, Any]:
    figure, compared = line.figure, line.compared
    code = figure.indicator.code
    return {
        "name": line.name,
        "value": figure.printed,
        "unit": figure.indicator.unit,
        "shown": figure.shown,
        "stated": None if compared is None else compared.stated,
        "verdict": None if compared is None else compared.verdict.value,
        "verdict_label": None if compared is None else compared.verdict.label,
        "why": None if compared is None else compared.why or None,
        "used": line.used,
        "indicator": code,
        "indicator_label": figure.indicator.label,
        "formula": "" if figure.version is None else figure.version.formula.text,
        "year": figure.window.year,
        "unknown": figure.unknown,
        "measures": [
            {
                "name": each.measure.name,
                "words": measure_words(each.measure, ledger_of),
                "ledger": each.measure.ledger,
                "value": each.printed,
                "records": counts.get((code, each.measure.name)),
            }
            for each in figure.measures
        ],
        "stated_row": _stated_row(stated, line.item),
    }


def _stated_row(stated: Case, item: str) -> dict[str, str] | None:
    record: Actual | ManagementFact | None = stated.actual_of.get(item) or stated.fact_by_code.get(item)
    if record is None:
        return None
    section = "actuals" if isinstance(record, Actual) else "management"
    return filled_texts(SECTION_OF[section], record)


def _not_computed(stated: Case, figures: Mapping[str, Figure]) -> dict[str, Any]:
    """Indicators that name a definition which gave no value, with the reason."""
    found: dict[str, Any] = {}
    for each in stated.indicators:
        figure = figures.get(each.definition)
        if figure is not None and figure.status is not FigureStatus.COMPUTED:
            found[each.code] = {
                "name": each.name,
                "value": None,
                "indicator": each.definition,
                "indicator_label": figure.indicator.label,
                "why": figure.why or figure.status.label,
                "used": False,
                "measures": [],
            }
    return found


def lineage_for(case: StoredCase) -> ComputedFigures | None:
    """The figures the computed values of a year come from; None when none were computed."""
    return ComputedFigures.objects.filter(case=case).last()

"""Long work of evaluating: computing values from the records of a body."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from zhunsheng.assembly.computing import figures_of
from zhunsheng.assembly.records import OpenedRecords, opened_records
from zhunsheng.assembly.stores import ledger_label
from zhunsheng.kernel.place import Place
from zhunsheng.measures.figure import Figure, FigureStatus
from zhunsheng.measures.request import request_for
from zhunsheng.store.database.case_content import case_of
from zhunsheng.store.database.models import Organisation, StoredCase
from zhunsheng.store.engines.rows import count_of
from zhunsheng.store.indicator_files import indicator_of
from zhunsheng.workflow.action import Invalid, Refused, perform
from zhunsheng.workflow.catalogue import judge
from zhunsheng.workflow.evaluating import kinds
from zhunsheng.workflow.evaluating.computing import FromStore, TakeComputed
from zhunsheng.workflow.evaluating.figures import figures_data
from zhunsheng.workflow.evaluating.states import store_path
from zhunsheng.workflow.jobs import Work
from zhunsheng.workflow.rights import Asked

_OPENED, _FIGURES, _COUNTED = 5, 70, 95
"""How far the work is, in percent, when the store is open, the figures are there, and the records are counted."""


@contextmanager
def records_of_body(
    body: Organisation, watch: Callable[[str], None], token: str = ""
) -> Iterator[OpenedRecords]:
    """The records of a body.

    Args:
        watch: is told of every ledger that is read; may cancel by raising.
        token: of a state; "" for the newest.

    Raises:
        Invalid: the body has no record store.
        Rejected: the store or its state cannot be opened.
    """
    path = store_path(body)
    if path is None or not path.is_dir():
        raise Invalid((kinds.NO_STORE.at(Place(field=str(body)), f"{body}没有记录库"),))
    with opened_records(path, token, watch=watch) as records:
        yield records


def _watching(work: Work) -> Callable[[str], None]:
    """Tells of every ledger that is read; the number of passes is not known before, so each takes a part of the rest."""
    percent = _OPENED

    def watch(ledger: str) -> None:
        nonlocal percent
        percent += max((_FIGURES - percent) // 6, 0)
        work.progress(percent, f"读取{ledger_label(ledger)}")

    return watch


def compute_case(work: Work) -> dict[str, Any]:
    """Compute the values a year can take from records and put them into the year."""
    stored = StoredCase.objects.select_related("organisation__overseer").get(jobs=work.job)
    verdict = judge("evaluation.compute", work.actor, Asked(work.now().date(), stored))
    if not verdict.allowed:
        raise Refused(verdict.reason)
    work.progress(1, "打开记录库")
    case = case_of(stored)
    with records_of_body(stored.organisation, _watching(work)) as records:
        figures = figures_of(case, records)
        if not figures:
            raise Invalid((kinds.NOTHING_COMPUTABLE.at(Place(field=stored.code), "没有指标引用指标库"),))
        counts = _counts(work, records, figures)
        found = FromStore(figures, counts, records.snapshot.token, records.synthetic)
    work.progress(_COUNTED, "写入完成值")
    changes = perform(TakeComputed(stored, found, stored.fiscal_year), work.actor)
    computed = [each for each in figures.values() if each.status is FigureStatus.COMPUTED]
    return {
        "case": stored.code,
        "snapshot": found.snapshot,
        "synthetic": found.synthetic,
        "figures": len(figures),
        "computed": len(computed),
        "changed": sum(each.subject.startswith(("actuals/", "management/")) for each in changes),
    }


def _counts(work: Work, records: OpenedRecords, figures: dict[str, Figure]) -> dict[tuple[str, str], int]:
    """How many records are behind each measure of each figure."""
    wanted = [
        (figure, each.measure)
        for figure in figures.values()
        if figure.status is FigureStatus.COMPUTED
        for each in figure.measures
    ]
    counts = {}
    for place, (figure, measure) in enumerate(wanted):
        percent = _FIGURES + (_COUNTED - _FIGURES) * place // len(wanted)
        work.progress(percent, f"清点{ledger_label(measure.ledger)}的记录")
        request = request_for(measure, figure.window, figure.parameters)
        counts[figure.indicator.code, measure.name] = count_of(records.duckdb, request)
    return counts


def compute_indicator(work: Work) -> dict[str, Any]:
    """Compute indicators of the library for years, by month, body or field, and give the figures as plain data.

    Parameters of the job: `indicators`, codes; `years`; `by`: "", "month", "organisation" or the name of a field.
    Every figure has the documented shape with `group`, the month, the code of the body or the value of the field,
    and `group_label`; both are None for the whole.
    """
    body = work.job.organisation
    verdict = judge("records.read", work.actor, Asked(work.now().date(), organisation=body))
    if body is None or not verdict.allowed:
        raise Refused(verdict.reason)
    wanted = work.parameters
    found = [(code, indicator_of(code)) for code in wanted["indicators"]]
    unknown = [code for code, each in found if each is None]
    if unknown:
        raise Invalid([kinds.NO_INDICATOR.at(Place(field=code), f"没有“{code}”") for code in unknown])
    work.progress(1, "打开记录库")
    with records_of_body(body, _watching(work)) as records:
        indicators = [each for _, each in found if each is not None]
        figures = figures_data(records, indicators, wanted["years"], wanted.get("by", ""))
        return {"snapshot": records.snapshot.token, "synthetic": records.synthetic, "figures": figures}

"""The numbers that may be referred to in the free text of a report, with their values of now."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_noop as noop

from zhunsheng.plans.case import Case
from zhunsheng.plans.choices import DivisionKind
from zhunsheng.reports.figures import FigureBook
from zhunsheng.scores.evaluation import Evaluation

_BUDGET = ("initial", "adjusted", "executed", "previous", "difference", "change", "share", "rate")
_PROJECT = ("initial", "adjusted", "executed", "rate")
_COUNTS = ("tasks", "indicators", "key_indicators", "key_projects", "without_actual")


@dataclass(frozen=True, slots=True)
class Reference:
    """A number that may be referred to.

    Attributes:
        code: as written between the braces.
        label: what it is.
        text: its value now, with unit.
    """

    code: str
    label: str
    text: str

    @property
    def written(self) -> str:
        """As it is written in the text."""
        return f"{{{{ {self.code} }}}}"


@dataclass(frozen=True, slots=True)
class ReferenceGroup:
    """References of one kind."""

    label: str
    references: tuple[Reference, ...]


def reference_groups(case: Case, evaluation: Evaluation, wanted: str = "") -> tuple[ReferenceGroup, ...]:
    """All numbers that have a value, by kind.

    Args:
        wanted: only those whose code, label or value contains this; "" for all.
    """
    book = FigureBook(case, evaluation)
    groups = []
    for label, codes in _codes(case, evaluation):
        found = []
        for code in codes:
            if not book.has(code):
                continue
            number = book.number(code)
            found.append(Reference(code, book.figures[-1].label, number.text))
        kept = tuple(each for each in found if _matches(each, wanted))
        if kept:
            groups.append(ReferenceGroup(label, kept))
    return tuple(groups)


def _matches(reference: Reference, wanted: str) -> bool:
    sought = wanted.strip().lower()
    return any(sought in text.lower() for text in (reference.code, reference.label, reference.text))


def _codes(case: Case, evaluation: Evaluation) -> Iterator[tuple[str, list[str]]]:
    yield noop("总分"), ["total", "full", "supported"]
    yield (
        noop("指标"),
        [f"indicator.{each.code}.{column}" for each in case.indicators for column in ("actual", "target")],
    )
    yield noop("收支"), [f"budget.{each.code}.{column}" for each in case.budget for column in _BUDGET]
    yield noop("项目"), [f"project.{each.code}.{column}" for each in case.projects for column in _PROJECT]
    yield (
        noop("得分"),
        [f"{kind}.{node.code}" for node in evaluation.nodes for kind in ("score", "points", "lost", "rate")],
    )
    kinds = [f"divisions.{kind.value}" for kind in DivisionKind]
    yield noop("数量"), [f"count.{each}" for each in (*_COUNTS, *kinds)]
    yield noop("管理事实"), [f"fact.{each.fact}" for each in case.management]
    yield noop("原文数字"), [f"figure.{each.code}" for each in case.printed_figures]

"""What people add to the computed scores: a score where the rule gives none, and the reason of a deduction."""

from abc import abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, ClassVar

from zhunsheng.kernel.problem import Problem, Problems, Severity
from zhunsheng.plans.case import Case, Deviation, ManualScore
from zhunsheng.plans.sections import Section
from zhunsheng.rubrics.judgement import Basis
from zhunsheng.scores import kinds as score_kinds
from zhunsheng.scores.evaluation import InputFile, ScoredNode
from zhunsheng.store.database.case_content import SECTION_OF, case_of, record_of, row_with_key
from zhunsheng.store.database.case_rows import CaseRow
from zhunsheng.store.database.models import Organisation, StoredCase
from zhunsheng.workflow.action import Action, Change, Invalid, Setting
from zhunsheng.workflow.collecting.items import owner_of
from zhunsheng.workflow.collecting.rows import require_as_seen, write_row
from zhunsheng.workflow.evaluating import kinds
from zhunsheng.workflow.evaluating.evaluated import evaluated
from zhunsheng.workflow.planning.cells import RowInput, filled_texts, read_input
from zhunsheng.workflow.planning.places import place_of

BY_HAND = frozenset({Basis.MANUAL, Basis.CLAIMED, Basis.NO_ACTUAL, Basis.RULE_UNKNOWN, Basis.INPUT_MISSING})
"""Where a score by hand counts: the rule gives none."""
_UNSEEN = InputFile("", "")


def row_for(case: StoredCase, section: str, item: str) -> CaseRow | None:
    """The row of the section about an item of the scoring sheet."""
    return row_with_key(case, SECTION_OF[section], {"item": item})


@dataclass(frozen=True)
class _AboutItem(Action):
    """An action that writes the row of one item; with nothing typed the row goes.

    Attributes:
        seen: revision of the row the person has seen; None when there was none.
    """

    right = "evaluation.score"
    touches_content = True
    section_name: ClassVar[str]

    case: StoredCase
    item: str
    seen: int | None = field(kw_only=True)

    def case_id(self) -> int:
        """The year."""
        return self.case.pk

    def division(self, case: StoredCase | None) -> Organisation | None:
        """Who owes the item; the whole body for nodes of the rubric."""
        return owner_of(case or self.case, self.item)

    @abstractmethod
    def cells(self, setting: Setting) -> dict[str, str]:
        """What was typed, by column."""

    @abstractmethod
    def check(self, case: Case, record: Any | None, problems: Problems) -> None:  # noqa: ANN401 - a record
        """Find what is wrong with the record in its year."""

    def carry_out(self, setting: Setting) -> Iterator[Change]:
        """Read, check, write."""
        section, row = SECTION_OF[self.section_name], row_for(setting.year, self.section_name, self.item)
        require_as_seen(row, self.seen, f"“{self.item}”的{section.label}")
        before = None if row is None else record_of(section, row)
        record = self._read(setting, section, before)
        if record == before:
            return
        if record is not None:
            write_row(setting, section, row, record)
        elif row is not None:
            row.delete()
        yield Change(
            f"{section.name}/{self.item}",
            None if before is None else filled_texts(section, before),
            None if record is None else filled_texts(section, record),
        )

    def _read(self, setting: Setting, section: Section, before: Any | None) -> Any | None:  # noqa: ANN401
        problems = Problems()
        cells = self.cells(setting)
        given = RowInput(cells if before is not None else {**cells, "item": self.item})
        typed = any(text.strip() for name, text in cells.items() if name != "given_by")
        record = read_input(section, before, given, self.item, problems) if typed else None
        case = case_of(setting.year)
        if not problems.has_errors:
            self.check(case, record, problems)
        errors = [each for each in problems.found if each.severity is Severity.ERROR]
        if errors:
            raise Invalid(errors)
        return record


@dataclass(frozen=True)
class ScoreManually(_AboutItem):
    """Gives a score where the rule gives none.

    Attributes:
        score: as typed; with `why` empty as well, the score by hand is taken away.
    """

    code = "evaluation.score"
    label = "人工评分"
    section_name = "manual_scores"

    score: str = ""
    why: str = ""

    def reason(self) -> str:
        """Why this score."""
        return self.why.strip()

    def cells(self, setting: Setting) -> dict[str, str]:
        """Score and reason, and who gave them."""
        return {"score": self.score, "reason": self.why, "given_by": setting.actor.name}

    def check(self, case: Case, record: ManualScore | None, problems: Problems) -> None:
        """The item is one that is scored by hand, and the score is within what its rule allows."""
        others = tuple(each for each in case.manual_scores if each.item != self.item)
        if record is None:
            return
        case = replace(case, manual_scores=(*others, record))
        found = evaluated(case, _UNSEEN).evaluation
        place = place_of(SECTION_OF["manual_scores"], self.item, "score")
        node = found.node(self.item)
        if node is None:
            problems.add(kinds.UNKNOWN_ITEM.at(place, f"没有编码为“{self.item[:60]}”的评分项"))
        elif not node.leaf or node.basis not in BY_HAND:
            problems.add(kinds.NOT_BY_HAND.at(place, f"“{node.name}”{_why_not(node)}"))
        else:
            problems.extend(_out_of_bounds(found.problems, node, record))


def _why_not(node: ScoredNode) -> str:
    return "的得分是下级得分之和" if not node.leaf else f"：{node.basis.label}"


def _out_of_bounds(found: tuple[Problem, ...], node: ScoredNode, record: ManualScore) -> Iterator[Problem]:
    place = place_of(SECTION_OF["manual_scores"], node.code, "score")
    for each in found:
        if each.code == score_kinds.MANUAL_OUT_OF_BOUNDS.code and each.place.field in {
            node.code,
            f"指标 {node.code}",
        }:
            yield replace(each, place=place)
    if record.score is not None and record.score < Decimal(0):
        yield score_kinds.MANUAL_OUT_OF_BOUNDS.at(place, "得分不能为负")


@dataclass(frozen=True)
class ExplainDeviation(_AboutItem):
    """Says why an item lost points and what will be done; with both empty the words are taken away."""

    code = "evaluation.explain"
    label = "填写扣分原因"
    section_name = "deviations"

    why: str = ""
    remedy: str = ""

    def cells(self, setting: Setting) -> dict[str, str]:  # noqa: ARG002 - the same for everybody
        """Reason and remedy."""
        return {"reason": self.why, "remedy": self.remedy}

    def check(self, case: Case, record: Deviation | None, problems: Problems) -> None:
        """The item is one of the scoring sheet."""
        if record is None or self.item in case.indicator_by_code:
            return
        if evaluated(case, _UNSEEN).evaluation.node(self.item) is None:
            place = place_of(SECTION_OF["deviations"], self.item)
            problems.add(kinds.UNKNOWN_ITEM.at(place, f"没有编码为“{self.item[:60]}”的评分项"))

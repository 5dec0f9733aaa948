"""Parts 三 and 四 of the report: the problems a year showed and what is done about each of them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from zhunsheng.kernel.problem import Kind, Problems, Severity
from zhunsheng.plans.case import Remedy, Shortcoming
from zhunsheng.plans.sections import Section
from zhunsheng.scores.evaluation import Evaluation
from zhunsheng.store.database.case_content import SECTION_OF, record_of
from zhunsheng.store.database.case_rows import ROW_MODELS, CaseRow
from zhunsheng.store.database.models import StoredCase
from zhunsheng.workflow.action import Action, Change, Invalid, Setting, Stale
from zhunsheng.workflow.collecting.rows import write_row
from zhunsheng.workflow.planning.cells import RowInput, filled_texts, read_input
from zhunsheng.workflow.planning.checking import edited_faults
from zhunsheng.workflow.planning.editing import changed_by_others
from zhunsheng.workflow.planning.following import hindrances
from zhunsheng.workflow.planning.places import NEW, key_text, located_row, place_of, subject_of
from zhunsheng.workflow.reporting.year import evaluated_year

MATTERS: Final[Mapping[str, Section]] = {name: SECTION_OF[name] for name in ("shortcomings", "remedies")}
ABOUT: Final[Mapping[str, str]] = {"shortcomings": "covers", "remedies": "answers"}
"""By section the column that says what a row is about: lost points, or problems."""
FILLED: Final = ("code", "title", "text")
"""The other columns people fill in; where a row stands in an older report stays as it is."""
_LETTERS: Final = {"shortcomings": "Q", "remedies": "C"}

ABOUT_NOTHING = Kind(
    "REPORT-103", Severity.ERROR, "须选择这一条针对什么", "在列出的评分项或问题中至少选一项。"
)
UNKNOWN_ABOUT = Kind("REPORT-104", Severity.ERROR, "只能选择已有的评分项或问题", "从页面列出的选项中选择。")


def matters_of(case: StoredCase, section: Section) -> list[CaseRow]:
    """The rows of a section, in the order of the report."""
    return list(ROW_MODELS[section.name]._default_manager.filter(case=case).select_related("changed_by"))


def matter_of(case: StoredCase, section: Section, identity: int) -> CaseRow | None:
    """A row by its identity."""
    model = ROW_MODELS[section.name]
    return model._default_manager.filter(case=case, pk=identity).select_related("changed_by").first()


def next_code(case: StoredCase, section: Section) -> str:
    """A code that is not taken, for a new row."""
    taken = {str(each) for each in matters_of(case, section)}
    letter, number = _LETTERS[section.name], 1
    while f"{letter}{number}" in taken:
        number += 1
    return f"{letter}{number}"


def subjects(
    section: Section, evaluation: Evaluation, shortcomings: tuple[Shortcoming, ...]
) -> dict[str, str]:
    """What a row may be about, by code: for a problem the items that lost points, for a measure the problems."""
    if section.name == "remedies":
        return {each.code: each.title for each in shortcomings}
    lost = {each.code: each.name for each in evaluation.deducted()}
    # a problem may also be about an item whose points are all there, once it has been named
    named = {
        code: node.name for each in shortcomings for code in each.covers if (node := evaluation.node(code))
    }
    return {**lost, **named}


@dataclass(frozen=True)
class _OfMatters(Action):
    """Something is done to a row of parts 三 and 四."""

    right = "report.edit"
    touches_content = True

    case: StoredCase
    section: str

    def case_id(self) -> int:
        """The year."""
        return self.case.pk

    def found(self, setting: Setting, identity: int, revision: int) -> CaseRow:
        """The row as the person saw it.

        Raises:
            Stale: somebody else has changed or removed it.
        """
        section = MATTERS[self.section]
        row = matter_of(setting.year, section, identity)
        if row is None:
            raise Stale(f"“{section.label}”中的这一条已被别人删除；请返回报告页面")
        if row.revision != revision:
            raise Stale(changed_by_others(section, row))
        return row


@dataclass(frozen=True)
class WriteMatter(_OfMatters):
    """Writes a problem or a measure.

    Attributes:
        given: what was typed; without a row it is a new one.
    """

    code = "report.write_matter"
    label = "填写存在问题或改进措施"

    given: RowInput

    def carry_out(self, setting: Setting) -> Iterator[Change]:
        """Read, check, write."""
        section, given = MATTERS[self.section], self.given
        row = None if given.row is None else self.found(setting, given.row, given.revision)
        before = None if row is None else record_of(section, row)
        key = NEW if before is None else key_text(section, before)
        problems = Problems()
        record = read_input(section, before, given, key, problems)
        self._check(setting, section, row, record, key, problems)
        if problems.has_errors:
            raise Invalid(problems.as_tuple())
        if record == before:
            return
        write_row(setting, section, row, record)
        if before is not None and record.code != before.code and self.section == "shortcomings":
            yield from self._follow(setting, before.code, record.code)
        yield Change(
            subject_of(section, key_text(section, before or record)),
            None if before is None else filled_texts(section, before),
            filled_texts(section, record),
        )

    def _check(
        self,
        setting: Setting,
        section: Section,
        row: CaseRow | None,
        record: Shortcoming | Remedy,
        key: str,
        problems: Problems,
    ) -> None:
        others = [
            record_of(section, each)
            for each in matters_of(setting.year, section)
            if row is None or each.pk != row.pk
        ]
        faulty = {each.place for each in problems.found}
        edited = [(record, located_row(section, key))]
        problems.extend(
            each for each in edited_faults(setting.year, section, others, edited) if each.place not in faulty
        )
        column = ABOUT[self.section]
        place = place_of(section, key, column)
        named: tuple[str, ...] = getattr(record, column)
        year = evaluated_year(setting.year)
        known = subjects(section, year.evaluation, year.case.shortcomings)
        if not named:
            problems.add(ABOUT_NOTHING.at(place, "没有选择"))
        for each in named:
            if each not in known and not (section.name == "shortcomings" and year.evaluation.node(each)):
                problems.add(UNKNOWN_ABOUT.at(place, f"没有编码为“{each[:60]}”的项", value=each[:60]))

    @staticmethod
    def _follow(setting: Setting, old: str, new: str) -> Iterator[Change]:
        """Measures name problems by their code."""
        section = MATTERS["remedies"]
        for row in matters_of(setting.year, section):
            record = record_of(section, row)
            if old in record.answers:
                answers = tuple(new if each == old else each for each in record.answers)
                row.f_answers = list(answers)  # type: ignore[attr-defined] # made from the columns
                row.revision += 1
                row.save()
                subject = subject_of(section, key_text(section, record))
                yield Change(subject, {"answers": list(record.answers)}, {"answers": list(answers)})


@dataclass(frozen=True)
class RemoveMatter(_OfMatters):
    """Takes a problem or a measure out of the report."""

    code = "report.remove_matter"
    label = "删除存在问题或改进措施"

    row: int
    revision: int

    def carry_out(self, setting: Setting) -> Iterator[Change]:
        """Remove it."""
        section = MATTERS[self.section]
        row = self.found(setting, self.row, self.revision)
        record = record_of(section, row)
        key = key_text(section, record)
        problems = tuple(hindrances(setting.year, section, key))
        if problems:
            raise Invalid(problems)
        yield Change(subject_of(section, key), filled_texts(section, record), None)
        row.delete()

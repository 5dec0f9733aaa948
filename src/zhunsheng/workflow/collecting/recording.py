"""Recording what was really spent and received: one budget line or project, or many in one go."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.utils import timezone

from zhunsheng.kernel.located import is_reasonable
from zhunsheng.kernel.problem import Problem, Problems, Severity
from zhunsheng.kernel.rounding import plain
from zhunsheng.kernel.written import parse_decimal
from zhunsheng.plans.case import BudgetLine, Project
from zhunsheng.store.database.case_content import SECTION_OF
from zhunsheng.store.database.models import Organisation, StoredCase
from zhunsheng.workflow.action import Action, Change, Invalid, Refused, Setting
from zhunsheng.workflow.catalogue import judge
from zhunsheng.workflow.collecting import kinds
from zhunsheng.workflow.collecting.execution import EXECUTED, Spending, spending_of, spendings_of
from zhunsheng.workflow.collecting.reporting import judged_again
from zhunsheng.workflow.collecting.rows import overtaken, require_none_overtaken, write_row
from zhunsheng.workflow.planning.cells import RowInput, filled_texts, read_input
from zhunsheng.workflow.planning.places import place_of, subject_of
from zhunsheng.workflow.rights import Asked

UNITS: Final = {"万元": 0, "元": -4}
"""Units an amount may be written in, with the power of ten that makes 万元 of them."""


@dataclass(frozen=True, slots=True)
class Executed:
    """What somebody says was spent of a budget line or project.

    Attributes:
        item: "budget/<code>" or "projects/<code>".
        cells: texts by column of `EXECUTED`; a column that is absent keeps its value, every other one is passed over.
        seen: revision of the row the person has seen.
        unit: of the amount, one of `UNITS`.
    """

    item: str
    cells: Mapping[str, str]
    seen: int | None
    unit: str = "万元"


@dataclass(frozen=True)
class RecordExecution(Action):
    """Says what was really spent or received, where the amount comes from and what proves it."""

    code = "collect.execution"
    label = "填报执行数"
    right = "collect.report"
    touches_content = True

    case: StoredCase
    item: str
    cells: Mapping[str, str]
    seen: int | None

    def case_id(self) -> int:
        """The year."""
        return self.case.pk

    def division(self, case: StoredCase | None) -> Organisation | None:
        """Who reports it."""
        found = spending_of(case or self.case, self.item)
        return None if found is None else found.owner

    def carry_out(self, setting: Setting) -> Iterator[Change]:
        """Read, check, write."""
        given = Executed(self.item, self.cells, self.seen)
        found = spending_of(setting.year, self.item)
        yield from _recorded(setting, (given,), () if found is None else (found,))


@dataclass(frozen=True)
class RecordExecutions(Action):
    """Says it of many at once: all of it is written, or nothing."""

    code = "collect.executions"
    label = "成批填报执行数"
    right = "collect.report"
    touches_content = True

    case: StoredCase
    rows: tuple[Executed, ...]

    def case_id(self) -> int:
        """The year."""
        return self.case.pk

    def division(self, case: StoredCase | None) -> Organisation | None:
        """Who reports the first; whether the actor may report the others is asked for each of them."""
        found = spending_of(case or self.case, self.rows[0].item) if self.rows else None
        return None if found is None else found.owner

    def carry_out(self, setting: Setting) -> Iterator[Change]:
        """Read, check, write."""
        found = spendings_of(setting.year)
        _may_report(setting, self.right, self.rows, found)
        yield from _recorded(setting, self.rows, found)


def _may_report(setting: Setting, right: str, rows: Sequence[Executed], lines: Sequence[Spending]) -> None:
    """Every line is reported by whom it belongs to.

    Raises:
        Refused: one belongs to others.
    """
    today = timezone.localdate(setting.moment)
    wanted = {each.item for each in rows}
    owners = {each.owner.pk: each for each in lines if each.item in wanted}
    for each in owners.values():
        verdict = judge(right, setting.actor, Asked(today, setting.year, division=each.owner))
        if not verdict.allowed:
            raise Refused(f"“{each.label}”由{each.owner}填报：{verdict.reason}")


def _recorded(setting: Setting, rows: Sequence[Executed], lines: Sequence[Spending]) -> Iterator[Change]:
    """Write all of it, or nothing with everything that is wrong.

    Raises:
        Stale: somebody else has changed some of it.
        Invalid: something is wrong.
    """
    known = {each.item: each for each in lines}
    if unfit := [*_unknown(rows, known), *_twice(rows)]:
        raise Invalid(unfit)
    pairs = [(known[each.item], each) for each in rows]
    require_none_overtaken(
        [overtaken(line.row, each.seen, f"“{line.label}”的执行数") for line, each in pairs]
    )
    problems = Problems()
    records = [_read(line, each, problems) for line, each in pairs]
    if problems.has_errors:
        raise Invalid([each for each in problems.found if each.severity is Severity.ERROR])
    for (line, _given), record in zip(pairs, records, strict=True):
        yield from _written(setting, line, record)


def _unknown(rows: Sequence[Executed], known: Mapping[str, Spending]) -> Iterator[Problem]:
    for each in rows:
        if each.item not in known:
            place = place_of(SECTION_OF["budget"], each.item[:60])
            what = f"本年度没有编码为“{each.item[:60]}”的收支项目"
            yield kinds.NO_SPENDING.at(place, what, value=each.item)


def _twice(rows: Sequence[Executed]) -> Iterator[Problem]:
    seen: set[str] = set()
    for each in rows:
        if each.item in seen:
            place = place_of(SECTION_OF["budget"], each.item[:60])
            yield kinds.SPENDING_TWICE.at(place, f"“{each.item[:60]}”出现了不止一次", value=each.item)
        seen.add(each.item)


def _read(line: Spending, given: Executed, problems: Problems) -> Any:  # noqa: ANN401 - one of the two records
    """The record as it would be; what is wrong is added to the problems."""
    section, own = SECTION_OF[line.section], Problems()
    cells = {name: text for name, text in given.cells.items() if name in EXECUTED[section.name]}
    if "executed" in cells:
        cells["executed"] = _in_ten_thousands(line, cells["executed"], given.unit, own)
    record = read_input(section, line.record, RowInput(cells), line.code, own)
    # what stays as it is was taken before, from a file perhaps, and nothing is written
    if not own.has_errors and record != line.record and record.executed is not None:
        _proved(line, record, own)
    problems.extend(own.found)
    return record


def _in_ten_thousands(line: Spending, text: str, unit: str, problems: Problems) -> str:
    """An amount as the columns are written, in 万元; what cannot be read in its unit is a problem."""
    power = UNITS[unit]
    if not power or not text.strip():
        return text
    number = parse_decimal(text)
    if number is None or not is_reasonable(number):
        place = place_of(SECTION_OF[line.section], line.code, "executed")
        what = f"“执行数”应为数字（单位{unit}），现为“{text[:60]}”"
        problems.add(kinds.NOT_AN_AMOUNT.at(place, what, value=text[:60]))
        return ""
    sign, digits, exponent = number.as_tuple()
    # division would round what has more digits than it counts with
    return plain(Decimal((sign, digits, int(exponent) + power)))


def _proved(line: Spending, record: BudgetLine | Project, problems: Problems) -> None:
    """An amount says where it comes from and what proves it."""
    section = SECTION_OF[line.section]
    if not record.executed_source.strip():
        place = place_of(section, line.code, "executed_source")
        problems.add(kinds.NO_SOURCE.at(place, f"“{line.label}”的执行数没有写来源"))
    if not record.executed_evidence.strip() and not line.files:
        place = place_of(section, line.code, "executed_evidence")
        problems.add(kinds.NO_PROOF.at(place, f"“{line.label}”的执行数既没有佐证说明，也没有佐证文件"))


def _written(setting: Setting, line: Spending, record: Any) -> Iterator[Change]:  # noqa: ANN401
    if record == line.record:
        return
    section = SECTION_OF[line.section]
    write_row(setting, section, line.row, record)
    before, after = filled_texts(section, line.record), filled_texts(section, record)
    names = [name for name in EXECUTED[section.name] if before.get(name) != after.get(name)]
    yield Change(
        subject_of(section, line.code),
        {name: before.get(name, "") for name in names},
        {name: after.get(name, "") for name in names},
    )
    if record.executed != line.record.executed:
        yield from judged_again(setting.year, line.item, "执行数已修改，须重新审核")

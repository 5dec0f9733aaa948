"""The content of a year put in the place of what is there: from a workbook that was checked before."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

from zhunsheng.kernel.problem import Problem, Problems
from zhunsheng.plans.case import Case
from zhunsheng.plans.differences import Difference, differences
from zhunsheng.plans.sections import SECTIONS
from zhunsheng.store.database.case_content import case_of, put_case
from zhunsheng.store.database.file_store import content_of
from zhunsheng.store.database.models import StoredCase, StoredFile
from zhunsheng.workflow.action import Action, Change, Invalid, Setting, Stale
from zhunsheng.workflow.planning.cells import money_faults
from zhunsheng.workflow.planning.kinds import OTHER_CASE
from zhunsheng.workflow.planning.places import SECTION_OF, place_of, subject_of
from zhunsheng.workflow.planning.versions import case_of_files


def replacement_faults(stored: StoredCase, case: Case) -> tuple[Problem, ...]:
    """Why a case cannot stand in the place of a year's content."""
    problems = Problems()
    about = SECTION_OF["about"]
    here = case_of(stored)
    for name, found, wanted in (
        ("code", case.about.code, here.about.code),
        ("fiscal_year", str(case.about.fiscal_year), str(here.about.fiscal_year)),
    ):
        if found != wanted:
            place = place_of(about, column=name)
            problems.add(OTHER_CASE.at(place, f"工作簿为“{found}”，这里是“{wanted}”", value=found))
    if case.body.name != here.body.name:
        place = place_of(SECTION_OF["body"], column="name")
        what = f"工作簿的部门是“{case.body.name}”，这里是“{here.body.name}”"
        problems.add(OTHER_CASE.at(place, what, value=case.body.name))
    for section in SECTIONS:
        content = getattr(case, section.name)
        money_faults(section, (content,) if section.shape == "record" else content, problems)
    return problems.as_tuple()


@dataclass(frozen=True)
class ReplaceCase(Action):
    """Puts a checked case in the place of the content of a year.

    Attributes:
        checked: the file the dry run has kept: the files of the case's directory form as JSON.
        seen: revision of the content the dry run has compared with.
    """

    code = "plan.replace"
    label = "用工作簿替换档案"
    right = "plan.replace"
    touches_content = True

    case: StoredCase
    checked: StoredFile
    seen: int

    def case_id(self) -> int:
        """The year."""
        return self.case.pk

    def carry_out(self, setting: Setting) -> Iterator[Change]:
        """Replace; one line of the trail for each row that differs."""
        stored = setting.year
        if stored.revision != self.seen:
            raise Stale("核对之后，档案又有修改；请重新上传工作簿，核对差异后再确认")
        case = case_of_files(json.loads(content_of(self.checked)))
        faults = replacement_faults(stored, case)
        if faults:
            raise Invalid(faults)
        found = differences(case_of(stored), case)
        if not found:
            return
        put_case(stored, case, setting.actor.user, setting.moment)
        stored.title = case.about.title[:200]
        yield from _by_row(found)


def _by_row(found: list[Difference]) -> Iterator[Change]:
    rows: dict[tuple[str, str], list[Difference]] = {}
    for each in found:
        rows.setdefault((each.section, each.key), []).append(each)
    for (name, key), changed in rows.items():
        before = {each.column: each.one for each in changed if each.one}
        after = {each.column: each.other for each in changed if each.other}
        yield Change(subject_of(SECTION_OF[name], key), before or None, after or None)

"""A new year: empty, or with the structure of an earlier one."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import IntegrityError, transaction

from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Problems
from zhunsheng.plans.case import About, Body, BudgetLine, Case, Division, Indicator, Project, Task
from zhunsheng.plans.choices import BodyKind, CaseStatus, DivisionKind, PointsBasis
from zhunsheng.rubrics.rubric import RubricObject
from zhunsheng.store.database.case_content import case_of, put_case
from zhunsheng.store.database.models import Organisation, OrganisationKind, StoredCase
from zhunsheng.store.definition_files import load_rubric, rubric_codes
from zhunsheng.workflow.action import Action, Change, Invalid, Refused, Setting
from zhunsheng.workflow.planning import kinds

_CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_RESERVED = frozenset({"new"})
"""Words of addresses, which no year may be called."""
_KINDS = {
    OrganisationKind.DIVISION: DivisionKind.INTERNAL,
    OrganisationKind.STATION: DivisionKind.DISPATCHED,
    OrganisationKind.UNIT: DivisionKind.SUBORDINATE,
}


def department_rubrics() -> tuple[tuple[str, str], ...]:
    """Codes and labels of the rubrics a department's year may be judged by."""
    found = []
    for code in rubric_codes():
        rubric, _ = load_rubric(code)
        if rubric is not None and rubric.object is RubricObject.DEPARTMENT:
            found.append((code, rubric.label))
    return tuple(found)


def structure_of(before: Case) -> dict[str, Any]:
    """What a new year takes over from an earlier one: what there is, not how much of it or how it went.

    Targets are left open so that they are set anew; last year's actual values stand beside them.
    """
    return {
        "body": before.body,
        "duties": tuple(replace(each, place="") for each in before.duties),
        "divisions": tuple(replace(each, place="") for each in before.divisions),
        "tasks": tuple(_task(each) for each in before.tasks),
        "indicators": tuple(_indicator(each, before) for each in before.indicators),
        "key_indicators": tuple(
            replace(each, target_text="", target_value="", actual_text="", place="")
            for each in before.key_indicators
        ),
        "budget": tuple(_line(each) for each in before.budget),
        "projects": tuple(_project(each) for each in before.projects),
    }


def _task(each: Task) -> Task:
    return replace(each, goals=(), results=(), stated_indicators=None, place="")


def _indicator(each: Indicator, before: Case) -> Indicator:
    actual = before.actual_of.get(each.code)
    reached = "" if actual is None or not actual.value else f"{actual.value}{actual.unit}"
    return replace(
        each,
        target_text="",
        target_value="",
        initial_target="",
        adjustment="",
        previous_actual=reached,
        points_basis=PointsBasis.APPROVED,
        place="",
        note="",
    )


def _line(each: BudgetLine) -> BudgetLine:
    return BudgetLine(
        each.code, each.name, each.side, each.category, each.fund_source, previous=each.executed
    )


def _project(each: Project) -> Project:
    return Project(each.code, each.name, each.unit, key=each.key, nature=each.nature, purpose=each.purpose)


@dataclass(frozen=True)
class CreateCase(Action):
    """Opens a body's year.

    Attributes:
        new_code: of the year.
        copied: the earlier year of the same body whose structure is taken over, or None.
    """

    code = "case.create"
    label = "新建年度档案"
    right = "case.create"

    body: Organisation
    new_code: str
    fiscal_year: int | None
    title: str
    rubric: str
    target_due: date | None = None
    actual_due: date | None = None
    report_due: date | None = None
    copied: StoredCase | None = None

    def organisation(self) -> Organisation:
        """The body."""
        return self.body

    def carry_out(self, setting: Setting) -> Iterator[Change]:
        """Open it."""
        self._check()
        year = self.fiscal_year
        assert year is not None  # noqa: S101 - checked
        stored = StoredCase(
            code=self.new_code,
            organisation=self.body,
            fiscal_year=year,
            title=self.title.strip(),
            target_due=self.target_due,
            actual_due=self.actual_due,
            report_due=self.report_due,
            created=setting.moment,
        )
        try:
            with transaction.atomic():
                stored.save()
        except IntegrityError as error:
            what = f"“{self.body}”{year} 年度的档案刚刚由别人建立"
            raise Invalid((kinds.YEAR_TAKEN.at(Place("新建年度档案"), what),)) from error
        put_case(stored, self._content(year), setting.actor.user, setting.moment)
        yield Change(
            f"cases/{self.new_code}",
            None,
            {
                "organisation": self.body.code,
                "fiscal_year": year,
                "title": self.title.strip(),
                "rubric": self.rubric,
                "copied": "" if self.copied is None else self.copied.code,
            },
        )

    def _check(self) -> None:
        problems, year = Problems(), self.fiscal_year
        if self.copied is not None and self.copied.organisation_id != self.body.pk:
            raise Refused("只能沿用本单位以前年度的结构")
        if year is None or not 2000 <= year <= 2100:
            problems.add(kinds.BAD_YEAR.at(_field("年度"), "年度不是 2000 到 2100 之间的四位数"))
        elif StoredCase.objects.filter(organisation=self.body, fiscal_year=year).exists():
            problems.add(kinds.YEAR_TAKEN.at(_field("年度"), f"“{self.body}”已有 {year} 年度的档案"))
        if self.new_code in _RESERVED or len(self.new_code) > 60 or _CODE.fullmatch(self.new_code) is None:
            what = f"档案编码“{self.new_code}”不合规定"
            problems.add(kinds.BAD_CODE.at(_field("档案编码"), what, value=self.new_code))
        elif StoredCase.objects.filter(code=self.new_code).exists():
            what = f"档案编码“{self.new_code}”已被使用"
            problems.add(kinds.CODE_TAKEN.at(_field("档案编码"), what, value=self.new_code))
        if not 0 < len(self.title.strip()) <= 200 or not self.title.isprintable():
            problems.add(kinds.NO_TITLE.at(_field("报告标题"), "标题为空、过长，或含有控制字符"))
        if self.rubric not in {code for code, _ in department_rubrics()}:
            problems.add(kinds.NO_RUBRIC.at(_field("评分体系"), "没有选择评分体系"))
        if problems.has_errors:
            raise Invalid(problems.as_tuple())

    def _content(self, year: int) -> Case:
        about = About(
            code=self.new_code,
            title=self.title.strip(),
            fiscal_year=year,
            rubric=self.rubric,
            status=CaseStatus.DRAFT,
        )
        if self.copied is not None:
            return Case(about=about, **structure_of(case_of(self.copied)))
        children = Organisation.objects.filter(parent=self.body, is_active=True)
        divisions = tuple(
            Division(each.name, _KINDS[OrganisationKind(each.kind)])
            for each in children
            if each.kind in _KINDS
        )
        body = Body(self.body.name, self.body.short_name, BodyKind.DEPARTMENT)
        return Case(about=about, body=body, divisions=divisions)


def _field(label: str) -> Place:
    return Place(file="新建年度档案", field=label)

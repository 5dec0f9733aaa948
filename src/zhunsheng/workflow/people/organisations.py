"""The tree of organisations: parts added, renamed, taken out of use."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone

from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Problem
from zhunsheng.plans.roles import EvaluationState
from zhunsheng.store.database.case_rows import field_of
from zhunsheng.store.database.models import ROW_MODELS, Assignment, Grant, Organisation, OrganisationKind
from zhunsheng.workflow.action import Action, Change, Invalid, Refused, Setting, Stale
from zhunsheng.workflow.people import wording

PARTS = (OrganisationKind.DIVISION, OrganisationKind.STATION, OrganisationKind.UNIT)
"""What an administrator may add below a body; bodies themselves are set up with the site."""

_OVER = (EvaluationState.FROZEN.value, EvaluationState.RELEASED.value)


def _name_problems(name: str, short_name: str) -> list[Problem]:
    found = wording.text_problems(wording.BODY_NAME, "name", name, 120)
    if short_name.strip():
        found += wording.text_problems(wording.BODY_NAME, "short_name", short_name, 40)
    return found


def _same_name(name: str, parent: Organisation | None, other_than: int | None = None) -> list[Problem]:
    known = Organisation.objects.filter(parent=parent, name=name.strip()).exclude(pk=other_than or 0)
    if parent is None or not known.exists():
        return []
    return [wording.SAME_NAME.at(Place(field="name"), f"“{parent}”已有“{name.strip()}”")]


def next_code(parent: Organisation) -> str:
    """A free code for a part: that of the parent with the next number."""
    taken = set(
        Organisation.objects.filter(code__startswith=f"{parent.code}-").values_list("code", flat=True)
    )
    number = 1
    while f"{parent.code}-{number:02d}" in taken:
        number += 1
    return f"{parent.code}-{number:02d}"


@dataclass(frozen=True)
class AddPart(Action):
    """Adds a division, station or unit."""

    code = "organisation.add"
    label = "新增下设单位"
    right = "people.manage"

    parent: Organisation
    name: str
    kind: str
    short_name: str = ""

    def organisation(self) -> Organisation:
        """The body it is added to."""
        return self.parent

    def carry_out(self, setting: Setting) -> Iterator[Change]:  # noqa: ARG002 - the same for every action
        """Add."""
        parent = Organisation.objects.select_for_update().get(pk=self.parent.pk)
        problems = [*_name_problems(self.name, self.short_name), *_same_name(self.name, parent)]
        if self.kind not in PARTS:
            problems.append(wording.DIVISION_KIND.at(Place(field="kind"), "没有这个类别"))
        if problems:
            raise Invalid(problems)
        if not parent.is_active:
            raise Refused(f"“{parent}”已停用，不能新增下设单位")
        made = Organisation.objects.create(
            code=next_code(parent),
            name=self.name.strip(),
            short_name=self.short_name.strip(),
            kind=self.kind,
            parent=parent,
            overseer=parent.overseer if self.kind == OrganisationKind.UNIT else None,
        )
        yield Change(f"organisations/{made.code}", None, {"name": made.name, "kind": made.kind})


@dataclass(frozen=True)
class RenameOrganisation(Action):
    """Gives an organisation another name. Open years name their divisions, so the full name waits for them."""

    code = "organisation.rename"
    label = "修改单位名称"
    right = "people.manage"

    which: Organisation
    name: str
    short_name: str = ""

    def organisation(self) -> Organisation:
        """The organisation."""
        return self.which

    def carry_out(self, setting: Setting) -> Iterator[Change]:  # noqa: ARG002 - the same for every action
        """Rename."""
        found = Organisation.objects.select_for_update().get(pk=self.which.pk)
        problems = [
            *_name_problems(self.name, self.short_name),
            *_same_name(self.name, found.parent, found.pk),
        ]
        if problems:
            raise Invalid(problems)
        before = {"name": found.name, "short_name": found.short_name}
        after = {"name": self.name.strip(), "short_name": self.short_name.strip()}
        if before["name"] != after["name"]:
            named = open_years_naming(found)
            if named:
                years = "、".join(named)
                raise Refused(
                    f"{years}的任务仍写着“{found.name}”；请在这些年度锁定后再改全称，现在可以先改简称"
                )
        if before != after:
            found.name, found.short_name = after["name"], after["short_name"]
            found.save(update_fields=["name", "short_name"])
            yield Change(f"organisations/{found.code}", before, after)


def open_years_naming(organisation: Organisation) -> list[str]:
    """Years that are not over and whose tasks name the organisation."""
    model = ROW_MODELS["tasks"]
    above = [code for code in organisation.codes if code != organisation.code]
    rows = (
        model._default_manager.filter(
            Q(**{field_of("division"): organisation.name}), case__organisation__code__in=above
        )
        .exclude(case__evaluation_state__in=_OVER)
        .select_related("case__organisation")
    )
    return sorted({str(each.case) for each in rows})


@dataclass(frozen=True)
class SetInUse(Action):
    """Takes an organisation out of use or back into use. What is held at one out of use has no effect."""

    code = "organisation.active"
    label = "停用、启用单位"
    right = "people.manage"

    which: Organisation
    active: bool

    def organisation(self) -> Organisation:
        """The organisation."""
        return self.which

    def carry_out(self, setting: Setting) -> Iterator[Change]:
        """Take it out of use or back."""
        found = Organisation.objects.select_for_update().get(pk=self.which.pk)
        if found.is_active == self.active:
            raise Stale("这个单位已经是" + ("在用" if self.active else "停用") + "状态；请刷新页面")
        if not self.active:
            self._hindrance(found, setting)
        elif found.parent is not None and not found.parent.is_active:
            raise Refused(f"上级“{found.parent}”已停用；请先启用上级")
        found.is_active = self.active
        found.save(update_fields=["is_active"])
        yield Change(
            f"organisations/{found.code}", {"is_active": not self.active}, {"is_active": self.active}
        )

    @staticmethod
    def _hindrance(found: Organisation, setting: Setting) -> None:
        today = timezone.localdate(setting.moment)
        children = found.children.filter(is_active=True).count()
        if children:
            raise Refused(f"“{found}”下还有 {children} 个在用的单位；请先停用它们")
        held = Grant.objects.filter(organisation=found, user__is_active=True).exclude(until__lt=today).count()
        if held:
            raise Refused(f"“{found}”还有 {held} 项有效授权；请先收回")
        owed = Assignment.objects.filter(organisation=found).exclude(case__evaluation_state__in=_OVER).count()
        if owed:
            raise Refused(f"“{found}”在未锁定的年度中还负责 {owed} 项填报；请先改派给别的单位")

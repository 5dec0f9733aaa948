"""Who owes a value until when, and asking for what is late."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from zhunsheng.kernel.place import Place
from zhunsheng.kernel.written import parse_date
from zhunsheng.plans.roles import Role
from zhunsheng.store.database.models import Assignment, Organisation, StoredCase, User
from zhunsheng.workflow.action import Action, Change, Invalid, Setting, Stale
from zhunsheng.workflow.actor import actor_of
from zhunsheng.workflow.collecting import kinds
from zhunsheng.workflow.collecting.items import Item, items_of
from zhunsheng.workflow.collecting.reporting import wanted_item

_LONGEST_REMINDER = 500
_USUAL_WORDS = "请尽快填报完成值并上传佐证"
_FILLING = (Role.FILLER, Role.DIVISION_HEAD, Role.FINANCE)


def mark_of(assignment: Assignment | None) -> str:
    """What an assignment says, as a text two looks can be compared by."""
    if assignment is None:
        return ""
    return f"{assignment.organisation_id}/{assignment.person_id or ''}/{assignment.due or ''}"


def divisions_of(case: StoredCase) -> list[Organisation]:
    """Who may owe a value: the body and all below it."""
    return list(Organisation.objects.filter(path__startswith=case.organisation.path, is_active=True))


def fillers_of(case: StoredCase) -> list[User]:
    """Who may owe a value by name: everybody with a filling role in the body."""
    roles = [each.value for each in _FILLING]
    path = case.organisation.path
    held = User.objects.filter(
        is_active=True, grants__role__in=roles, grants__organisation__path__startswith=path
    )
    return list(held.distinct().order_by("name", "username"))


@dataclass(frozen=True)
class AssignItem(Action):
    """Says who owes the value of an item until when.

    Attributes:
        owner: code of the division.
        username: of the person; "" for anybody of the division.
        due: a day as text; "" for the day of the year.
        seen: `mark_of` the assignment the person has seen.
    """

    code = "collect.assign"
    label = "分派填报任务"
    right = "collect.assign"

    case: StoredCase
    item: str
    owner: str
    username: str
    due: str
    seen: str

    def case_id(self) -> int:
        """The year."""
        return self.case.pk

    def carry_out(self, setting: Setting) -> Iterator[Change]:
        """Write the assignment."""
        item = wanted_item(setting.year, self.item)
        before = Assignment.objects.filter(case=setting.year, item=item.code).first()
        if mark_of(before) != self.seen:
            raise Stale(f"“{item.label}”的分派已被别人修改；请刷新后再改")
        owner, person, due = self._read(setting, item)
        row = before or Assignment(case=setting.year, item=item.code)
        was = _told(before)
        row.organisation, row.person, row.due = owner, person, due
        if was == _told(row):
            return
        row.save()
        yield Change(f"assignment/{item.code}", was, _told(row))

    def _read(self, setting: Setting, item: Item) -> tuple[Organisation, User | None, date | None]:
        problems = []
        place = f"{item.label} "
        owner = next((each for each in divisions_of(setting.year) if each.code == self.owner), None)
        if owner is None:
            what = f"没有编码为“{self.owner[:60]}”的处室"
            problems.append(kinds.OUTSIDE_BODY.at(Place(field=f"{place}责任处室"), what))
        person = (
            User.objects.filter(username=self.username, is_active=True).first() if self.username else None
        )
        if self.username and (
            person is None or (owner is not None and not _fills_at(person, owner, setting))
        ):
            what = f"“{person or self.username[:60]}”在{owner or '该处室'}没有填报的角色"
            problems.append(kinds.NOT_A_FILLER.at(Place(field=f"{place}责任人"), what))
        due = parse_date(self.due) if self.due.strip() else None
        if self.due.strip() and due is None:
            what = f"期限写的是“{self.due[:30]}”"
            problems.append(kinds.BAD_DAY.at(Place(field=f"{place}期限"), what, value=self.due[:30]))
        if problems or owner is None:
            raise Invalid(problems)
        return owner, person, due


def _fills_at(person: User, owner: Organisation, setting: Setting) -> bool:
    found = actor_of(person, timezone.localdate(setting.moment))
    return any(found.holds(role, owner) for role in _FILLING)


def _told(assignment: Assignment | None) -> dict[str, Any] | None:
    if assignment is None:
        return None
    return {
        "organisation": assignment.organisation.code,
        "person": None if assignment.person is None else assignment.person.username,
        "due": assignment.due,
    }


@dataclass(frozen=True)
class Remind(Action):
    """Asks for values that are late; the owners see it on their first page.

    Attributes:
        items: codes; empty for everything that is late.
        text: what the owners are told; the usual words when it is empty.
    """

    code = "collect.remind"
    label = "催报"
    right = "collect.assign"

    case: StoredCase
    items: tuple[str, ...] = ()
    text: str = ""

    def case_id(self) -> int:
        """The year."""
        return self.case.pk

    def reason(self) -> str:
        """What the owners are told."""
        return self.text.strip()

    def carry_out(self, setting: Setting) -> Iterator[Change]:
        """Note the reminder on each assignment."""
        text = self.text.strip()
        place = Place(field="催报")
        if len(text) > _LONGEST_REMINDER:
            raise Invalid((kinds.REMINDER_TOO_LONG.at(place, f"说明有 {len(text)} 字"),))
        chosen = self._chosen(setting)
        for item in chosen:
            assert item.assignment is not None  # noqa: S101 - chosen so
            row = item.assignment
            before = row.reminded
            row.reminded, row.reminder = setting.moment, text or _USUAL_WORDS
            row.save()
            yield Change(f"assignment/{item.code}", {"reminded": before}, {"reminded": setting.moment})

    def _chosen(self, setting: Setting) -> list[Item]:
        today = timezone.localdate(setting.moment)
        every = items_of(setting.year)
        if self.items:
            unknown = set(self.items) - {each.code for each in every}
            for code in sorted(unknown):
                wanted_item(setting.year, code)
            chosen = [each for each in every if each.code in self.items]
            loose = [each for each in chosen if each.assignment is None]
            if loose:
                raise Invalid(
                    [kinds.NOT_ASSIGNED.at(Place(field=each.label), "还没有分派") for each in loose]
                )
        else:
            chosen = [each for each in every if each.assignment is not None and each.days_late(today)]
        wanted = [each for each in chosen if each.missing]
        if not wanted:
            raise Invalid((kinds.NOTHING_LATE.at(Place(field="催报"), "没有逾期或未填报的项目"),))
        return wanted

"""Editing the rows of a plan: one, several at once, adding, removing, moving."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from zhunsheng.kernel.located import Located
from zhunsheng.kernel.problem import Problems
from zhunsheng.plans.sections import Section
from zhunsheng.store.database.case_content import fields_of, record_of
from zhunsheng.store.database.case_rows import ROW_MODELS, CaseRow
from zhunsheng.store.database.models import Organisation, StoredCase
from zhunsheng.workflow.action import Action, Change, Invalid, Refused, Setting, Stale
from zhunsheng.workflow.planning.cells import EDITABLE, RowInput, cell_text, filled_texts, read_input
from zhunsheng.workflow.planning.checking import edited_faults
from zhunsheng.workflow.planning.divisions import parts_of, require
from zhunsheng.workflow.planning.following import hindrances, remove_with, rename
from zhunsheng.workflow.planning.places import NEW, SECTION_OF, key_text, located_row, subject_of


@dataclass(slots=True)
class _Draft:
    """A row with what it is to become."""

    given: RowInput
    row: CaseRow | None
    before: Any
    after: Any
    key: str


def rows_of(case: StoredCase, section: Section) -> list[CaseRow]:
    """The rows of a section, in order."""
    return list(ROW_MODELS[section.name]._default_manager.filter(case=case).select_related("changed_by"))


def row_of(case: StoredCase, section: Section, identity: int) -> CaseRow | None:
    """A row of a case by its identity."""
    model = ROW_MODELS[section.name]
    return model._default_manager.filter(case=case, pk=identity).select_related("changed_by").first()


def editable_section(name: str) -> Section:
    """A section that is edited while planning.

    Raises:
        Refused: it is not.
    """
    if name not in EDITABLE:
        raise Refused("这个部分不在目标编制中修改")
    return SECTION_OF[name]


def changed_by_others(section: Section, row: CaseRow) -> str:
    """Who has changed a row meanwhile, in Chinese."""
    who = "别人" if row.changed_by is None else str(row.changed_by)
    when = "" if row.changed is None else f"于 {timezone.localtime(row.changed):%m 月 %d 日 %H:%M} "
    return f"“{section.label}”的“{row}”已由{who}{when}修改，您看到的不是最新内容"


def _drafts(
    setting: Setting, section: Section, given: Sequence[RowInput], problems: Problems
) -> list[_Draft]:
    stored = {each.pk: each for each in rows_of(setting.year, section)}
    drafts, stale = [], []
    for each in given:
        row = None if each.row is None else stored.get(each.row)
        if each.row is not None and row is None:
            raise Stale(f"“{section.label}”中的这一行已被别人删除；请重新打开页面")
        before = None if row is None else record_of(section, row)
        key = NEW if before is None else key_text(section, before)
        after = read_input(section, before, each, key, problems)
        if row is not None and row.revision != each.revision:
            stale.append(changed_by_others(section, row))
        drafts.append(_Draft(each, row, before, after, key))
    if stale:
        raise Stale("；".join(stale))
    return drafts


def change_rows(setting: Setting, section: Section, given: Sequence[RowInput]) -> Iterator[Change]:
    """Write what was typed for some rows: all of it, or nothing with all that is wrong.

    Raises:
        Refused: a row belongs to another division.
        Stale: somebody else has changed or removed one.
        Invalid: something is wrong.
    """
    case, problems = setting.year, Problems()
    drafts, parts = _drafts(setting, section, given, problems), parts_of(case)
    for each in drafts:
        for record in (each.before, each.after):
            if record is not None:
                require(setting.actor, parts, section, record)
    _check(case, section, drafts, problems)
    if problems.has_errors:
        raise Invalid(problems.as_tuple())
    renamed = []
    for each in drafts:
        if each.after == each.before:
            continue
        yield _write(setting, section, each)
        new = key_text(section, each.after)
        if each.before is not None and section.key and new != each.key:
            renamed.append((each.key, new))
    for old, new in _untangled(renamed):
        yield from rename(setting, section, old, new)


def _untangled(renamed: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Renaming in an order in which codes that change places are not mixed up."""
    if not {old for old, _ in renamed} & {new for _, new in renamed}:
        yield from renamed
        return
    # no code begins with a space
    for place, (old, _) in enumerate(renamed):
        yield old, f" {place}"
    for place, (_, new) in enumerate(renamed):
        yield f" {place}", new


def _check(case: StoredCase, section: Section, drafts: Sequence[_Draft], problems: Problems) -> None:
    faulty = {each.place for each in problems.found}
    edited: list[tuple[Any, Located]] = [
        (each.after, located_row(section, each.key, each.given.line)) for each in drafts
    ]
    mine = {each.row.pk for each in drafts if each.row is not None}
    others = [record_of(section, each) for each in rows_of(case, section) if each.pk not in mine]
    # what could not be read is not judged a second time
    problems.extend(each for each in edited_faults(case, section, others, edited) if each.place not in faulty)


def _write(setting: Setting, section: Section, draft: _Draft) -> Change:
    model = ROW_MODELS[section.name]
    row = draft.row
    if row is None:
        last = model._default_manager.filter(case=setting.year).order_by("position").last()
        row = model(case=setting.year, position=0 if last is None else last.position + 1)
    else:
        row.revision += 1
    for name, value in fields_of(section, draft.after).items():
        setattr(row, name, value)
    row.changed, row.changed_by = setting.moment, setting.actor.user
    row.save()
    subject = subject_of(
        section, key_text(section, draft.before if draft.before is not None else draft.after)
    )
    if draft.before is None:
        return Change(subject, None, filled_texts(section, draft.after))
    changed = [
        each
        for each in section.columns
        if getattr(draft.before, each.name) != getattr(draft.after, each.name)
    ]
    return Change(
        subject,
        {each.name: cell_text(each, getattr(draft.before, each.name)) for each in changed},
        {each.name: cell_text(each, getattr(draft.after, each.name)) for each in changed},
    )


def _division_typed(case: StoredCase, section: Section, given: RowInput) -> Organisation | None:
    """The division a row that is being typed will belong to."""
    if section.name == "tasks":
        return parts_of(case).named(given.cells.get("division", "").strip())
    if section.name == "indicators":
        return parts_of(case).of_task(given.cells.get("task", "").strip())
    return None


@dataclass(frozen=True)
class _OfRows(Action):
    """Something is done to rows of a section."""

    right = "plan.edit"
    touches_content = True

    case: StoredCase
    section: str

    def case_id(self) -> int:
        """The year."""
        return self.case.pk

    def _division_of(self, case: StoredCase, identity: int | None) -> Organisation | None:
        section = editable_section(self.section)
        row = None if identity is None else row_of(case, section, identity)
        return None if row is None else parts_of(case).of(section, record_of(section, row))


@dataclass(frozen=True)
class EditRow(_OfRows):
    """Change the fields of a row."""

    code = "plan.edit_row"
    label = "修改一行"

    given: RowInput

    def division(self, case: StoredCase | None) -> Organisation | None:
        """The division the row belongs to."""
        return None if case is None else self._division_of(case, self.given.row)

    def carry_out(self, setting: Setting) -> Iterator[Change]:
        """Change it."""
        return change_rows(setting, editable_section(self.section), (self.given,))


@dataclass(frozen=True)
class AddRow(_OfRows):
    """Add a row at the end."""

    code = "plan.add_row"
    label = "新增一行"

    given: RowInput

    def division(self, case: StoredCase | None) -> Organisation | None:
        """The division it will belong to."""
        return None if case is None else _division_typed(case, editable_section(self.section), self.given)

    def carry_out(self, setting: Setting) -> Iterator[Change]:
        """Add it."""
        section = editable_section(self.section)
        if section.shape == "record":
            raise Refused(f"“{section.label}”只有一份，不能新增")
        return change_rows(setting, section, (self.given,))


@dataclass(frozen=True)
class EditRows(_OfRows):
    """Change and add several rows at once."""

    code = "plan.edit_rows"
    label = "成批修改"

    given: tuple[RowInput, ...]

    def division(self, case: StoredCase | None) -> Organisation | None:
        """The division of the first row; each is asked for by itself later."""
        if case is None or not self.given:
            return None
        first = self.given[0]
        if first.row is None:
            return _division_typed(case, editable_section(self.section), first)
        return self._division_of(case, first.row)

    def carry_out(self, setting: Setting) -> Iterator[Change]:
        """Change them."""
        return change_rows(setting, editable_section(self.section), self.given)


@dataclass(frozen=True)
class RemoveRow(_OfRows):
    """Remove a row with what says something about it only."""

    code = "plan.remove_row"
    label = "删除一行"

    row: int
    revision: int

    def division(self, case: StoredCase | None) -> Organisation | None:
        """The division the row belongs to."""
        return None if case is None else self._division_of(case, self.row)

    def carry_out(self, setting: Setting) -> Iterator[Change]:
        """Remove it."""
        section = editable_section(self.section)
        if section.shape == "record":
            raise Refused(f"“{section.label}”不能删除")
        row = row_of(setting.year, section, self.row)
        if row is None:
            raise Stale(f"“{section.label}”中的这一行已被别人删除")
        if row.revision != self.revision:
            raise Stale(changed_by_others(section, row))
        record = record_of(section, row)
        require(setting.actor, parts_of(setting.year), section, record)
        key = key_text(section, record)
        problems = tuple(hindrances(setting.year, section, key))
        if problems:
            raise Invalid(problems)
        yield from remove_with(
            setting, section, key, lambda other, found: filled_texts(other, record_of(other, found))
        )
        yield Change(subject_of(section, key), filled_texts(section, record), None)
        row.delete()


@dataclass(frozen=True)
class MoveRow(_OfRows):
    """Move a row one place up or down.

    Attributes:
        places: -1 for up, 1 for down.
    """

    code = "plan.move_row"
    label = "调整次序"

    row: int
    places: int

    def division(self, case: StoredCase | None) -> Organisation | None:
        """The division the row belongs to."""
        return None if case is None else self._division_of(case, self.row)

    def carry_out(self, setting: Setting) -> Iterator[Change]:
        """Move it."""
        section = editable_section(self.section)
        rows = rows_of(setting.year, section)
        at = next((place for place, each in enumerate(rows) if each.pk == self.row), None)
        if at is None:
            raise Stale(f"“{section.label}”中的这一行已被别人删除")
        record = record_of(section, rows[at])
        require(setting.actor, parts_of(setting.year), section, record)
        to = at + (1 if self.places > 0 else -1)
        if not 0 <= to < len(rows):
            return
        rows.insert(to, rows.pop(at))
        for place, each in enumerate(rows):
            if each.position != place:
                each.position = place
                each.save(update_fields=["position"])
        yield Change(f"{subject_of(section, key_text(section, record))}/position", at + 1, to + 1)

"""What lines of the trail are about, in words, with names: the trail keeps codes, which stay true when names change."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from zhunsheng.plans.sections import NARRATIVE_SECTIONS, SECTIONS
from zhunsheng.store.database.models import (
    ApiToken,
    AuditedDocument,
    Job,
    Organisation,
    Remark,
    StoredCase,
    TrailEntry,
    User,
)
from zhunsheng.store.indicator_files import indicator_of
from zhunsheng.store.ledger_files import ledger_of
from zhunsheng.web.language import kind_name, shown
from zhunsheng.web.naming import AMOUNTS, NAMED_BY, Names, beside, kept_under, row_names, shortened

_SUBJECTS = {
    "assignment": noop("任务分派"),
    "audit": noop("核对文件"),
    "cases": noop("年度档案"),
    "computed": noop("由台账计算"),
    "evaluation_state": noop("自评状态"),
    "evaluation": noop("自评"),
    "evidence": noop("佐证材料"),
    "jobs": noop("后台任务"),
    "organisations": noop("单位"),
    "people": noop("用户"),
    "release": noop("公开版次"),
    "records": noop("业务台账"),
    "remarks": noop("意见"),
    "report": noop("报告版次"),
    "targets": noop("目标"),
    "tokens": noop("接口令牌"),
    "trail": noop("操作记录"),
    "versions": noop("档案版本"),
}
_OF_RECORDS = {
    "checks": noop("文件核对"),
    "imports": noop("入库"),
    "batches": noop("批次"),
    "held": noop("待核行"),
}
"""What of a ledger a line may be about."""
_SECTION = {each.name: each for each in SECTIONS}


class _Place(NamedTuple):
    """A place in a year.

    Attributes:
        rest: what follows the key: a column, a file.
    """

    section: str
    key: str
    rest: str


# ---- words


def subject_words(subject: str, case: str = "", names: Names | None = None, then: str = "") -> str:
    """To what something was done.

    Args:
        case: code of the year the line is about.
        names: what is known by a name, from `names_for`.
        then: the name that a row had at the time, from `names_then`; it goes before what has the code today.
    """
    known: Names = {} if names is None else names
    first, _slash, rest = subject.partition("/")
    if case and subject == case:
        return f"{_('年度档案')} {beside(known.get(('cases', case), ''), case)}"
    if first == "narrative" and rest in NARRATIVE_SECTIONS:
        return f"{_(_SECTION[first].label)} {_(NARRATIVE_SECTIONS[rest])}"
    if first == "records" and rest.count("/"):
        return _records_words(rest.split("/"))
    if first == "indicators" and not case and rest.partition("/")[2][:4].isdecimal():
        return _computed_words(rest.split("/"))
    section = _SECTION.get(first)
    word = section.label if section is not None else _SUBJECTS.get(first)
    if word is None:
        return subject
    place = _place_of(first, rest)
    if place is not None:
        of = _SECTION.get(place.section) if first == "remarks" else None
        words = [_(word), *([_(of.label)] if of is not None else []), _place_words(place, case, known, then)]
        return " ".join(filter(None, words))
    rest = {"state": _("状态")}.get(rest, rest)
    number, slash, more = rest.partition("/")
    name = known.get((first, number))
    return f"{_(word)} {rest if name is None else beside(name, number) + slash + more}".strip()


def _records_words(parts: list[str]) -> str:
    _body, ledger, *of = parts
    words = [_("业务台账"), beside(_ledger_name(ledger), ledger)]
    words += [_(_OF_RECORDS.get(of[0], of[0])), *of[1:]] if of else []
    return " ".join(words)


def _computed_words(parts: list[str]) -> str:
    """Values of a body and a year that were computed outside of a year's file, or the records behind one."""
    _body, year, *of = parts
    words = [_("由台账计算"), _("%(year)s 年度") % {"year": year}]
    if of:
        definition = indicator_of(of[0])
        words.append(beside("" if definition is None else shown(definition), of[0]))
    return " ".join(words)


def _ledger_name(code: str) -> str:
    found = ledger_of(code)
    return "" if found is None else shown(found)


def _place_of(first: str, rest: str) -> _Place | None:
    """The row of a year, or the item, that a line is about; None when it is about something else."""
    if first == "remarks" and "/" in rest:
        about, _slash, key = rest.partition("/")
        inner = _place_of(about, key)
        return inner if inner is not None else _Place(about, key, "")
    if first in {"assignment", "evidence"}:
        return _Place(first, *_item_and_rest(rest))
    section = _SECTION.get(first)
    if section is None or not rest:
        return None
    key, slash, column = rest.rpartition("/")
    if slash and key and column in {"position", *(each.name for each in section.columns)}:
        return _Place(first, key, column)
    return _Place(first, rest, "")


def _item_and_rest(rest: str) -> tuple[str, str]:
    parts = rest.split("/")
    length = 2 if parts[0] in AMOUNTS else 1
    return "/".join(parts[:length]), "/".join(parts[length:])


def _place_words(place: _Place, case: str, known: Names, then: str) -> str:
    section = _SECTION.get(place.section)
    labels = {} if section is None else {each.name: each.label for each in section.columns}
    rest = _({**labels, "position": noop("次序")}.get(place.rest, place.rest)) if place.rest else ""
    name = then or known.get((case, *kept_under(place.section, place.key)), "")
    return f"{beside(name, place.key)} {rest}".strip()


# ---- names


def names_for(
    entries: Iterable[TrailEntry], told: Iterable[tuple[str, str]] = ()
) -> dict[tuple[str, ...], str]:
    """Names of what lines are about, of their years and of their bodies, in a few queries however many lines there are.

    Args:
        told: more that is to be named, as pairs of kind ("cases", "organisations", "people") and code.
    """
    lines = list(entries)
    sought: set[tuple[str, ...]] = set(told)
    for each in lines:
        sought |= {("cases", each.case), ("organisations", each.organisation)}
        first, _slash, rest = each.subject.partition("/")
        place = _place_of(first, rest)
        if place is None:
            sought.add((first, rest.partition("/")[0]))
        elif each.case:
            sought.add((each.case, *kept_under(place.section, place.key)))
    found = _numbered(sought)
    found |= {("cases", each.code): str(each) for each in _by_code(StoredCase, sought, "cases")}
    found |= {
        ("organisations", each.code): str(each) for each in _by_code(Organisation, sought, "organisations")
    }
    people = User.objects.filter(username__in=_of_kind(sought, "people"))
    found |= {("people", each.username): each.name for each in people}
    return found | row_names({each for each in sought if len(each) == 3})


def names_then(entries: Iterable[TrailEntry]) -> dict[int, str]:
    """Names that rows had when lines about them were written, by the number of the line, in one query.

    A code may stand for something else later: what a line itself tells is true of its time.
    """
    naming = {each.number: NAMED_BY.get(each.subject.partition("/")[0], "") for each in entries}
    numbers = [number for number, column in naming.items() if column]
    told = TrailEntry.objects.filter(number__in=numbers).values_list("number", "before", "after")
    found: dict[int, str] = {}
    for number, before, after in told if numbers else ():
        names = [each.get(naming[number]) for each in (after, before) if isinstance(each, dict)]
        name = next((each for each in names if each and isinstance(each, str)), "")
        if name:
            found[number] = shortened(name)
    return found


def _of_kind(sought: Iterable[tuple[str, ...]], kind: str) -> list[str]:
    return sorted(each[1] for each in sought if len(each) == 2 and each[0] == kind and each[1])


def _by_code(model: Any, sought: set[tuple[str, ...]], kind: str) -> Iterator[Any]:  # noqa: ANN401 - either model
    codes = _of_kind(sought, kind)
    found = model.objects.filter(code__in=codes)
    yield from (found.select_related("organisation") if model is StoredCase else found) if codes else ()


def _numbered(sought: set[tuple[str, ...]]) -> dict[tuple[str, ...], str]:
    """Names of what is kept under a number."""
    found: dict[tuple[str, ...], str] = {}
    for kind, model, column in (
        ("audit", AuditedDocument, "name"),
        # the label of a job may hold what somebody looked for
        ("jobs", Job, "kind"),
        ("tokens", ApiToken, "name"),
        ("remarks", Remark, "text"),
    ):
        numbers = [int(each) for each in _of_kind(sought, kind) if each.isascii() and each.isdecimal()]
        if numbers:
            rows = model._default_manager.filter(pk__in=numbers).values_list("pk", column)
            found |= {
                (kind, str(number)): kind_name(text) if kind == "jobs" else shortened(str(text))
                for number, text in rows
            }
    return found

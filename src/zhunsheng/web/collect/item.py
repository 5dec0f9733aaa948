"""Pages: one value with its form, its owner and its evidence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from zhunsheng.assembly.evaluating import facts
from zhunsheng.kernel.problem import Problem
from zhunsheng.plans.case import Indicator
from zhunsheng.plans.choices import EvidenceStatus
from zhunsheng.rubrics.facts import FactDefinition
from zhunsheng.store.database.case_content import SECTION_OF, record_of, row_with_key
from zhunsheng.store.database.models import Evidence, StoredCase
from zhunsheng.web.collect.fields import value_fields, value_texts
from zhunsheng.web.numbers_sent import number_sent
from zhunsheng.web.page import PageRequest, may, page
from zhunsheng.workflow.action import Invalid, Stale, perform
from zhunsheng.workflow.collecting.assigning import AssignItem, divisions_of, fillers_of, mark_of
from zhunsheng.workflow.collecting.evidence import is_returned
from zhunsheng.workflow.collecting.evidence import mark_of as mark_of_evidence
from zhunsheng.workflow.collecting.items import Item, item_of
from zhunsheng.workflow.collecting.reporting import COLUMNS, ReportActual
from zhunsheng.workflow.evaluating.computing import lineage_for


@dataclass(frozen=True, slots=True)
class Typed:
    """What a person has sent that was not taken, to be shown again.

    Attributes:
        value, assignment: texts of the two forms; None where that form was not sent.
        problems: what is wrong.
        overtaken: who has changed what meanwhile; "" when nobody has.
        status: of the answer.
    """

    value: Mapping[str, str] | None = None
    assignment: Mapping[str, str] | None = None
    problems: tuple[Problem, ...] = ()
    overtaken: str = ""
    status: int = 200


NOTHING = Typed()


@dataclass(frozen=True, slots=True)
class File:
    """A file that proves the value, with what may be done with it."""

    evidence: Evidence
    returned: bool
    mark: str
    picture: bool
    own: bool

    @property
    def status(self) -> EvidenceStatus:
        """How it stands."""
        return EvidenceStatus(self.evidence.status)


def wanted(case: StoredCase, code: str) -> Item:
    """An item of the year.

    Raises:
        Http404: there is none.
    """
    found = item_of(case, code)
    if found is None:
        raise Http404
    return found


@page("case.read", write="collect.report")
def item(request: PageRequest, case: StoredCase, code: str) -> HttpResponse:
    """The value, and reporting it."""
    found = wanted(case, code)
    if request.method != "POST":
        return shown(request, case, found)
    cells = {name: request.POST[name] for name in COLUMNS[found.section] if name in request.POST}
    action = ReportActual(case, code, cells, number_sent(request.POST.get("seen")))
    try:
        changes = perform(action, request.actor)
    except Invalid as error:
        return shown(request, case, found, Typed(value=cells, problems=error.problems, status=422))
    except Stale as error:
        return shown(request, case, wanted(case, code), Typed(value=cells, overtaken=error.what, status=409))
    messages.success(request, _("已保存。") if changes else _("内容没有变化。"))
    return redirect("collect_item", case.code, code)


@page("case.read", write="collect.assign")
def assign(request: PageRequest, case: StoredCase, code: str) -> HttpResponse:
    """Say who owes the value until when."""
    found = wanted(case, code)
    if request.method != "POST":
        return redirect("collect_item", case.code, code)
    given = {name: request.POST.get(name, "") for name in ("owner", "username", "due", "seen")}
    try:
        perform(AssignItem(case, code, **given), request.actor)
    except Invalid as error:
        return shown(request, case, found, Typed(assignment=given, problems=error.problems, status=422))
    except Stale as error:
        return shown(request, case, wanted(case, code), Typed(overtaken=error.what, status=409))
    messages.success(request, _("已分派。"))
    return redirect("collect_item", case.code, code)


def about_of(case: StoredCase, found: Item) -> Indicator | FactDefinition:
    """What an item measures."""
    if found.kind == "fact":
        return facts()[found.code]
    section = SECTION_OF["indicators"]
    row = row_with_key(case, section, {"code": found.code})
    assert row is not None  # noqa: S101 - the item was made from it
    indicator: Indicator = record_of(section, row)
    return indicator


def shown(request: PageRequest, case: StoredCase, found: Item, typed: Typed = NOTHING) -> HttpResponse:
    """The page of an item."""
    about = about_of(case, found)
    may_report = may(request, "collect.report", found.owner)
    texts = value_texts(found) | dict(typed.value or {})
    computed = lineage_for(case)
    context = {
        "item": found,
        "about": about,
        "late": found.days_late(timezone.localdate()),
        "typed": typed,
        "problems": typed.problems,
        "fields": value_fields(found, about, texts, typed.problems),
        "files": files_of(request, case, found.code),
        "withdrawn": Evidence.objects.filter(case=case, item=found.code)
        .exclude(withdrawn=None)
        .select_related("who"),
        "assignment": typed.assignment or _assignment(found),
        "divisions": [(each.code, str(each)) for each in divisions_of(case)],
        "people": [("", _("本处室任何填报人")), *((each.username, str(each)) for each in fillers_of(case))],
        "computed": None if computed is None else computed.lineage.get(found.code),
        "may_report": may_report,
        "may_assign": may(request, "collect.assign"),
        "may_judge": may(request, "collect.judge"),
        "trail_of_pages": way_to(case, (found.label, "")),
    }
    return render(request, "collect/item.html", context, status=typed.status)


def way_to(case: StoredCase, *further: tuple[str, str]) -> Sequence[Mapping[str, str]]:
    """Where a page of collecting stands.

    Args:
        further: label and address of what comes below the list; the page itself is the last.
    """
    year = {"label": str(case), "url": reverse("case", args=[case.code])}
    values = {"label": _("完成值与佐证"), "url": reverse("collect", args=[case.code])}
    return [year, values, *({"label": label, "url": url} for label, url in further)]


def _assignment(found: Item) -> dict[str, str]:
    due = found.assignment.due if found.assignment is not None else None
    return {
        "owner": found.owner.code,
        "username": "" if found.person is None else found.person.username,
        "due": "" if due is None else due.isoformat(),
        "seen": mark_of(found.assignment),
    }


def files_of(request: PageRequest, case: StoredCase, code: str) -> list[File]:
    """The files that prove something, in order of arrival.

    Args:
        code: what they are filed under.
    """
    user = request.actor.user
    given = Evidence.objects.filter(case=case, item=code, withdrawn=None)
    return [
        File(
            each,
            is_returned(each),
            mark_of_evidence(each),
            each.file.media_type.startswith("image/"),
            user is not None and each.who_id == user.pk,
        )
        for each in given.select_related("file", "who", "judged_by")
    ]

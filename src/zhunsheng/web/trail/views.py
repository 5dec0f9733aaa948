"""Pages: 操作记录."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Kind, Problem, Severity
from zhunsheng.plans.roles import Role
from zhunsheng.store.database.models import StoredCase, TrailEntry
from zhunsheng.web.language import shown
from zhunsheng.web.naming import Names
from zhunsheng.web.numbers_sent import number_sent, year_sent
from zhunsheng.web.page import PageRequest, page
from zhunsheng.web.trail.subjects import names_for, names_then, subject_words
from zhunsheng.web.trail.wording import action_labels, action_words, codes_told, differences, moment_words
from zhunsheng.workflow.action import Invalid
from zhunsheng.workflow.job_acts import job_asked
from zhunsheng.workflow.trail import hash_of
from zhunsheng.workflow.trail_acts import ExportTrail
from zhunsheng.workflow.trail_export import years
from zhunsheng.workflow.trail_reading import Choice, bodies_seen, seen_by

NOT_A_DAY = Kind("TRAIL-003", Severity.ERROR, "日期应写成 2024-03-31 的样子", "重新选择日期。")
_PER_PAGE = 50
_LONGEST = 100
_LARGEST_NUMBER, _DIGITS = 2**62, 18
_CHANNELS = {"web": noop("网页"), "api": noop("接口"), "command": noop("命令行")}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the trail as shown.

    Attributes:
        place, place_code: the year or the body it concerns.
    """

    entry: TrailEntry
    moment: str
    action: str
    subject: str
    role: str
    channel: str
    place: str
    place_code: str


def _line(entry: TrailEntry, names: Names, then: Mapping[int, str]) -> Line:
    kind, code = ("cases", entry.case) if entry.case else ("organisations", entry.organisation)
    return Line(
        entry,
        moment_words(entry.moment),
        action_words(entry.action),
        subject_words(entry.subject, entry.case, names, then.get(entry.number, "")),
        shown(Role(entry.role)) if entry.role else "",
        _(_CHANNELS.get(entry.channel, entry.channel)),
        names.get((kind, code), ""),
        code,
    )


def _chosen(given: QueryDict) -> tuple[Choice, list[Problem]]:
    problems: list[Problem] = []

    def text(name: str) -> str:
        return given.get(name, "").strip()[:_LONGEST]

    def day(name: str, label: str) -> date | None:
        written = text(name)
        try:
            return date.fromisoformat(written) if written else None
        except ValueError:
            what = _("“%(written)s”不是日期") % {"written": written}
            problems.append(NOT_A_DAY.at(Place(field=label), what, value=written))
            return None

    choice = Choice(
        text("who"),
        text("action"),
        text("case"),
        text("organisation"),
        day("since", _("从")),
        day("until", _("到")),
        text("text"),
    )
    return choice, problems


@page("self.use")
def trail(request: PageRequest) -> HttpResponse:
    """The lines one may see, newest first."""
    return _list(request, ())


def _list(request: PageRequest, failed: tuple[Problem, ...]) -> HttpResponse:
    today = timezone.localdate()
    choice, problems = _chosen(request.GET)
    visible = seen_by(request.actor, today)
    found = choice.of(visible).order_by("-number")
    before = number_sent(request.GET.get("before"), _DIGITS)
    if before is not None:
        found = found.filter(number__lt=before)
    entries = list(found.defer("before", "after")[: _PER_PAGE + 1])
    shown, more = entries[:_PER_PAGE], len(entries) > _PER_PAGE
    names, then = names_for(shown), names_then(shown)
    bodies = bodies_seen(request.actor, today)
    kept = {name: request.GET[name] for name in _FILTERS if request.GET.get(name)}
    context = {
        "lines": [_line(each, names, then) for each in shown],
        "choice": choice,
        "problems": problems or failed,
        "filtered": bool(kept),
        "later": before is not None,
        "earlier": urlencode({**kept, "before": shown[-1].number}) if more else "",
        "newest": urlencode(kept),
        "bodies": bodies,
        "cases": StoredCase.objects.filter(organisation__in=bodies).select_related("organisation"),
        "actions": [(code, action_words(code)) for code in sorted(action_labels())],
        "years": years(visible)[::-1],
    }
    return render(request, "trail/list.html", context, status=422 if context["problems"] else 200)


_FILTERS = ("who", "action", "case", "organisation", "since", "until", "text")


@page("self.use", write="self.use")
def export(request: PageRequest) -> HttpResponse:
    """Ask for the lines of a year as a file."""
    if request.method != "POST":
        return redirect("trail")
    year = request.POST.get("year", "")
    action = ExportTrail(year_sent(year) or 0, request.POST.get("form", ""))
    try:
        number = job_asked(action, request.actor)
    except Invalid as wrong:
        return _list(request, wrong.problems)
    return redirect("job", number=number)


@page("self.use")
def entry(request: PageRequest, number: int) -> HttpResponse:
    """One line: before and after side by side, and whether it is what was written."""
    visible = seen_by(request.actor, timezone.localdate())
    found = get_object_or_404(visible, number=min(number, _LARGEST_NUMBER))
    last = TrailEntry.objects.filter(number=found.number - 1).first()
    follows = found.before_hash == ("" if last is None else last.hash)
    names = names_for([found], codes_told(found.before, found.after))
    fields = differences(found.subject, found.before, found.after, names)
    context = {
        "line": _line(found, names, names_then([found])),
        "entry": found,
        "changed": [each for each in fields if each.changed],
        "same": [each for each in fields if not each.changed],
        "sound": found.hash == hash_of(found) and follows,
        "trail_of_pages": [
            {"label": _("操作记录"), "url": reverse("trail")},
            {"label": _("第 %(number)s 条") % {"number": found.number}},
        ],
    }
    return render(request, "trail/entry.html", context)

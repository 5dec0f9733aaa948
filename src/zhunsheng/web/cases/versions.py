"""Pages: the kept versions of a year, and two of them side by side."""

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from zhunsheng.plans.case import Case
from zhunsheng.plans.differences import Difference, differences
from zhunsheng.plans.sections import SECTIONS
from zhunsheng.store.database.case_content import case_of
from zhunsheng.store.database.models import CaseVersion, StoredCase
from zhunsheng.web.numbers_sent import number_sent
from zhunsheng.web.page import PageRequest, page
from zhunsheng.workflow.planning.versions import WHY, case_of_version

NOW = "now"
"""What the content as it stands is called in an address."""
_MOST_SHOWN = 1000


@dataclass(frozen=True, slots=True)
class ComparedSection:
    """The differences of one section, by row."""

    label: str
    rows: tuple[tuple[str, tuple[Difference, ...]], ...]


def _way(case: StoredCase, last: str) -> list[dict[str, str]]:
    steps = [{"label": str(case), "url": reverse("case", args=[case.code])}]
    if last:
        steps.append({"label": _("历次版本"), "url": reverse("case-versions", args=[case.code])})
    return [*steps, {"label": last or _("历次版本"), "url": ""}]


def _version_name(version: CaseVersion) -> str:
    return _("第 %(number)s 版 %(why)s") % {
        "number": version.number,
        "why": _(WHY.get(version.why, version.why)),
    }


def _choices(case: StoredCase) -> list[tuple[str, str]]:
    kept = CaseVersion.objects.filter(case=case).defer("content")
    named = [(str(each.number), _version_name(each)) for each in kept]
    return [*named, (NOW, _("现在的内容"))]


@page("case.read")
def versions(request: PageRequest, case: StoredCase) -> HttpResponse:
    """All kept versions."""
    kept = CaseVersion.objects.filter(case=case).select_related("who").defer("content").order_by("-number")
    choices = _choices(case)
    context = {
        "versions": [(each, _(WHY.get(each.why, each.why))) for each in kept],
        "choices": choices,
        "one": choices[-2][0] if len(choices) > 1 else NOW,
        "other": NOW,
        "trail_of_pages": _way(case, ""),
    }
    return render(request, "cases/versions.html", context)


def _content(case: StoredCase, name: str) -> tuple[Case, str]:
    if name == NOW:
        return case_of(case), _("现在的内容")
    version = CaseVersion.objects.filter(case=case, number=number_sent(name) or 0).first()
    if version is None:
        raise Http404
    return case_of_version(version), _version_name(version)


@page("case.read")
def compare(request: PageRequest, case: StoredCase) -> HttpResponse:
    """Two versions side by side."""
    one, other = request.GET.get("one", NOW), request.GET.get("other", NOW)
    left, left_name = _content(case, one)
    right, right_name = _content(case, other)
    found = differences(left, right)
    context = {
        "sections": compared(found[:_MOST_SHOWN]),
        "count": len(found),
        "shown": min(len(found), _MOST_SHOWN),
        "left_name": left_name,
        "right_name": right_name,
        "choices": _choices(case),
        "one": one,
        "other": other,
        "trail_of_pages": _way(case, _("并排比较")),
    }
    return render(request, "cases/compare.html", context)


def compared(found: list[Difference]) -> list[ComparedSection]:
    """Differences by section and row."""
    labels = {section.name: section.label for section in SECTIONS}
    by_row: dict[str, dict[str, list[Difference]]] = {}
    for each in found:
        by_row.setdefault(each.section, {}).setdefault(each.key, []).append(each)
    return [
        ComparedSection(_(labels[name]), tuple((key, tuple(changed)) for key, changed in rows.items()))
        for name, rows in by_row.items()
    ]

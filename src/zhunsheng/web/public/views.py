"""Pages without login: what was made public, from the releases alone."""

from decimal import Decimal
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase, JsonResponse
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_noop as noop

from zhunsheng.store.database.models import Release
from zhunsheng.web.downloads import file_answer
from zhunsheng.web.page import PageRequest, page
from zhunsheng.web.public.catalogue import catalogue_data
from zhunsheng.web.public.released import cached, current_releases, of_year, tag_of
from zhunsheng.workflow.releasing.open_data import TABLES

_TEXTS = (".html", ".json", ".csv", ".jsonld")
_COMPRESSED = GZipMiddleware(lambda _request: HttpResponse())
_REPORTS = {"report.html": noop("网页"), "report.docx": "Word", "report.pdf": "PDF"}


@page("public.read")
def public(request: PageRequest) -> HttpResponseBase:
    """The years that are public."""
    shown = current_releases()
    tag = tag_of(request, ",".join(str(each.pk) for each in shown))
    return cached(request, tag, lambda: render(request, "public/front.html", {"releases": shown}))


@page("public.read")
def catalogue(request: PageRequest) -> HttpResponseBase:
    """The open data of all public years, for machines."""
    shown = current_releases()

    def address(code: str, name: str = "") -> str:
        found = reverse("public_file", args=[code, name]) if name else reverse("public_data", args=[code])
        return request.build_absolute_uri(found)

    def make() -> HttpResponse:
        data = catalogue_data(
            request.build_absolute_uri(request.path),
            [(each.case.code, each.content) for each in shown],
            address,
        )
        return JsonResponse(
            data,
            content_type="application/ld+json",
            json_dumps_params={"ensure_ascii": False, "indent": 1},
        )

    state = f"{request.get_host()} {','.join(str(each.pk) for each in shown)}"
    return cached(request, tag_of(request, state), make)


def _shown(request: PageRequest, template: str, release: Release, here: str, **more: Any) -> HttpResponse:  # noqa: ANN401 - of a template
    context = {
        "release": release,
        "content": release.content,
        "year_code": release.case.code,
        "here": here,
        "corrections": _corrections(release),
        **more,
    }
    return render(request, template, context)


def _corrections(release: Release) -> list[Release]:
    """The later releases of the year, newest first, each with what was corrected."""
    return list(
        Release.objects.filter(case=release.case_id, number__gt=1, withdrawn__isnull=True)
        .exclude(correction="")
        .only("number", "moment", "correction", "case")
        .order_by("-number")
    )


@page("public.read")
@of_year
def year(request: PageRequest, release: Release) -> HttpResponse:
    """A year at a glance: score, grade, budget, goals."""
    content = release.content
    total = next(
        (each for each in content["budget"] if each["side"] == "expenditure" and each["category"] == "total"),
        None,
    )
    reached = sum(
        each["score"] is not None and Decimal(each["score"]) == Decimal(each["points"])
        for each in content["indicators"]
    )
    without = sum(1 for each in content["indicators"] if each["actual"]["value"] is None)
    return _shown(
        request,
        "public/year.html",
        release,
        "year",
        spending=total,
        reached=reached,
        without=without,
    )


@page("public.read")
@of_year
def indicators(request: PageRequest, release: Release) -> HttpResponse:
    """All indicators with target, value, unit, source, formula."""
    return _shown(request, "public/indicators.html", release, "indicators")


@page("public.read")
@of_year
def indicator(request: PageRequest, release: Release, code: str) -> HttpResponse:
    """One indicator."""
    found = next((each for each in release.content["indicators"] if each["code"] == code), None)
    if found is None:
        raise Http404
    return _shown(request, "public/indicator.html", release, "indicators", indicator=found)


@page("public.read")
@of_year
def scores(request: PageRequest, release: Release) -> HttpResponse:
    """Every score with its rule, calculation and reason."""
    return _shown(request, "public/scores.html", release, "scores")


@page("public.read")
@of_year
def report(request: PageRequest, release: Release) -> HttpResponse:
    """The report, to read and to take along."""
    files = [(name, label) for name, label in _REPORTS.items() if name in release.files]
    shown = "report.html" in release.files
    return _shown(request, "public/report.html", release, "report", files=files, shown=shown)


@page("public.read")
@of_year
def corrections(request: PageRequest, release: Release) -> HttpResponse:
    """What was corrected since the first release."""
    return _shown(request, "public/corrections.html", release, "corrections")


@page("public.read")
@of_year
def data(request: PageRequest, release: Release) -> HttpResponse:
    """The open data: files, columns, licence."""
    sizes = {each["name"]: each for each in release.content["files"]}
    tables = [
        {
            "table": table,
            "files": [
                sizes[name]
                for name in (f"{table.name}.csv", f"{table.name}.json", f"{table.name}.csv-metadata.json")
                if name in sizes
            ],
        }
        for table in TABLES
    ]
    return _shown(
        request, "public/data.html", release, "data", tables=tables, workbook=sizes.get("indicators.xlsx")
    )


@page("public.read")
@of_year
def file(request: PageRequest, release: Release, name: str) -> HttpResponseBase:
    """A file of the release."""
    digest = release.files.get(name)
    if digest is None:
        raise Http404
    shown = name == "report.html" or name.endswith(".json")
    saved = name if name.startswith("report.") else f"{release.case.code}-{name}"
    answer = file_answer(digest, saved, shown=shown)
    # office formats are compressed already, and nothing that is public is a secret the length could tell
    return _COMPRESSED.process_response(request, answer) if name.endswith(_TEXTS) else answer

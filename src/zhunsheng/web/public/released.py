"""What is public: releases as they were made; the years themselves are never read."""

from collections.abc import Callable
from functools import wraps
from hashlib import sha256
from typing import Any

from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.http import quote_etag
from django.utils.translation import get_language

from zhunsheng import __version__
from zhunsheng.store.database.models import Release

FRESH = 300
"""Seconds for which a public page may be shown without asking again."""


def current_releases() -> list[Release]:
    """The newest release of every year that is not withdrawn, newest years first."""
    newest = Release.objects.values("case").annotate(last=Max("number")).values_list("case", "last")
    wanted = dict(newest)
    found = Release.objects.filter(withdrawn__isnull=True).select_related("case").defer("files")
    shown = [each for each in found if wanted[each.case_id] == each.number]
    return sorted(shown, key=lambda each: (-int(each.content["year"]), each.content["publisher"]["name"]))


def release_of(code: str) -> Release:
    """The newest release of a year by the code of the year, withdrawn or not.

    Raises:
        Http404: the year was never made public; nothing says whether it exists.
    """
    found = Release.objects.filter(case__code=code).select_related("case").order_by("number").last()
    if found is None:
        raise Http404
    return found


PublicView = Callable[..., HttpResponseBase]


def of_year(view: Callable[..., HttpResponseBase]) -> PublicView:
    """Give a view the release of the year in its address; a withdrawn year is gone, others may be cached."""

    @wraps(view)
    def answer(request: HttpRequest, year: str, **kwargs: Any) -> HttpResponseBase:  # noqa: ANN401 - of the address
        release = release_of(year)
        if release.withdrawn is not None:
            return gone(request, release)
        tag = tag_of(request, f"{release.pk}")
        return cached(request, tag, lambda: view(request, release, **kwargs))

    return answer


def gone(request: HttpRequest, release: Release) -> HttpResponse:
    """The year was withdrawn; which year it was and when, and nothing of what it said."""
    context = {
        "title": f"{release.content['publisher']['name']} {release.content['year']}",
        "withdrawn": release.withdrawn,
    }
    response = render(request, "public/gone.html", context, status=410)
    patch_cache_control(response, no_cache=True)
    return response


def tag_of(request: HttpRequest, state: str) -> str:
    """A tag of what is shown: the release, the address, the language, the program."""
    parts = (state, request.get_full_path(), get_language() or "", __version__)
    return quote_etag(sha256("\n".join(parts).encode()).hexdigest()[:32])


def cached(request: HttpRequest, tag: str, make: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """The answer, or that what the reader has is still good."""
    unchanged = get_conditional_response(request, etag=tag)
    if unchanged is not None:
        patch_cache_control(unchanged, public=True, max_age=FRESH)
        return unchanged
    response = make()
    if response.status_code == 200:
        response.headers["ETag"] = tag
        patch_cache_control(response, public=True, max_age=FRESH)
    return response

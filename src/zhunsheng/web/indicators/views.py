"""Pages: 指标."""

from django.http import HttpResponse
from django.shortcuts import render

from zhunsheng.web.page import PageRequest, page


@page("library.read")
def indicators(request: PageRequest) -> HttpResponse:
    """指标."""
    return render(request, "base.html")

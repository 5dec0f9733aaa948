"""The first page: what is due for me, what is late, the state of the years I take part in."""

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from zhunsheng.web.home.due import due_for
from zhunsheng.web.home.gathering import gather
from zhunsheng.web.home.state import states_of
from zhunsheng.web.page import PageRequest, page


@page("self.use")
def home(request: PageRequest) -> HttpResponse:
    """My work."""
    today = timezone.localdate()
    found = gather(request.actor, today)
    listed = due_for(request.actor, found, today)
    context = {
        "today": today,
        "late": [each for each in listed if each.late],
        "due": [each for each in listed if not each.late],
        "states": states_of(found, today),
        "more": len(found.cases) - len(found.shown),
        "roles": request.actor.holdings,
    }
    return render(request, "home/home.html", context)

"""The addresses of the site and the page of the trial."""

from django.http import HttpResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from burning.work import WriteRows
from zhunsheng.store.database.models import StoredCase, User
from zhunsheng.web.page import PageRequest, page
from zhunsheng.web.urls import urlpatterns as pages
from zhunsheng.workflow.action import perform
from zhunsheng.workflow.actor import actor_of


@csrf_exempt
@page("public.read", write="public.read")
def write(request: PageRequest, token: str) -> HttpResponse:  # noqa: ARG001 - as Django calls it
    """Write rows, with a job when the token ends in j; answered when they are kept."""
    case = StoredCase.objects.get(code="huadu-2023")
    actor = actor_of(User.objects.get(username="caiwu"), timezone.localdate())
    perform(WriteRows(case, token, job=token.endswith("j")), actor)
    return HttpResponse(token)


urlpatterns = [*pages, path("burning/<slug:token>/", write)]

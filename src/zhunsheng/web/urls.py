"""All addresses. Those of a library are listed one by one, so that no page of it comes unseen."""

from django.urls import URLPattern, URLResolver, include, path

from zhunsheng.web.accounts.urls import urlpatterns as accounts
from zhunsheng.web.home import views as home

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    *accounts,
    path("cases/", include("zhunsheng.web.cases.urls")),
    path("plan/", include("zhunsheng.web.plan.urls")),
    path("collect/", include("zhunsheng.web.collect.urls")),
    path("evaluation/", include("zhunsheng.web.evaluation.urls")),
    path("records/", include("zhunsheng.web.records.urls")),
    path("indicators/", include("zhunsheng.web.indicators.urls")),
    path("audit/", include("zhunsheng.web.audit.urls")),
    path("report/", include("zhunsheng.web.report.urls")),
    path("release/", include("zhunsheng.web.release.urls")),
    path("public/", include("zhunsheng.web.public.urls")),
    path("jobs/", include("zhunsheng.web.jobs.urls")),
    path("trail/", include("zhunsheng.web.trail.urls")),
    path("people/", include("zhunsheng.web.people.urls")),
    path("api/v1/", include("zhunsheng.web.api.urls")),
]
handler400 = "zhunsheng.web.errors.bad_request"
handler403 = "zhunsheng.web.errors.forbidden"
handler404 = "zhunsheng.web.errors.not_found"
handler500 = "zhunsheng.web.errors.failed"

"""Addresses: 年度档案."""

from django.urls import path

from zhunsheng.web.cases import creating, versions, views

urlpatterns = [
    path("", views.cases, name="cases"),
    path("new/", creating.choose, name="case-choose"),
    path("new/<slug:organisation>/", creating.create, name="case-new"),
    path("<slug:case>/", views.case, name="case"),
    path("<slug:case>/versions/", versions.versions, name="case-versions"),
    path("<slug:case>/versions/compare/", versions.compare, name="case-compare"),
]

"""Addresses: 自评报告."""

from django.urls import path

from zhunsheng.web.report import matters, texts, views

urlpatterns = [
    path("<slug:case>/", views.report, name="report"),
    path("<slug:case>/preview/", views.preview, name="report_preview"),
    path("<slug:case>/preview/page.html", views.preview_page, name="report_preview_page"),
    path("<slug:case>/write/", views.write, name="report_write"),
    path("<slug:case>/progress/", views.progress, name="report_progress"),
    path("<slug:case>/texts/<slug:section>/", texts.text, name="report_text"),
    path("<slug:case>/texts/<slug:section>/shown/", texts.shown, name="report_text_shown"),
    path("<slug:case>/texts/<slug:section>/references/", texts.references, name="report_references"),
    path("<slug:case>/matters/<slug:section>/new/", matters.add, name="report_matter_new"),
    path("<slug:case>/matters/<slug:section>/<int:row>/", matters.edit, name="report_matter"),
    path("<slug:case>/matters/<slug:section>/<int:row>/remove/", matters.remove, name="report_matter_remove"),
    path("<slug:case>/versions/<int:number>/", views.version, name="report_version"),
    path("<slug:case>/versions/<int:number>/files/<str:name>", views.version_file, name="report_file"),
]

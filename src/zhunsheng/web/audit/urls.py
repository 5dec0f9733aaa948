"""Addresses: 文件核对."""

from django.urls import path

from zhunsheng.web.audit import views

urlpatterns = [
    path("", views.audits, name="audits"),
    path("<slug:organisation>/<int:number>/", views.document, name="audit"),
    path("<slug:organisation>/<int:number>/progress/", views.progress, name="audit_progress"),
    path("<slug:organisation>/<int:number>/accept/", views.accept, name="audit_accept"),
    path("<slug:organisation>/<int:number>/undo/", views.undo, name="audit_undo"),
    path("<slug:organisation>/<int:number>/again/", views.again, name="audit_again"),
    path("<slug:organisation>/<int:number>/original/", views.original, name="audit_original"),
    path("<slug:organisation>/<int:number>/findings.json", views.as_json, name="audit_json"),
    path("<slug:organisation>/<int:number>/files/<str:name>", views.export, name="audit_export"),
]

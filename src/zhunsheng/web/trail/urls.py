"""Addresses: 操作记录."""

from django.urls import path

from zhunsheng.web.trail import views

urlpatterns = [
    path("", views.trail, name="trail"),
    path("export/", views.export, name="trail_export"),
    path("<int:number>/", views.entry, name="trail_entry"),
]

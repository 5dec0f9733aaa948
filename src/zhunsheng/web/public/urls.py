"""Addresses: 公开."""

from django.urls import path

from zhunsheng.web.public import views

urlpatterns = [
    path("", views.public, name="public"),
    path("catalogue.jsonld", views.catalogue, name="public_catalogue"),
    path("<slug:year>/", views.year, name="public_year"),
    path("<slug:year>/indicators/", views.indicators, name="public_indicators"),
    path("<slug:year>/indicators/<path:code>/", views.indicator, name="public_indicator"),
    path("<slug:year>/scores/", views.scores, name="public_scores"),
    path("<slug:year>/report/", views.report, name="public_report"),
    path("<slug:year>/corrections/", views.corrections, name="public_corrections"),
    path("<slug:year>/data/", views.data, name="public_data"),
    path("<slug:year>/data/<str:name>", views.file, name="public_file"),
]

"""Addresses: 指标."""

from django.urls import path

from zhunsheng.web.indicators import views

urlpatterns = [
    path("", views.indicators, name="indicators"),
]

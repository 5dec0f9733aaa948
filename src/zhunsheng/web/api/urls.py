"""Addresses of the interface for programs."""

from django.urls import URLPattern, URLResolver, include, path

from zhunsheng.web.api.interface import NOTHING, URLS

urlpatterns: list[URLPattern | URLResolver] = [path("", include(URLS)), NOTHING]

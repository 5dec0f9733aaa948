"""Addresses: 公开."""

from django.urls import path

from zhunsheng.web.release import views

urlpatterns = [
    path("<slug:case>/", views.release, name="release"),
    path("<slug:case>/progress/", views.progress, name="release_progress"),
    path("<slug:case>/withdraw/", views.withdraw, name="release_withdraw"),
]

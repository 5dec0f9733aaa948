"""Addresses: 用户和授权."""

from django.urls import path

from zhunsheng.web.people import organisation_views, views

urlpatterns = [
    path("", views.people, name="people"),
    path("new/", views.new, name="person_new"),
    path("<int:person>/", views.person, name="person"),
    path("<int:person>/active/", views.active, name="person_active"),
    path("<int:person>/password/", views.password, name="person_password"),
    path("<int:person>/roles/", views.give, name="person_role"),
    path("<int:person>/roles/<int:grant>/take/", views.take, name="person_role_take"),
    path("organisations/", organisation_views.organisations, name="organisations"),
    path("organisations/<slug:organisation>/", organisation_views.one, name="organisation"),
    path("organisations/<slug:organisation>/add/", organisation_views.add, name="organisation_add"),
    path("organisations/<slug:organisation>/active/", organisation_views.active, name="organisation_active"),
]

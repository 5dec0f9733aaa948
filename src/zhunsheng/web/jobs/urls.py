"""Addresses: 后台任务."""

from django.urls import path

from zhunsheng.web.jobs import views

urlpatterns = [
    path("", views.jobs, name="jobs"),
    path("<int:number>/", views.job, name="job"),
    path("<int:number>/progress/", views.progress, name="job_progress"),
    path("<int:number>/cancel/", views.cancel, name="job_cancel"),
    path("<int:number>/file/", views.file, name="job_file"),
]

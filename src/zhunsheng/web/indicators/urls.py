"""Addresses: 指标."""

from django.urls import path

from zhunsheng.web.indicators import board_views, one, rows_views, views

urlpatterns = [
    path("", views.indicators, name="indicators"),
    path("board/", board_views.boards, name="indicator_boards"),
    path("board/<slug:case>/", board_views.board, name="indicator_board"),
    path("values/<slug:organisation>/", views.compute, name="indicator_values"),
    path("progress/<int:number>/", views.progress, name="indicator_progress"),
    path("<slug:code>/", one.indicator, name="indicator"),
    path("<slug:code>/rows/", rows_views.rows_of, name="indicator_rows_of"),
    path("<slug:code>/rows/<slug:organisation>/", rows_views.rows, name="indicator_rows"),
    path("<slug:code>/rows/<slug:organisation>/list/", rows_views.list_rows, name="indicator_rows_list"),
    path("<slug:code>/rows/<slug:organisation>/export/", rows_views.export, name="indicator_rows_export"),
]

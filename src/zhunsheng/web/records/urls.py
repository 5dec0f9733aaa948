"""Addresses: 业务台账."""

from django.urls import path

from zhunsheng.web.records import batch_views, browsing_views, held_views, import_views, views

_LEDGER = "<slug:organisation>/<slug:ledger>/"

urlpatterns = [
    path("", views.ledgers, name="ledgers"),
    path("<slug:organisation>/", views.bureau, name="bureau_ledgers"),
    path(_LEDGER, views.ledger, name="ledger"),
    path(f"{_LEDGER}template/", views.template, name="ledger_template"),
    path(f"{_LEDGER}records/", browsing_views.records, name="records"),
    path(f"{_LEDGER}records/export/", browsing_views.export, name="records_export"),
    path(f"{_LEDGER}records/<int:batch>/<int:row>/", browsing_views.record, name="record"),
    path(f"{_LEDGER}import/", import_views.upload, name="records_upload"),
    path(f"{_LEDGER}import/<int:number>/", import_views.check, name="records_check"),
    path(f"{_LEDGER}import/<int:number>/progress/", import_views.progress, name="records_progress"),
    path(f"{_LEDGER}import/<int:number>/again/", import_views.again, name="records_check_again"),
    path(f"{_LEDGER}import/<int:number>/confirm/", import_views.confirm, name="records_confirm"),
    path(f"{_LEDGER}import/<int:number>/file/<int:place>/", import_views.file, name="records_file"),
    path(f"{_LEDGER}batches/<int:number>/", batch_views.batch, name="batch"),
    path(f"{_LEDGER}batches/<int:number>/undo/", batch_views.undo, name="batch_undo"),
    path(f"{_LEDGER}held/", held_views.held, name="held_rows"),
    path(f"{_LEDGER}held/discard/", held_views.discard_rows, name="held_rows_discard"),
    path(f"{_LEDGER}held/<int:number>/", held_views.held_row, name="held_row"),
    path(f"{_LEDGER}held/<int:number>/discard/", held_views.discard, name="held_row_discard"),
]

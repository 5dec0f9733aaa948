"""Addresses: 目标编制."""

from django.urls import path

from zhunsheng.web.plan import advising, decisions, declaration, grid, rows, views, workbook

urlpatterns = [
    path("<slug:case>/", views.plan, name="plan"),
    path("<slug:case>/sections/<slug:section>/", rows.section, name="plan-section"),
    path("<slug:case>/sections/<slug:section>/new/", rows.add, name="plan-row-new"),
    path("<slug:case>/sections/<slug:section>/<int:row>/", rows.edit, name="plan-row"),
    path("<slug:case>/sections/<slug:section>/<int:row>/remove/", rows.remove, name="plan-row-remove"),
    path("<slug:case>/sections/<slug:section>/<int:row>/move/", rows.move, name="plan-row-move"),
    path("<slug:case>/advice/", advising.advice, name="plan-advice"),
    path("<slug:case>/library/", advising.library, name="plan-library"),
    path("<slug:case>/grid/", grid.grid, name="plan-grid"),
    path("<slug:case>/workbook/", workbook.workbook, name="plan-workbook"),
    path("<slug:case>/workbook/fetch/", workbook.fetch, name="plan-workbook-fetch"),
    path("<slug:case>/workbook/<int:job>/", workbook.progress, name="plan-workbook-job"),
    path("<slug:case>/workbook/<int:job>/file/", workbook.file, name="plan-workbook-file"),
    path("<slug:case>/workbook/<int:job>/apply/", workbook.apply, name="plan-workbook-apply"),
    path("<slug:case>/declaration/", declaration.declaration, name="plan-declaration"),
    path("<slug:case>/submit/", decisions.submit, name="plan-submit"),
    path("<slug:case>/pass/", decisions.let_pass, name="plan-pass"),
    path("<slug:case>/return/", decisions.send_back, name="plan-return"),
    path("<slug:case>/adjust/", decisions.adjust, name="plan-adjust"),
    path("<slug:case>/remarks/<int:remark>/", decisions.answer, name="plan-remark"),
]

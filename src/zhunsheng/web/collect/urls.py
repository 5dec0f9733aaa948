"""Addresses: 完成值与佐证."""

from django.urls import path

from zhunsheng.web.collect import evidence, execution, execution_table, item, views

urlpatterns = [
    path("<slug:case>/", views.collect, name="collect"),
    path("<slug:case>/remind/", views.remind, name="collect_remind"),
    path("<slug:case>/evidence/<int:number>/", evidence.file, name="evidence_file"),
    path("<slug:case>/evidence/<int:number>/withdraw/", evidence.withdraw, name="evidence_withdraw"),
    path("<slug:case>/evidence/<int:number>/judge/", evidence.judge, name="evidence_judge"),
    path("<slug:case>/execution/", execution.executions, name="collect_executions"),
    path("<slug:case>/execution/all/", execution_table.table, name="collect_execution_table"),
    path(
        "<slug:case>/execution/<slug:section>/<path:code>/evidence/",
        evidence.attach_to_execution,
        name="execution_attach",
    ),
    path("<slug:case>/execution/<slug:section>/<path:code>/", execution.execution, name="collect_execution"),
    path("<slug:case>/items/<path:code>/assign/", item.assign, name="collect_assign"),
    path("<slug:case>/items/<path:code>/evidence/", evidence.attach, name="evidence_attach"),
    path("<slug:case>/items/<path:code>/", item.item, name="collect_item"),
]

"""Addresses: 自评打分."""

from django.urls import path

from zhunsheng.web.evaluation import item, remarks, states, views

urlpatterns = [
    path("<slug:case>/", views.evaluation, name="evaluation"),
    path("<slug:case>/review/", views.review, name="evaluation_review"),
    path("<slug:case>/computed/", views.computed, name="evaluation_computed"),
    path("<slug:case>/compare/", views.compare, name="evaluation_compare"),
    path("<slug:case>/compute/", views.compute, name="evaluation_compute"),
    path("<slug:case>/remarks/", remarks.remarks, name="evaluation_remarks"),
    path("<slug:case>/remarks/<int:number>/answer/", remarks.answer, name="evaluation_answer"),
    path("<slug:case>/remarks/<int:number>/settle/", remarks.settle, name="evaluation_settle"),
    path("<slug:case>/open/", states.begin, name="evaluation_open"),
    path("<slug:case>/submit/", states.submit, name="evaluation_submit"),
    path("<slug:case>/agree/", states.agree, name="evaluation_agree"),
    path("<slug:case>/return/", states.give_back, name="evaluation_return"),
    path("<slug:case>/freeze/", states.freeze, name="evaluation_freeze"),
    path("<slug:case>/send-back/", states.send_back, name="evaluation_send_back"),
    path("<slug:case>/unfreeze/", states.unfreeze, name="evaluation_unfreeze"),
    path("<slug:case>/items/<path:code>/score/", item.score, name="evaluation_score"),
    path("<slug:case>/items/<path:code>/explain/", item.explain, name="evaluation_explain"),
    path("<slug:case>/items/<path:code>/trace/", item.trace, name="evaluation_trace"),
    path("<slug:case>/items/<path:code>/", item.item, name="evaluation_item"),
]

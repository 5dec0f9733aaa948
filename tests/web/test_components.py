"""Parts of pages: what a reader and a listener are told."""

from types import SimpleNamespace as Given

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.test import RequestFactory
from lxml import html

from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Kind, Severity
from zhunsheng.plans.roles import EvaluationState, Role, TargetState

SUM = Kind("CASE-901", Severity.ERROR, "分值合计须为 100", "调整分值，使合计为 100。")
PROBLEM = SUM.at(Place(file="目标表.xlsx", sheet="指标", cell="F27"), "分值合计为 98，少 2")


class Indicator(forms.Form):
    """A form as the pages have them."""

    name = forms.CharField(label="指标名称", help_text="不超过 60 字。")
    tier = forms.ChoiceField(
        label="完成档次", choices=[("1", "达成"), ("2", "未达成")], widget=forms.RadioSelect
    )


def drawn(template: str, **context: object) -> html.HtmlElement:
    """The template as a tree."""
    return html.fragment_fromstring(render_to_string(template, context), create_parent="div")


def found(tree: html.HtmlElement, path: str) -> list[html.HtmlElement]:
    """The elements at a path."""
    elements = tree.xpath(path)
    assert isinstance(elements, list)
    return [each for each in elements if isinstance(each, html.HtmlElement)]


def words(tree: html.HtmlElement) -> str:
    """What stands in it, spaces folded."""
    return " ".join(tree.text_content().split())


@pytest.mark.parametrize("state", [*TargetState, *EvaluationState])
def test_a_state_is_a_word_with_its_own_shape(state: TargetState | EvaluationState) -> None:
    (shown,) = found(drawn("components/state.html", state=state), "//*[@class='state']")
    assert shown.text == state.label
    assert shown.get("data-state") == state.value


@pytest.mark.parametrize("problem", [PROBLEM, PROBLEM.as_data()], ids=["value", "plain data"])
def test_a_problem_says_what_where_why_and_what_to_do(problem: object) -> None:
    text = words(drawn("components/problems.html", problems=[problem]))
    assert "有 1 处需要处理" in text
    assert "错误 分值合计为 98，少 2" in text
    assert "位置目标表.xlsx 工作表“指标” 单元格 F27" in text
    assert "原因分值合计须为 100" in text
    assert "怎么办调整分值，使合计为 100。" in text


def test_no_problems_no_section() -> None:
    assert words(drawn("components/problems.html", problems=())) == ""


def test_a_field_names_its_note_and_its_error() -> None:
    form = Indicator({"name": ""})
    assert not form.is_valid()
    tree = drawn("components/field.html", field=form["name"])
    (control,) = found(tree, "//input")
    told = [found(tree, f"//*[@id='{identity}']")[0] for identity in control.get("aria-describedby").split()]
    assert [words(each) for each in told] == ["不超过 60 字。", form.errors["name"][0]]
    assert control.get("aria-invalid") == "true"
    assert found(tree, "//label")[0].get("for") == control.get("id")


def test_choices_stand_in_a_group_with_a_legend() -> None:
    tree = drawn("components/field.html", field=Indicator()["tier"])
    assert words(found(tree, "//fieldset/legend")[0]) == "完成档次必填"
    assert len(found(tree, "//fieldset//input[@type='radio']")) == 2


def test_an_input_without_a_form_names_its_problem() -> None:
    tree = drawn(
        "components/input.html", id="reason", label="理由", rows=3, required=True, problems=[PROBLEM]
    )
    (control,) = found(tree, "//textarea")
    assert control.get("aria-describedby") == "reason_error"
    assert "调整分值" in words(found(tree, "//*[@id='reason_error']")[0])


def test_pages_keep_the_query() -> None:
    page = Paginator(range(60), 25).page(2)
    tree = drawn("components/pagination.html", page=page, query="q=a&sort=-n")
    assert words(found(tree, "//p")[0]) == "共 60 条，第 2 页，共 3 页"
    assert found(tree, "//*[@rel='next']")[0].get("href") == "?q=a&sort=-n&page=3"


def test_a_chart_has_its_figures_as_a_table() -> None:
    chart = {
        "id": "spend",
        "title": "支出",
        "description": "一月最高。",
        "option": {"series": [{"type": "bar", "data": ["</script>"]}]},
        "columns": [{"label": "月份"}, {"label": "支出", "number": True}],
        "rows": [["1月", "820.10"]],
        "total": ["合计", "820.10"],
    }
    tree = drawn("components/chart.html", chart=chart)
    (data,) = found(tree, "//script")
    assert data.get("type") == "application/json"
    assert data.get("id") == found(tree, "//figure")[0].get("data-chart")
    assert "</script>" not in (data.text or "")
    assert [words(cell) for cell in found(tree, "//tbody//th | //tbody//td")] == ["1月", "820.10"]
    assert found(tree, "//tbody//td")[0].get("class") == "number"
    assert words(found(tree, "//tfoot")[0]) == "合计 820.10"


def job(*, over: bool) -> Given:
    return Given(
        pk=3, label="导入", state="done" if over else "running", get_state_display="进行中", percent=40,
        message="", is_over=over, cancel_asked=False, problems=[],
    )  # fmt: skip


def test_a_running_job_asks_again_and_can_be_cancelled_by_a_form() -> None:
    tree = drawn("components/progress.html", job=job(over=False), poll="/p/", cancel="/c/")
    assert found(tree, "//section")[0].get("hx-get") == "/p/"
    assert found(tree, "//progress")[0].get("value") == "40"
    assert found(tree, "//form")[0].get("method") == "post"


def test_a_finished_job_asks_no_more() -> None:
    tree = drawn("components/progress.html", job=job(over=True), poll="/p/", cancel="/c/")
    assert found(tree, "//*[@hx-get] | //form | //progress") == []


@pytest.mark.parametrize("code", ["400", "403", "404", "405", "409", "422", "500", "503", "expired_form"])
def test_error_pages_say_what_to_do_and_keep_what_was_typed(code: str) -> None:
    page = html.document_fromstring(render_to_string(f"errors/{code}.html", {"problems": [PROBLEM]}))
    assert found(page, "//body")[0].get("data-outcome") == "failed"
    assert len(found(page, "//h1")) == 1
    assert "怎么办" in words(page)


def test_no_right_names_the_right_and_its_roles() -> None:
    right = {"label": "财务审核", "roles": [Role.FINANCE, Role.ADMINISTRATOR]}
    text = words(
        html.document_fromstring(
            render_to_string("errors/403.html", {"right": right, "reason": "须由财务办理"})
        )
    )
    assert "须由财务办理。" in text
    assert "需要的权限财务审核" in text
    assert "有此权限的角色财务、管理员" in text


def test_an_error_for_a_piece_of_a_page_is_a_piece() -> None:
    request = RequestFactory().get("/")
    request.htmx = True  # type: ignore[attr-defined] # as the middleware sets it
    text = render_to_string("errors/409.html", {"request": request, "reason": "已改为 96"})
    assert "<html" not in text
    assert "已改为 96。" in text


def test_the_public_footer_shows_what_is_given() -> None:
    site = {"name": "预算绩效公开", "organiser": "财政局", "identifier": "4401140001"}
    page = html.document_fromstring(render_to_string("public_base.html", {"site": site}))
    text = words(found(page, "//footer")[0])
    assert "主办单位：财政局" in text
    assert "网站标识码：4401140001" in text
    assert "联系方式" not in text


def test_the_frame_marks_the_current_page_and_signs_out_by_post() -> None:
    menu = [{"label": "工作台", "items": [{"label": "指标", "url": "/i/", "current": True, "count": 3}]}]
    actor = {"user": {"pk": 7}, "name": "王芳", "large_type": True}
    context = {"menu": menu, "actor": actor, "trail_of_pages": [{"label": "指标"}]}
    page = html.document_fromstring(render_to_string("base.html", context))
    assert page.get("data-type") == "large"
    (current,) = found(page, "//nav[@id='menu']//*[@aria-current='page']")
    assert current.get("href") == "/i/"
    assert found(page, "//details[@class='user-menu']//form")[0].get("method") == "post"
    assert found(page, "//body/a")[0].get("href") == "#content"

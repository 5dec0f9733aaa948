"""The year of Huadu, first part: the targets are edited, sent on, returned, corrected, approved.

The modules test_year_1 to test_year_5 are one year on one site and run in this order.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from browsing import CASE, PASSWORD, Site, Visitor, signed_in
from playwright.sync_api import Browser, expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Visit = Callable[..., Visitor]
PLAN = f"/plan/{CASE}/"
TARGET = "388"
"""The new target of O2, elevators spot-checked; the published one was 150 and 287 were checked."""


def state_is(who: Visitor, word: str) -> None:
    who.open(PLAN)
    expect(who.page.get_by_role("heading", name="目标状态")).to_contain_text(word)


def edit(who: Visitor, indicator: str) -> None:
    who.open(PLAN)
    who.page.get_by_role("link", name=f"修改 {indicator}", exact=True).click()
    expect(who.page.get_by_role("heading", level=1)).to_contain_text(indicator)


def save(who: Visitor) -> None:
    who.page.get_by_role("button", name="保存", exact=True).click()


def submit(who: Visitor, note: str) -> None:
    who.open(PLAN)
    who.page.get_by_role("link", name="送审", exact=True).click()
    who.page.get_by_label("送审说明").fill(note)
    who.page.get_by_role("button", name="送审", exact=True).click()
    expect(who.page.get_by_role("main")).to_contain_text("目标已送审")


def let_pass(who: Visitor, step: str, opinion: str, becomes: str) -> None:
    who.open(PLAN)
    who.page.get_by_role("link", name=step, exact=True).click()
    who.page.get_by_label("审核意见").fill(opinion)
    who.page.get_by_role("button", name=step, exact=True).click()
    expect(who.page.get_by_role("heading", name="目标状态")).to_contain_text(becomes)


def refused(who: Visitor, link: str, path: str, form: dict[str, str]) -> None:
    """The page offers the step to nobody who may not do it, and the bare form is turned away."""
    before = _content(who)
    who.open(PLAN)
    expect(who.page.get_by_role("link", name=link, exact=True)).to_have_count(0)
    assert who.post(f"{PLAN}{path}", form).status == 403
    assert _content(who) == before


def _content(who: Visitor) -> str:
    who.open(PLAN)
    return who.page.locator("main").inner_text()


def test_a_fault_is_shown_at_its_field_and_the_target_is_mended(visit: Visit) -> None:
    filler = visit("tianbao")
    edit(filler, "O2")
    filler.page.get_by_label("目标值", exact=True).fill("三百八十八台")
    with filler.refused(422):
        save(filler)
    field = filler.page.locator("#field-target_value")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_value("三百八十八台")
    said = filler.page.locator("#field-target_value_error")
    expect(said).to_be_visible()
    assert "field-target_value_error" in (field.get_attribute("aria-describedby") or "")
    field.fill(TARGET)
    filler.page.get_by_label("目标值（原文）").fill(f"不少于{TARGET}台")
    save(filler)
    expect(filler.page.get_by_role("main")).to_contain_text("已保存")
    expect(filler.page.get_by_role("row", name="O2")).to_contain_text(f"≥{TARGET}台")


def test_an_indicator_is_edited_by_its_division_and_nobody_else(visit: Visit) -> None:
    filler = visit("tianbao")
    edit(filler, "F3")
    address = filler.page.url.removeprefix(filler.site.address)
    filler.page.get_by_label("佐证要求").fill("整改台账和复查记录")
    save(filler)
    expect(filler.page.get_by_role("main")).to_contain_text("已保存")
    # another division's indicator cannot be opened, nor can the leader or the finance bureau edit any
    expect(filler.page.get_by_role("link", name="修改 F2", exact=True)).to_have_count(0)
    for username in ("juzhang", "caizheng", "guanli"):
        other = visit(username)
        other.open(PLAN)
        expect(other.page.get_by_role("link", name="修改 F3", exact=True)).to_have_count(0)
        assert other.post(address, {"revision": "1", "name": "被改过的名称"}).status == 403
    edit(filler, "F3")
    expect(filler.page.get_by_label("指标名称")).to_have_value("抽检电梯发现问题整改率")
    expect(filler.page.get_by_label("佐证要求")).to_have_value("整改台账和复查记录")


def test_the_filler_submits_and_others_may_not(visit: Visit) -> None:
    for username in ("chushi", "juzhang"):
        refused(visit(username), "送审", "submit/", {"seen": "2"})
    filler = visit("tianbao")
    submit(filler, "电梯抽检目标按新的检验计划提高。")
    state_is(filler, "待处室审核")
    # what was sent on cannot be changed any more
    expect(filler.page.get_by_role("link", name="修改 O2", exact=True)).to_have_count(0)


def test_the_head_of_the_division_returns_it_with_a_reason_at_a_field(visit: Visit) -> None:
    for username in ("tianbao", "caiwu"):
        refused(visit(username), "退回", "return/", {"seen": "2", "why": "不行"})
    head = visit("chushi")
    head.open(PLAN)
    head.page.get_by_role("link", name="退回", exact=True).click()
    line = head.page.get_by_role("row", name="O2 抽检15年以上老旧电梯")
    line.get_by_role("combobox").select_option(label="数据来源")
    line.get_by_role("textbox").fill("请写明取数的台账。")
    head.page.get_by_label("退回理由").fill(" ")
    with head.refused(422):
        head.page.get_by_role("button", name="退回", exact=True).click()
    expect(head.page.get_by_role("main")).to_contain_text("没有写退回理由")
    expect(line.get_by_role("textbox")).to_have_value("请写明取数的台账。")
    head.page.get_by_label("退回理由").fill("数据来源没有写明。")
    head.page.get_by_role("button", name="退回", exact=True).click()
    expect(head.page.get_by_role("heading", name="目标状态")).to_contain_text("退回")


def test_the_filler_sees_the_remark_at_the_field_corrects_and_answers(visit: Visit) -> None:
    filler = visit("tianbao")
    filler.open("/")
    expect(filler.page.get_by_role("main")).to_contain_text("退回")
    edit(filler, "O2")
    expect(filler.page.get_by_role("region", name="审核意见")).to_contain_text("数据来源：请写明取数的台账。")
    filler.page.get_by_label("数据来源").fill("设备检验检查台账")
    save(filler)
    filler.page.get_by_label("答复", exact=True).fill("已写明。")
    filler.page.get_by_role("button", name="答复", exact=True).click()
    expect(filler.page.get_by_role("main")).to_contain_text("答复：已写明。")
    submit(filler, "已按意见修改。")


@pytest.fixture
def two_heads(browser: Browser, site: Site) -> Iterator[tuple[Visitor, Visitor]]:
    """The head of the division and a deputy, who has the same right today."""
    site.python(
        "from zhunsheng.plans.roles import Role\n"
        "from zhunsheng.store.database.models import Grant\n"
        "from zhunsheng.workflow.administration import create_person, grant\n"
        "where = Grant.objects.get(user__username='chushi').organisation.code\n"
        f"create_person('fuchushi', '钱副科长', '{PASSWORD}', must_change=False)\n"
        "grant('fuchushi', Role.DIVISION_HEAD, where)"
    )
    with ExitStack() as stack:
        yield tuple(stack.enter_context(signed_in(browser, site, each)) for each in ("chushi", "fuchushi"))  # type: ignore[misc]


def test_two_pass_it_at_the_same_moment_and_one_wins(two_heads: tuple[Visitor, Visitor]) -> None:
    for each in two_heads:
        each.open(PLAN)
        each.page.get_by_role("link", name="处室审核通过", exact=True).click()
        each.page.get_by_label("审核意见").fill(f"{each.username}同意")
    # both forms are sent before either answer is waited for
    for each in two_heads:
        each.page.get_by_role("button", name="处室审核通过", exact=True).click(no_wait_after=True)
    told = []
    for each in two_heads:
        each.page.wait_for_load_state()
        expect(each.page.get_by_role("heading", level=1)).not_to_have_text("处室审核通过")
        told.append(each.page.get_by_role("main").inner_text())
    winners = [text for text in told if "已办理" in text]
    assert len(winners) == 1, told
    loser = next(who for who, text in zip(two_heads, told, strict=True) if "已办理" not in text)
    assert [status for status, _ in loser.refusals] in ([403], [409]), loser.refusals
    loser.refusals.clear()
    assert "没有" in next(text for text in told if "已办理" not in text)
    state_is(loser, "待财务审核")


def test_finance_leader_and_finance_bureau_in_this_order(visit: Visit) -> None:
    steps = (
        # who may, what it is called, what it becomes, who may not
        ("caiwu", "财务审核通过", "待局领导审定", ("tianbao", "chushi", "juzhang")),
        ("juzhang", "局领导审定", "待财政批复", ("caiwu", "caizheng")),
        ("caizheng", "批复目标", "已批复", ("juzhang", "caiwu", "sanfang")),
    )
    for username, step, becomes, wrong in steps:
        for other in wrong:
            refused(visit(other), step, "pass/", {"seen": "3", "opinion": "同意"})
        let_pass(visit(username), step, "同意。", becomes)


def test_what_was_approved_can_be_compared_with_what_was_sent_first(visit: Visit) -> None:
    reader = visit("shenji")
    reader.open(f"/cases/{CASE}/versions/")
    expect(reader.page.get_by_role("main")).to_contain_text("同意。")
    reader.open(f"/cases/{CASE}/versions/compare/?one=1&other=3")
    expect(reader.page.get_by_role("main")).to_contain_text("设备检验检查台账")

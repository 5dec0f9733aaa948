"""What goes wrong: a session that ends, two at once, the same form twice, scripts in texts, a line that is cut."""

from collections.abc import Callable
from urllib.parse import urlparse

import pytest
from axe_playwright_python.sync_playwright import Axe
from browsing import CASE, NARROW, PASSWORD, WIDE, Visitor
from playwright.sync_api import Locator, Page, expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Visit = Callable[..., Visitor]
PLAN = f"/plan/{CASE}/"
SCRIPT = (
    '"\'></textarea></title><script>window.ran=1;alert(1)</script><img src=x onerror="window.ran=1">{{7*7}}'
)


@pytest.fixture
def visit(visit_spare: Visit) -> Visit:
    """All of this happens at the spare site."""
    return visit_spare


def sign_in_again(who: Visitor, username: str) -> None:
    who.page.locator("input[name=login]").fill(username)
    who.page.locator("input[name=password]").fill(PASSWORD)
    who.page.locator("main form button[type=submit]").first.click()
    who.page.wait_for_url(lambda url: "/accounts/login/" not in url)


def open_row(who: Visitor, indicator: str) -> None:
    who.open(PLAN)
    who.page.get_by_role("link", name=f"修改 {indicator}", exact=True).click()
    expect(who.page.get_by_role("heading", level=1)).to_contain_text(indicator)


LONG = {
    "数据来源": "设备检验检查台账",
    "佐证要求": "检验报告、整改台账",
    "计算公式": "已整改隐患数÷发现隐患数×100%\n只计当年发现的隐患。",
    "超额扣减豁免理由": "法定检验，不因完成过好而扣分",
    "目标调整依据": "年中增加检验批次。\n“引号”和 <尖括号> & 符号也不能丢。",
}


# ---- the session ends while a long form is filled


def test_nothing_typed_is_lost_when_the_session_ends(visit: Visit) -> None:
    who = visit("tianbao", fresh=True)
    open_row(who, "F3")
    for label, text in LONG.items():
        who.page.get_by_label(label, exact=True).fill(text)
    who.context.clear_cookies(name="sessionid")
    who.page.get_by_role("button", name="保存", exact=True).click()
    who.page.wait_for_url(lambda url: "/accounts/login/" in url)
    sign_in_again(who, "tianbao")
    for label, text in LONG.items():
        expect(who.page.get_by_label(label, exact=True)).to_have_value(text)
    expect(who.page.locator(".form-notice").first).to_be_visible()
    who.page.get_by_role("button", name="保存", exact=True).click()
    expect(who.page.get_by_role("main")).to_contain_text("已保存")
    open_row(who, "F3")
    for label, text in LONG.items():
        expect(who.page.get_by_label(label, exact=True)).to_have_value(text)


def test_nothing_typed_is_lost_without_scripts_either(visit: Visit) -> None:
    who = visit("tianbao", java_script_enabled=False)
    open_row(who, "F3")
    typed = {label: f"{text}（再改）" for label, text in LONG.items()}
    for label, text in typed.items():
        who.page.get_by_label(label, exact=True).fill(text)
    who.context.clear_cookies(name="sessionid")
    who.page.get_by_role("button", name="保存", exact=True).click()
    who.page.wait_for_url(lambda url: "/accounts/login/" in url)
    sign_in_again(who, "tianbao")
    expect(who.page.get_by_role("heading", level=1)).to_have_text("登录前填写的内容还没有提交")
    for text in typed.values():
        for line in text.split("\n"):
            expect(who.page.get_by_role("main")).to_contain_text(line)
    who.page.get_by_role("button", name="继续提交").click()
    expect(who.page.get_by_role("main")).to_contain_text("已保存")
    open_row(who, "F3")
    for label, text in typed.items():
        expect(who.page.get_by_label(label, exact=True)).to_have_value(text)


def test_a_form_of_before_another_sign_in_is_kept(visit: Visit) -> None:
    """The person signs in again in a second tab; the form of the first has an old token."""
    who = visit("tianbao", java_script_enabled=False)
    open_row(who, "F3")
    who.page.get_by_label("数据来源", exact=True).fill("隐患台账")
    who.context.clear_cookies()
    first, who.page = who.page, who.context.new_page()
    who.sign_in("tianbao")
    who.page = first
    with who.refused(403):
        first.get_by_role("button", name="保存", exact=True).click()
    first.get_by_role("link", name="查看留着的内容").click()
    first.get_by_role("button", name="继续提交").click()
    expect(first.get_by_role("main")).to_contain_text("已保存")
    open_row(who, "F3")
    expect(first.get_by_label("数据来源", exact=True)).to_have_value("隐患台账")


def test_the_page_of_what_was_kept_reads_well(visit: Visit) -> None:
    who = visit("tianbao", fresh=True)
    open_row(who, "F3")
    token = who.token()
    who.context.clear_cookies(name="sessionid")
    answer = who.post(
        f"{PLAN}sections/indicators/2/", {"csrfmiddlewaretoken": token, "formula": "甲÷乙\n" * 40}
    )
    assert answer.headers["location"] == "/accounts/login/?next=/me/interrupted/"
    who.open(answer.headers["location"])
    sign_in_again(who, "tianbao")
    for size in (WIDE, NARROW):
        who.page.set_viewport_size(size)
        assert who.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        found = Axe().run(who.page).response["violations"]
        assert not found, [each["id"] for each in found]
    who.page.get_by_role("button", name="不要了").click()
    who.open("/me/interrupted/")
    assert urlparse(who.page.url).path == "/"


def test_what_was_kept_is_sent_on_only_by_its_own_button(visit: Visit) -> None:
    """A form from elsewhere is neither kept nor carried out."""
    who = visit("tianbao", fresh=True)
    address = f"{who.site.address}{PLAN}sections/indicators/2/"
    answer = who.context.request.post(
        address,
        form={"name": "被改过的名称", "csrfmiddlewaretoken": "x" * 32},
        headers={"Origin": "https://elsewhere.example", "Referer": "https://elsewhere.example/"},
        max_redirects=0,
    )
    assert answer.status == 403
    assert "查看留着的内容" not in answer.text()
    who.open("/me/interrupted/")
    assert urlparse(who.page.url).path == "/"


# ---- the same thing twice


def test_the_same_form_sent_twice_makes_one_row(visit: Visit) -> None:
    who = visit("caiwu", fresh=True)
    who.open(f"{PLAN}sections/duties/new/")
    who.page.locator("#field-number").fill("99")
    who.page.locator("#field-text").fill("负责指导辖区质量工作。")
    # a double click, which the first answer does not wait for
    who.page.get_by_role("button", name="保存", exact=True).dblclick(no_wait_after=True)
    who.page.wait_for_url(lambda url: not url.endswith("/new/"))
    who.page.wait_for_load_state()
    who.refusals.clear()
    again = who.post(f"{PLAN}sections/duties/new/", {"number": "99", "text": "负责指导辖区质量工作。"})
    assert again.status == 422
    who.open(f"{PLAN}sections/duties/")
    expect(who.page.get_by_role("rowheader", name="99", exact=True)).to_have_count(1)


def test_two_who_edit_one_row_are_both_told(visit: Visit) -> None:
    first, second = visit("caiwu", fresh=True), visit("tianbao", fresh=True)
    for each in (first, second):
        open_row(each, "O2")
    first.page.get_by_label("数据来源", exact=True).fill("检验检查台账")
    first.page.get_by_role("button", name="保存", exact=True).click()
    expect(first.page.get_by_role("main")).to_contain_text("已保存")
    second.page.get_by_label("数据来源", exact=True).fill("抽查通报")
    with second.refused(409):
        second.page.get_by_role("button", name="保存", exact=True).click()
        expect(second.page.get_by_role("main")).to_contain_text("内容刚刚被别人改过")
    expect(second.page.get_by_label("数据来源", exact=True)).to_have_value("抽查通报")
    expect(second.page.get_by_role("main")).to_contain_text("现已改为：检验检查台账")


def test_a_table_puts_back_what_was_typed_and_where_it_was_typed(visit: Visit) -> None:
    """Others change and insert lines while somebody's text waits in the browser."""
    mine, theirs = visit("caiwu", fresh=True), visit("caiwu", fresh=True)
    codes = '[name$=".code"]'

    def cell(who: Visitor, code: str, column: str) -> Locator:
        line = who.page.locator("#grid tbody tr").filter(has=who.page.locator(f'{codes}[value="{code}"]'))
        return line.locator(f'[name$=".{column}"]')

    def save(who: Visitor) -> None:
        who.page.get_by_role("button", name="保存全部").click()
        who.page.wait_for_load_state()

    for each in (mine, theirs):
        each.open(f"{PLAN}grid/")
    cell(theirs, "O2", "name").fill("别人改过的名称")
    cell(theirs, "O4", "name").fill("也是别人改的")
    cell(mine, "O2", "target_unit").fill("批次")
    save(theirs)
    expect(theirs.page.locator("#messages")).to_contain_text("已保存 2 行")
    with mine.refused(409):
        save(mine)
    expect(cell(mine, "O4", "name")).to_have_value("也是别人改的")
    # a new line of others takes the number of the line where somebody has begun to type
    mine.open(f"{PLAN}grid/")
    blank = mine.page.locator("#grid tbody tr").filter(has=mine.page.locator(f'{codes}[value=""]')).first
    number = blank.get_attribute("data-line")
    blank.locator('[name$=".name"]').fill("还没写完的指标")
    mine.page.wait_for_timeout(500)
    mine.open(PLAN)
    theirs.post(
        f"{PLAN}grid/",
        {
            f"{number}.{name}": value
            for name, value in {
                "code": "O88",
                "name": "别人新增的指标",
                "task": "T4",
                "group": "产出指标",
                "kind": "数量指标",
                "nature": "正向（越高越好）",
                "target_sign": "≥",
                "target_value": "1",
                "target_unit": "家",
                "points": "1",
            }.items()
        },
    )
    mine.open(f"{PLAN}grid/")
    expect(cell(mine, "O88", "name")).to_have_value("别人新增的指标")
    expect(cell(mine, "O2", "name")).to_have_value("别人改过的名称")
    expect(cell(mine, "O2", "target_unit")).to_have_value("批次")
    expect(blank.locator('[name$=".name"]')).to_have_value("还没写完的指标")


# ---- scripts in texts


def harmless(page: Page) -> None:
    """Nothing that was typed became part of the page."""
    assert page.evaluate("window.ran") is None
    made = page.locator("img[src='x'], [onerror], script:not([src]):not([type='application/json'])")
    assert made.count() == 0, made.first.evaluate("one => one.outerHTML")


def fill_all(page: Page) -> None:
    """The text into every field that takes one."""
    for field in page.locator(
        "main form[method=post] :is(input[type=text], input:not([type]), textarea)"
    ).all():
        if field.is_visible() and field.is_editable():
            field.fill(SCRIPT)


SECTIONS = (
    "about",
    "body",
    "duties",
    "divisions",
    "sources",
    "tasks",
    "indicators",
    "budget",
    "projects",
    "management",
)


@pytest.mark.parametrize("section", SECTIONS)
def test_scripts_in_every_field_of_the_plan_stay_text(visit: Visit, section: str) -> None:
    who = visit("caiwu")
    who.open(f"{PLAN}sections/{section}/")
    way = who.page.get_by_role("link", name="修改").first
    address = way.get_attribute("href") or ""
    who.open(address)
    kept = {
        each.get_attribute("name") or "": each.input_value()
        for each in who.page.locator("#row-form :is(input[type=text], textarea)").all()
    }
    fill_all(who.page)
    who.page.get_by_role("button", name="保存", exact=True).click()
    harmless(who.page)
    # what may not be such a text is put back, until the rest is saved
    for _ in range(3):
        wrong = who.page.locator("[aria-invalid=true]")
        if not wrong.count():
            break
        for each in wrong.all():
            each.fill(kept.get(each.get_attribute("name") or "", ""))
        for name in ("code", "key", "number", "fact"):
            field = who.page.locator(f"#field-{name}")
            if name in kept and field.count() and field.is_visible():
                field.fill(kept[name])
        who.page.get_by_role("button", name="保存", exact=True).click()
        harmless(who.page)
    assert {status for status, _ in who.refusals} <= {422, 409}, who.refusals
    who.refusals.clear()


def test_no_page_of_the_plan_runs_them(visit: Visit) -> None:
    who = visit("caiwu")
    paths = ("", "submit/", "declaration/", "grid/", *(f"sections/{each}/" for each in SECTIONS))
    shown = 0
    for path in paths:
        who.open(f"{PLAN}{path}")
        harmless(who.page)
        shown += who.page.content().count("&lt;script&gt;window.ran=1")
    assert shown > 10, "the texts are on the pages"
    for path in (
        "/",
        f"/cases/{CASE}/",
        f"/cases/{CASE}/versions/",
        f"/collect/{CASE}/",
        "/trail/",
        "/people/",
    ):
        who.open(path)
        harmless(who.page)
        who.refusals.clear()


def test_scripts_in_names_of_files_and_notes(visit: Visit, evaluating: None) -> None:
    who = visit("caiwu", fresh=True)
    name = '\'"><img src=x onerror="window.ran=1">.txt'
    who.open("/audit/")
    who.page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "text/plain", "buffer": SCRIPT.encode()}
    )
    who.page.get_by_role("button", name="上传并核对").click()
    expect(who.page.get_by_role("heading", level=1)).to_contain_text("img src=x")
    harmless(who.page)
    expect(who.page.locator(".original")).to_contain_text("window.ran=1", timeout=60_000)
    harmless(who.page)
    who.open(f"/collect/{CASE}/items/O2/")
    fill_all(who.page)
    who.page.get_by_role("button", name="保存", exact=True).click()
    expect(who.page.locator("#problems-title")).to_be_visible()
    who.refusals.clear()
    harmless(who.page)
    who.page.locator("#evidence-note").fill(SCRIPT)
    who.page.get_by_label("上传佐证").set_input_files(
        {"name": name, "mimeType": "text/plain", "buffer": b"x"}
    )
    who.page.get_by_role("button", name="上传", exact=True).click()
    expect(who.page.locator(".evidence")).to_have_count(1)
    harmless(who.page)
    who.open(f"/evaluation/{CASE}/items/O1/")
    fill_all(who.page)
    who.page.get_by_role("button", name="保存原因").click()
    who.refusals.clear()
    harmless(who.page)
    bureau = visit("caizheng", fresh=True)
    bureau.open(f"/evaluation/{CASE}/remarks/?item=O1")
    fill_all(bureau.page)
    bureau.page.locator("main form[method=post] button[type=submit]").first.click()
    harmless(bureau.page)
    bureau.refusals.clear()
    for path in (
        "/",
        "/audit/",
        "/trail/",
        "/jobs/",
        f"/collect/{CASE}/",
        f"/evaluation/{CASE}/",
        f"/evaluation/{CASE}/remarks/",
        f"/report/{CASE}/",
    ):
        who.open(path)
        harmless(who.page)
    who.open(f"/report/{CASE}/texts/annual_work/")
    who.page.locator("#text").fill(SCRIPT.replace("{{7*7}}", ""))
    who.page.get_by_role("button", name="保存", exact=True).click()
    who.refusals.clear()
    who.open(f"/report/{CASE}/preview/")
    frame = who.page.frame_locator("iframe").locator("body")
    expect(frame).to_contain_text("window.ran=1")
    assert who.page.frames[1].evaluate("window.ran") is None if len(who.page.frames) > 1 else True


def renamed(who: Visitor, field: str, name: str, button: str) -> str:
    """Give another name on the page that is open; the one before."""
    before = who.page.locator(field).input_value()
    who.page.locator(field).fill(name)
    who.page.get_by_role("button", name=button, exact=True).click()
    expect(who.page.locator(field)).to_have_value(name)
    return before


@pytest.mark.parametrize(
    ("listed", "link", "field", "button", "question"),
    [
        ("/people/", "陈填报", "#name", "修改姓名", "停用账号"),
        ("/people/organisations/", "计量科", "#own-name", "修改名称", "停用"),
        ("/people/organisations/", "计量科", "#own-short", "修改名称", "停用"),
    ],
)
def test_scripts_in_names_of_people_and_organisations(
    visit: Visit, listed: str, link: str, field: str, button: str, question: str
) -> None:
    name = '"\'><img src=x onerror="window.ran=1">'
    who = visit("guanli", fresh=True)
    who.open(listed)
    who.page.get_by_role("link", name=link, exact=True).click()
    address = urlparse(who.page.url).path
    before = renamed(who, field, name, button)
    try:
        harmless(who.page)
        # the question is fetched into the page that is open
        who.page.get_by_role("link", name=question, exact=True).click()
        expect(who.page.locator("dialog[open]")).to_contain_text("停用")
        harmless(who.page)
        shown = 0
        for path in (
            listed,
            "/people/",
            "/people/new/",
            "/trail/",
            "/",
            f"/collect/{CASE}/",
            f"/cases/{CASE}/",
        ):
            who.open(path)
            harmless(who.page)
            shown += who.page.content().count("&lt;img src=x onerror")
        assert shown, "the name is on a page"
    finally:
        who.open(address)
        renamed(who, field, before, button)


def test_scripts_in_problems_and_measures_of_the_report(visit: Visit, evaluating: None) -> None:
    who = visit("caiwu", fresh=True)
    who.open(f"/report/{CASE}/matters/shortcomings/new/?about=A3")
    code = who.page.locator("#code").input_value()
    fill_all(who.page)
    who.page.get_by_role("button", name="保存", exact=True).click()
    expect(who.page.locator("#problems-title")).to_be_visible()
    harmless(who.page)
    who.refusals.clear()
    who.page.locator("#code").fill(code)
    for field in ("#title", "#matter-text"):
        who.page.locator(field).fill(SCRIPT.replace("{{7*7}}", ""))
    who.page.get_by_role("button", name="保存", exact=True).click()
    expect(who.page.locator("#shortcomings-caption")).to_be_visible()
    assert "&lt;script&gt;window.ran=1" in who.page.content()
    harmless(who.page)
    for way in ("修改", "删除"):
        who.page.get_by_role("link", name=f"{way} {code}", exact=True).click()
        harmless(who.page)
        who.open(f"/report/{CASE}/")

"""A402, A403 and A406: explanations, tables and documents of budgets and accounts, judged by hand."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhunsheng.audit.auditing import Audit, audit
from zhunsheng.audit.document import Document
from zhunsheng.audit.facts.bodies import body_of
from zhunsheng.audit.finding import Outcome
from zhunsheng.audit.relations.budget_forms import Form, Source, form_figures, form_tables
from zhunsheng.audit.relations.form_statements import total_named
from zhunsheng.kernel.problem import Severity
from zhunsheng.store.audit_rule_files import load_audit_rules

Audited = Callable[..., Audit]
Made = Callable[[str], Document]

ACCOUNT = """临江市水务局2024年度部门决算
收入支出决算总表
单位：万元
收入\t\t支出\t
项目\t决算数\t项目\t决算数
一、一般公共预算财政拨款收入\t2,940.05\t一、农林水支出\t2,706.66
二、其他收入\t6.20\t二、住房保障支出\t233.39
本年收入合计\t2,946.25\t本年支出合计\t2,940.05
年初结转和结余\t49.14\t年末结转和结余\t55.34
总计\t2,995.39\t总计\t2,995.39
支出决算表
单位：万元
科目编码\t科目名称\t本年支出合计\t基本支出\t项目支出
\t合计\t2,940.05\t2,336.91\t603.14
213\t农林水支出\t2,706.66\t2,103.52\t603.14
21303\t水利\t2,706.66\t2,103.52\t603.14
2130301\t行政运行\t2,111.89\t2,103.52\t8.37
2130306\t水利工程运行与维护\t594.77\t\t594.77
221\t住房保障支出\t233.39\t233.39\t
22102\t住房改革支出\t233.39\t233.39\t
2210201\t住房公积金\t233.39\t233.39\t
一般公共预算财政拨款支出决算表
单位：万元
科目编码\t科目名称\t合计\t基本支出\t项目支出
\t合计\t2,940.05\t2,336.91\t603.14
213\t农林水支出\t2,706.66\t2,103.52\t603.14
21303\t水利\t2,706.66\t2,103.52\t603.14
2130301\t行政运行\t2,111.89\t2,103.52\t8.37
2130306\t水利工程运行与维护\t594.77\t\t594.77
221\t住房保障支出\t233.39\t233.39\t
22102\t住房改革支出\t233.39\t233.39\t
2210201\t住房公积金\t233.39\t233.39\t
一、收入支出决算总体情况说明
"""

BUDGET = """临江市水务局2025年部门预算
2025年部门支出预算总表
单位：元
科目编码\t科目名称\t合计\t基本支出\t项目支出
\t合计\t9,503,499\t9,000,000\t503,499
213\t农林水支出\t6,000,000\t5,496,501\t503,499
21303\t水利\t6,000,000\t5,496,501\t503,499
2130301\t行政运行\t6,000,000\t5,496,501\t503,499
221\t住房保障支出\t3,503,499\t3,503,499\t0
22102\t住房改革支出\t3,503,499\t3,503,499\t0
2210201\t住房公积金\t3,503,499\t3,503,499\t0
一、部门预算情况说明
"""

WRONG = [
    (ACCOUNT, "临江市水务局2024年度收入支出总计2959.39万元。", "2995.39万元"),
    (ACCOUNT, "临江市水务局2024年度收入支出总计0万元。", "2995.39万元"),
    (ACCOUNT, "本年收入合计2964.25万元。", "2946.25万元"),
    (ACCOUNT, "本年支出合计2940.05万元，其中：基本支出2363.91万元，项目支出603.14万元。", "2336.91万元"),
    (ACCOUNT, "一般公共预算财政拨款支出2490.05万元。", "2940.05万元"),
    (ACCOUNT, "农林水支出（类）2607.66万元，占92.06%。", "2706.66万元"),
    (
        ACCOUNT,
        "1.农林水支出（类）水利（款）行政运行（项）。年初预算为2160.05万元，支出决算为2121.89万元。",
        "2111.89万元",
    ),
    (ACCOUNT, "2.住房公积金（项）。年初预算为230.00万元，支出决算为233.93万元。", "233.39万元"),
    (BUDGET, "“住房保障支出（类）住房改革支出（款）住房公积金（项）”352.67万元。", "350.3499万元"),
    (
        BUDGET,
        (
            "“住房保障支出（类）住房改革支出（款）住房公积金（项）”350.35万元。2024年当年预算执行数为348.52万元，"
            "2025年预算安排352.67万元，比2024年预算执行数增加0.53%。"
        ),
        "350.3499万元",
    ),
    (BUDGET, "2025年，临江市水务局支出预算905.35万元。", "950.3499万元"),
]

RIGHT = [
    (ACCOUNT, "临江市水务局2024年度收入支出总计2995.39万元。与2023年度相比，收入支出总计减少56.95万元。"),
    (ACCOUNT, "本年收入合计2946.25万元，其中：其他收入6.2万元，占0.21%。"),
    (ACCOUNT, "本年支出合计2,940.05万元，其中：基本支出0.23亿元。"),
    (ACCOUNT, "2023年度收入支出总计3052.34万元。"),
    (ACCOUNT, "上年本年支出合计3003.19万元。"),
    (
        ACCOUNT,
        (
            "1.农林水支出（类）水利（款）行政运行（项）。年初预算为2160.05万元，支出决算为2111.89万元。"
            "其中人员经费1800.00万元。"
        ),
    ),
    (ACCOUNT, "所属节水中心基本支出136.91万元，项目支出20.00万元。"),
    (ACCOUNT, "本年支出合计2940.05万元。所属单位收支如下：本年支出合计136.50万元。"),
    (ACCOUNT, "项目支出绩效自评涉及资金598.42万元。"),
    (ACCOUNT, "一般公共预算财政拨款支出年初预算为2993.92万元，支出决算为2940.05万元。"),
    (ACCOUNT, "支出决算为512.00万元的项目已完成。"),
    (ACCOUNT, "基本支出比上年增加12.00万元。"),
    (BUDGET, "“住房保障支出（类）住房改革支出（款）住房公积金（项）”350.35万元，比上年增加12.00万元。"),
    (BUDGET, "“住房保障支出（类）住房改革支出（款）住房公积金（项）”科目350.35万元。"),
    (BUDGET, "2025年，临江市水务局支出预算950.35万元，比2024年预算增加20.00万元。"),
    (BUDGET, "“农林水支出（类）水利（款）防汛（项）”20.00万元。"),
]


@pytest.mark.parametrize(("form", "text", "wanted"), WRONG)
def test_explanations_that_differ_from_the_tables(
    audited: Audited, form: str, text: str, wanted: str
) -> None:
    (finding,) = audited("A402", form + text).findings
    assert finding.severity is Severity.ERROR
    assert finding.computed == wanted


@pytest.mark.parametrize(("form", "text"), RIGHT)
def test_explanations_that_agree(audited: Audited, form: str, text: str) -> None:
    assert audited("A402", form + text).findings == ()


def test_a_figure_of_other_money_is_a_warning_that_says_so(audited: Audited) -> None:
    spending_first = ACCOUNT[: ACCOUNT.index("一般公共预算财政拨款支出决算表")]
    text = spending_first + _general_of(10) + "一般公共预算财政拨款基本支出2336.91万元。"
    (finding,) = [each for each in audited("A402", text).findings if each.severity is not Severity.NOTE]
    assert finding.severity is Severity.WARNING
    assert "口径" in finding.message


def _general_of(less: int) -> str:
    """The general public budget table with so much less (万元) in 行政运行 and all rows above it."""

    def cut(text: str) -> str:
        return f"{Decimal(text.replace(',', '')) - less:,.2f}"

    table = ACCOUNT[ACCOUNT.index("一般公共预算财政拨款支出决算表") : ACCOUNT.index("一、收入支出决算总体")]
    for text in ("2,940.05", "2,336.91", "2,706.66", "2,103.52", "2,111.89"):
        table = table.replace(text, cut(text))
    return table + "五、一般公共预算财政拨款支出决算情况说明\n"


def test_tables_of_the_form_are_known(audited: Audited) -> None:
    reading = audited("A402", ACCOUNT).readings[0]
    assert [form for form, _ in form_tables(reading).values()] == [Form.TOTALS, Form.SPENDING, Form.GENERAL]
    paths = {
        figure.path: figure.numeral.text for figure in form_figures(reading) if figure.form is Form.GENERAL
    }
    assert ("农林水支出", "水利", "行政运行") in paths
    sides = {
        figure.numeral.text: figure.side for figure in form_figures(reading) if figure.form is Form.TOTALS
    }
    assert (sides["6.20"], sides["233.39"]) == ("收入", "支出")


@pytest.mark.parametrize(
    "words",
    [
        "涉及一般公共预算支出",
        "所属单位基本支出",
        "支出决算为",
        "项目支出绩效目标金额",
        "预算安排",
        "人均支出",
    ],
)
def test_words_that_name_no_total(words: str) -> None:
    assert total_named(words) is None


def test_words_that_name_a_total() -> None:
    assert total_named("一般公共预算财政拨款基本支出") == (Source.GENERAL, "基本支出")
    assert total_named("临江市水务局2024年度财政拨款收入支出总计", "临江市水务局") == (
        Source.FISCAL,
        "收支总计",
    )


def changed(text: str, occurrence: int, before: str, after: str) -> str:
    parts = text.split(before)
    return before.join(parts[:occurrence]) + after + before.join(parts[occurrence:])


@pytest.mark.parametrize(
    ("occurrence", "before", "after"),
    [
        (2, "594.77\t\t594.77", "549.77\t\t594.77"),
        (1, "2,111.89", "2,211.89"),
        (2, "21303\t水利\t2,706.66", "21303\t水利\t2,760.66"),
        (2, "合计\t2,940.05\t2,336.91", "合计\t2,904.05\t2,336.91"),
    ],
)
def test_a_row_that_differs_alone(audited: Audited, occurrence: int, before: str, after: str) -> None:
    findings = audited("A406", changed(ACCOUNT, occurrence, before, after)).findings
    assert [each.severity for each in findings] == [Severity.ERROR]


def test_rows_of_other_money_may_differ(audited: Audited) -> None:
    text = ACCOUNT[: ACCOUNT.index("一般公共预算财政拨款支出决算表")] + _general_of(10)
    assert audited("A406", text).findings == ()
    assert audited("A406", ACCOUNT).findings == ()


RULES = [each for each in load_audit_rules()[0] if each.code in {"A402", "A406"}]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    cents=st.lists(st.integers(min_value=100, max_value=999_999), min_size=2, max_size=5),
    seed=st.integers(0, 3),
)
def test_true_tables_are_silent_and_one_wrong_cell_is_found(
    document: Made, cents: list[int], seed: int
) -> None:
    def money(value: int) -> str:
        return f"{Decimal(value) / 100:,.2f}"

    def table(title: str, figures: list[int], total: int) -> str:
        rows = "".join(
            f"21303{index:02d}\t事项{'甲乙丙丁戊'[index]}\t{money(each)}\n"
            for index, each in enumerate(figures, 0)
        )
        head = f"{title}\n单位：万元\n科目编码\t科目名称\t合计\n\t合计\t{money(total)}\n"
        return f"{head}213\t农林水支出\t{money(total)}\n21303\t水利\t{money(total)}\n{rows}"

    total = sum(cents)
    first = table("支出决算表", cents, total)
    true = f"临江市水务局2024年度部门决算\n{first}{table('一般公共预算财政拨款支出决算表', cents, total)}"
    assert audit([document(true)], RULES).findings == ()
    at = seed % len(cents)
    wrong = [each * 2 + 7 if index == at else each for index, each in enumerate(cents)]
    false = f"临江市水务局2024年度部门决算\n{first}{table('一般公共预算财政拨款支出决算表', wrong, total)}"
    assert len(audit([document(false)], RULES).findings) == 1


def test_the_body_is_the_one_named_most(audited: Audited) -> None:
    reading = audited("A402", ACCOUNT + "临江市水务局支出。临江市财政局批复。临江市水务局决算。").readings[0]
    assert body_of(reading) == "临江市水务局"


LAST = """临江市水务局2024年部门预算
一、部门预算情况说明
2024年“三公”经费预算数为22.91万元。
一、项目情况
泵站用地面积4000.6平方米。
"""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2025年“三公”经费预算数为47.91万元，比2024年预算增加25万元。", 0),
        ("2025年“三公”经费预算数为47.91万元，比2024年预算增加35万元。", 1),
        ("2025年“三公”经费预算数为20.91万元，比2024年预算减少2万元。", 0),
        ("2025年“三公”经费预算数为22.91万元，比2024年预算持平。", 0),
        ("2025年“三公”经费预算数为47.91万元，比2024年预算执行数增加30万元。", 0),
    ],
)
def test_changes_against_the_budget_before(audited: Audited, text: str, found: int) -> None:
    after = f"临江市水务局2025年部门预算\n一、部门预算情况说明\n{text}\n"
    assert len(audited("A403", LAST, after).findings) == found


def test_versions_of_one_account(audited: Audited) -> None:
    done = audited("A403", ACCOUNT, ACCOUNT.replace("594.77\t\t594.77", "549.77\t\t594.77"))
    assert {each.severity for each in done.findings} == {Severity.ERROR}
    assert audited("A403", ACCOUNT, ACCOUNT).findings == ()
    assert any(each.outcome is Outcome.PASSED for each in audited("A403", ACCOUNT, ACCOUNT).checks)


def test_the_account_of_the_office_is_not_a_version_of_the_account_of_the_body(audited: Audited) -> None:
    office = ACCOUNT
    for number, text in enumerate(
        ("2,940.05", "2,946.25", "2,995.39", "2,706.66", "2,336.91", "2,103.52", "2,111.89")
    ):
        office = office.replace(text, f"1,{number}00.00")
    assert audited("A403", ACCOUNT, office).findings == ()


def test_other_bodies_and_other_years_are_not_compared(audited: Audited) -> None:
    other = ACCOUNT.replace("临江市水务局", "临江市林业局").replace("2,995.39", "2,959.39")
    assert audited("A403", ACCOUNT, other).checks == ()
    later = ACCOUNT.replace("2024", "2026").replace("2,995.39", "2,959.39")
    assert audited("A403", ACCOUNT, later).checks == ()


def test_last_years_figure_left_in_this_years_text(audited: Audited) -> None:
    last = BUDGET.replace("2025", "2024").replace("3,503,499", "3,526,700").replace("9,503,499", "9,526,700")
    this = (
        BUDGET
        + "“住房保障支出（类）住房改革支出（款）住房公积金（项）”350.35万元，2025年预算安排352.67万元。"
    )
    found = [each for each in audited("A403", last, this).findings if "上年" in each.message]
    assert [each.printed for each in found] == ["352.67万元"]


def test_facts_of_one_year_in_two_reports(audited: Audited) -> None:
    one = "临江市水务局2024年度绩效自评报告\n一、情况\n农村供水管网改造512.6公里。\n临江市水务局完成任务。"
    two = "临江市水务局2024年度工作总结\n一、情况\n农村供水管网改造{}公里。\n临江市水务局完成任务。"
    assert audited("A403", one, two.format("512.9")).findings[0].severity is Severity.ERROR
    assert audited("A403", one, two.format("512.60")).findings == ()
    assert audited("A403", one, two.format("512.9").replace("2024", "2021")).findings == ()

"""A401, A404 and A405: one fact told twice, texts judged by hand."""

from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhunsheng.audit.auditing import Audit, audit
from zhunsheng.audit.document import Document
from zhunsheng.audit.finding import Outcome
from zhunsheng.kernel.problem import Severity
from zhunsheng.store.audit_rule_files import load_audit_rules

Audited = Callable[..., Audit]
Made = Callable[[str], Document]
TITLE = "某市水务局2022年度部门整体支出绩效自评报告\n一、基本情况\n"

CONTRADICTIONS = [
    # a slip in a long figure
    ("取水许可证核发3846件。\n取水许可证核发3864件，群众满意。", Severity.ERROR),
    ("再生水利用设施建设投入1,284.60万元。\n再生水利用设施建设投入1,248.60万元。", Severity.ERROR),
    # nearly equal
    ("完成农村供水管网改造512.6公里。\n农村供水管网改造512.9公里。", Severity.ERROR),
    ("全市节水型企业创建达标率98.03%。\n节水型企业创建达标率98.30%。", Severity.ERROR),
    # a moved point
    ("全年完成农村饮水工程维修养护238处。\n农村饮水工程维修养护2380处。", Severity.ERROR),
    # different multipliers
    ("水源地保护区巡查里程12840公里。\n水源地保护区巡查里程1.82万公里。", Severity.WARNING),
    # other paragraphs repeat the figures beside it, so that even a common name counts
    (
        (
            "全市河道清淤41.37公里，合格率96.20%，清运淤泥8.46万方。\n"
            "一年来，河道清淤41.37公里，合格率69.20%，清运淤泥8.46万方。"
        ),
        Severity.WARNING,
    ),
    # words often left out
    ("饮用水水源安全抽检2316批次。\n饮用水水源抽检2361批次。", Severity.WARNING),
    # two targets for one thing
    (
        "指标\t指标值\n水质检测频次\t不少于52次\n管网巡查\t不少于100次\n大力推进水质检测频次不少于60次。",
        Severity.WARNING,
    ),
]

NO_CONTRADICTION = [
    # rounding, units, hedges
    "取水许可证核发3846件。\n取水许可证核发0.38万件。",
    "取水许可证核发3846件。\n取水许可证核发3,846件。",
    "取水许可证核发3846件。\n取水许可证核发3800余件。",
    "取水许可证核发3846件。\n取水许可证核发近3850件。",
    "再生水基金规模10,000万元。\n再生水基金规模1亿元。",
    # years
    "2022年取水许可证核发3846件。\n2021年取水许可证核发3864件。",
    "取水许可证核发3846件。\n上年取水许可证核发3864件。",
    # months
    "1-6月取水许可证核发1846件。\n1-9月取水许可证核发1864件。",
    "上半年取水许可证核发1846件。\n全年取水许可证核发3864件。",
    # places
    "全市取水许可证核发3846件。\n全区取水许可证核发3864件。",
    "全省农村供水管网改造512.6公里。\n全市农村供水管网改造512.9公里。",
    # what is included
    "水源地保护支出2846.10万元（含转移支付）。\n水源地保护支出2864.10万元（不含转移支付）。",
    # kinds
    "规模以上工业用水户3846家。\n工业用水户3864家。",
    "城镇供水管网改造512.6公里。\n农村供水管网改造512.9公里。",
    # stages
    "水源地保护工程年初预算1846.10万元。\n水源地保护工程实际支出1864.10万元。",
    "水源地保护工程年初预算1846.10万元。\n水源地保护工程调整后预算1864.10万元。",
    # targets and outcomes
    "取水许可证核发不少于3800件。\n取水许可证核发3846件。",
    "指标值：河道清淤41.30公里。\n完成情况：河道清淤41.37公里。",
    # words that every project has
    "1.检测项目。支出70.02万元。\n2.巡查项目。支出70.20万元。",
    "1.检测项目。预算安排117.10万元，完成率98.51%。\n2.巡查项目。预算安排117.01万元，完成率98.15%。",
    "该项自评得分9.50分。\n该项自评得分9.05分。",
    # kinds of one thing
    "新登记取水户3846户。\n登记取水户3864户。",
    "发明专利授权量2846件。\n发明专利申请量2864件。",
    # a total with and without what was carried over
    "本年支出合计4,792.81万元。\n支出总计4,877.14万元。",
    # new and cumulative
    "新增节水型企业创建3846家。\n累计节水型企业创建3864家。",
    # other units
    "水政执法检查3846次。\n水政执法检查3864人次。",
    # the same name in two tables belongs to two projects
    (
        "项目\t金额（万元）\n设备更新改造\t1,284.60\n维修\t20.00\n二是另一单位\n"
        "项目\t金额（万元）\n设备更新改造\t1,248.60\n维修\t30.00"
    ),
    # rows of one table
    "类型\t名称\t数量（件）\n市\t取水许可证\t3846\n区\t取水许可证\t3864",
    # one sentence
    "河道清淤工程一期41.37公里、二期河道清淤工程41.73公里。",
    # rates of many projects
    "1.一期工程。设备验收合格率100%。\n2.二期工程。设备验收合格率95%。",
    # growth of two things with the same short name
    "招生2.91万人，增长3.2%；在校生8.73万人，增长3.5%。\n招生21.45万人，增长3.3%。",
]


@pytest.mark.parametrize(("text", "severity"), CONTRADICTIONS)
def test_two_values_for_one_fact(audited: Audited, text: str, severity: Severity) -> None:
    found = audited("A401", TITLE + text).findings
    assert [each.severity for each in found] == [severity]


@pytest.mark.parametrize("text", NO_CONTRADICTION)
def test_what_may_differ_stays_silent(audited: Audited, text: str) -> None:
    assert audited("A401", TITLE + text).findings == ()


def test_both_places_are_shown(audited: Audited) -> None:
    (finding,) = audited("A401", TITLE + "取水许可证核发3846件。\n取水许可证核发3864件。").findings
    assert {each.text for each in finding.places} == {"3846件", "3864件"}
    assert "颠倒" in finding.message


def test_the_value_written_more_often_is_the_true_one(audited: Audited) -> None:
    text = "取水许可证核发3846件。\n取水许可证核发3864件。\n取水许可证核发3846件。"
    (finding,) = audited("A401", TITLE + text).findings
    assert (finding.printed, finding.computed) == ("3864件", "3846件")


def test_an_agreeing_repeat_passes(audited: Audited) -> None:
    done = audited("A401", TITLE + "取水许可证核发3846件。\n取水许可证核发3,846件。")
    assert [each.outcome for each in done.checks] == [Outcome.PASSED]
    assert len(done.checks[0].numerals) == 2


RULES = [each for each in load_audit_rules()[0] if each.code == "A401"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    value=st.integers(min_value=1000, max_value=99999),
    times=st.integers(min_value=2, max_value=4),
    place=st.integers(min_value=0, max_value=4),
    step=st.integers(min_value=1, max_value=9),
)
def test_any_wrong_digit_in_one_of_several_mentions_is_found(
    document: Made, value: int, times: int, place: int, step: int
) -> None:
    digits = list(str(value))
    lines = [f"{word}取水许可证核发{value}件。" for word in ("", "全年", "我局", "累计完成")[:times]]
    true = TITLE + "\n".join(lines)
    assert audit([document(true)], RULES).findings == ()
    at = place % len(digits)
    digits[at] = str((int(digits[at]) + step - 1) % 9 + 1) if at == 0 else str((int(digits[at]) + step) % 10)
    if "".join(digits) == str(value):
        return
    wrong = TITLE + "\n".join([*lines[:-1], f"取水许可证核发{''.join(digits)}件。"])
    assert len(audit([document(wrong)], RULES).findings) == 1


@pytest.mark.parametrize(
    ("text", "found"),
    [
        # a part said to be larger than, or just off, the whole of the same flow
        ("本年支出合计16,408.35万元。\n整体自评涉及一般公共预算支出16,411.22万元。", 1),
        ("项目支出4,290.28万元。\n二级项目涉及资金4,290.04万元，占一般公共预算项目支出总额的100%。", 1),
        # the difference is stated
        ("本年支出合计16,408.35万元。\n整体自评涉及一般公共预算支出16,405.22万元，政府性基金3.13万元。", 0),
        # income and expenditure
        ("本年收入合计16,408.35万元。\n本年支出合计16,411.22万元。", 0),
        # not near
        ("本年支出合计16,408.35万元。\n一般公共预算支出15,411.22万元。", 0),
        # short figures are near by chance
        ("本年支出合计164.0万元。\n一般公共预算支出164.1万元。", 0),
        # budget and outcome
        ("全年支出预算数16,408.35万元。\n支出执行数16,411.22万元。", 0),
        # counts in two chapters
        ("一、指标完成情况\n水事违法案件立案数1291宗。\n二、工作成效\n立案查办非法取水和盗采等案1270宗。", 1),
        ("一、指标完成情况\n水事违法案件立案数1291宗。\n二、工作成效\n立案查办非法取水和盗采等案970宗。", 0),
        ("一、指标完成情况\n机动车保有量4159辆，其中汽车保有量4149辆。", 0),
    ],
)
def test_nearly_equal_figures(audited: Audited, text: str, found: int) -> None:
    assert len(audited("A405", TITLE + text).findings) == found


def test_a_cut_figure_is_a_note_and_passes(audited: Audited) -> None:
    done = audited("A404", TITLE + "取水许可证核发3846件。\n取水许可证核发0.384万件。")
    assert [each.severity for each in done.findings] == [Severity.NOTE]
    assert done.findings[0].computed == "0.385万件"
    assert all(each.outcome is Outcome.PASSED for each in done.checks)


def test_a_rounded_figure_confirms(audited: Audited) -> None:
    assert audited("A404", TITLE + "取水许可证核发3846件。\n取水许可证核发0.385万件。").findings == ()

"""What a figure speaks of: subject, period, stage, scope, unit."""

from collections.abc import Callable

import pytest

from zhunsheng.audit.document import Document
from zhunsheng.audit.facts.collecting import facts_of
from zhunsheng.audit.facts.comparing import Sameness, sameness
from zhunsheng.audit.facts.fact import Fact, Nature
from zhunsheng.audit.facts.qualifiers import Stage, scopes_of, stage_of
from zhunsheng.audit.facts.subjects import core_of, is_specific
from zhunsheng.audit.quantities.scanning import scan
from zhunsheng.audit.reading import read
from zhunsheng.kernel.quantity import Quantity

Made = Callable[[str], Document]
TITLE = "某市水务局2022年度部门整体支出绩效自评报告\n一、基本情况\n"


def facts(document: Made, text: str) -> dict[str, Fact]:
    return {each.numeral.text: each for each in facts_of(read(document(TITLE + text)))}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("2022年全市完成河道清淤", "河道清淤"),
        ("我局组织开展河道清淤", "完成河道清淤"),
        ("取水许可证核发数量", "取水许可证核发数"),
        ("节水型企业（含园区）", "节水型企业"),
        ("全年累计办理取水许可", "办理取水许可"),
    ],
)
def test_the_same_thing_has_the_same_core(one: str, other: str) -> None:
    assert core_of(one) == core_of(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("新登记市场主体", "登记市场主体"),
        ("取水许可", "排水许可"),
        ("城镇居民人均可支配收入", "农村居民人均可支配收入"),
        ("行政许可办结率", "行政许可按时办结率"),
    ],
)
def test_different_things_have_different_cores(one: str, other: str) -> None:
    assert core_of(one) != core_of(other)


@pytest.mark.parametrize("core", ["支出", "自评得分", "完成率", "预算安排", "资金", "合格率", "项目支出率"])
def test_words_of_every_report_name_nothing(core: str) -> None:
    assert not is_specific(core) or core == "项目支出率"


@pytest.mark.parametrize("core", ["河道清淤", "取水许可证", "基本支出", "水质达标断面"])
def test_names_are_specific(core: str) -> None:
    assert is_specific(core)


@pytest.mark.parametrize(
    ("phrase", "stage"),
    [
        ("年初预算为", Stage.INITIAL_BUDGET),
        ("支出决算为", Stage.ACTUAL),
        ("全年预算数", Stage.ADJUSTED_BUDGET),
        ("预算安排", Stage.BUDGET),
        ("指标值为", Stage.TARGET),
        ("预算执行数", Stage.ACTUAL),
        ("一般公共预算支出", Stage.NONE),
        ("巡查次数", Stage.NONE),
    ],
)
def test_stages(phrase: str, stage: Stage) -> None:
    assert stage_of(phrase) is stage


def test_scopes() -> None:
    assert scopes_of("全市（不含高新区）用水户") == {"全市", "不含高新区"}
    assert scopes_of("支出（含转移支付）") == {"含转移支付"}
    assert scopes_of("全市场主体") == frozenset()


def test_years_come_from_the_sentence_else_from_the_title(document: Made) -> None:
    found = facts(document, "全年供水3.2亿吨。2021年供水2.9亿吨。上年漏损量为0.4亿吨。")
    assert found["3.2亿吨"].year == 2022
    assert found["2.9亿吨"].year == 2021
    assert found["0.4亿吨"].year == 2021


def test_a_compared_year_is_not_the_year_of_the_figure(document: Made) -> None:
    assert facts(document, "与2021年相比，供水量为3.2亿吨。")["3.2亿吨"].year == 2022


def test_months_set_apart(document: Made) -> None:
    found = facts(document, "2022年6月供水量0.31亿吨。截至12月31日供水量3.20亿吨。")
    assert found["0.31亿吨"].part != found["3.20亿吨"].part == ""


def test_a_later_title_opens_another_year(document: Made) -> None:
    found = facts(document, "全年供水3.2亿吨。\n某市水务局2021年度工作情况报告\n全年供水2.9亿吨。")
    assert (found["3.2亿吨"].year, found["2.9亿吨"].year) == (2022, 2021)


def test_a_clause_without_words_speaks_of_the_subject_before(document: Made) -> None:
    found = facts(document, "取水许可证持证单位突破900家，年末达932家，同比增长4.5%。")
    assert found["932家"].core == found["900家"].core
    assert found["4.5%"].nature is Nature.GROWTH
    assert found["4.5%"].core.startswith(found["932家"].core)


def test_targets(document: Made) -> None:
    found = facts(document, "管网巡查不少于400次，实际管网巡查512次。")
    assert found["400次"].nature is Nature.TARGET
    assert found["512次"].nature is Nature.LEVEL


def test_what_is_measured_per(document: Made) -> None:
    assert facts(document, "水质检测达到每千人6批次。")["6批次"].unit == "批次/千人"


def test_cells_take_row_and_column(document: Made) -> None:
    found = facts(
        document,
        "指标名称\t2021年实际值\t2022年预期值\n管网漏损率\t9.10%\t8.50%\n再生水利用率\t20.10%\t22.00%",
    )
    assert found["9.10%"].core == found["8.50%"].core == "管网漏损率"
    assert (found["9.10%"].year, found["8.50%"].year) == (2021, 2022)
    assert found["8.50%"].nature is Nature.TARGET


def quantity(text: str) -> Quantity:
    found = scan(text)[0].quantity
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("one", "other", "wanted"),
    [
        ("1434465户", "143.4万户", Sameness.ROUNDED),
        ("1434465户", "143.45万户", Sameness.ROUNDED),
        ("1434765户", "143.4万户", Sameness.ROUNDED),  # cut
        ("1434465户", "143.5万户", Sameness.DIFFERENT),
        ("10,000万元", "1亿元", Sameness.EQUAL),
        ("303.77万户", "超300万户", Sameness.ROUNDED),
        ("49.5件", "49.6件", Sameness.DIFFERENT),
        ("326.71万元", "326.72万元", Sameness.TAIL),
        ("7,898批次", "7898批次", Sameness.EQUAL),
        ("6.2万元", "6.20万元", Sameness.EQUAL),
        ("3503499元", "350.35万元", Sameness.ROUNDED),
        ("3503499元", "352.67万元", Sameness.DIFFERENT),
    ],
)
def test_sameness(one: str, other: str, wanted: Sameness) -> None:
    assert sameness(quantity(one), quantity(other)) is wanted
    assert sameness(quantity(other), quantity(one)) is wanted

"""Every shipped indicator: readable, complete, told apart from the others, and with a known answer."""

import re
from collections import Counter
from pathlib import Path

import pytest
import yaml

from zhunsheng.expressions.nodes import Call, Literal, walk
from zhunsheng.indicators.definition import IndicatorDefinition, ResultKind
from zhunsheng.indicators.measure import Aggregate
from zhunsheng.indicators.reading import read_indicator
from zhunsheng.store.deadline_files import load_deadlines
from zhunsheng.store.definition_files import definitions_directory
from zhunsheng.store.indicator_files import CatalogueSource, indicator_codes, indicator_of, load_indicator
from zhunsheng.store.ledger_files import ledger_of
from zhunsheng.store.yaml_files import parse_yaml

CODES = indicator_codes()
FOUND = tuple(each for each in map(indicator_of, CODES) if each is not None)
CASES = Path(__file__).parents[1] / "cases"


def _rows(prefix: str, last: int, width: int = 2) -> list[str]:
    return [f"{prefix}-{number:0{width}d}" for number in range(1, last + 1)]


# rows of the two reports: ten overall indicators, nine tasks (the fifth of task 7 is not in the table), one district
TASKS = {1: 3, 2: 7, 3: 3, 4: 4, 5: 4, 6: 6, 7: 4, 8: 6, 9: 3}
GUANGZHOU = _rows("G-O", 10) + [row for task, last in TASKS.items() for row in _rows(f"G-T{task}", last, 1)]
HUADU = _rows("H-P", 7) + _rows("H-B", 3) + _rows("H-E", 1) + _rows("H-M", 23) + _rows("H-J", 3)
FACTS = {
    "F-01": "新登记市场主体",
    "F-02": "新登记市场主体增长率",
    "F-03": "新登记企业",
    "F-04": "注吊销市场主体",
    "F-05": "实有市场主体",
    "F-06": "实有市场主体增长率",
    "F-07": "企业开办网办率",
    "F-08": "免费刻制印章户数",
    "F-09": "免费发票户数",
    "F-10": "免费税务UKey户数",
    "F-11": "智慧导办咨询次数",
    "F-12": "智能机器人命中率",
    "F-13": "双随机抽查户数",
    "F-14": "双随机抽查比例",
    "F-15": "重复检查率",
    "F-16": "公示涉企信息条数",
    "F-17": "公平竞争审查政策措施",
    "F-18": "监测广告条次",
    "F-19": "广告条次违法率",
    "F-20": "广告条次违法率同比",
    "F-21": "广告条数违法率",
    "F-22": "处理投诉举报件数",
    "F-23": "挽回经济损失",
    "F-24": "全国12315平台投诉工单",
    "F-25": "全国12315平台投诉工单办结率",
    "F-26": "放心消费承诺单位",
    "F-27": "线下七天无理由退货承诺店",
    "F-28": "消费维权服务站",
    "F-29": "在线消费纠纷解决企业",
    "F-30": "电梯困人救援平均到达用时",
    "F-31": "电梯困人救援到达用时第九十五百分位",
    "F-32": "电梯救援到达用时节省率",
    "F-33": "电梯困人救援三十分钟到达率",
    "F-34": "电梯困人救援平均用时",
    "F-35": "食用农产品快检批次",
    "F-36": "快检销毁不合格食用农产品",
    "F-37": "快检数据上传率",
    "F-38": "快检不合格产品处置率",
    "F-39": "食品抽检合格率",
    "F-40": "拦截阳性进口冷链食品批次",
    "F-41": "拦截阳性进口冷链食品重量",
    "F-42": "食品监督检查覆盖率",
    "F-43": "食品监督检查到户率",
    "F-44": "包保督导完成率",
    "F-45": "包保督导问题发现率",
    "F-46": "包保督导问题整改率",
    "F-47": "国家基本药物抽检覆盖率",
    "F-48": "工业产品实物不合格发现率",
    "F-49": "信用修复户次",
    "F-50": "信用白名单户数",
    "F-51": "信用分类的农民专业合作社",
    "F-52": "罚没金额",
    "F-53": "从轻处罚案件",
    "F-54": "减轻处罚案件",
    "F-55": "不予（免于）处罚案件",
    "F-56": "知识产权质押融资金额",
    "F-57": "知识产权质押融资增长率",
    "F-58": "有效发明专利",
    "F-59": "发明专利授权量",
    "F-60": "每万人口发明专利拥有量",
    "F-61": "有效注册商标",
    "F-62": "与国家和省局交换数据",
    "F-63": "与市级平台交换数据",
    "F-64": "数据中心汇集数据条数",
    "F-65": "数据中心汇集数据表数",
    "F-66": "运维工单",
    "F-67": "运维工单解决率",
}
"""Facts that the reports state outside their indicator tables, numbered here."""


def test_there_are_87_rows_in_the_two_reports() -> None:
    assert len(GUANGZHOU) + len(HUADU) == 87


@pytest.mark.parametrize("code", CODES)
def test_it_is_read_without_problems(code: str) -> None:
    found, problems = load_indicator(code)
    assert [f"{each.place} {each.what}" for each in problems] == []
    assert found is not None


def test_every_row_of_the_reports_and_every_fact_has_exactly_one_definition() -> None:
    standing = Counter(row for each in FOUND for row in each.stands_for)
    assert standing == Counter([*GUANGZHOU, *HUADU, *FACTS])


def test_facts_carry_their_names() -> None:
    named = {row: each.label for each in FOUND for row in each.stands_for if row in FACTS}
    assert named == FACTS


def test_labels_are_chinese_and_unique() -> None:
    labels = Counter(each.label for each in FOUND)
    assert [label for label, times in labels.items() if times > 1] == []
    assert [label for label in labels if not re.search(r"[一-鿿]", label)] == []
    assert [each.code for each in FOUND if re.search(r"[一-鿿]", each.label_en)] == []
    english = Counter(each.label_en for each in FOUND)
    assert [label for label, times in english.items() if times > 1] == []


@pytest.mark.parametrize("found", FOUND, ids=lambda each: each.code)
def test_it_cites_a_described_document(found: IndicatorDefinition) -> None:
    described = {path.stem for path in (definitions_directory() / "sources").glob("*.yaml")}
    for version in found.versions:
        assert version.source.document in described
        assert version.source.clause


@pytest.mark.parametrize("found", FOUND, ids=lambda each: each.code)
def test_the_names_in_its_formula_are_its_measures(found: IndicatorDefinition) -> None:
    for version in found.versions:
        expressions = [each for each in (version.formula, version.undefined_when) if each is not None]
        named = {column.name for each in expressions for column in each.columns}
        assert named == {each.name for each in version.measures}
        assert {*found.numerator, *found.denominator} <= named


@pytest.mark.parametrize("found", FOUND, ids=lambda each: each.code)
def test_it_says_why_it_does_not_apply_where_that_can_happen(found: IndicatorDefinition) -> None:
    empty = {Aggregate.MEAN, Aggregate.QUANTILE, Aggregate.LEAST, Aggregate.GREATEST, Aggregate.ONLY}
    for version in found.versions:
        may_be_missing = (
            "/" in version.formula.text
            or version.undefined_when is not None
            or any(each.aggregate in empty for each in version.measures)
        )
        assert bool(version.why_undefined) == may_be_missing


@pytest.mark.parametrize("found", FOUND, ids=lambda each: each.code)
def test_what_is_printed_fits_its_kind(found: IndicatorDefinition) -> None:
    assert bool(found.unit) == (found.kind is ResultKind.NUMBER)
    assert (found.multiplier == "100") == (found.unit == "%")
    assert bool(found.words) == (found.kind in {ResultKind.YES_NO, ResultKind.WORD})


@pytest.mark.parametrize("found", FOUND, ids=lambda each: each.code)
def test_measures_that_are_before_and_now_ask_the_same(found: IndicatorDefinition) -> None:
    for version in found.versions:
        for each in version.measures:
            if each.shift:
                now = version.measure(each.name.removesuffix("_before"))
                asked = [None if one.where is None else one.where.text for one in (each, now)]
                assert asked[0] == asked[1]
                assert (each.ledger, each.aggregate, each.date, each.span) == (
                    now.ledger,
                    now.aggregate,
                    now.date,
                    now.span,
                )


@pytest.mark.parametrize("found", FOUND, ids=lambda each: each.code)
def test_its_chapter_is_that_of_a_ledger_it_reads(found: IndicatorDefinition) -> None:
    chapters = {
        ledger.chapter
        for version in found.versions
        for each in version.measures
        if (ledger := ledger_of(each.ledger)) is not None
    }
    assert found.chapter in chapters


@pytest.mark.parametrize("code", CODES)
def test_it_has_a_known_answer(code: str) -> None:
    cases = yaml.safe_load((CASES / "indicators" / f"{code}.yaml").read_text(encoding="utf-8"))
    assert cases
    assert {each["indicator"] for each in cases} == {code}
    assert any("records" in each for each in cases)


@pytest.mark.parametrize("found", FOUND, ids=lambda each: each.code)
def test_the_deadlines_it_asks_for_are_in_the_register(found: IndicatorDefinition) -> None:
    register, _ = load_deadlines()
    for version in found.versions:
        for each in version.measures:
            calls = (
                [] if each.where is None else [one for one in walk(each.where.root) if isinstance(one, Call)]
            )
            for rule in (one.arguments[1] for one in calls if one.function == "due"):
                assert isinstance(rule, Literal)
                name, _, period = str(rule.value).partition(".")
                assert any(one.period(period) for one in register.rules[name].versions)


def test_every_known_answer_belongs_to_an_indicator() -> None:
    assert {path.stem for path in (CASES / "indicators").glob("*.yaml")} == set(CODES)


STATED = yaml.safe_load((CASES / "stated_values.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("stated", STATED, ids=lambda each: f"{each['row']}-{each['year']}")
def test_a_stated_value_belongs_to_an_indicator_that_can_be_compared(stated: dict[str, object]) -> None:
    found = indicator_of(str(stated["indicator"]))
    assert found is not None
    assert stated["row"] in found.stands_for
    parameters = stated.get("parameters", {})
    version = found.version_for(int(str(stated["year"])))
    assert version is not None
    assert isinstance(parameters, dict)
    assert set(parameters) <= {each.name for each in version.parameters}
    assert stated.get("about", "exact") in {"exact", "about", "over", "implied"}
    number = str(stated["stated"])
    if found.kind is ResultKind.NUMBER and number != "not_applicable":
        assert len(number.partition(".")[2]) == stated["places"]


def test_every_row_with_a_stated_value_is_listed() -> None:
    assert {each["row"] for each in STATED if str(each["row"]).startswith("H-")} == set(HUADU)


SOUND = """
code: sound
label: 合格率
label_en: Sound
description: 合格的比例。
chapter: 9
unit: "%"
multiplier: 100
places: 2
direction: at_least
stands_for: [F-00]
versions:
  - from: ~
    to: ~
    parameters:
      - {name: kind, label: 类别, default: ALL, choices: {ALL: 全部, NONE: 没有}}
    measures:
      passed: {ledger: product_sample, count: records, where: "final_verdict = 'PASS' AND :kind = 'ALL'"}
      all_samples: {ledger: product_sample, count: records}
    formula: passed / all_samples
    why_undefined: 没有样品。
    source: {document: market-ledgers, clause: "9", evidence: proposal}
"""

ALL = "all_samples: {ledger: product_sample, count: records}"
BROKEN = {
    "a quotient in a condition": ("AND :kind = 'ALL'", "AND 1 / 2 < 1", "INDI-003"),
    "an unknown parameter": (":kind = 'ALL'", ":sort = 'ALL'", "INDI-001"),
    "no such ledger": (ALL, "all_samples: {ledger: nowhere, count: records}", "INDI-002"),
    "a sum of nothing": (ALL, "all_samples: {ledger: product_sample, sum: ~}", "DATA-002"),
    "a sum of words": (ALL, "all_samples: {ledger: product_sample, sum: stage}", "INDI-003"),
    "a least word": (ALL, "all_samples: {ledger: product_sample, min: stage}", "INDI-003"),
    "two aggregates": (ALL, "all_samples: {ledger: product_sample, count: records, sum: 1}", "INDI-003"),
    "a share above one": (
        ALL,
        "all_samples: {ledger: exam, quantile: {of: seated, share: 1.5}}",
        "INDI-003",
    ),
    "a share too fine": (
        ALL,
        "all_samples: {ledger: exam, quantile: {of: seated, share: 0.9999}}",
        "INDI-003",
    ),
    "groups without things": (ALL, "all_samples: {ledger: exam, count: groups, each: ~}", "DATA-002"),
    "a mean over groups": (
        ALL,
        "all_samples: {ledger: exam, mean: n, each: {by: item, values: {n: {count: records}}}}",
        "INDI-003",
    ),
    "a mean within groups": (
        ALL,
        "all_samples: {ledger: exam, count: groups, each: {by: item, values: {n: {mean: seated}}}}",
        "INDI-003",
    ),
    "a thing two steps away": (
        ALL,
        "all_samples: {ledger: rapid_test, count: groups, each: {by: market_id, values: {}, having: market_id.opener_id.is_branch}}",
        "INDI-001",
    ),
    "a date that is none": (
        ALL,
        "all_samples: {ledger: product_sample, count: records, date: stage}",
        "INDI-003",
    ),
    "a stock without dates": (
        ALL,
        "all_samples: {ledger: dataset, count: records, span: until_end}",
        "INDI-003",
    ),
    "a shift into another age": (
        ALL,
        "all_samples: {ledger: product_sample, count: records, shift: -999999}",
        "INDI-003",
    ),
    "a name of capitals": (ALL, f"{ALL}\n      Extra: {{ledger: exam, count: records}}", "INDI-003"),
    "a measure for nothing": (ALL, f"{ALL}\n      extra: {{ledger: exam, count: records}}", "INDI-006"),
    "a parameter that is taken": ("{name: kind", "{name: year", "INDI-005"),
    "a default that is no choice": ("default: ALL", "default: SOME", "INDI-005"),
    "a fraction as default": ("default: ALL, choices: {ALL: 全部, NONE: 没有}", "default: 1.5", "INDI-005"),
    "a version that ends before it begins": ("from: ~\n    to: ~", "from: 2023\n    to: 2021", "INDI-004"),
    "no number to multiply by": ("multiplier: 100", "multiplier: NaN", "INDI-003"),
    "nothing to divide by": ("multiplier: 100", "multiplier: 1/0", "INDI-003"),
    "words for a number": ("direction:", "words: {A: 甲}\ndirection:", "INDI-003"),
    "a formula that is a list": ("formula: passed / all_samples", "formula: [passed]", "DATA-003"),
    "a formula that is a condition": (
        "formula: passed / all_samples",
        "formula: passed = all_samples",
        "INDI-001",
    ),
    "a misspelt key": ("why_undefined", "why_undefind", "DATA-001"),
}


def _read(text: str) -> tuple[IndicatorDefinition | None, list[str]]:
    node, problems = parse_yaml(text, "sound.yaml")
    assert node is not None
    assert problems == ()
    found, wrong = read_indicator(node, CatalogueSource(ledger_of))
    return found, [each.code for each in wrong]


def test_the_sound_definition_is_read() -> None:
    found, wrong = _read(SOUND)
    assert found is not None
    assert wrong == []


@pytest.mark.parametrize("fault", BROKEN)
def test_a_broken_definition_is_refused(fault: str) -> None:
    before, after, code = BROKEN[fault]
    assert before in SOUND
    found, wrong = _read(SOUND.replace(before, after, 1))
    assert found is None
    assert code in wrong


def test_versions_may_neither_overlap_nor_leave_a_year_out() -> None:
    head, first = SOUND.split("  - from: ~\n    to: ~\n")
    for years, refused in (((2020, 2021), False), ((2020, 2020), True), ((2020, 2022), True)):
        text = f"{head}  - from: ~\n    to: {years[0]}\n{first}  - from: {years[1]}\n    to: ~\n{first}"
        assert (_read(text)[1] == ["INDI-004"]) is refused


def test_a_whole_number_as_default_is_a_number_and_a_quoted_one_a_text() -> None:
    for written, default in (("6", 6), ('"6"', "6")):
        text = SOUND.replace("default: ALL, choices: {ALL: 全部, NONE: 没有}", f"default: {written}")
        found, _ = _read(text.replace(":kind = 'ALL'", ":kind = 6" if written == "6" else ":kind = '6'"))
        assert found is not None
        assert found.versions[0].parameters[0].default == default

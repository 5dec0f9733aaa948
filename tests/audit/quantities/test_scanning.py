"""Numerals as people write them: value, multiplier, unit, hedge, bound, role, each read by hand."""

import pytest

from zhunsheng.audit.folding import folded
from zhunsheng.audit.quantities.numeral import Role
from zhunsheng.audit.quantities.roles import role_in_text
from zhunsheng.audit.quantities.scanning import Scanned, scan

# text; the figures in it as (digits, multiplier, unit, hedge, bound, role)
QUANTITIES: list[tuple[str, list[tuple[str, int, str, str, str, Role]]]] = [
    ("全年登记企业1,234户", [("1234", 1, "户", "", "", Role.LEVEL)]),
    ("全年登记企业约44.68万户", [("44.68", 10_000, "户", "约", "", Role.LEVEL)]),
    ("服务企业10.3万余户", [("10.3", 10_000, "户", "余", "", Role.LEVEL)]),
    ("贷款1400余万元", [("1400", 10_000, "元", "余", "", Role.LEVEL)]),
    ("为5万多家企业服务", [("5", 10_000, "家", "余", "", Role.LEVEL)]),
    ("挽回损失2.77亿元", [("2.77", 10**8, "元", "", "", Role.LEVEL)]),
    ("降费超20亿元", [("20", 10**8, "元", "超", "", Role.LEVEL)]),
    ("总量突破300万户", [("300", 10_000, "户", "超", "", Role.LEVEL)]),
    ("接近9成的", [("9", 1, "成", "近", "", Role.LEVEL)]),
    ("抽检不少于400批次", [("400", 1, "批次", "", "at_least", Role.TARGET)]),
    ("满意度80%或以上", [("80", 1, "%", "", "at_least", Role.TARGET)]),
    ("登记率30%或以下", [("30", 1, "%", "", "at_most", Role.TARGET)]),
    ("死亡人数0.26以下", [("0.26", 1, "", "", "at_most", Role.TARGET)]),
    ("比率≥90%", [("90", 1, "%", "", "at_least", Role.TARGET)]),
    ("控制率≤0，", [("0", 1, "", "", "at_most", Role.TARGET)]),
    ("合格率98.03%", [("98.03", 1, "%", "", "", Role.RATE)]),
    ("同比增长12.65%", [("12.65", 1, "%", "", "", Role.GROWTH)]),
    ("同比下降76%", [("76", 1, "%", "", "", Role.GROWTH)]),
    ("重复检查率下降至1%", [("1", 1, "%", "", "", Role.RATE)]),
    ("占本年支出合计的80.41%", [("80.41", 1, "%", "", "", Role.SHARE)]),
    ("占比为19.59%", [("19.59", 1, "%", "", "", Role.SHARE)]),
    ("提高3.2个百分点", [("3.2", 1, "个百分点", "", "", Role.POINTS)]),
    ("是上年的3倍", [("3", 1, "倍", "", "", Role.MULTIPLE)]),
    ("比上年增加2336万元", [("2336", 10_000, "元", "", "", Role.CHANGE)]),
    (
        "分值3分，自评得分2.5分",
        [("3", 1, "分", "", "", Role.FULL_SCORE), ("2.5", 1, "分", "", "", Role.SCORE)],
    ),
    ("平均用时11.1分钟", [("11.1", 1, "分钟", "", "", Role.DURATION)]),
    ("连续8年获评优秀", [("8", 1, "年", "", "", Role.DURATION)]),
    ("销毁农产品5307.17kg", [("5307.17", 1, "kg", "", "", Role.LEVEL)]),
    ("达到每年4份/千人", [("4", 1, "份/千人", "", "", Role.LEVEL)]),
    ("奖励15万元/项", [("15", 10_000, "元/项", "", "", Role.LEVEL)]),
    ("差额为-69.16万元", [("-69.16", 10_000, "元", "", "", Role.CHANGE)]),
    ("（100-90）万元", [("100", 1, "", "", "", Role.FACTOR), ("90", 1, "", "", "", Role.FACTOR)]),
    (
        "3—5个工作日",
        [("3", 1, "个工作日", "", "", Role.DURATION), ("5", 1, "个工作日", "", "", Role.DURATION)],
    ),
    ("推进十二项任务", [("12", 1, "项", "", "", Role.LEVEL)]),
    ("制定二十三项措施", [("23", 1, "项", "", "", Role.LEVEL)]),
    ("占全省的三分之一以上", [("33", 1, "%", "约", "at_least", Role.SHARE)]),
    ("下降百分之五", [("5", 1, "%", "", "", Role.GROWTH)]),
    ("提高百分之十二点五", [("12.5", 1, "%", "", "", Role.GROWTH)]),
    ("连续三年第一", [("3", 1, "年", "", "", Role.DURATION)]),
    ("共有３个项目", [("3", 1, "个", "", "", Role.LEVEL)]),
    ("修复信用33875户次", [("33875", 1, "户次", "", "", Role.LEVEL)]),
    ("每万人口拥有量49.5件", [("49.5", 1, "件", "", "", Role.LEVEL)]),
    ("检查4.52万家次", [("4.52", 10_000, "家次", "", "", Role.LEVEL)]),
    ("土地13,459平方米", [("13459", 1, "平方米", "", "", Role.LEVEL)]),
]


def content(text: str) -> list[Scanned]:
    return [each for each in scan(folded(text)) if each.quantity is not None]


@pytest.mark.parametrize(("text", "expected"), QUANTITIES, ids=[text for text, _ in QUANTITIES])
def test_what_a_figure_says(text: str, expected: list[tuple[str, int, str, str, str, Role]]) -> None:
    found = [
        (
            str(each.quantity.value),
            each.quantity.multiplier,
            each.quantity.unit,
            each.quantity.hedge.value,
            each.bound.value,
            role_in_text(folded(text), each),
        )
        for each in content(text)
        if each.quantity is not None
    ]
    assert found == expected


NO_QUANTITY = [
    ("2023年12月10日前完成", Role.DATE),
    ("截至12月末", Role.DATE),
    ("2021年度部门决算", Role.YEAR),
    ("2019—2023年", Role.YEAR),
    ("财预〔2020〕10号", Role.DOCUMENT_NUMBER),
    ("依照第三十八条处理", Role.ARTICLE),
    ("拨打12315热线", Role.CODE),
    ("电话020-83331234", Role.PHONE),
    ("首创5G智慧导办", Role.CODE),
    ("执行GB/T9704标准", Role.CODE),
    ("第130届广交会", Role.ORDINAL),
    ("全市排名第4", Role.RANK),
    ("落实“1310”具体部署", Role.NAME),
    ("“十四五”开局", Role.NAME),
    ("于2024-02-29办结", Role.DATE),
    ("代码91440101MA5CX1234Y", Role.CODE),
]


@pytest.mark.parametrize(("text", "role"), NO_QUANTITY, ids=[text for text, _ in NO_QUANTITY])
def test_what_is_no_quantity(text: str, role: Role) -> None:
    found = scan(text)
    assert [each.role for each in found] == [role]
    assert content(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "统一登记一体推进一批",
        "“两个维护”",
        "唯一的三级指标",
        "一方面加强监管",
        "四品一械",
        "第三方机构",
        "（万元）",
        "百年百品",
    ],
)
def test_words_with_numerals_that_count_nothing(text: str) -> None:
    assert content(text) == []


def test_a_date_that_does_not_exist_has_no_day() -> None:
    (impossible,) = scan("2023年2月30日")
    (possible,) = scan("2023年2月28日")
    assert impossible.day is None
    assert impossible.impossible_date
    assert possible.day is not None


def test_the_mark_of_a_passage_is_numbering() -> None:
    found = scan("2.食品快检经费3525.4万元", mark_length=2)
    assert [each.role for each in found] == [Role.NUMBERING, Role.UNKNOWN]
    assert found[0].end == 2

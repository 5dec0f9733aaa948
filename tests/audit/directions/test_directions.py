"""Words of comparison, zero bases, ranges and dates: texts judged by hand."""

from collections.abc import Callable

import pytest

from zhunsheng.audit.auditing import Audit

Audited = Callable[..., Audit]

DIRECTION_WRONG = [
    "年初预算为80.81万元，支出决算为80.38万元。决算数大于预算数的主要原因是人员变动。",
    "年初预算为62.29万元，支出决算为60.99万元。决算数等于预算数的主要原因是据实列支。",
    "年初预算为62.29万元，支出决算为65.00万元，决算数小于预算数。",
    "“三公”经费实际支出数165.46万元，少于预算安排的155.55万元。",
    "全年完成120件，多于计划的150件。",
]
DIRECTION_RIGHT = [
    "年初预算为80.81万元，支出决算为80.38万元。决算数小于预算数的主要原因是人员变动。",
    "年初预算为62.29万元，支出决算为62.29万元。决算数等于预算数。",
    "年初预算为62.29万元，支出决算为62.10万元，决算数与预算数基本持平。",
    "“三公”经费实际支出数145.46万元，少于预算安排的155.55万元。",
    "全年完成180件，多于计划的150件。",
    "抽检不少于150台，实际287台。",
    "预算金额超过1000万元的项目3个，决算支出为900.00万元。",
    "满意度高于90%，其中窗口85%以上。",
    "年初预算为10.00万元。决算数大于预算数的情况没有发生。",
    "上年决算为90.00万元，比上年增加5.00万元，决算数小于预算数。",
]


@pytest.mark.parametrize("text", DIRECTION_WRONG)
def test_wrong_direction(audited: Audited, text: str) -> None:
    assert [each.code for each in audited("A601", text).findings] == ["A601"]


@pytest.mark.parametrize("text", DIRECTION_RIGHT)
def test_right_direction(audited: Audited, text: str) -> None:
    assert audited("A601", text).findings == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("公务接待费上年决算为0万元，本年0.80万元，比上年增长100%。", 1),
        ("公务接待费上年决算为0万元，本年0万元，比上年增长0%。", 0),
        ("公务接待费上年决算为0.40万元，本年0.80万元，比上年增长100%。", 0),
        (
            "项目\t本年（万元）\t上年（万元）\t增减率（%）\n其他收入\t5.00\t0\t100\n利息收入\t2.00\t1.00\t100",
            1,
        ),
        ("项目\t本年（万元）\t上年（万元）\t增减率（%）\n其他收入\t5.00\t0\t\n利息收入\t2.00\t1.00\t100", 0),
    ],
)
def test_zero_bases(audited: Audited, text: str, found: int) -> None:
    assert len(audited("A602", text).findings) == found


@pytest.mark.parametrize(
    ("text", "severities"),
    [
        ("产品合格率为109.5%。", ["error"]),
        ("项目支出占总支出的119.59%。", ["error"]),
        ("共检查企业35.5家。", ["error"]),
        ("检查覆盖率达124.26%。", ["warning"]),
        ("任务完成率为126.21%。", []),
        ("预算执行率为102.3%。", []),
        ("同比增长153.58%。", []),
        ("每万人口拥有量49.5件。", []),
        ("平均每家检查1.5次。", []),
        ("新登记市场主体64.34万户。", []),
        ("产品合格率为99.5%。", []),
        ("整改率100%，发现率2.3%。", []),
        ("检查15.0家。", []),
    ],
)
def test_ranges(audited: Audited, text: str, severities: list[str]) -> None:
    assert [each.severity.value for each in audited("A603", text).findings] == severities


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("于2023年2月30日完成。", 1),
        ("于2024年2月29日完成。", 0),
        ("补缴2018年12月至2017年7月的年金。", 1),
        ("补缴2017年7月至2018年12月的年金。", 0),
        ("项目于2023年6月开工，2023年3月竣工。", 1),
        ("项目于2023年3月开工，2023年6月竣工。", 0),
        ("2023年11月31日验收。", 1),
        ("2023年9—12月开展检查。", 0),
    ],
)
def test_dates(audited: Audited, text: str, found: int) -> None:
    assert len(audited("A604", text).findings) == found

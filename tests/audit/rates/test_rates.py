"""Differences, rates, formulas, flows, prices and averages: every expected value worked out by hand."""

from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhunsheng.audit.auditing import Audit
from zhunsheng.audit.document import Block, BlockKind, Document, Span
from zhunsheng.audit.reading import read
from zhunsheng.audit.relations.written_formulas import written_formulas
from zhunsheng.kernel.problem import Severity

Audited = Callable[..., Audit]


def found(result: Audit) -> int:
    return sum(each.severity is not Severity.NOTE for each in result.findings)


def passed(result: Audit) -> int:
    return sum(each.passed for each in result.obligations)


# 110-100=10, 10÷100=10%; 60-50=10, 10÷50=20%; 45-60=-15, -15÷60=-25%
CHANGES = (
    "项目\t2023年决算（万元）\t2022年决算（万元）\t差异（万元）\t差异率（%）\n"
    "基本支出\t110.00\t100.00\t{d1}\t10.00\n"
    "项目支出\t60.00\t50.00\t10.00\t{r2}\n"
    "其他支出\t45.00\t60.00\t-15.00\t{r3}"
)


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        (CHANGES.format(d1="10.00", r2="20.00", r3="-25.00"), 0),
        (CHANGES.format(d1="10.00", r2="12.00", r3="-25.00"), 1),
        (CHANGES.format(d1="10.00", r2="20.00", r3="25.00"), 1),  # the sign
        (CHANGES.format(d1="11.00", r2="20.00", r3="-25.00"), 1),
        # 70.02÷117.00=59.846…%, of rounded inputs 59.842 to 59.851: 59.84 and 59.85 can be true, 58.95 cannot
        (
            "项目\t预算数（万元）\t支出数（万元）\t支出率\n甲\t117.00\t70.02\t59.85%\n乙\t160.00\t4.86\t3.04%\n丙\t50.00\t50.00\t100%",
            0,
        ),
        (
            "项目\t预算数（万元）\t支出数（万元）\t支出率\n甲\t117.00\t70.02\t59.84%\n乙\t160.00\t4.86\t3.04%\n丙\t50.00\t50.00\t100%",
            0,
        ),
        (
            "项目\t预算数（万元）\t支出数（万元）\t支出率\n甲\t117.00\t70.02\t58.95%\n乙\t160.00\t4.86\t3.04%\n丙\t50.00\t50.00\t100%",
            1,
        ),
        # a base of 0 has no rate
        (
            "项目\t本年数（万元）\t上年数（万元）\t增减率（%）\n甲\t12.00\t10.00\t20.00\n乙\t9.00\t0.00\t100.00\n丙\t5.00\t4.00\t25.00",
            0,
        ),
        # growth of another basis cannot be recomputed
        (
            "项目\t本年数\t上年数\t可比增长率（%）\n甲\t12.0\t10.0\t18.0\n乙\t9.0\t8.0\t10.0\n丙\t5.0\t4.0\t20.0",
            0,
        ),
        # no pair of columns explains the rate
        ("项目\t人数（人）\t经费（万元）\t合格率\n甲\t12\t10.0\t98%\n乙\t9\t8.0\t97%\n丙\t5\t4.0\t99%", 0),
    ],
)
def test_table_rates(audited: Audited, text: str, faults: int) -> None:
    assert found(audited("A202", text)) == faults


def test_a_cut_rate_is_a_note(audited: Audited) -> None:
    """2÷3=66.666…%, cut to 66.66 instead of rounded to 66.67."""
    text = "项目\t计划数（家）\t完成数（家）\t完成率\n甲\t3\t2\t66.66%\n乙\t4\t3\t75.00%\n丙\t5\t5\t100%"
    (finding,) = audited("A202", text).findings
    assert (finding.severity, finding.computed) == (Severity.NOTE, "66.67%")


@pytest.mark.parametrize(
    ("text", "faults", "passes"),
    [
        ("控制率=（95.00万元-100.00万元）/100.00万元×100%=-5.00%。", 0, 1),
        ("控制率=（95.00万元-100.00万元）/100.00万元×100%=-6.00%。", 1, 0),
        ("差异率=（1139.68-1149.77）÷1149.77*100%=-0.88%。", 0, 1),  # -0.8776
        ("共资助项目12+89+100=201项。", 0, 1),
        ("共资助项目12+89+100=210项。", 1, 0),
        ("完成率=84/80×100%=105%。", 0, 1),
        ("完成率=84÷80=105%。", 0, 1),
        ("3.33+3.33+3.33=10.00万元。", 0, 1),  # thirds rounded: 9.99±0.015
        ("满意度=实际满意人数/调查人数×100%=95%。", 0, 0),  # words, nothing to compute
        ("资产负债率≤100%，得2分。", 0, 0),
        ("2×（3+4）=14。", 0, 1),
        ("2×3+4=14。", 1, 0),
        ("1/0=0。", 0, 0),
        ("执行率：9800.00÷9880.00=99.1903。", 0, 1),  # per cent without its sign
        ("执行率：9800.00÷9880.00=91.9903。", 1, 0),
        ("1.17+20+9.98=46.98。", 0, 1),  # item 1: 17+20+9.98
        ("3.3+4.1=7.4万元。", 0, 1),  # the unit once
    ],
)
def test_written_formulas(audited: Audited, text: str, faults: int, passes: int) -> None:
    result = audited("A205", text)
    assert (found(result), passed(result)) == (faults, passes)


def plain_document(text: str) -> Document:
    block = Block(BlockKind.PARAGRAPH, Span(0, len(text)))
    return Document("made.txt", "txt", "", text, (block,))


@st.composite
def computations(draw: st.DrawFn) -> tuple[str, Fraction]:
    """A computation with brackets and its exact value, by Python's own arithmetic on fractions."""
    numbers = [str(draw(st.integers(1, 999))) for _ in range(4)]
    first, second, third = (draw(st.sampled_from("+-*/")) for _ in range(3))
    a, b, c, d = (f"Fraction({each})" for each in numbers)
    value = eval(f"({a}{first}{b}){second}{c}{third}{d}", {"Fraction": Fraction})  # noqa: S307 - made above
    text = f"（{numbers[0]}{first}{numbers[1]}）{second}{numbers[2]}{third}{numbers[3]}"
    return text, value


@settings(max_examples=60, deadline=None)
@given(computations())
def test_computations_follow_the_rules_of_arithmetic(made: tuple[str, Fraction]) -> None:
    text, value = made
    (formula,) = written_formulas(read(plain_document(f"结果{text}=0")))
    assert formula.value.exact == value


@pytest.mark.parametrize(
    ("text", "faults", "passes"),
    [
        ("关键指标\t公式\n每万台设备事故数\t设备事故数/设备台数/10000，预期值为0.3以下。", 1, 0),
        ("关键指标\t公式\n每万台设备事故数\t设备事故数÷（设备台数÷10000），预期值为0.3以下。", 0, 1),
        ("关键指标\t公式\n每万台设备事故数\t设备事故数÷（设备台数÷1000），预期值为0.3以下。", 1, 0),
        ("关键指标\t公式\n企业年报率\t已报企业数/应报企业数*100%，预期值为85%或以上。", 0, 1),
        ("关键指标\t公式\n企业年报率\t已报企业数/应报企业数*10%，预期值为85%或以上。", 1, 0),
        ("关键指标\t公式\n检验量\t达到每年4份/千人（常住人口÷1000×4）。", 0, 1),
        ("关键指标\t公式\n检验量\t达到每年4份/千人（常住人口÷1000×5）。", 1, 0),
        ("关键指标\t公式\n检验量\t达到每年4份/千人（常住人口÷10000×4）。", 1, 0),
        ("关键指标\t公式\n企业年报率\t已报企业数/应报企业数", 0, 0),
        ("抽检合格品种/总品种，2023年度共3次。", 0, 0),
    ],
)
def test_indicator_formulas(audited: Audited, text: str, faults: int, passes: int) -> None:
    result = audited("A206", text)
    assert (found(result), passed(result)) == (faults, passes)


def test_the_formula_is_put_right(audited: Audited) -> None:
    text = "关键指标\t公式\n每万台设备事故数\t设备事故数/设备台数/10000，预期值为0.3以下。"
    (finding,) = audited("A206", text).findings
    assert finding.computed == "设备事故数÷（设备台数÷10000）"
    assert "8 次方" in finding.message  # 10,000 squared


FLOW = "全年新登记经营户{new}万户，注销经营户{out}万户，年末经营户总量达{end}万户，同比增长{rate}%。"


@pytest.mark.parametrize(
    ("text", "severities"),
    [
        # 30÷1.1538=26.00, 26+6-2=30
        (FLOW.format(new="6.00", out="2.00", end="30.00", rate="15.38"), []),
        # 30÷1.25=24, 24+6-2=28: 2 of 30 apart
        (FLOW.format(new="6.00", out="2.00", end="30.00", rate="25.00"), [Severity.WARNING]),
        # 30÷1.14=26.32, 26.32+4=30.32: 0.32 of 30, perhaps moved in and out
        (FLOW.format(new="6.00", out="2.00", end="30.00", rate="14.00"), [Severity.NOTE]),
        ("年初在册设备26.00万台，新增设备6.00万台，报废设备2.00万台，年末在册设备30.00万台。", []),
        (
            "年初在册设备26.00万台，新增设备6.00万台，报废设备2.00万台，年末在册设备33.00万台。",
            [Severity.WARNING],
        ),
        # other things flow in than out
        ("全年新登记商户6.00万户，注销食品许可2.00万户，年末经营户总量达30.00万户，同比增长25.00%。", []),
    ],
)
def test_stock_flows(audited: Audited, text: str, severities: list[Severity]) -> None:
    assert [each.severity for each in audited("A207", text).findings] == severities


@pytest.mark.parametrize(
    ("text", "faults", "passes"),
    [
        ("按每人补助500元的标准，补助120人，共发放补助资金6万元。", 0, 1),
        ("按每人补助500元的标准，补助120人，共发放补助资金6.5万元。", 1, 0),
        ("设备单价2.35万元，购置12台，合计28.2万元。", 0, 1),
        ("设备单价2.35万元，购置12台，合计22.8万元。", 1, 0),
        # 333.33×3=999.99, printed 1000 元 after rounding the price
        ("每户补贴333.33元，补贴3户，共1000元。", 0, 1),
        ("每人补助500元，其中城镇120人、农村80人，共发放10万元。", 0, 0),  # two numbers: not sure which
        (
            "名称\t单价（元）\t数量\t金额（元）\n电脑\t5000\t10\t50000\n打印机\t1200\t5\t6000\n桌椅\t800\t20\t16000",
            0,
            3,
        ),
        (
            "名称\t单价（元）\t数量\t金额（元）\n电脑\t5000\t10\t50000\n打印机\t1200\t5\t6000\n桌椅\t800\t20\t61000",
            1,
            2,
        ),
    ],
)
def test_unit_prices(audited: Audited, text: str, faults: int, passes: int) -> None:
    result = audited("A208", text)
    assert (found(result), passed(result)) == (faults, passes)


@pytest.mark.parametrize(
    ("text", "faults", "passes"),
    [
        ("全年支出培训经费12.00万元，培训300人，人均400元。", 0, 1),
        ("全年支出培训经费12.00万元，培训300人，人均450元。", 1, 0),
        ("全年支出培训经费10.00万元，培训300人，人均333元。", 0, 1),  # 333.33
        ("全市人均可支配收入5.2万元，总额100万元，涉及300人。", 0, 0),
        ("人均400元。", 0, 0),
        (
            "项目\t总额（元）\t人数\t人均（元）\n甲\t12000\t30\t400.00\n乙\t9000\t18\t500.00\n丙\t1000\t3\t333.33",
            0,
            3,
        ),
        (
            "项目\t总额（元）\t人数\t人均（元）\n甲\t12000\t30\t400.00\n乙\t9000\t18\t500.00\n丙\t1000\t3\t338.33",
            1,
            2,
        ),
    ],
)
def test_averages(audited: Audited, text: str, faults: int, passes: int) -> None:
    result = audited("A209", text)
    assert (found(result), passed(result)) == (faults, passes)


@pytest.mark.parametrize(
    ("text", "faults", "passes"),
    [
        # 17÷8=212.5%: no other whole number is near
        ("全年签订承诺单位17家，完成率212%。", 0, 1),
        ("全年签订承诺单位17家，完成率213%。", 0, 1),  # 212.5 rounded up
        ("全年签订承诺单位17家，完成率223%。", 1, 0),  # 17÷7=242.9, 17÷8=212.5
        # 12 of 30 and the like: 40% of 12 could be many things only when 12 is the whole
        ("全年抽检产品41批次，合格率97.56%。", 0, 1),  # 40÷41
        ("全年抽检产品41批次，合格率96.75%。", 1, 0),  # 39÷41=95.12, 40÷41=97.56, 41÷42=97.62, 41÷43=95.35
        ("全年抽检产品7898批次，合格率98.03%。", 0, 0),  # many whole numbers fit
        ("全年抽检产品约41批次，合格率96.75%。", 0, 0),
        ("全年培训41人，合格40人，合格率97.56%。", 0, 0),  # the quotient is printed and checked elsewhere
    ],
)
def test_whole_numbers(audited: Audited, text: str, faults: int, passes: int) -> None:
    result = audited("A210", text)
    assert (found(result), passed(result)) == (faults, passes)

"""A report with everything a tree can hold, and the fonts to print it."""

from pathlib import Path

import pytest

from zhunsheng.documents.fonts import find_fonts
from zhunsheng.reports.tree import (
    Bar,
    Cell,
    Chart,
    Figure,
    FigureInput,
    Heading,
    Number,
    PageBreak,
    Paragraph,
    Report,
    Table,
    Text,
)

HOSTILE = '<script>alert(1)</script> #evil $x$ ] * `tick` @label _u_ \\n // /* & {{x}} {% y %} &amp; "q"'
SPENT, RATE = "budget.executed", "indicator.F2.actual"


def words(text: str, **spans: object) -> Cell:
    return Cell((Text(text),), **spans)  # type: ignore[arg-type]


def _score_table() -> Table:
    header = tuple(words(text, head=True, align="centre") for text in ("类别", "指标名称", "完成值", "得分"))
    rows = []
    for index in range(40):
        begin = (words(f"第{index // 20 + 1}类", rows=20, head=True),) if index % 20 == 0 else ()
        value = Cell((Number(RATE, "94.68%"),), align="centre")
        rows.append((*begin, words(f"第{index + 1}项指标"), value, words("1.89", align="right")))
    return Table("表 1　评分明细", (10, 30, 12, 8), (header,), tuple(rows), "单位：分")


def _wide_table() -> Table:
    top = (words("项目", rows=2, head=True), words("季度执行数", columns=12, head=True, align="centre"))
    header = (top, tuple(words(f"{month}月", head=True) for month in range(1, 13)))
    numbers = tuple(Cell((Number(SPENT, f"{month},918.41"),), align="right") for month in range(1, 13))
    note = (Text("注：数据截至12月31日。"),)
    return Table(
        "表 2　逐月执行",
        (12, *[9] * 12),
        header,
        ((words("合计"), *numbers),),
        "单位：万元",
        wide=True,
        notes=(note,),
    )


@pytest.fixture
def chart() -> Chart:
    bars = (
        Bar("部门整体绩效目标产出指标完成情况（含跨区域联合执法检查任务）", "17", "20", "17 / 20"),
        Bar("信息公开", "0", "4", "0 / 4"),
        Bar("不适用", "0", "0", "0 / 0"),
    )
    return Chart("scores", "图 1　各部分得分", "各部分得分与分值对比。", ("得分", "分值"), bars)


@pytest.fixture
def report(chart: Chart) -> Report:
    sentence = Paragraph(
        (Text("全年执行"), Number(SPENT, "22,918.41万元"), Text("，完成率", strong=True), Number(RATE, "94.68%", strong=True), Text("，压实主体责任，持续改进。" * 12))
    )  # fmt: skip
    figures = (
        Figure(SPENT, "全年执行数", "22,918.41万元", "填报", "决算 L70"),
        Figure(
            RATE,
            "完成率",
            "94.68%",
            "评分规则：按完成比例",
            "财预〔2020〕10号",
            (FigureInput("执行数", "22,918.41万元", "决算 <L70>"),),
            ("22,918.41 ÷ 24,206.18 = 94.68%",),
        ),
        Figure("奇怪的 编号\"'", "编号不寻常的数", "7个", "填报"),
    )
    blocks = (
        Paragraph((Text("市财政局："),), "flush"),
        Heading(1, "一、", "基本情况"),
        Heading(2, "（一）", "部门概况"),
        Heading(3, "1.", "主要职责"),
        Heading(4, "（1）", "执行法规"),
        sentence,
        Paragraph((Text(HOSTILE, note=True), Number("奇怪的 编号\"'", "7个"), Number("没有记录", "8个"))),
        _score_table(),
        chart,
        Chart("again", "图 2　再次", chart.description, chart.legend, chart.bars),
        Heading(2, "（二）", "支出情况"),
        _wide_table(),
        PageBreak(),
        Heading(1, "二、", "改进措施"),
        sentence,
        Paragraph((), "centre"),
    )
    provenance = (("评分体系", "gz-2019"), ("档案校验", "sha256:" + "0123456789abcdef" * 4))
    title = ("2023年度某某局", "部门整体支出绩效自评报告")
    return Report("样例", title, "某某局", blocks, "2024年3月18日", True, figures, provenance)


@pytest.fixture(scope="session")
def font_directories() -> list[Path]:
    """Directories with all faces; without them the PDF tests say what to run."""
    found = find_fonts()
    lacking = [official for official, used in found.substitutions if used is None]
    if lacking:
        pytest.skip(f"字体缺失（{'、'.join(lacking)}），请先运行：scripts/setup.sh fonts")
    return list(found.directories)

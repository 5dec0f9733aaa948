"""Charts: the same bytes twice, readable labels, nothing dropped silently."""

import struct
import xml.etree.ElementTree as ET
from dataclasses import replace
from pathlib import Path

import pytest

from zhunsheng.documents.charts import _wrapped, missing_in_chart, render_chart
from zhunsheng.reports.tree import Bar, Chart


def with_bars(chart: Chart, *bars: Bar) -> Chart:
    return replace(chart, bars=bars)


def test_the_same_chart_gives_the_same_bytes(chart: Chart, font_directories: list[Path]) -> None:
    assert render_chart(chart, font_directories) == render_chart(chart, font_directories)


def test_a_chart_is_well_formed_svg_and_a_png_of_200_dpi(chart: Chart, font_directories: list[Path]) -> None:
    drawn = render_chart(chart, font_directories)
    root = ET.fromstring(drawn.svg)  # noqa: S314 - made here
    assert root.tag.endswith("svg")
    assert drawn.png.startswith(b"\x89PNG")
    width, _ = struct.unpack(">II", drawn.png[16:24])
    assert width == 1228  # 6.14 inches
    assert b"tIME" not in drawn.png
    assert "<metadata>" not in drawn.svg
    assert drawn.warnings == ()


def test_a_chart_of_nothing_but_zeros_is_drawn(chart: Chart, font_directories: list[Path]) -> None:
    zeros = with_bars(chart, Bar("甲", "0", "0", "0 / 0"), Bar("乙", "0.00", "0", "0"))
    assert "<svg" in render_chart(zeros, font_directories).svg


def test_a_chart_without_bars_is_drawn(chart: Chart, font_directories: list[Path]) -> None:
    assert "<svg" in render_chart(with_bars(chart), font_directories).svg


def test_negative_huge_and_overfull_bars_are_drawn(chart: Chart, font_directories: list[Path]) -> None:
    odd = with_bars(
        chart, Bar("减", "-3", "5", "-3"), Bar("超", "120", "100", "120%"), Bar("巨", "1e15", "1", "1e15")
    )
    assert "<svg" in render_chart(odd, font_directories).svg


def test_a_value_that_is_no_number_is_an_error(chart: Chart, font_directories: list[Path]) -> None:
    with pytest.raises(ArithmeticError):
        render_chart(with_bars(chart, Bar("甲", "多", "1", "多")), font_directories)


def test_markup_in_a_label_is_text(chart: Chart, font_directories: list[Path]) -> None:
    plain = with_bars(
        chart, Bar("$x^2$ <b>&", "1", "2", "$\\frac{1}{2}$"), Bar("_下划线", "1", "2", "--><script>")
    )
    drawn = render_chart(replace(plain, legend=("_得分", "$分$")), font_directories)
    ET.fromstring(drawn.svg)  # noqa: S314 - made here
    assert "<script>" not in drawn.svg


def test_a_missing_character_is_reported(chart: Chart, font_directories: list[Path]) -> None:
    odd = with_bars(chart, Bar("甲\U0001f600", "1", "2", "1"))
    assert any("\U0001f600" in warning for warning in render_chart(odd, font_directories).warnings)
    assert missing_in_chart(chart, font_directories) == ()


def test_a_missing_font_is_reported(chart: Chart, tmp_path: Path) -> None:
    drawn = render_chart(chart, [tmp_path])
    assert "黑体" in drawn.warnings[0]


@pytest.mark.parametrize(
    ("label", "lines"),
    [
        ("", [""]),
        ("信息公开", ["信息公开"]),
        ("部门整体绩效目标产出指标完成情况", ["部门整体绩效目标产", "出指标完成情况"]),
        ("采购管理与政府采购政策功能落实情况综合评价（含企业）", None),
        ("长" * 30, None),
        ("长" * 200, None),
    ],
)
def test_labels_wrap_on_at_most_three_lines(label: str, lines: list[str] | None) -> None:
    wrapped = _wrapped(label).split("\n")
    assert len(wrapped) <= 3
    assert all(len(line) <= 14 for line in wrapped)
    if len(label) <= 30:
        assert "".join(wrapped) == label
    if lines is not None:
        assert wrapped == lines
    assert not any(line.endswith("（") for line in wrapped)

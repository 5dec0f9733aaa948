"""Bar charts for reports: each bar in front of its whole, readable in black and white."""

import io
import math
import re
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from zhunsheng.documents.fonts import HEI, coverage, find_fonts
from zhunsheng.reports.tree import Chart

_BLUE, _GREY, _HATCH, _EDGE = "#0b4ea2", "#e6eaf0", "#b3bcc8", "#8a94a3"
_INK, _SOFT = "#1d2733", "#5a6675"
_WIDTH_INCHES = 6.14  # the 156 mm of the type area
_TYPE_POINTS = 9.5
_LINE_INCHES = 0.19
_BAR_INCHES = 0.42
_LABEL_COLUMNS = 13
_LABEL_LINES = 3
# Words and numbers stay whole where they can; no line begins or ends with the wrong punctuation.
_UNBROKEN = re.compile(r"[（《〈“〔(]{0,2}(?:[A-Za-z0-9.,%]{1,13}|.)[）》〉”〕)、，。；：！？]*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class RenderedChart:
    """A chart as SVG for PDF and web pages, and as PNG (200 dpi) for Word.

    Attributes:
        warnings: what the font cannot print, in Chinese; such characters show as empty boxes.
    """

    svg: str
    png: bytes
    warnings: tuple[str, ...] = ()


def render_chart(chart: Chart, font_directories: Sequence[Path]) -> RenderedChart:
    """Draw a chart. The same chart and font give the same bytes.

    Values are exact decimals; they become floats only to be drawn.

    Args:
        font_directories: where the Chinese font is looked for.

    Raises:
        ValueError: a value is not a decimal number.
    """
    import matplotlib as mpl  # noqa: PLC0415 - two seconds to import, needed only here
    from matplotlib.figure import Figure  # noqa: PLC0415

    path = find_fonts(font_directories).file(HEI)
    labels = [_wrapped(bar.label) for bar in chart.bars]
    heights = [max(_BAR_INCHES, _LINE_INCHES * (label.count("\n") + 1) + 0.12) for label in labels]
    settings: dict[Any, Any] = {
        "svg.hashsalt": "zhunsheng",
        "svg.fonttype": "path",
        "hatch.linewidth": 0.5,
        "text.parse_math": False,  # a dollar sign in a label is a dollar sign
    }
    with mpl.rc_context(settings), warnings.catch_warnings():
        # missing characters are reported by `missing_in_chart`, once and in Chinese
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        figure = Figure(figsize=(_WIDTH_INCHES, 0.7 + sum(heights)), dpi=200, layout="constrained")
        _draw(figure, chart, labels, heights, _font(path))
        svg, png = io.BytesIO(), io.BytesIO()
        nothing = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        figure.savefig(svg, format="svg", metadata=nothing)
        figure.savefig(png, format="png", metadata={"Software": None})
    text = svg.getvalue().decode()
    return RenderedChart(
        text[text.index("<svg") :], png.getvalue(), missing_in_chart(chart, font_directories)
    )


def missing_in_chart(chart: Chart, font_directories: Sequence[Path]) -> tuple[str, ...]:
    """What the chart font cannot print of a chart, in Chinese; empty when it prints everything."""
    path = find_fonts(font_directories).file(HEI)
    if path is None:
        return (f"图“{chart.caption}”缺少字体“{HEI.official}”及其替代字体，图中汉字显示为方框",)
    text = "".join((*chart.legend, *(bar.label + bar.shown for bar in chart.bars)))
    missing = sorted({char for char in text if not char.isspace() and ord(char) not in coverage(path)})
    if not missing:
        return ()
    return (f"图“{chart.caption}”中无法显示的字符：{'、'.join(missing)}",)


def _font(path: Path | None) -> Any:  # noqa: ANN401 - FontProperties, imported lazily
    from matplotlib.font_manager import FontPath, FontProperties  # noqa: PLC0415

    if path is None:
        return FontProperties(size=_TYPE_POINTS)
    return FontProperties(fname=FontPath(str(path), _face_index(path)), size=_TYPE_POINTS)


def _face_index(path: Path) -> int:
    """A collection holds Japanese, Korean and Chinese shapes of the same characters: the Chinese ones."""
    if path.suffix.lower() != ".ttc":
        return 0
    from fontTools.ttLib import TTCollection  # noqa: PLC0415 - needed only for collections

    with TTCollection(path, lazy=True) as collection:
        names = [font["name"].getBestFamilyName() for font in collection.fonts]
    return names.index(HEI.stand_in) if HEI.stand_in in names else 0


def _draw(figure: Any, chart: Chart, labels: list[str], heights: list[float], font: Any) -> None:  # noqa: ANN401
    axes = figure.subplots()
    places = [sum(heights[:index]) + height / 2 for index, height in enumerate(heights)]
    wholes = [float(Decimal(bar.whole)) for bar in chart.bars]
    values = [float(Decimal(bar.value)) for bar in chart.bars]
    widest = max((abs(each) for each in (*wholes, *values)), default=0.0) or 1.0
    outline = {"edgecolor": _EDGE, "linewidth": 0.6, "hatchcolor": _HATCH}
    # the hatch tells the whole from the bar on a black and white copy
    behind = axes.barh(places, wholes, height=0.27, color=_GREY, hatch="////", **outline)
    front = axes.barh(places, values, height=0.15, color=_BLUE)
    for place, bar, whole, value in zip(places, chart.bars, wholes, values, strict=True):
        end = max(whole, value, 0.0) + widest * 0.015
        axes.text(end, place, bar.shown, va="center", fontproperties=font, color=_INK)
    axes.set_yticks(places, labels, fontproperties=font, color=_INK, linespacing=1.15)
    axes.set_ylim(sum(heights) or 1.0, 0)
    longest = max((len(bar.shown) for bar in chart.bars), default=0)
    axes.set_xlim(min(0.0, *values, *wholes, 0.0), widest * (1.08 + 0.022 * longest))
    axes.ticklabel_format(axis="x", style="plain", useOffset=False)
    for tick in axes.get_xticklabels():
        tick.set_fontproperties(font)
    axes.tick_params(axis="x", labelsize=8, colors=_SOFT)
    axes.tick_params(axis="y", length=0)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(_EDGE)
    figure.legend(
        [front, behind], chart.legend, loc="outside upper right", ncols=2, frameon=False, prop=font.copy()
    )


def _wrapped(label: str) -> str:
    """The label on at most three even lines of about thirteen characters; what is longer ends in …."""
    words = " ".join(label.split())
    count = min(_LABEL_LINES, math.ceil(_columns(words) / _LABEL_COLUMNS)) or 1
    even = max(_columns(words) / count, 1.0) + 1.0 if count > 1 else _LABEL_COLUMNS
    lines = [""]
    for part in _UNBROKEN.findall(words):
        if lines[-1] and _columns(lines[-1] + part) > min(even, _LABEL_COLUMNS):
            lines.append("")
        lines[-1] += part
    if len(lines) > _LABEL_LINES:
        lines = [*lines[: _LABEL_LINES - 1], f"{lines[_LABEL_LINES - 1][:-1]}…"]
    return "\n".join(line.strip() for line in lines)


def _columns(text: str) -> float:
    return sum(0.55 if char.isascii() else 1.0 for char in text)

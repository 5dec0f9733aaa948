"""Bar charts for reports: each bar in front of its whole, readable in black and white."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from zhunsheng.documents.fonts import HEI, find_fonts
from zhunsheng.reports.tree import Chart

_BLUE, _GREY, _INK = "#0b4ea2", "#d9dee5", "#1d2733"
_LABEL_WIDTH = 13


@dataclass(frozen=True, slots=True)
class RenderedChart:
    """A chart as SVG for PDF and web pages, and as PNG for Word."""

    svg: str
    png: bytes


def render_chart(chart: Chart, font_directories: Sequence[Path]) -> RenderedChart:
    """Draw a chart. The same chart gives the same bytes.

    Values are exact decimals; they become floats only to be drawn.

    Args:
        font_directories: where the Chinese font is looked for.
    """
    import matplotlib as mpl  # noqa: PLC0415 - two seconds to import, needed only here

    mpl.use("Agg")
    from matplotlib.figure import Figure  # noqa: PLC0415

    with mpl.rc_context({"svg.hashsalt": "zhunsheng", "svg.fonttype": "path", "hatch.linewidth": 0.6}):
        figure = Figure(figsize=(6.2, 0.75 + 0.46 * len(chart.bars)), dpi=200, layout="constrained")
        _draw(figure, chart, _font(font_directories))
        svg, png = io.BytesIO(), io.BytesIO()
        figure.savefig(svg, format="svg", metadata={"Date": None, "Creator": None})
        figure.savefig(png, format="png", metadata={"Software": None})
    text = svg.getvalue().decode()
    return RenderedChart(text[text.index("<svg") :], png.getvalue())


def _font(directories: Sequence[Path]) -> Any:  # noqa: ANN401 - FontProperties, imported lazily
    from matplotlib.font_manager import FontProperties  # noqa: PLC0415

    path = find_fonts(directories).file(HEI) if directories else None
    return FontProperties(fname=str(path)) if path else FontProperties()


def _draw(figure: Any, chart: Chart, font: Any) -> None:  # noqa: ANN401 - matplotlib objects
    axes = figure.subplots()
    places = range(len(chart.bars))
    wholes = [float(Decimal(bar.whole)) for bar in chart.bars]
    values = [float(Decimal(bar.value)) for bar in chart.bars]
    widest = max([*wholes, *values, 1e-9])
    axes.barh(
        places, wholes, height=0.62, color=_GREY, edgecolor="#8a94a3", linewidth=0.6, label=chart.legend[1]
    )
    axes.barh(places, values, height=0.36, color=_BLUE, edgecolor=_BLUE, linewidth=0.6, label=chart.legend[0])
    for place, bar, whole, value in zip(places, chart.bars, wholes, values, strict=True):
        axes.text(
            max(whole, value) + widest * 0.015,
            place,
            bar.shown,
            va="center",
            fontproperties=font,
            fontsize=8.5,
            color=_INK,
        )
    axes.set_yticks(
        list(places), [_wrapped(bar.label) for bar in chart.bars], fontproperties=font, fontsize=8.5
    )
    axes.invert_yaxis()
    axes.set_xlim(0, widest * 1.24)
    axes.tick_params(axis="x", labelsize=7.5, colors="#5a6675")
    axes.tick_params(axis="y", length=0)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    legend_font = font.copy()
    legend_font.set_size(8.5)
    figure.legend(loc="outside upper right", ncols=2, frameon=False, prop=legend_font)


def _wrapped(label: str) -> str:
    if len(label) <= _LABEL_WIDTH:
        return label
    lines = [label[start : start + _LABEL_WIDTH] for start in range(0, len(label), _LABEL_WIDTH)]
    if len(lines) > 2:
        lines = [lines[0], f"{lines[1][:-1]}…"]
    return "\n".join(lines)

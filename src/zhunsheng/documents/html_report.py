"""A report tree as one accessible web page; every number opens its calculation."""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib import resources

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup, escape

from zhunsheng.reports.appendix import input_text, rule_text
from zhunsheng.reports.tree import Block, Chart, Figure, Heading, Number, Paragraph, Report, Table

_SAFE_CODE = re.compile(r"[A-Za-z0-9._-]+")
# What a page must not hold, and direction overrides, which would make text read differently than it is.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_OVERRIDES = re.compile("[\u202a-\u202e\u2066-\u2069]")
_SVG_LEFT_OUT = re.compile(r"<!--.*?-->|<metadata>.*?</metadata>|\s+xmlns(?::\w+)?=\"[^\"]*\"", re.DOTALL)
_SVG_SIZE = re.compile(r"\s(?:width|height|version)=\"[^\"]*\"")
_CONTENTS_LEVEL = 2


@lru_cache(maxsize=1)
def _environment() -> Environment:
    """The template environment: everything is escaped, an unknown name is an error."""
    made = Environment(
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        loader=FunctionLoader(_source),
    )
    made.filters["rule_text"] = rule_text
    made.filters["input_text"] = input_text
    made.filters["lines"] = _lines
    made.tests["a_number"] = lambda run: isinstance(run, Number)
    return made


def _source(name: str) -> str:
    return (resources.files("zhunsheng.documents") / "templates" / name).read_text(encoding="utf-8")


def write_html(report: Report, charts: Mapping[str, str]) -> str:
    """Write a report as one self-contained file: no script, no request to any host.

    Control characters, which a page cannot hold, are shown as �. Equal reports give equal pages.

    Args:
        charts: SVG of each chart by its code, as `render_chart` makes it.
    """
    headings = [(index, each) for index, each in enumerate(report.blocks, 1) if isinstance(each, Heading)]
    described = {each.code: each for each in report.blocks if isinstance(each, Chart)}
    page = (
        _environment()
        .get_template("report.html.j2")
        .render(
            report=report,
            blocks=[(_kind(block), block) for block in report.blocks],
            contents=[(index, each) for index, each in headings if 1 <= each.level <= _CONTENTS_LEVEL],
            pictures={
                code: _inline(charts[code], each) for code, each in described.items() if code in charts
            },
            style=Markup(_source("report.css")),  # noqa: S704 - a file of this package
            anchors={figure.code: anchor(figure.code) for figure in report.figures},
            figure_groups=_figure_groups(report.figures),
        )
    )
    return _OVERRIDES.sub("", _UNPRINTABLE.sub("\ufffd", page))


def anchor(code: str) -> str:
    """The `id` of a figure's entry: its code, or its bytes in hexadecimal when a code is no sound id."""
    return (
        f"figure-{code}"
        if _SAFE_CODE.fullmatch(code)
        else f"figure-x-{code.encode('utf-8', 'replace').hex()}"
    )


def _figure_groups(figures: Iterable[Figure]) -> list[tuple[str, list[Figure]]]:
    """The calculated figures and those only carried over, each code once."""
    unique = list({figure.code: figure for figure in figures}.values())
    groups = [
        ("计算得出的数据", [each for each in unique if each.inputs or each.steps]),
        ("直接取用的数据", [each for each in unique if not (each.inputs or each.steps)]),
    ]
    return [(name, members) for name, members in groups if members]


def _kind(block: Block) -> str:
    match block:
        case Heading():
            return "heading"
        case Paragraph():
            return "paragraph"
        case Table():
            return "table"
        case Chart():
            return "chart"
        case _:
            return "break"


def _lines(text: str) -> Markup:
    """Escaped text with its line breaks."""
    return Markup("<br>").join(escape(line) for line in text.splitlines())


def _inline(svg: str, chart: Chart) -> Markup:
    """The picture for use inside a page: named for readers who cannot see it, with ids of its own.

    Two charts of one program carry the same ids; a page must not.
    """
    bare = _SVG_LEFT_OUT.sub("", svg).replace("xlink:href", "href").strip()
    opening, rest = bare.split(">", 1)
    prefix = anchor(chart.code).replace("figure-", "chart-", 1)
    own = re.sub(r"(\bid=\"|\bhref=\"#|url\(#)", rf"\g<1>{prefix}-", f"{_SVG_SIZE.sub('', opening)}>{rest}")
    named = f'<svg role="img" aria-label="{escape(chart.description)}" focusable="false"'
    return Markup(own.replace("<svg", named, 1))  # noqa: S704 - drawn by this package, texts are outlines

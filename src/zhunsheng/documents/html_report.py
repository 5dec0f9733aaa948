"""A report tree as one accessible web page; every number opens its calculation."""

from collections.abc import Mapping
from functools import lru_cache
from importlib import resources

from jinja2 import Environment, FunctionLoader, StrictUndefined

from zhunsheng import __version__
from zhunsheng.reports.appendix import input_text, rule_text
from zhunsheng.reports.tree import Block, Chart, Heading, Number, Paragraph, Report, Table


@lru_cache(maxsize=1)
def environment() -> Environment:
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
    made.tests["a_number"] = lambda run: isinstance(run, Number)
    return made


def _source(name: str) -> str:
    return (resources.files("zhunsheng.documents") / "templates" / name).read_text(encoding="utf-8")


def write_html(report: Report, charts: Mapping[str, str]) -> str:
    """Write a report as one self-contained file: no script, no request to any host.

    Args:
        charts: SVG of each chart by its code.
    """
    return (
        environment()
        .get_template("report.html.j2")
        .render(
            report=report,
            kinds=[_kind(block) for block in report.blocks],
            charts=charts,
            style=_source("report.css"),
            anchors={figure.code for figure in report.figures},
            version=__version__,
        )
    )


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

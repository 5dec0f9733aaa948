"""An evaluation as one web page in which every score unfolds into its calculation."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from jinja2 import Environment, StrictUndefined, select_autoescape

from zhunsheng import __version__
from zhunsheng.kernel.problem import Severity
from zhunsheng.kernel.rounding import score_text
from zhunsheng.plans.case import Case
from zhunsheng.scores.evaluation import Evaluation, ScoredNode
from zhunsheng.scores.review.review import Review


@dataclass(frozen=True, slots=True)
class ComputedMeasure:
    """A count or sum behind a value.

    Attributes:
        words: what it counts.
        records: how many records are behind it.
    """

    name: str
    words: str
    printed: str
    records: int


@dataclass(frozen=True, slots=True)
class ComputedValue:
    """A value that comes from records.

    Attributes:
        stated, verdict: what the case says and how it stands; "" when it says nothing.
        command: how its records are listed.
    """

    item: str
    name: str
    shown: str
    stated: str
    verdict: str
    used: bool
    indicator: str
    formula: str
    command: str
    measures: tuple[ComputedMeasure, ...]


@lru_cache(maxsize=1)
def _environment() -> Environment:
    made = Environment(
        autoescape=select_autoescape(default=True, default_for_string=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["plain"] = score_text
    return made


def _template(name: str) -> str:
    return (resources.files("zhunsheng.documents") / "templates" / name).read_text(encoding="utf-8")


def write_evaluation_page(
    case: Case,
    evaluation: Evaluation,
    review: Review | None = None,
    *,
    computed: Sequence[ComputedValue] = (),
    origin: str = "",
) -> str:
    """The page: one self-contained file, no script, no request to any host.

    Args:
        case: the year, for its contradictions.
        evaluation: the scored year.
        review: what a reviewer would say, if it was run.
        computed: values that come from records, with the way back to them.
        origin: which state of which records, for people.
    """
    template = _environment().from_string(_template("evaluation.html.j2"))
    order = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}
    return template.render(
        case=case,
        evaluation=evaluation,
        review=review,
        computed=computed,
        origin=origin,
        problems=sorted(evaluation.problems, key=lambda problem: order[problem.severity]),
        children=_by_parent(evaluation),
        version=__version__,
        style=_template("evaluation.css"),
    )


def _by_parent(evaluation: Evaluation) -> dict[str, list[ScoredNode]]:
    found: dict[str, list[ScoredNode]] = {}
    for node in evaluation.nodes:
        found.setdefault(node.parent, []).append(node)
    return found

"""Where to mend what an evaluation complains of: file and line, or sheet and cell, of the case.

Scoring knows codes, not files. The located rows that a reader kept tell where each code stands.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from zhunsheng.kernel.located import Located
from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Problem
from zhunsheng.plans.sections import SECTIONS, Section
from zhunsheng.scores.evaluation import Evaluation

_SECTION_OF = {section.name: section for section in SECTIONS} | {
    section.label: section for section in SECTIONS
}
# the words places begin with, and where a bare code is looked for
_NAMED = {"指标": "indicators", "任务": "tasks"}
_BARE = ("indicators", "tasks", "manual_scores", "deviations", "reductions", "printed_scores")
# complaints about one kind of row; none for those about a row that is not there
_ONLY = {
    "SCORE-001": ("actuals", "indicators"),
    "SCORE-005": ("manual_scores",),
    "SCORE-006": (),
    "SCORE-007": ("printed_scores",),
    "SCORE-008": ("actuals",),
    "SCORE-010": ("manual_scores",),
    "SCORE-013": ("reductions",),
    "SCORE-014": ("actuals",),
    "SCORE-032": ("actuals",),
}
_ABOUT = {"评分体系": "rubric", "总分": "printed_total", "等级": "printed_grade"}
# the column that has to be changed, by code; otherwise the one that names the row
_COLUMN = {
    "SCORE-004": "points",
    "SCORE-005": "score",
    "SCORE-025": "points",
    "SCORE-029": "points",
    "REPORT-015": "covers",
}


def placed(
    problems: Sequence[Problem], rows: Mapping[str, Located], evaluation: Evaluation
) -> tuple[Problem, ...]:
    """The problems, with file and line or sheet and cell where these can be told.

    Args:
        rows: the located content of each section, as the case was read.
    """
    return tuple(
        each if each.place.file else replace(each, place=_place(each, rows, evaluation) or each.place)
        for each in problems
    )


def _place(problem: Problem, rows: Mapping[str, Located], evaluation: Evaluation) -> Place | None:
    words = (problem.place.field or "").split()
    if not words:
        return None
    about = rows.get("about")
    if words[0] in _ABOUT and about is not None and isinstance(about.value, Mapping):
        cell = about.value.get(_ABOUT[words[0]])
        return None if cell is None else replace(cell.place, field=problem.place.field)
    for section, code in _candidates(words, problem, evaluation):
        found = _row(rows.get(section.name), section.key[0], code)
        if found is not None and isinstance(found.value, Mapping):
            cell = found.value.get(_COLUMN.get(problem.code, section.key[0]), found)
            return replace(cell.place, field=problem.place.field)
    return None


def _candidates(
    words: Sequence[str], problem: Problem, evaluation: Evaluation
) -> Iterator[tuple[Section, str]]:
    only = _ONLY.get(problem.code)
    if only is not None:
        code = words[1] if words[0] in _NAMED and len(words) > 1 else words[0]
        yield from ((_SECTION_OF[name], code) for name in only)
        return
    named = _SECTION_OF.get(_NAMED.get(words[0], words[0]))
    if named is not None and named.shape == "table":
        yield from ((named, code) for code in (*words[1:2], problem.value) if code)
        return
    # a node of the rubric is not in the case; what counts towards it is
    below = [each.code for each in evaluation.children(words[0])]
    for code in (words[0], *below):
        yield from ((_SECTION_OF[name], code) for name in _BARE)


def _row(table: Located | None, key: str, code: str) -> Located | None:
    if table is None or not isinstance(table.value, list):
        return None
    for row in table.value:
        if isinstance(row.value, Mapping) and key in row.value and str(row.value[key].value).strip() == code:
            return row
    return None

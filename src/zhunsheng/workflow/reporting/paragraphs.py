"""The free text of a report as it is typed: checked, and shown with its numbers in place."""

import re

from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Problem, Severity
from zhunsheng.plans.reading import CONTROL_CHARACTER, TOO_LONG
from zhunsheng.reports.figures import FigureBook
from zhunsheng.reports.narrative import narrative_blocks
from zhunsheng.reports.tree import Block
from zhunsheng.workflow.reporting.year import EvaluatedYear

LONGEST = 30_000
"""As many characters as a workbook takes into one cell."""
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def tidied(text: str) -> str:
    """The text with one kind of line end and without space around it."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def shown_text(year: EvaluatedYear, section: str, text: str) -> tuple[list[Block], tuple[Problem, ...]]:
    """The blocks of a section as the report prints them, and everything to be said about the text.

    A reference to nothing is an error, a number typed in is a note.
    """
    book = FigureBook(year.case, year.evaluation)
    blocks, found = narrative_blocks(section, tidied(text), book)
    return blocks, (*_faults(tidied(text)), *(_at_field(each) for each in found))


def faults_of(year: EvaluatedYear, section: str, text: str) -> tuple[Problem, ...]:
    """What keeps a text from being saved."""
    _, problems = shown_text(year, section, text)
    return tuple(each for each in problems if each.severity is Severity.ERROR)


def _faults(text: str) -> list[Problem]:
    place = Place(field="text")
    faults = []
    if len(text) > LONGEST:
        faults.append(TOO_LONG.at(place, f"正文有 {len(text)} 字，上限 {LONGEST} 字"))
    if _CONTROL.search(text):
        faults.append(CONTROL_CHARACTER.at(place, "正文含不可见的控制字符"))
    return faults


def _at_field(problem: Problem) -> Problem:
    return Problem(
        problem.code,
        problem.severity,
        Place(field="text"),
        problem.what,
        problem.why,
        problem.remedy,
        problem.value,
    )

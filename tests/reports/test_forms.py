"""The official forms: what each holds, how its columns are headed, and no column without content."""

from functools import lru_cache

import pytest

from zhunsheng.assembly.cases import load_case
from zhunsheng.assembly.evaluating import evaluate_loaded, facts, load_sound_rubric
from zhunsheng.plans.case import Case
from zhunsheng.reports.figures import FigureBook
from zhunsheng.reports.forms import department_form, project_form, score_sheet_form
from zhunsheng.reports.grid import lay_out
from zhunsheng.reports.score_tables import detail_table
from zhunsheng.reports.tree import Report, Table, plain_text
from zhunsheng.scores.evaluation import Evaluation
from zhunsheng.scores.projects import evaluate_project

CASES = ("huadu-2023", "guangzhou-2021")


@lru_cache
def scored(code: str) -> tuple[Case, Evaluation]:
    loaded = load_case(code)
    return loaded.case, evaluate_loaded(loaded)[0]


def tables(report: Report) -> list[Table]:
    return [block for block in report.blocks if isinstance(block, Table)]


def column(table: Table, label: str) -> list[str]:
    """The texts of the body cells that begin in the column headed so."""
    index = next(each.column for each in lay_out(table)[0] if plain_text(each.cell.runs) == label)
    return [
        plain_text(each.cell.runs)
        for row in lay_out(table)[len(table.head) :]
        for each in row
        if each.column == index and each.begins
    ]


@pytest.mark.parametrize("code", CASES)
def test_every_leaf_has_its_row_in_the_score_sheet(code: str) -> None:
    case, evaluation = scored(code)
    (sheet,) = tables(score_sheet_form(case, evaluation))
    assert len(sheet.widths) == 13
    assert column(sheet, "三级指标") == [node.name for node in evaluation.leaves()]
    assert set(column(sheet, "复核得分")) == set(column(sheet, "复核意见")) == {""}


@pytest.mark.parametrize("code", CASES)
def test_the_points_of_a_level_stand_on_a_line_of_their_own(code: str) -> None:
    case, evaluation = scored(code)
    (sheet,) = tables(score_sheet_form(case, evaluation))
    for text in column(sheet, "一级指标")[:-1]:
        name, points = text.split("\n")
        assert points.startswith("（")
        assert points.endswith("分）")
        assert name


@pytest.mark.parametrize("code", CASES)
def test_the_header_of_the_department_scores_can_be_repeated_on_every_page(code: str) -> None:
    case, evaluation = scored(code)
    above, scores = tables(department_form(case, evaluation))
    assert above.head == ()
    assert len(scores.head) == 1
    assert above.widths == scores.widths
    assert column(scores, "三级指标")[: len(list(evaluation.leaves()))] == [
        node.name for node in evaluation.leaves()
    ]


@pytest.mark.parametrize("code", CASES)
def test_assumptions_and_remarks_are_notes_of_the_table(code: str) -> None:
    case, evaluation = scored(code)
    for report in (score_sheet_form(case, evaluation), department_form(case, evaluation)):
        notes = [plain_text(note) for note in tables(report)[-1].notes]
        assert notes == [f"注：{each}" for each in evaluation.assumptions]
    rubric = load_sound_rubric(case.about.project_rubric)
    for project in case.projects:
        result = evaluate_project(case, project, rubric, facts())
        (form,) = tables(project_form(case, project, result))
        assert len(form.notes) == (2 if result.unscored else 1)
        assert all(plain_text(note).startswith("注：") for note in form.notes)


@pytest.mark.parametrize("code", CASES)
def test_a_detail_table_has_a_column_of_reasons_only_where_points_were_lost(code: str) -> None:
    case, evaluation = scored(code)
    book = FigureBook(case, evaluation)
    leaves = list(evaluation.leaves())
    kept, lost = [each for each in leaves if each.lost == 0], [each for each in leaves if each.lost > 0]
    assert kept
    assert lost
    for some, width in ((kept, 5), (lost, 6), (leaves, 6)):
        table = detail_table(some, book, "表")
        assert len(table.widths) == len(table.head[0]) == width
        assert len(lay_out(table)) == len(some) + 1
    assert all(column(detail_table(lost, book, "表"), "扣分原因"))

"""Numbers typed into texts of the case: found, bound to the text, and nothing else taken for one."""

import re
from dataclasses import replace

import pytest

from zhunsheng.assembly.cases import load_case
from zhunsheng.assembly.evaluating import evaluate_loaded, facts
from zhunsheng.plans.case import Case
from zhunsheng.reports.figures import FigureBook
from zhunsheng.reports.forms import department_form, score_sheet_form
from zhunsheng.reports.self_evaluation import write_self_evaluation
from zhunsheng.reports.stated import bound_text, sentence, typed_numbers
from zhunsheng.reports.tree import Number, Paragraph, Report, Table, Text, plain_text
from zhunsheng.scores.scoring import evaluate
from zhunsheng.store.definition_files import load_rubric


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("比上年增加2336 万元；追加 156 万元", ["2336 万元", "156 万元"]),
        ("69 份合同中 4 份超期", ["69 份", "4 份"]),
        ("登记 44.68万户，网办率99.52%", ["44.68万户", "99.52%"]),
        ("抽查 45,187 户，服务10.3万余户", ["45,187 户", "10.3万余户"]),
        ("连续 5 年获评优秀，最快0.5天办结", ["5 年", "0.5天"]),
        ("免费刻制5枚/套，检验4份/千人", ["5枚/套", "4份/千人"]),
        ("处理运维工单 43,403 单，下降1.2个百分点", ["43,403 单", "1.2个百分点"]),
        # years, dates, numbering and names are no figures
        ("2022 年度“全国节约型机关”", []),
        ("所属期 2017 年 7 月至 2018 年 12 月", []),
        ("（1）2023年12月10日前完成12315平台升级", []),
        ("{{ figure.HD0019 }}之外没有", []),
    ],
)
def test_typed_numbers_are_found(text: str, numbers: list[str]) -> None:
    assert typed_numbers(text) == numbers


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("年中追加补助", "年中追加补助。"),
        ("已完成。", "已完成。"),
        ("是否完成？", "是否完成？"),
        ("completed.", "completed。"),
        ("", ""),
    ],
)
def test_a_sentence_ends_with_a_full_stop(text: str, expected: str) -> None:
    assert sentence(text) == expected


def education() -> Case:
    return load_case("education-demo-2023").case


def report_of(case: Case) -> Report:
    rubric, _ = load_rubric(case.about.rubric)
    assert rubric is not None
    return write_self_evaluation(case, evaluate(case, rubric, facts())).report


def test_a_typed_number_says_which_text_it_stands_in() -> None:
    case = education()
    evaluation, _ = evaluate_loaded(load_case("education-demo-2023"))
    book = FigureBook(case, evaluation)
    text = "69 份合同中 4 份，又有 69 份；目标{{ indicator.O1.target }}"
    runs, unknown = bound_text(text, book, "deviation.X", "“备案”扣分原因", "L133")
    assert unknown == ()
    assert plain_text(runs) == "69 份合同中 4 份，又有 69 份；目标≥3000个"
    assert [run.figure for run in runs if isinstance(run, Number)] == [
        "stated.deviation.X.1",
        "stated.deviation.X.2",
        "stated.deviation.X.1",  # the same words of the same text are one figure
        "indicator.O1.target",
    ]
    figure = book.figures[0]
    assert (figure.text, figure.rule, figure.clause) == ("69 份", "档案文字所载", "“备案”扣分原因、L133")


def test_every_text_of_the_case_may_refer_to_figures_and_a_wrong_reference_is_a_problem() -> None:
    case = education()
    right, wrong = "达到{{ indicator.O1.actual }}", "达到{{ indicator.O9.actual }}"
    changed = replace(
        case,
        shortcomings=tuple(replace(each, text=right) for each in case.shortcomings),
        remedies=tuple(replace(each, text=wrong) for each in case.remedies),
    )
    rubric, _ = load_rubric(case.about.rubric)
    assert rubric is not None
    written = write_self_evaluation(changed, evaluate(changed, rubric, facts()))
    texts = [plain_text(block.runs) for block in written.report.blocks if isinstance(block, Paragraph)]
    assert texts.count("达到3150个。") == len(case.shortcomings)
    assert [each.value for each in written.problems if each.code == "REPORT-001"] == [
        "indicator.O9.actual"
    ] * 2
    assert written.report.draft


@pytest.mark.parametrize("code", ["huadu-2023", "guangzhou-2021", "education-demo-2023"])
def test_no_measured_number_of_a_shipped_report_stands_unbound(code: str) -> None:
    """Looked for with a cruder pattern than the one that binds: digits and then a measure word."""
    loaded = load_case(code)
    evaluation, _ = evaluate_loaded(loaded)
    measured = re.compile(r"\d\s*(?:%|万|亿|元|项|个|件|家|户|份|人|次|台|分(?!钟|析))")
    reports = [
        write_self_evaluation(loaded.case, evaluation).report,
        department_form(loaded.case, evaluation),
        score_sheet_form(loaded.case, evaluation),
    ]
    for report in reports:
        loose = [
            run.text
            for block in report.blocks
            for runs in _runs(block)
            for run in runs
            if isinstance(run, Text) and measured.search(run.text) and "×100%" not in run.text
        ]
        assert loose == []


def _runs(block: object) -> list[tuple[Text | Number, ...]]:
    if isinstance(block, Paragraph):
        return [block.runs]
    if isinstance(block, Table):
        return [cell.runs for row in block.head + block.body for cell in row] + list(block.notes)
    return []


def test_explanations_and_reasons_end_with_a_full_stop() -> None:
    case = education()
    report = report_of(case)
    texts = [plain_text(block.runs) for block in report.blocks if isinstance(block, Paragraph)]
    line = next(each for each in case.budget if each.explanation)
    assert f"{line.name}：{line.explanation.rstrip('。')}。" in texts
    assert all(text.endswith(("。", "：", "〕")) for text in texts)


def test_a_missing_reason_is_asked_for_in_the_report_itself() -> None:
    case = education()
    report = report_of(replace(case, deviations=()))
    asked = [
        plain_text(block.runs)
        for block in report.blocks
        if isinstance(block, Paragraph) and plain_text(block.runs).endswith("〔待补充：扣分原因〕")
    ]
    assert report.draft
    assert len(asked) == len(case.deviations)
    assert all("。。" not in text and "扣" in text for text in asked)


def test_asking_whether_a_figure_exists_does_not_put_it_into_the_appendix() -> None:
    evaluation, _ = evaluate_loaded(load_case("education-demo-2023"))
    book = FigureBook(education(), evaluation)
    assert book.has("indicator.O1.actual")
    assert book.figures == ()

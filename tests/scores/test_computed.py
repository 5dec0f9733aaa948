"""Values from records in a case: they take the place of stated ones, disagreement is said, other units are not used."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

from zhunsheng.assembly.cases import load_case
from zhunsheng.assembly.evaluating import facts
from zhunsheng.indicators.definition import Direction, IndicatorDefinition, ResultKind
from zhunsheng.measures.figure import Figure, FigureStatus
from zhunsheng.measures.period import Window
from zhunsheng.measures.stated import Verdict
from zhunsheng.plans.case import Case
from zhunsheng.plans.choices import SourceKind
from zhunsheng.scores.computed import wanted, with_computed


def _figure(
    code: str, value: Any, unit: str, printed: str, status: FigureStatus = FigureStatus.COMPUTED
) -> Figure:
    indicator = IndicatorDefinition(
        code, code, code, "", 1, ResultKind.NUMBER, unit, "1", 2, Direction.NONE, (), (), (), {}, ()
    )
    return Figure(indicator, None, Window(2023), "", {}, status, value, printed, "没有记录。", ())


def _case() -> Case:
    return load_case("huadu-2023").case


def _actual(case: Case, code: str) -> Any:
    return next(each for each in case.actuals if each.indicator == code)


def test_a_computed_value_is_used_and_a_different_statement_is_said() -> None:
    made = with_computed(
        _case(), facts(), {"case_filings": _figure("case_filings", Fraction(1290), "宗", "1290")}, "快照 x-1"
    )
    actual = _actual(made.case, "O4")
    assert (actual.value, actual.source_kind) == ("1290", SourceKind.COMPUTED)
    assert "快照 x-1" in actual.evidence
    assert actual.printed == "1291 宗", "what the report prints is kept"
    (problem,) = made.problems
    assert problem.code == "SCORE-060"
    assert "1291宗" in problem.what
    assert made.lineage[0].compared is not None
    assert made.lineage[0].compared.verdict is Verdict.DIFFERENT


def test_a_value_in_another_unit_is_shown_and_not_used() -> None:
    made = with_computed(
        _case(),
        facts(),
        {"patent_award_payment": _figure("patent_award_payment", Fraction(0), "%", "0.00")},
        "快照",
    )
    assert _actual(made.case, "O1") == _actual(_case(), "O1")
    assert [each.code for each in made.problems] == ["SCORE-062"]
    assert [each.used for each in made.lineage] == [False]


def test_what_does_not_apply_leaves_the_statement() -> None:
    figure = _figure("case_filings", None, "宗", "", FigureStatus.NOT_APPLICABLE)
    made = with_computed(_case(), facts(), {"case_filings": figure}, "快照")
    assert _actual(made.case, "O4") == _actual(_case(), "O4")
    assert [each.code for each in made.problems] == ["SCORE-063"]


def test_management_facts_are_computed_too() -> None:
    figures = {
        "contracts_filed": _figure("contracts_filed", Fraction(70), "份", "70"),
        "contracts_filed_late": _figure("contracts_filed_late", Fraction(4), "份", "4"),
    }
    made = with_computed(_case(), facts(), figures, "快照")
    rows = {each.fact: each.value for each in made.case.management}
    assert (rows["contracts_filed"], rows["contracts_filed_late"]) == ("70", "4")
    assert [each.code for each in made.problems] == ["SCORE-060"], "69 is stated, 4 agrees"
    bare = replace(_case(), management=())
    assert {each.fact for each in with_computed(bare, facts(), figures, "快照").case.management} == set(
        figures
    )


def test_what_a_case_wants_is_named_by_its_indicators_and_by_the_facts() -> None:
    codes = wanted(_case(), facts())
    assert "annual_report_rate" in codes
    assert "contracts_filed_late" in codes
    assert len(codes) == len(set(codes))

"""Indicators without money and money without indicators (Q08, Q09, Q14): what must be found and what must not."""

from target_quality import actual, case_with, found, indicator, project, score

from zhunsheng.kernel.money import Money

# Q08 and Q09


def test_an_indicator_whose_budget_is_gone_is_found() -> None:
    gone = project(adjusted=Money.of(0), executed=Money.of(0))
    case = case_with(indicator(project="P1"), projects=(gone,))
    (finding,) = found("Q08", case)
    assert finding.items == ("I1", "P1")
    assert "300.00 万元" in finding.what
    assert finding.points_at_risk == score(case) > 0
    assert found("Q09", case) == []


def test_a_note_that_the_money_was_cut_is_enough_without_a_project() -> None:
    assert len(found("Q08", case_with(indicator(note="项目经费已全部压减")))) == 1


def test_an_indicator_with_money_or_an_adjusted_target_is_accepted() -> None:
    gone = project(adjusted=Money.of(0))
    assert found("Q08", case_with(indicator(project="P1"), projects=(project(),))) == []
    assert found("Q08", case_with(indicator(project="P1", adjustment="批复调整"), projects=(gone,))) == []
    assert found("Q08", case_with(indicator(), projects=(gone,))) == []


def test_full_marks_without_spending_are_found() -> None:
    case = case_with(indicator(project="P1"), projects=(project(executed=Money.of(9, "万元")),))
    (finding,) = found("Q09", case)
    assert "3.00%" in finding.what
    assert finding.items == ("I1", "P1")
    assert finding.points_at_risk == score(case) > 0


def test_half_of_the_money_spent_or_points_lost_are_accepted() -> None:
    half = project(executed=Money.of(150, "万元"))
    low = project(executed=Money.of(9, "万元"))
    assert found("Q09", case_with(indicator(project="P1"), projects=(half,))) == []
    lost = case_with(indicator(project="P1"), projects=(low,), actuals=(actual(value="50"),))
    assert found("Q09", lost) == []


# Q14


def test_money_without_indicators_is_found() -> None:
    case = case_with(indicator(project="P1"), projects=(project(), project(code="P2", name="监测经费")))
    (finding,) = found("Q14", case)
    assert finding.items == ("P2",)
    assert "600.00 万元" in finding.what
    assert "300.00 万元" in finding.what


def test_money_with_indicators_is_accepted() -> None:
    minor = project(code="P2", key=False)
    assert found("Q14", case_with(indicator(project="P1"), projects=(project(), minor))) == []
    assert found("Q14", case_with(indicator())) == []

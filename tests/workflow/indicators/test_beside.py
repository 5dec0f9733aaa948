"""How a value stands to its target, and a target as a line in a picture."""

import pytest

from zhunsheng.plans.case import Actual, Indicator
from zhunsheng.plans.choices import ActualStatus, IndicatorGroup, IndicatorKind, Nature, Sign, Tier
from zhunsheng.workflow.indicators.beside import Beside, Standing, standing_of, target_number


def indicator(sign: Sign, value: str, unit: str = "") -> Indicator:
    return Indicator(
        code="1",
        name="指标",
        group=IndicatorGroup.OUTPUT,
        kind=IndicatorKind.QUANTITY,
        nature=next(iter(Nature)),
        target_sign=sign,
        target_value=value,
        target_unit=unit,
    )


@pytest.mark.parametrize(
    ("sign", "target", "target_unit", "value", "unit", "expected"),
    [
        (Sign.AT_LEAST, "90", "%", "90.00", "%", Standing.REACHED),
        (Sign.AT_LEAST, "90", "%", "89.99", "%", Standing.MISSED),
        (Sign.MORE_THAN, "90", "%", "90.00", "%", Standing.MISSED),
        (Sign.AT_MOST, "0.26", "人/万台", "0.27", "人/万台", Standing.MISSED),
        (Sign.LESS_THAN, "5", "个", "4", "个", Standing.REACHED),
        (Sign.EQUAL, "100", "%", "100.00", "%", Standing.REACHED),
        # the same amount in another multiple of the unit
        (Sign.AT_LEAST, "1", "万户", "12345", "户", Standing.REACHED),
        (Sign.AT_LEAST, "2", "万户", "12345", "户", Standing.MISSED),
        # a bare number is taken in the unit of the target
        (Sign.AT_LEAST, "600", "宗", "601", "", Standing.REACHED),
        # another kind of thing cannot be held against it
        (Sign.AT_LEAST, "600", "宗", "99", "%", Standing.UNCLEAR),
        (Sign.AT_MOST, "2023-12-10", "", "2023-12-10", "", Standing.REACHED),
        (Sign.AT_MOST, "2023-12-10", "", "2023-12-11", "", Standing.MISSED),
        (Sign.AT_MOST, "2023-12-10", "", "2023-12-10前", "", Standing.REACHED),
        (Sign.QUALITATIVE, "干净整洁", "", "干净整洁", "", Standing.UNCLEAR),
        (Sign.AT_LEAST, "", "", "5", "", Standing.UNCLEAR),
        (Sign.AT_LEAST, "90", "%", "", "%", Standing.NO_VALUE),
        (Sign.EQUAL, "A", "级", "A", "级", Standing.REACHED),
    ],
)
def test_a_value_is_held_against_its_target(
    sign: Sign, target: str, target_unit: str, value: str, unit: str, expected: Standing
) -> None:
    assert standing_of(indicator(sign, target, target_unit), value, unit) is expected


def test_what_people_said_of_it_counts() -> None:
    def standing(actual: Actual | None) -> Standing:
        return Beside(indicator(Sign.QUALITATIVE, "整洁"), actual, "", "", "").standing

    assert standing(None) is Standing.NO_VALUE
    assert standing(Actual(indicator="1", status=ActualStatus.NOT_DUE)) is Standing.NO_VALUE
    for tier, expected in (
        (Tier.REACHED, Standing.REACHED),
        (Tier.PARTLY, Standing.UNCLEAR),
        (Tier.MISSED, Standing.MISSED),
    ):
        assert standing(Actual(indicator="1", status=ActualStatus.REPORTED, tier=tier)) is expected


def test_a_target_is_drawn_in_the_unit_of_the_indicator() -> None:
    assert target_number(indicator(Sign.AT_LEAST, "600", "宗"), "宗") == "600"
    assert target_number(indicator(Sign.AT_LEAST, "1.5", "万户"), "户") == "15000.0"
    assert target_number(indicator(Sign.AT_LEAST, "3", "亿元"), "万元") == "30000"
    assert target_number(indicator(Sign.AT_LEAST, "90", "%"), "宗") is None
    assert target_number(indicator(Sign.AT_MOST, "2023-12-10", ""), "") is None
    assert target_number(indicator(Sign.QUALITATIVE, "5", "宗"), "宗") is None

"""Generated years for benchmarks: valid cases of any number of indicators, the same for the same seed."""

from dataclasses import replace
from decimal import Decimal
from random import Random

from zhunsheng.plans.case import Actual, Case, Indicator
from zhunsheng.plans.choices import (
    ActualStatus,
    EvidenceStatus,
    IndicatorGroup,
    IndicatorKind,
    Nature,
    PointsBasis,
    Sign,
)
from zhunsheng.scores.distribution import distribute

_KINDS = (
    (Nature.POSITIVE, Sign.AT_LEAST, "120"),
    (Nature.INVERSE, Sign.AT_MOST, "30"),
    (Nature.EXACT, Sign.EQUAL, "100"),
    (Nature.SATISFACTION, Sign.AT_LEAST, "90"),
)


def generated_case(base: Case, number: int, indicators: int = 60) -> Case:
    """A variant of `base` with `indicators` indicators, half output and half effect, seeded by `number`."""
    random = Random(number)
    made: list[Indicator] = []
    actuals: list[Actual] = []
    half = indicators // 2
    for group, count in ((IndicatorGroup.OUTPUT, half), (IndicatorGroup.EFFECT, indicators - half)):
        for points in distribute(Decimal(20), [Decimal(random.randint(1, 9)) for _ in range(count)]):
            nature, sign, target = random.choice(_KINDS)
            code = f"I{len(made) + 1}"
            made.append(
                Indicator(
                    code=code,
                    name=f"指标{number}-{code}",
                    group=group,
                    kind=IndicatorKind.QUANTITY if group is IndicatorGroup.OUTPUT else IndicatorKind.SOCIAL,
                    nature=nature,
                    target_sign=sign,
                    target_value=target,
                    target_unit="%",
                    points=points,
                    points_basis=PointsBasis.APPROVED,
                )
            )
            value = Decimal(random.randint(0, 3000)) / 10
            actuals.append(
                Actual(
                    code, ActualStatus.REPORTED, f"{value:f}", "%", evidence_status=EvidenceStatus.PROVIDED
                )
            )
    about = replace(base.about, code=f"generated-{number}")
    return replace(
        base,
        about=about,
        indicators=tuple(made),
        actuals=tuple(actuals),
        manual_scores=(),
        deviations=(),
        key_indicators=(),
        printed_figures=(),
    )

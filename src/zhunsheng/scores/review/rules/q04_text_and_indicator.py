"""Q04: the numbers of the target text agree with those of the indicator.

Goals are compared with targets and results with actual values: same unit (or the same "per" part,
每千人5批次 and 4份/千人), same subject. Contradictions already recorded in the case between a goal and an
indicator are taken over.

Not acceptable: a goal of 5 per thousand people and an indicator of 4.
Acceptable: the same number in both places; a sentence about another year.
"""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from fractions import Fraction

from zhunsheng.kernel.rounding import plain
from zhunsheng.kernel.written import normalised
from zhunsheng.plans.case import Contradiction, Indicator
from zhunsheng.plans.choices import Nature
from zhunsheng.scores.review.rule import Finding, ReviewRule
from zhunsheng.scores.review.year import ZERO, ReviewedYear, number_of

CODE = "Q04"
_SENTENCE = re.compile(r"[。;!\n]")
_FIGURE = re.compile(
    r"(?:每(?P<per>[^\d,。;、每]{1,10}?))?(?P<number>\d+(?:,\d{3})*(?:\.\d+)?)\s*(?P<unit>[^\d\s,。;、()]{0,10})"
)


def check(year: ReviewedYear, rule: ReviewRule) -> Iterator[Finding]:
    """Find texts whose number differs from the indicator's."""
    seen: set[tuple[str, Decimal]] = set()
    about = year.case.about
    for indicator in year.case.indicators:
        task = year.case.task_by_code.get(indicator.task)
        goals = [*(task.goals if task else ()), about.overall_goal]
        results = [*(task.results if task else ()), about.overall_result]
        actual = year.case.actual_of.get(indicator.code)
        pairs = (
            ("目标", goals, indicator.target_value, indicator.target_unit),
            ("完成情况", results, actual.value if actual else "", actual.unit if actual else ""),
        )
        for what, texts, value, unit in pairs:
            number = number_of(value)
            if number is None or not unit:
                continue
            stated = _stated(texts, indicator.name, number, unit, rule)
            if stated is None:
                continue
            figure, sentence = stated
            seen.add((indicator.code, figure))
            yield rule.found(
                f"{what}文字“{sentence}”，指标“{indicator.name}”的{what}为 {plain(number)}{unit}",
                indicator.code,
                risk=_risk(year, indicator, figure) if what == "目标" else ZERO,
                places=(task.place if task else about.place, indicator.place),
            )
    for row in year.case.contradictions:
        yield from _recorded(year, rule, row, seen)


def _recorded(
    year: ReviewedYear, rule: ReviewRule, row: Contradiction, seen: set[tuple[str, Decimal]]
) -> Iterator[Finding]:
    for goal, other in ((row.printed, row.other), (row.other, row.printed)):
        says_goal = any(word in goal for word in rule.words["goal_words"])
        says_indicator = any(word in other for word in rule.words["indicator_words"])
        numbers = [_first_number(goal), _first_number(other)]
        if not says_goal or not says_indicator or None in numbers or numbers[0] == numbers[1]:
            continue
        indicator = next((each for each in year.case.indicators if each.name in row.subject), None)
        figure = numbers[0]
        if indicator is None or figure is None:
            yield rule.found(
                f"{row.subject}：一处为“{goal}”，一处为“{other}”", places=(row.place, row.other_place)
            )
        elif (indicator.code, figure) not in seen:
            yield rule.found(
                f"{row.subject}：一处为“{goal}”，一处为“{other}”",
                indicator.code,
                risk=_risk(year, indicator, figure),
                places=(row.place, row.other_place),
            )
        return


def _first_number(text: str) -> Decimal | None:
    match = _FIGURE.search(normalised(text))
    return Decimal(match["number"].replace(",", "")) if match else None


def _stated(
    texts: Iterable[str], name: str, number: Decimal, unit: str, rule: ReviewRule
) -> tuple[Decimal, str] | None:
    """The first differing number of a sentence about the subject in which the right one is absent."""
    for text in texts:
        for sentence in _SENTENCE.split(normalised(text)):
            if _about(sentence, name) < rule.numbers["subject_share"] or any(
                word in sentence for word in rule.words["other_year_words"]
            ):
                continue
            figures = [
                Decimal(match["number"].replace(",", ""))
                for match in _FIGURE.finditer(sentence)
                if _same_unit(match["per"] or "", match["unit"], unit)
            ]
            if figures and number not in figures:
                return figures[0], sentence.strip()
    return None


def _about(sentence: str, name: str) -> Fraction:
    folded = normalised(name)
    pairs = [folded[start : start + 2] for start in range(len(folded) - 1)]
    if not pairs:
        return Fraction(0)
    return Fraction(sum(pair in sentence for pair in pairs), len(pairs))


def _same_unit(per: str, written: str, unit: str) -> bool:
    base, _, wanted_per = normalised(unit).partition("/")
    written_base, _, written_per = written.partition("/")
    if wanted_per:
        # 每千人5批次 and 4份/千人: what is counted may be called differently
        return per.startswith(wanted_per) or written_per.startswith(wanted_per)
    return not per and not written_per and written_base.startswith(base)


def _risk(year: ReviewedYear, indicator: Indicator, stated: Decimal) -> Decimal:
    """What is lost when the actual value is held against the number of the text."""
    actual = year.case.actual_of.get(indicator.code)
    value = number_of(actual.value) if actual else None
    if value is None or stated <= 0 or value < 0:
        # against a number of 0 there is no proportion to lose by
        return ZERO
    if indicator.nature is Nature.INVERSE:
        return year.share(indicator.code, 1 - Fraction(stated) / Fraction(value)) if value > stated else ZERO
    return year.share(indicator.code, 1 - Fraction(value) / Fraction(stated)) if value < stated else ZERO

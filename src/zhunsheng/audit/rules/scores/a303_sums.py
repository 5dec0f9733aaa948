"""A303: points and scores of items add up to those of the item above them, up to the total."""

from collections.abc import Iterator
from fractions import Fraction

from zhunsheng.audit.agreement import Range, exactly, range_of, total
from zhunsheng.audit.finding import Check, FoundPlace
from zhunsheng.audit.quantities.numeral import Numeral
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.relations.score_repair import Correction, smallest_repair
from zhunsheng.audit.relations.score_tables import trees_in_tables
from zhunsheng.audit.relations.scoring_items import ScoredItem, named, parts_of, scored_trees
from zhunsheng.audit.rule import AuditRule, place_of
from zhunsheng.kernel.problem import Severity
from zhunsheng.kernel.rounding import exact_decimal

CODE = "A303"

_SHOWN = 12


def check(reading: Reading, rule: AuditRule) -> Iterator[Check]:
    """Add up every group of scored items in the text and in the tables."""
    for tree in [*scored_trees(reading), *trees_in_tables(reading)]:
        repairs = {
            "得分": smallest_repair(tree, lambda item: item.score, lambda item: item.points),
            "分值": smallest_repair(tree, lambda item: item.points),
        }
        for item in tree.walk():
            if item.children:
                yield from _of_group(reading, rule, item, repairs)
            if item.again and item.score is not None and not item.is_total:
                yield _restated(reading, rule, item, item.score, item.again[-1])


def _restated(reading: Reading, rule: AuditRule, item: ScoredItem, score: Numeral, again: Numeral) -> Check:
    """An item without parts that states its score twice states the same."""
    if score.amount == again.amount:
        return rule.passed(reading, score, again)
    return rule.failed(
        rule.finding(
            f"{named(item)}得分先写 {score.text}，后写 {again.text}",
            [place_of(reading, again, "后写的得分"), place_of(reading, score, "先写的得分")],
            severity=Severity.WARNING,
            confidence="0.8",
            printed=again.text,
            computed=score.text,
            difference=exact_decimal(again.amount - score.amount),
        ),
        [(reading, score), (reading, again)],
    )


def _of_group(
    reading: Reading, rule: AuditRule, item: ScoredItem, repairs: dict[str, tuple[Correction, ...]]
) -> Iterator[Check]:
    children = [child for child in parts_of(item, lambda each: each.points) if not child.is_bonus]
    scored = [child for child in parts_of(item, lambda each: each.score) if not child.is_bonus]
    points = [child.points for child in children]
    scores = [child.score for child in scored]
    known_points = [each for each in points if each is not None]
    known_scores = [each for each in scores if each is not None]
    score_complete = item.score is not None and len(known_scores) == len(scored)
    scores_agree = score_complete and item.score is not None and _agrees(item.score, known_scores)
    figures = [each for each in (item.points, item.score, *known_points, *known_scores) if each is not None]
    if item.points is None or len(known_points) < len(children):
        yield from _without_points(reading, rule, item, known_points, known_scores, scores_agree=scores_agree)
        return
    whole = _agrees(item.points, known_points)
    if whole:
        yield rule.passed(reading, item.points, *known_points, detail="分值")
        if not score_complete or item.score is None:
            return
        if scores_agree:
            yield rule.passed(reading, item.score, *known_scores, detail="得分")
        else:
            yield _failed(reading, rule, item, "得分", item.score, known_scores, repairs["得分"])
    elif scores_agree and len(children) > 1 and item.score is not None:
        yield rule.passed(reading, item.score, *known_scores, detail="得分")
        yield _failed(reading, rule, item, "分值", item.points, known_points, repairs["分值"])
    elif _overfull(item, known_points) or _all_listed(children):
        yield _failed(reading, rule, item, "分值", item.points, known_points, (), Severity.WARNING)
    else:
        yield rule.insufficient(reading, *figures, detail="所列项目不是全部")


def _all_listed(children: list[ScoredItem]) -> bool:
    """Whether nothing below the item can have been left out: rows of its group, or a list of several."""
    if all(child.row is not None for child in children):
        return True
    return len(children) > 1 and all(child.listed or child.row for child in children)


def _overfull(item: ScoredItem, points: list[Numeral]) -> bool:
    """Whether the parts have more points than the whole: no part left out explains that."""
    return item.points is not None and sum((each.amount for each in points), Fraction(0)) > item.points.amount


def _without_points(
    reading: Reading,
    rule: AuditRule,
    item: ScoredItem,
    points: list[Numeral],
    scores: list[Numeral],
    *,
    scores_agree: bool,
) -> Iterator[Check]:
    """A parent without points: only a total, against all top items."""
    if item.score is None or len(scores) < len(item.children):
        return
    if scores_agree:
        yield rule.passed(reading, item.score, *scores)
        return
    listed = sum((each.amount for each in points), Fraction(0))
    full = rule.numbers["full_points"]
    if len(points) == len(item.children) and listed == full:
        yield _failed(reading, rule, item, "得分", item.score, scores, ())
        return
    got = sum((each.amount for each in scores), Fraction(0))
    if item.is_total and item.row is None and len(points) == len(item.children) and got < item.score.amount:
        serious = len(points) >= rule.numbers["fewest_items"] and listed >= rule.numbers["least_share"]
        yield rule.failed(
            rule.finding(
                f"总得分 {item.score.text} 无法由报告所列项目重算：所列 {len(points)} 项合计分值 "
                f"{exact_decimal(listed)} 分、得分 {exact_decimal(got)} 分，余下 "
                f"{exact_decimal(item.score.amount - got)} 分没有列出依据",
                [place_of(reading, item.score, "总得分"), *_places(reading, scores)],
                severity=Severity.WARNING if serious else Severity.NOTE,
                confidence="0.7",
                printed=item.score.text,
                computed=f"{exact_decimal(got)}分",
                difference=exact_decimal(item.score.amount - got),
                remedy="列出其余指标的分值和得分，使总分可以逐项加总核对。",
            ),
            [(reading, each) for each in (item.score, *scores, *points)],
        )


def _precise(numeral: Numeral) -> Range:
    """What a printed score stands for: whole and half points are exact, others may have been rounded."""
    if (numeral.amount * 2).denominator == 1 or numeral.quantity is None:
        return exactly(numeral.amount)
    return range_of(numeral.quantity)


def _agrees(upper: Numeral, parts: list[Numeral]) -> bool:
    above, below = _precise(upper), total(_precise(each) for each in parts)
    return above.low <= below.high and below.low <= above.high


def _places(reading: Reading, numerals: list[Numeral]) -> list[FoundPlace]:
    return [place_of(reading, each) for each in numerals[:_SHOWN]]


def _failed(
    reading: Reading,
    rule: AuditRule,
    item: ScoredItem,
    word: str,
    printed: Numeral,
    parts: list[Numeral],
    repair: tuple[Correction, ...],
    severity: Severity | None = None,
) -> Check:
    got = sum((each.amount for each in parts), Fraction(0))
    group = [printed, *parts]
    blamed = next((each for each in repair if any(each.numeral is one for one in group)), None)
    first = blamed.numeral if blamed is not None else printed
    places = [place_of(reading, first, "最可能有误" if blamed is not None else f"上级{word}")]
    if first is not printed:
        places.append(place_of(reading, printed, f"上级{word}"))
    places.extend(place_of(reading, each, f"下级{word}") for each in parts[:_SHOWN] if each is not first)
    terms = "+".join(each.text.removesuffix("分") for each in parts)
    message = (
        f"{named(item)}{word} {printed.text}，所列 {len(parts)} 项{word}之和为 {terms}={exact_decimal(got)}"
    )
    if repair:
        message += "；最少的改法：" + _described(repair, word) + "，改后各级之和都相符"
    return rule.failed(
        rule.finding(
            message,
            places,
            severity=severity,
            confidence="0.95" if severity is None else "0.7",
            printed=printed.text,
            computed=f"{exact_decimal(got)}分",
            difference=exact_decimal(printed.amount - got),
        ),
        [(reading, each) for each in group],
    )


def _described(repair: tuple[Correction, ...], word: str) -> str:
    return "、".join(
        f"{named(each.item)}{word}由 {each.numeral.text} 改为 {exact_decimal(each.value)}分"
        for each in repair
    )

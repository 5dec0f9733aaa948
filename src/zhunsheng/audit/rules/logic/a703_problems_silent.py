"""A703: items that lost points are spoken of among the problems or the improvements."""

import re
from collections.abc import Iterator
from fractions import Fraction

from zhunsheng.audit.finding import Check
from zhunsheng.audit.passages import Passage
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.relations.key_words import cause_in, key_pairs
from zhunsheng.audit.relations.score_tables import trees_in_tables
from zhunsheng.audit.relations.scoring_items import ScoredItem, named, scored_trees, words_of
from zhunsheng.audit.rule import AuditRule, place_at, place_of

CODE = "A703"

_PROBLEMS = re.compile(r"问题|不足|改进|下一步|整改|建议")
_QUOTED = re.compile(r"“([^”]{4,40})”")


def check(reading: Reading, rule: AuditRule) -> Iterator[Check]:
    """Look for every item that lost points in the sections about problems and improvements."""
    sections = _sections(reading)
    # what has a section of its own is a group; its items are judged instead
    titles = {heading.title for heading in reading.headings}
    lost = [
        item
        for tree in [*scored_trees(reading), *trees_in_tables(reading)]
        for item in tree.walk()
        if not item.children
        and not item.is_total
        and item.lost
        and _loss(item) >= rule.numbers["least_loss"]
        and item.name
        and item.name not in titles
    ]
    if not sections or not lost:
        return
    said = "".join(passage.text for passage in sections)
    pairs = key_pairs(said)
    silent = [item for item in lost if not _mentioned(reading, item, said, pairs)]
    for item in lost:
        if item not in silent and item.score is not None:
            yield rule.passed(reading, item.score)
    if not silent:
        return
    places = [place_of(reading, item.score, item.name[:20]) for item in silent if item.score is not None]
    heading = sections[0]
    yield rule.failed(
        rule.finding(
            f"有 {len(silent)} 项扣分在“存在的问题”和“改进措施”中没有提到："
            + "、".join(
                f"{named(item)}（{item.points.text if item.points else ''}得 {item.score.text if item.score else ''}）"
                for item in silent[:8]
            ),
            [*places, place_at(reading, heading.span(0, len(heading.text)), "问题部分")],
            confidence="0.75",
        ),
        [(reading, item.score) for item in silent if item.score is not None],
    )


def _loss(item: ScoredItem) -> Fraction:
    return item.points.amount - item.score.amount if item.points and item.score else Fraction(0)


def _sections(reading: Reading) -> list[Passage]:
    """The passages of the sections about problems and improvements, headings included."""
    wanted = {
        heading.index
        for heading in reading.headings
        if heading.depth <= 3 and len(heading.title) <= 30 and _PROBLEMS.search(heading.title)
    }
    return [passage for passage in reading.prose if any(index in wanted for index in passage.section)]


def _mentioned(reading: Reading, item: ScoredItem, said: str, pairs: frozenset[str]) -> bool:
    words = words_of(reading, item)
    if any(match[1] in said for match in _QUOTED.finditer(words)):
        return True
    return bool(key_pairs(item.name) & pairs) or bool(key_pairs(cause_in(words)) & pairs)

"""Which scored outputs a project pays for, by the words they share."""

from zhunsheng.audit.reading import Reading
from zhunsheng.audit.relations.key_words import key_pairs
from zhunsheng.audit.relations.score_tables import trees_in_tables
from zhunsheng.audit.relations.scoring_items import ScoredItem, scored_trees, words_of

_COMMON = 4  # words that more items share say nothing about any one of them


def outputs_of(reading: Reading, name: str) -> list[ScoredItem]:
    """The lowest scored items whose words before the points share a telling word with a project's name."""
    wanted = key_pairs(name)
    items = [
        item
        for tree in [*scored_trees(reading), *trees_in_tables(reading)]
        for item in tree.walk()
        if not item.children and not item.is_total and item.score is not None and item.points is not None
    ]
    words = [(item, key_pairs(_lead(reading, item))) for item in items]
    telling = {pair for pair in wanted if 0 < sum(pair in pairs for _, pairs in words) <= _COMMON}
    return [item for item, pairs in words if pairs & telling]


def _lead(reading: Reading, item: ScoredItem) -> str:
    if item.points is None or item.row is not None:
        return item.name
    return words_of(reading, item)[: max(0, item.points.start - item.start)]

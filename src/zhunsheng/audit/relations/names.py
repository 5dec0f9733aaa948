"""Names of figures, so that 占本年支出合计的 finds 本年支出合计."""

import re
from dataclasses import dataclass
from functools import cached_property

from zhunsheng.audit.quantities.numeral import Numeral
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.relations.skeleton import LEVEL, Skeleton, skeleton_of

_YEARS = re.compile(r"(?:19|20)\d{2}年度?(?:末|底)?|本年度?|当年|全年|年度|全部|的|“|”|、|（[^（）]*）|\s")
_WHOLE = re.compile(r"总额|合计|总计|总数|总量|总和|总共")
_WHOLE_FIRST = re.compile(r"总(支出|收入|投资|人口|面积|产值|资产|预算|数|金额|人数|户数|成本|经费|资金)")
_SHORTEST = 4


def plain_name(words: str) -> str:
    """A name without years and with one word for totals: 本年支出合计 and 总支出 become 支出总.

    >>> plain_name("本年支出合计"), plain_name("总支出")
    ('支出总', '支出总')
    """
    return _WHOLE.sub("总", _WHOLE_FIRST.sub(r"\1总", _YEARS.sub("", words)))


@dataclass(frozen=True, slots=True)
class Named:
    """A figure of running text with its name."""

    figure: Numeral
    name: str


class Names:
    """The named levels of a document, in reading order."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading

    @cached_property
    def _by_end(self) -> dict[str, list[Named]]:
        found: dict[str, list[Named]] = {}
        for passage in self._reading.prose:
            if not self._reading.numerals_in(passage):
                continue
            skeleton = skeleton_of(self._reading, passage)
            for named in _named(skeleton):
                found.setdefault(named.name[-2:], []).append(named)
        return found

    def exactly(self, words: str) -> list[Named]:
        """The figures with this very name."""
        name = plain_name(words)
        return [each for each in self._by_end.get(name[-2:], []) if each.name == name]

    def ending(self, words: str) -> list[Named]:
        """The figures whose longer name ends with these words."""
        name = plain_name(words)
        if len(name) < _SHORTEST:
            return []
        return [
            each for each in self._by_end.get(name[-2:], []) if each.name != name and each.name.endswith(name)
        ]


def _named(skeleton: Skeleton) -> list[Named]:
    return [
        Named(figure, name)
        for place, figure in zip(skeleton.places, skeleton.figures, strict=True)
        if skeleton.text[place] == LEVEL and len(name := plain_name(skeleton.label(figure))) >= 2
    ]

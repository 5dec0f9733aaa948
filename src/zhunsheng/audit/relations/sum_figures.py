"""The figures of running text that can be a whole or a part of a sum, with the words that name them."""

import re
from bisect import bisect_right
from dataclasses import dataclass

from zhunsheng.audit.passages import Passage
from zhunsheng.audit.quantities.numeral import Bound, Numeral, Role
from zhunsheng.audit.quantities.units import Dimension
from zhunsheng.audit.reading import Reading

_ADDABLE_ROLES = frozenset({Role.LEVEL, Role.UNKNOWN, Role.CHANGE, Role.DURATION})
_ADDABLE_DIMENSIONS = frozenset(
    {
        Dimension.MONEY,
        Dimension.COUNT,
        Dimension.AREA,
        Dimension.LENGTH,
        Dimension.MASS,
        Dimension.VOLUME,
        Dimension.ENERGY,
        Dimension.DURATION,
    }
)
_BREAK = re.compile(r"[，。；：、（）！？\n]")
_TAIL = re.compile(
    r"(?:分别|合计|总计|共计|累计|总共|达到|安排|完成|实现|只有|仅有|收到|支出为|约为|近|约|为|是|达|有|共|计|了|数|额|：|“|”|\s)+$"
)
_OTHER_PERIOD = re.compile(
    r"上年|去年|同期|往年|上一年|比(?:20|上|预算|年初|去)|较(?:20|上|预算|年初|去)|相比|扣除|剔除|不含|减去|最高|最低(?!生活)|目标|超过|"
    r"^(?:由|从|原)$|由年初|由原"
)
_AVERAGE = re.compile(r"人均|户均|平均|均价|单价|每|[日月年]均")
_RESTATED = re.compile(r"(?:[一二两三四五六七八九十\d]+项)?(?:合计|共计|总计|小计|总共)")
# money for 能力提升 is no increase by that amount
_PURPOSE = re.compile(r"(?:提升|提高|扩大|增效|增收|稳增长|节约|节能|缩短)$")
_BASE_AFTER = re.compile(r"的\d|（含）|以上|以下|以内|及以[上下]|/|标准|档|级别")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a passage that can be added.

    Attributes:
        label: the words right before it, back to the last punctuation mark.
        key: the last words of the label without linking verbs, to tell 年初预算 from 支出决算.
        depth: how many brackets it stands in.
        sentence: number of its sentence in the passage.
        is_change: an increase or decrease, not a level.
        is_other: of another period, or a base: not addable with its neighbours.
        is_average: an amount per head or the like: it can be a whole, but is no part.
        is_total: it sums up what stands before it (合计1170万元).
    """

    numeral: Numeral
    label: str
    key: str
    depth: int
    sentence: int
    is_change: bool
    is_other: bool
    is_average: bool
    is_total: bool

    @property
    def kind(self) -> tuple[Dimension, str]:
        """What may be added together: one dimension, and for counts one unit."""
        quantity = self.numeral.quantity
        unit = quantity.unit if quantity is not None else ""
        dimension = self.numeral.dimension
        if dimension in {Dimension.MONEY, Dimension.NONE}:
            return (Dimension.MONEY, "")  # 1170万 stands for 1170万元
        return (dimension, unit)

    @property
    def is_part(self) -> bool:
        """Whether it can be a part of a list."""
        return not (self.is_other or self.is_average or self.is_total)


def depths(text: str) -> list[int]:
    """For each character the number of open brackets around it."""
    found: list[int] = []
    depth = 0
    for character in text:
        if character == "）":
            depth = max(0, depth - 1)
        found.append(depth)
        if character == "（":
            depth += 1
    return found


def full_sentences(text: str) -> list[tuple[int, int]]:
    """Start and end of each sentence; semicolons do not end one."""
    ends = [match.end() for match in re.finditer(r"[。！？\n]+[”’）]*", text)]
    if not ends or ends[-1] < len(text):
        ends.append(len(text))
    return list(zip([0, *ends[:-1]], ends, strict=True))


def figures_of(reading: Reading, passage: Passage) -> tuple[Figure, ...]:
    """The addable figures of a passage in order."""
    numerals = [each for each in reading.numerals_in(passage) if _is_addable(each)]
    if not numerals:
        return ()
    text = passage.text
    depth = depths(text)
    starts = [start for start, _ in full_sentences(text)]
    return tuple(_figure(text, numeral, depth, starts) for numeral in numerals)


def _is_addable(numeral: Numeral) -> bool:
    return (
        numeral.quantity is not None
        and numeral.role in _ADDABLE_ROLES
        and (
            numeral.dimension in _ADDABLE_DIMENSIONS
            or (numeral.dimension is Dimension.NONE and numeral.quantity.multiplier >= 10_000)
        )
        and numeral.bound is Bound.NONE
        and not numeral.in_range
    )


def _figure(text: str, numeral: Numeral, depth: list[int], starts: list[int]) -> Figure:
    before = text[max(0, numeral.start - 60) : numeral.start]
    label = _BREAK.split(_without_brackets(before))[-1]
    named = label
    if not _TAIL.sub("", label):
        # 、和、分别 stand between the words and their figure
        pieces = [piece for piece in _BREAK.split(_without_brackets(before)) if piece]
        named = pieces[-2] + pieces[-1] if len(pieces) > 1 and label else "".join(pieces[-1:])
    key = _TAIL.sub("", named)[-6:]
    after = text[numeral.end : numeral.end + 4]
    return Figure(
        numeral,
        named,
        key,
        depth[numeral.start],
        bisect_right(starts, numeral.start) - 1,
        numeral.role is Role.CHANGE and _PURPOSE.search(label) is None,
        _OTHER_PERIOD.search(label) is not None or _BASE_AFTER.match(after) is not None,
        _AVERAGE.search(label) is not None,
        _RESTATED.match(label) is not None,
    )


def _without_brackets(text: str) -> str:
    """The text with closed brackets taken out, so that 支出（类）2106.66 has its label."""
    return re.sub(r"（[^（）]*）", "", text)

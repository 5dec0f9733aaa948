"""The skeleton of a passage: every figure is one sign for what it measures, so that patterns see language.

"比上年增加2.55万元，增长1.40%" becomes "比上年增加" LEVEL "，增长" PERCENT.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from zhunsheng.audit.passages import Passage
from zhunsheng.audit.quantities.numeral import Bound, Numeral
from zhunsheng.audit.quantities.units import Dimension
from zhunsheng.audit.reading import Reading

LEVEL = "\ue000"
PERCENT = "\ue001"
POINTS = "\ue002"
MULTIPLE = "\ue003"
SCORE = "\ue004"
BARE = "\ue005"
# a limit (不低于80%) or one end of a range states no value
LIMIT = "\ue006"
SIGNS = "\ue000-\ue006"

_BY_DIMENSION = {
    Dimension.PERCENT: PERCENT,
    Dimension.PERCENTAGE_POINT: POINTS,
    Dimension.MULTIPLE: MULTIPLE,
    Dimension.SCORE: SCORE,
    Dimension.NONE: BARE,
}
_ASIDE = re.compile(rf"（[^（）{SIGNS}]*）")
_BOUNDARY = re.compile(rf"[，。；：！？\n（）“”{SIGNS}]")
_LEADING = re.compile(
    r"^(?:其中|分别为|同时|另外|此外|当年|全年|年末|年内|本年度|本年|截至?[^，]{0,12}底|(?:截至|截止)|(?:19|20)\d{2}年度?(?:末|底|当年)?|"
    r"全市|全省|全国|全区|全县|我市|我区|我局|本部门|本单位|共有|共计|共|约|、)+"
)
_TRAILING = re.compile(
    r"(?:均为|分别为|合计为|共计|总计为|数为|额为|为|共|达到|达|是|有|约|近|超过|超|突破|仅|各|均|了|“|：|至|到|即|\s)+$"
)


@dataclass(frozen=True)
class Skeleton:
    """A passage with its figures replaced.

    Attributes:
        text: the passage with one sign for each quantity; dates and marks stay as written.
        figures: the quantities in order.
        places: position of each quantity's sign in `text`.
    """

    passage: Passage
    text: str
    figures: tuple[Numeral, ...]
    places: tuple[int, ...]

    def at(self, position: int) -> Numeral:
        """The figure whose sign stands at a position.

        Raises:
            KeyError: no sign stands there.
        """
        return self._figure_at[position]

    def place(self, figure: Numeral) -> int:
        """The position of a figure's sign.

        Raises:
            KeyError: the figure stands in another passage.
        """
        return self._place_of[figure.number]

    @cached_property
    def _figure_at(self) -> dict[int, Numeral]:
        return dict(zip(self.places, self.figures, strict=True))

    @cached_property
    def _place_of(self) -> dict[int, int]:
        pairs = zip(self.places, self.figures, strict=True)
        return {figure.number: place for place, figure in pairs}

    def sentence(self, position: int) -> tuple[int, int]:
        """The sentence of the skeleton that holds a position; a semicolon does not end it."""
        start = max(self.text.rfind(mark, 0, position) for mark in "。！？\n") + 1
        ends = [end for mark in "。！？\n" if (end := self.text.find(mark, position)) >= 0]
        return start, min(ends, default=len(self.text))

    def depth(self, start: int, end: int) -> int:
        """Brackets opened and not closed between two positions (negative when more are closed)."""
        piece = self.text[start:end]
        return piece.count("（") - piece.count("）")

    def before(self, position: int, start: int = 0) -> Iterator[tuple[int, Numeral]]:
        """The figures before a position, nearest first, those in brackets already closed left out."""
        for place, figure in zip(reversed(self.places), reversed(self.figures), strict=True):
            if place >= position:
                continue
            if place < start:
                return
            if not self._closed(place, position):
                yield place, figure

    def _closed(self, place: int, position: int) -> bool:
        """Whether a bracket around the figure closes before a position."""
        depth = 0
        for character in self.text[place:position]:
            if character == "（":
                depth += 1
            elif character == "）":
                depth -= 1
                if depth < 0:
                    return True
        return False

    def words_before(self, position: int) -> str:
        """The words between the last boundary and a position, asides in brackets left out."""
        piece = self.text[max(0, position - 80) : position]
        open_at = piece.rfind("（")
        if open_at > piece.rfind("）"):
            piece = piece[open_at + 1 :]
        piece = _ASIDE.sub("", piece)
        found = list(_BOUNDARY.finditer(piece.replace("“", "").replace("”", "")))
        plain = piece.replace("“", "").replace("”", "")
        return plain[found[-1].end() :] if found else plain

    def label(self, figure: Numeral) -> str:
        """What a figure is said to be, from the words before it: 财政拨款收入; "" for a figure elsewhere."""
        place = self._place_of.get(figure.number)
        return bare_label(self.words_before(place)) if place is not None else ""


def bare_label(words: str) -> str:
    """The naming words of a figure without those that only lead to it.

    >>> bare_label("其中基本支出共")
    '基本支出'
    """
    return _TRAILING.sub("", _LEADING.sub("", words.strip("、 ")))


def sign_of(figure: Numeral) -> str:
    """The sign that stands for a quantity."""
    if figure.bound is not Bound.NONE or figure.in_range:
        return LIMIT
    return _BY_DIMENSION.get(figure.dimension, LEVEL)


def skeleton_of(reading: Reading, passage: Passage) -> Skeleton:
    """The skeleton of a passage."""
    pieces: list[str] = []
    figures: list[Numeral] = []
    places: list[int] = []
    position = length = 0
    for numeral in reading.numerals_in(passage):
        if numeral.quantity is None or numeral.start < position:
            continue
        piece = passage.text[position : numeral.start]
        pieces += [piece, sign_of(numeral)]
        length += len(piece)
        figures.append(numeral)
        places.append(length)
        length += 1
        position = numeral.end
    pieces.append(passage.text[position:])
    return Skeleton(passage, "".join(pieces), tuple(figures), tuple(places))


def skeletons(reading: Reading, words: re.Pattern[str], least: int = 2) -> Iterator[Skeleton]:
    """The skeletons of all passages that hold some words and at least a number of figures."""
    for passage in reading.passages:
        numerals = reading.numerals_in(passage)
        if len(numerals) >= least and words.search(passage.text):
            skeleton = skeleton_of(reading, passage)
            if len(skeleton.figures) >= least:
                yield skeleton

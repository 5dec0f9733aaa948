"""Character recognition of a page picture: words with their places, and the ruling lines.

Nothing is fetched: the networks come with the installation. The same picture gives the same words.
"""

from dataclasses import replace
from typing import Final

import cv2
import numpy as np

from zhunsheng.documents.reading.page_content import PageContent, Rule, Word
from zhunsheng.documents.reading.recognition_lines import find_lines
from zhunsheng.documents.reading.recognition_models import Glyph, Picture, models, picture_of
from zhunsheng.documents.reading.recognition_numerals import is_dash, is_nought, mend, without_false_spaces
from zhunsheng.documents.reading.recognition_rules import Box, ruling_of
from zhunsheng.documents.reading.recognition_turns import levelled, quarter_turns, slant_of, turned

_POINTS: Final = 72
# less sure than this is dirt, not a character
_UNSURE: Final = 0.3
# dots per inch that pictures are brought to
_DOTS: Final = (150.0, 300.0)
_MOST_SIDE: Final = 5000
# rows without ink inside a character, as a share of the line
_BREAK: Final = 0.2
# height of the ink as a share of the size of the type
_IDEOGRAPH: Final = 0.92
_DIGIT: Final = 0.72


def recognise_page(picture: Picture, number: int, width: float, height: float) -> PageContent:
    """Read the picture of a page.

    Args:
        picture: the whole page, grey (height, width) or RGB (height, width, 3).
        number: 1-based page number.
        width, height: of the page in points; the picture is taken to fill it.

    Returns:
        Words and lines of the page as set upright: width and height are exchanged when the picture lay on
        its side.

    Raises:
        RecognitionMissingError: when the networks are not installed.
    """
    networks = models()
    grey = _sized(_grey(picture), width, height)
    quarters = quarter_turns(grey, networks)
    if quarters:
        grey = turned(grey, quarters)
    if quarters % 2:
        width, height = height, width
    grey = levelled(grey, slant_of(grey))
    across, down = width / grey.shape[1], height / grey.shape[0]
    inch = _POINTS / across
    ruling = ruling_of(grey, inch)
    words: list[Word] = []
    for box in find_lines(networks, ruling, inch):
        line = ruling.plain[box.top : box.bottom, box.x0 : box.x1]
        words.extend(_words(_seen(networks.read(line), line), box, _extent(line), across, down))
    rules = tuple(
        Rule(each.x0 * across, each.top * down, each.x1 * across, each.bottom * down)
        for each in (*ruling.across, *ruling.down)
    )
    return PageContent(number, width, height, tuple(words), rules, recognised=True, turned=quarters)


def _grey(picture: Picture) -> Picture:
    if picture.ndim == 2:
        return np.ascontiguousarray(picture)
    return picture_of(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY))


def _sized(picture: Picture, width: float, height: float) -> Picture:
    """The picture in a resolution that reads well, equal across and down."""
    now_across, now_down = picture.shape[1] / width, picture.shape[0] / height
    least, most = _DOTS
    wanted = min(max(min(now_across, now_down), least / _POINTS), most / _POINTS)
    wanted = min(wanted, _MOST_SIDE / max(width, height))
    if max(abs(now_across - wanted), abs(now_down - wanted)) < 0.02 * wanted:
        return picture
    size = (max(1, round(width * wanted)), max(1, round(height * wanted)))
    larger = wanted > now_across
    how = cv2.INTER_CUBIC if larger else cv2.INTER_AREA
    return picture_of(cv2.resize(picture, size, interpolation=how))


def _seen(glyphs: list[Glyph], line: Picture) -> list[Glyph]:
    """The glyphs that are characters, numerals mended."""
    sure = [each for each in glyphs if each.confidence >= _UNSURE or each.text == " "]
    if len(sure) == 1:
        return [replace(sure[0], text=_lone(sure[0].text, line))]
    if not any(each.text.isdigit() for each in sure):
        return sure
    empty = line.min(axis=0) >= _darkness(line)
    top, bottom = _extent(line)

    def gap(left: float, right: float) -> float:
        widest = run = 0
        for each in empty[int(left) : int(right) + 1].tolist():
            run = run + 1 if each else 0
            widest = max(widest, run)
        return widest / max(1, bottom - top)

    return mend(without_false_spaces(sure, gap))


def _lone(seen: str, line: Picture) -> str:
    """What a sign that stands alone is, judged by its shape where the networks cannot tell."""
    dark = (line < _darkness(line)).astype(np.uint8)
    number, _, figures, _ = cv2.connectedComponentsWithStats(dark, connectivity=8)
    if number < 2:
        return seen
    _, _, wide, high, area = (int(each) for each in max(figures[1:], key=lambda each: int(each[4])))
    if is_nought(seen, high, wide):
        return "0"
    return "—" if seen == "一" and is_dash(high, wide, area / (high * wide)) else seen


def _extent(line: Picture) -> tuple[int, int]:
    """First and last row (excluded) of the ink about the middle of a line's picture."""
    height = line.shape[0]
    inked = (line.min(axis=1) < _darkness(line)).tolist()
    reach = max(1, round(_BREAK * height))
    top = bottom = height // 2
    for row in range(top, -1, -1):
        if inked[row]:
            top = row
        elif top - row > reach:
            break
    for row in range(bottom, height):
        if inked[row]:
            bottom = row
        elif row - bottom > reach:
            break
    return top, bottom + 1


def _darkness(line: Picture) -> float:
    """Darker than this is ink."""
    return (float(line.min()) + float(np.median(line))) / 2


def _words(glyphs: list[Glyph], box: Box, extent: tuple[int, int], across: float, down: float) -> list[Word]:
    """The glyphs of a line as words: parted at the spaces."""
    top, bottom = box.top + extent[0], box.top + extent[1]
    words: list[Word] = []
    groups: list[list[int]] = [[]]
    for index, glyph in enumerate(glyphs):
        if glyph.text.isspace():
            groups.append([])
        else:
            groups[-1].append(index)
    for group in groups:
        if not group:
            continue
        text = "".join(glyphs[index].text for index in group)
        places = [_edge(glyphs, index, box.width) for index in (*group, group[-1] + 1)]
        edges = tuple((box.x0 + place) * across for place in places)
        share = _IDEOGRAPH if any(ord(each) > 0x2E7F for each in text) else _DIGIT
        words.append(
            Word(
                text,
                edges[0],
                top * down,
                edges[-1],
                bottom * down,
                (bottom - top) * down / share,
                confidence=round(min(glyphs[index].confidence for index in group), 4),
                edges=edges,
            )
        )
    return words


def _edge(glyphs: list[Glyph], index: int, width: int) -> float:
    """Where a character begins: half way between its neighbours' middles."""
    if index <= 0:
        return 0.0
    if index >= len(glyphs):
        return float(width)
    return (glyphs[index - 1].x + glyphs[index].x) / 2

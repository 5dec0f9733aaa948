"""What is seen on a page before it is read: words and ruling lines, where they stand.

Coordinates are points (1/72 inch) from the upper left corner of the page as a reader sees it (a rotated
page is already turned upright); `x` grows to the right, `top` and `bottom` grow downwards. Both the text
layer of a PDF and character recognition of a page image give this.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Word:
    """Characters that stand together on one line, without white space inside.

    Attributes:
        text: the characters, in reading order.
        x0, top, x1, bottom: the box around them, in points.
        size: size of the characters in points (for recognised words about the height of the line).
        confidence: of the recognition, 0..1; None when the text comes from the file itself.
        edges: the x positions between and around the characters (one more than there are characters),
            or empty when not known; then all characters count as equally wide.
        bold: whether the font is a bold one, where this is known.
    """

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    confidence: float | None = None
    edges: tuple[float, ...] = ()
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """A ruling line, horizontal or vertical, as a thin box; the longer side is its direction."""

    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def horizontal(self) -> bool:
        """Whether the line runs from left to right."""
        return self.x1 - self.x0 >= self.bottom - self.top


@dataclass(frozen=True, slots=True)
class PageContent:
    """The words and ruling lines of one page, in any order.

    Attributes:
        number: 1-based page number.
        width, height: of the upright page in points.
        recognised: whether the words came from character recognition of an image.
        turned: quarter turns clockwise by which recognition set the picture upright.
    """

    number: int
    width: float
    height: float
    words: tuple[Word, ...]
    rules: tuple[Rule, ...] = ()
    recognised: bool = False
    turned: int = 0

"""From the coordinates of a PDF page to those of the page as it is read, and back."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Frame:
    """The visible part of a page and how it is turned.

    Attributes:
        left, bottom, right, top: the visible part, in the page's own coordinates (y grows upwards).
        turn: quarter turns clockwise that make the text upright, 0 to 3.
    """

    left: float
    bottom: float
    right: float
    top: float
    turn: int = 0

    @property
    def width(self) -> float:
        """Width of the upright page in points."""
        return self.top - self.bottom if self.turn % 2 else self.right - self.left

    @property
    def height(self) -> float:
        """Height of the upright page in points."""
        return self.right - self.left if self.turn % 2 else self.top - self.bottom

    def upright(self, x: float, y: float) -> tuple[float, float]:
        """A point of the page as (x, distance from the top) of the upright page."""
        if self.turn == 0:
            return x - self.left, self.top - y
        if self.turn == 1:
            return y - self.bottom, x - self.left
        if self.turn == 2:
            return self.right - x, y - self.bottom
        return self.top - y, self.right - x

    def own(self, x: float, top: float) -> tuple[float, float]:
        """A point of the upright page in the page's own coordinates.

        >>> frame = Frame(0, 0, 600, 800, 1)
        >>> frame.own(*frame.upright(30, 40))
        (30, 40)
        """
        if self.turn == 0:
            return x + self.left, self.top - top
        if self.turn == 1:
            return top + self.left, x + self.bottom
        if self.turn == 2:
            return self.right - x, top + self.bottom
        return self.right - top, self.top - x

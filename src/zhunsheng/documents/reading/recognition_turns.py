"""Setting a page picture upright: quarter turns, and the small slant of a scan."""

from typing import Final

import cv2
import numpy as np

from zhunsheng.documents.reading.recognition_models import Models, Picture, picture_of

# the slant is looked for on a small copy, within these degrees
_LONGEST: Final = 1000
_MOST_SLANT: Final = 6.0
_LEAST_SLANT: Final = 0.04
_STEPS: Final = (0.5, 0.1, 0.02)
_FEWEST_INKED: Final = 200
_WHITE: Final = 255
_MAP: Final = 800
_LIKELY: Final = 0.3
# a line of text is at least this many times as long as it is high
_LONG: Final = 2.0
_SAMPLES: Final = 5
_ENOUGH: Final = 12
_BETTER: Final = 0.1


def quarter_turns(picture: Picture, networks: Models) -> int:
    """How many quarter turns clockwise set the text upright: 0 to 3."""
    likely, scale = networks.find(picture, _MAP)
    core = (likely > _LIKELY).astype(np.uint8)
    number, _, figures, _ = cv2.connectedComponentsWithStats(core, connectivity=8)
    lying = [figure for figure in figures[1:number] if figure[2] > _LONG * figure[3]]
    standing = [figure for figure in figures[1:number] if figure[3] > _LONG * figure[2]]
    sideways = sum(int(each[4]) for each in standing) > 1.5 * sum(int(each[4]) for each in lying)
    chosen = sorted(standing if sideways else lying, key=lambda each: (-int(each[4]), int(each[1])))
    crops = []
    for x, y, wide, high, _ in (tuple(int(value) for value in each) for each in chosen[:_SAMPLES]):
        more = 0.75 * min(wide, high)
        left, right = round((x - more) / scale), round((x + wide + more) / scale)
        top, bottom = round((y - more) / scale), round((y + high + more) / scale)
        # the beginning of a line is enough
        most = round(_ENOUGH * min(bottom - top, right - left))
        bottom, right = min(bottom, max(0, top) + most), min(right, max(0, left) + most)
        crops.append(picture[max(0, top) : bottom, max(0, left) : right])
    if not crops:
        return 0
    first = 1 if sideways else 0
    # the second way needs to be clearly better: most pages lie right
    if _legible(crops, first + 2, networks) > _legible(crops, first, networks) + _BETTER:
        return first + 2
    return first


def turned(picture: Picture, quarters: int) -> Picture:
    """The picture turned clockwise by some quarter turns."""
    return np.ascontiguousarray(np.rot90(picture, -quarters))


def _legible(crops: list[Picture], quarters: int, networks: Models) -> float:
    """Mean confidence of what is read when the pieces are turned."""
    sure: list[float] = []
    for crop in crops:
        sure.extend(glyph.confidence for glyph in networks.read(turned(crop, quarters)))
    return sum(sure) / len(sure) if sure else 0.0


def slant_of(picture: Picture) -> float:
    """Degrees by which lines rise to the right; 0 when no direction stands out.

    Rows of a page that lies straight are either full of ink or empty, so the sum of squares of ink by row
    is largest at the right angle.
    """
    scale = min(1.0, _LONGEST / max(picture.shape))
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    ink = cv2.adaptiveThreshold(small, 1, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 15)
    down, across = np.nonzero(ink)
    if down.size < _FEWEST_INKED:
        return 0.0
    rows = int(ink.shape[0] + 2 * ink.shape[1] * np.tan(np.radians(_MOST_SLANT + 1)))
    offset = ink.shape[1] * np.tan(np.radians(_MOST_SLANT + 1))

    def sharpness(degrees: float) -> float:
        at = down + across * np.tan(np.radians(degrees)) + offset
        counts = np.bincount(at.astype(np.int64), minlength=rows + 1).astype(np.float64)
        changes = np.diff(counts)
        return float((changes * changes).sum())

    best, reach = 0.0, _MOST_SLANT
    for step in _STEPS:
        around = round(reach / step)
        angles = [best + step * turn for turn in range(-around, around + 1)]
        best = max(angles, key=lambda angle: (sharpness(angle), -abs(angle)))
        reach = step
    straight = sharpness(0.0)
    if abs(best) < _LEAST_SLANT or abs(best) > _MOST_SLANT or sharpness(best) < 1.02 * straight:
        return 0.0
    return best


def levelled(picture: Picture, degrees: float) -> Picture:
    """The picture turned clockwise about its middle by a small angle; the size stays."""
    if not degrees:
        return picture
    height, width = picture.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), -degrees, 1.0)
    return picture_of(
        cv2.warpAffine(
            picture,
            matrix,
            (width, height),
            flags=cv2.INTER_CUBIC,
            borderMode=cv2.BORDER_CONSTANT,
            borderValue=(float(_WHITE),),
        )
    )

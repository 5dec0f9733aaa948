"""The pages of a picture file as grey pictures of bounded size, set as its own notes say."""

import io
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from PIL import Image, ImageOps

from zhunsheng.documents.reading.recognition_models import Picture

# a JPEG file with several pictures is opened as MPO
_FORMATS: Final = ("PNG", "JPEG", "TIFF", "BMP", "GIF", "WEBP", "JPEG2000")
# several pictures of these are pages; of the others they are an animation or thumbnails
_PAGED: Final = {"TIFF"}
# an A3 page of 600 dpi has 70 million
MOST_PIXELS: Final = 72_000_000
MOST_SIDE: Final = 20_000
_LEAST_SIDE: Final = 8
MOST_FRAMES: Final = 200
_POINTS: Final = 72
_INCHES_LONG: Final = 11.69
# notes about resolution outside these are wrong or say nothing
_DOTS: Final = (60.0, 1300.0)
_SIDES: Final = (2.0, 50.0)
_LEAST_DOTS: Final = 96.0
_KIND_OF_SUBFILE: Final = 254
_REDUCED: Final = 1


class PictureError(Exception):
    """A picture cannot be read; the text says why, in Chinese."""


class PictureSizeError(PictureError):
    """A picture has too many pixels; the text says how many, in Chinese."""


@dataclass(frozen=True, slots=True)
class Frame:
    """A page of a picture file.

    Attributes:
        picture: grey values, upright as far as the file itself knows.
        width, height: in points.
        dots: pixels per inch, as noted in the file or taken from the size of an A4 page.
    """

    picture: Picture
    width: float
    height: float
    dots: float


class PictureFile:
    """An opened picture file.

    Raises:
        PictureError: when the bytes are no picture.
    """

    def __init__(self, data: bytes) -> None:
        with _strict():
            try:
                Image.init()  # formats that are not registered yet cannot be named
                self._image = Image.open(io.BytesIO(data), formats=_FORMATS)
                paged = self._image.format in _PAGED
                self.frames = _count(self._image) if paged else 1
                self.moving = not paged and self._image.format != "MPO" and _count(self._image) > 1
            except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
                raise PictureSizeError("像素数超过上限") from error
            except Exception as error:
                raise PictureError(_reason(error)) from error

    def pages(self) -> Iterator[Frame | PictureError]:
        """The pages in order, at most `MOST_FRAMES`; in place of one that cannot be read, why."""
        for index in range(min(self.frames, MOST_FRAMES)):
            with _strict():
                try:
                    if index:
                        self._image.seek(index)
                    if index and _is_thumbnail(self._image):
                        continue
                    frame: Frame | PictureError = _frame(self._image)
                except PictureError as error:
                    frame = error
                except (Image.DecompressionBombError, Image.DecompressionBombWarning):
                    frame = PictureSizeError("像素数超过上限")
                except Exception as error:  # noqa: BLE001 - foreign bytes can break a library in any way
                    frame = PictureError(_reason(error))
            yield frame


class _strict(warnings.catch_warnings):  # noqa: N801 - used like a function
    """A warning about size is an error here, others are none of the user's business."""

    def __enter__(self) -> None:
        super().__enter__()
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)


def _count(image: Image.Image) -> int:
    return int(getattr(image, "n_frames", 1))


def _is_thumbnail(image: Image.Image) -> bool:
    tags = getattr(image, "tag_v2", {})
    return bool(int(tags.get(_KIND_OF_SUBFILE, 0)) & _REDUCED)


def _frame(image: Image.Image) -> Frame:
    width, height = image.size
    if width * height > MOST_PIXELS or max(width, height) > MOST_SIDE:
        raise PictureSizeError(f"宽 {width:,}、高 {height:,} 像素")
    if min(width, height) < _LEAST_SIDE:
        raise PictureError(f"只有 {width}×{height} 像素")
    across, down = _dots(image)
    grey = _grey(image)
    turned = ImageOps.exif_transpose(grey)
    if turned.size != grey.size:
        across, down = down, across
    picture = np.array(turned, dtype=np.uint8)
    return Frame(
        picture,
        picture.shape[1] * _POINTS / across,
        picture.shape[0] * _POINTS / down,
        min(across, down),
    )


def _dots(image: Image.Image) -> tuple[float, float]:
    """Pixels per inch across and down, as noted, or so that the longer side is that of A4."""
    noted = image.info.get("dpi")
    if isinstance(noted, tuple) and len(noted) == 2:
        try:
            dots = (float(noted[0]), float(noted[1]))
        except (TypeError, ValueError, ZeroDivisionError, OverflowError):
            dots = (0.0, 0.0)
        sides = [size / each if each > 0 else 0.0 for size, each in zip(image.size, dots, strict=True)]
        # 72 and 96 are what programs write that do not know
        known = all(_DOTS[0] <= each <= _DOTS[1] for each in dots) and set(dots) not in ({72.0}, {96.0})
        if known and max(sides) <= _SIDES[1] and max(sides) >= _SIDES[0]:
            return dots
    guess = max(_LEAST_DOTS, max(image.size) / _INCHES_LONG)
    return guess, guess


def _grey(image: Image.Image) -> Image.Image:
    """Grey values on white paper, the note about orientation kept."""
    if image.format == "JPEG" and image.mode == "RGB":
        image.draft("L", image.size)
    note = image.getexif()
    if image.mode in {"I", "F"} or image.mode.startswith("I;"):
        values = np.array(image, dtype=np.float32)
        low, high = float(np.nanmin(values)), float(np.nanmax(values))
        spread = high - low if np.isfinite(high - low) and high > low else 1.0
        grey = Image.fromarray(np.nan_to_num((values - low) * (255 / spread)).astype(np.uint8))
    elif image.mode in {"RGBA", "LA", "PA", "RGBa", "La"} or "transparency" in image.info:
        clear = image.convert("RGBA")
        grey = Image.new("L", image.size, 255)
        grey.paste(clear.convert("L"), mask=clear.getchannel("A"))
    else:
        grey = image.convert("L")
    grey.info["exif"] = note.tobytes() if note else b""
    return grey


def _reason(error: Exception) -> str:
    return {
        "UnidentifiedImageError": "格式不能辨认",
        "EOFError": "内容不完整",
        "OSError": "内容不完整或已损坏",
    }.get(type(error).__name__, f"内容异常（{type(error).__name__}）")

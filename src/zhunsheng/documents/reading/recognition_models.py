"""The two networks of character recognition: where text stands, and what a line of text says.

They run in onnxruntime from files that the package `rapidocr` carries. That package itself is not
imported: its own start-up may fetch files that are missing, and nothing here may reach for a network.
"""

from dataclasses import dataclass
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

import cv2
import numpy as np
import numpy.typing as npt

Picture = npt.NDArray[np.uint8]
Map = npt.NDArray[np.float32]

_THREADS: Final = 2
# what the reading network was trained with: line height, and pixels for each of its steps
_LINE_HEIGHT: Final = 48
_STEP: Final = 8
_NARROWEST: Final = 96
_WIDEST: Final = 3200
# the network that finds text halves its input five times
_BLOCK: Final = 32


def picture_of(values: Any) -> Picture:  # noqa: ANN401 - the picture library is loosely typed
    """Values as a picture."""
    return np.asarray(values, dtype=np.uint8)


class RecognitionMissingError(Exception):
    """The recognition component or its model files are not installed; the text names what is missing."""


@dataclass(frozen=True, slots=True)
class Glyph:
    """A recognised character.

    Attributes:
        text: one character; a space for a gap that the network saw.
        confidence: of this character, 0..1.
        x: its centre in pixels from the left end of the line's picture.
    """

    text: str
    confidence: float
    x: float


class Models:
    """The loaded networks. Their answers depend on nothing but the picture."""

    def __init__(self, finder: Path, reader: Path) -> None:
        # imported late: whoever only reads text files need not load it
        import onnxruntime  # noqa: PLC0415

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = _THREADS
        options.inter_op_num_threads = 1
        # an arena keeps the largest amount ever needed; pages differ much
        options.enable_cpu_mem_arena = False
        # waiting threads that spin starve other programs, and each other where cores are few
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 4
        self._finder, self._reader = (
            onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
            for path in (finder, reader)
        )
        listed = self._reader.get_modelmeta().custom_metadata_map["character"].split("\n")
        self._characters = ["", *listed, " "]

    def find(self, picture: Picture, longest: int) -> tuple[Map, float]:
        """How likely each pixel belongs to the core of a text line, and pixels of the map per pixel.

        Args:
            picture: grey, any size.
            longest: longer side of the map in pixels, at most.
        """
        height, width = picture.shape
        scale = min(1.0, longest / max(height, width))
        inner_height, inner_width = max(1, round(height * scale)), max(1, round(width * scale))
        small = cv2.resize(picture, (inner_width, inner_height), interpolation=cv2.INTER_AREA)
        below = -inner_height % _BLOCK
        right = -inner_width % _BLOCK
        padded = cv2.copyMakeBorder(small, 0, below, 0, right, cv2.BORDER_REPLICATE)
        likely = self._run(self._finder, picture_of(padded))[0, 0]
        return likely[:inner_height, :inner_width], scale

    def read(self, line: Picture) -> list[Glyph]:
        """The characters of one upright line of text, from left to right."""
        height, width = line.shape
        factor = _LINE_HEIGHT / height
        wide = min(_WIDEST, max(1, round(width * factor)))
        how = cv2.INTER_CUBIC if factor > 1 else cv2.INTER_AREA
        sized = cv2.resize(line, (wide, _LINE_HEIGHT), interpolation=how)
        rest = max(-wide % _STEP, _NARROWEST - wide)
        padded = cv2.copyMakeBorder(sized, 0, 0, 0, rest, cv2.BORDER_REPLICATE)
        shares = self._run(self._reader, picture_of(padded))[0]
        best = shares.argmax(axis=1)
        glyphs: list[Glyph] = []
        before = 0
        at_step: list[int] = []
        for step, index in enumerate(best.tolist()):
            if index and index != before:
                glyphs.append(Glyph(self._characters[index], float(shares[step, index]), 0.0))
                at_step.append(step)
            elif index and float(shares[step, index]) > glyphs[-1].confidence:
                glyphs[-1] = Glyph(glyphs[-1].text, float(shares[step, index]), 0.0)
            before = index
        steps = shares.shape[0]
        pixels = (wide + rest) / steps * width / wide
        return [
            Glyph(glyph.text, glyph.confidence, min(width - 0.5, (step + 0.5) * pixels))
            for glyph, step in zip(glyphs, at_step, strict=True)
        ]

    @staticmethod
    def _run(session: Any, picture: Picture) -> Map:  # noqa: ANN401 - the library is not typed
        values = picture.astype(np.float32)
        values /= 127.5
        values -= 1.0
        three = np.broadcast_to(values, (1, 3, *values.shape))
        answer: Map = session.run(None, {session.get_inputs()[0].name: np.ascontiguousarray(three)})[0]
        return answer


@lru_cache(maxsize=1)
def models() -> Models:
    """The networks, loaded once.

    Raises:
        RecognitionMissingError: when a component or a model file is absent.
    """
    if find_spec("onnxruntime") is None:
        raise RecognitionMissingError("onnxruntime")
    spec = find_spec("rapidocr")
    if spec is None or spec.origin is None:
        raise RecognitionMissingError("rapidocr")
    folder = Path(spec.origin).parent / "models"
    found = []
    for pattern in ("*det*.onnx", "*rec*.onnx"):
        files = sorted(folder.glob(pattern))
        if not files:
            raise RecognitionMissingError(f"rapidocr/models/{pattern}")
        found.append(files[-1])
    return Models(*found)

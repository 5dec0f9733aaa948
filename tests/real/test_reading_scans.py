"""Pages of public documents, printed to pictures and read again: the figures must be the same.

The documents are kept outside the project; where they are absent this says so. What a page says is taken
from the text that the document itself carries.
"""

import io
import re
from collections import Counter
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PIL import Image

from zhunsheng.documents.reading.image_reader import read_image

DOCUMENTS = Path(__file__).parents[3] / "shared" / "documents"
DOTS = 200
NUMERAL = re.compile(r"\d[\d,]*(?:\.\d+)?%?")

pytestmark = [
    pytest.mark.real,
    pytest.mark.slow,
    pytest.mark.skipif(
        not DOCUMENTS.is_dir(), reason="the public documents are not beside the project: no page to scan"
    ),
    pytest.mark.skipif(
        find_spec("onnxruntime") is None or find_spec("rapidocr") is None,
        reason="character recognition is not installed",
    ),
]


def numerals(text: str) -> Counter[str]:
    return Counter(NUMERAL.findall(text))


def scanned(pattern: str, number: int) -> tuple[bytes, Counter[str]]:
    """A page as a slightly slanted, noisy picture, and the numerals printed on it."""
    pdf = pypdfium2.PdfDocument(next(DOCUMENTS.glob(pattern)))
    try:
        page = pdf[number - 1]
        words = page.get_textpage().get_text_range()
        picture = page.render(scale=DOTS / 72).to_pil().convert("L")
    finally:
        pdf.close()
    slanted = picture.rotate(0.8, resample=Image.Resampling.BICUBIC, fillcolor=255)
    noise = np.random.default_rng(number).normal(0, 8, (slanted.height, slanted.width))
    values = np.clip(np.asarray(slanted) * 0.9 + 10 + noise, 0, 255).astype(np.uint8)
    stream = io.BytesIO()
    Image.fromarray(values).save(stream, "JPEG", quality=70, dpi=(DOTS, DOTS))
    return stream.getvalue(), numerals(words)


# a page of sentences, a wide table with many noughts, a table of a final account
@pytest.mark.parametrize(("pattern", "number"), [("001-*.pdf", 19), ("002-*.pdf", 19), ("008-*.pdf", 10)])
def test_the_figures_of_a_scan_are_those_of_the_page(pattern: str, number: int) -> None:
    data, printed = scanned(pattern, number)
    assert printed.total() >= 15
    document = read_image(data, "扫描.jpg")
    found = numerals(document.text)
    assert (printed & found).total() >= 0.97 * printed.total()
    assert (found - printed).total() <= 0.03 * printed.total()
    assert document.recognised

"""Pictures are drawn here, so what they say and where is known without reading them."""

import io
import socket
import struct
import zlib
from collections.abc import Callable
from importlib.metadata import files
from importlib.util import find_spec
from itertools import pairwise

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from zhunsheng.documents.fonts import BODY, SONG, find_fonts
from zhunsheng.documents.reading import image_pages, recognition_models
from zhunsheng.documents.reading.image_reader import read_image
from zhunsheng.documents.reading.page_content import PageContent
from zhunsheng.documents.reading.recognition import recognise_page
from zhunsheng.documents.reading.recognition_models import Glyph
from zhunsheng.documents.reading.recognition_numerals import is_dash, is_nought, mend, without_false_spaces

FONT = find_fonts().file(SONG) or find_fonts().file(BODY)
needs_font = pytest.mark.skipif(FONT is None, reason="no Chinese font is installed: no page can be drawn")
needs_models = pytest.mark.skipif(
    find_spec("onnxruntime") is None or find_spec("rapidocr") is None,
    reason="character recognition is not installed",
)
DOTS = 200
SIZE = (1240, 1000)
SENTENCE = "全年预算数22,918.41万元，执行率94.68%，得分8.5分。"
TABLE = (
    ("项目", "预算数", "执行数", "执行率"),
    ("基本支出", "1,204.50", "1,198.07", "99.47%"),
    ("项目支出", "310", "—", "0%"),
    ("合计", "1,514.50", "1,198.07", "79.11%"),
)


def drawn() -> Image.Image:
    """A sentence, and a ruled table under it."""
    page = Image.new("L", SIZE, 255)
    pen = ImageDraw.Draw(page)
    font = ImageFont.truetype(str(FONT), 33)
    pen.text((120, 120), SENTENCE, font=font, fill=0)
    xs, ys = (120, 420, 680, 920, 1120), (240, 310, 380, 450, 520)
    for y in ys:
        pen.line((xs[0], y, xs[-1], y), fill=0, width=2)
    for x in xs:
        pen.line((x, ys[0], x, ys[-1]), fill=0, width=2)
    for top, row in zip(ys, TABLE, strict=False):
        for (left, right), text in zip(pairwise(xs), row, strict=True):
            pen.text(((left + right) / 2, top + 35), text, font=font, fill=0, anchor="mm")
    return page


def recognised(page: Image.Image) -> PageContent:
    width, height = (side * 72 / DOTS for side in page.size)
    return recognise_page(np.asarray(page, dtype=np.uint8), 1, width, height)


def png(page: Image.Image, **options: object) -> bytes:
    stream = io.BytesIO()
    page.save(stream, "PNG", dpi=(DOTS, DOTS), **options)
    return stream.getvalue()


def said(content: PageContent) -> str:
    return "".join(word.text for word in sorted(content.words, key=lambda word: (word.top, word.x0)))


@needs_font
@needs_models
@pytest.mark.slow
class TestPage:
    def test_the_sentence_is_read_where_it_stands(self) -> None:
        content = recognised(drawn())
        words = [word for word in content.words if word.top < 70]
        assert "".join(word.text for word in words) == SENTENCE
        assert words[0].x0 == pytest.approx(120 * 72 / DOTS, abs=4)
        assert words[0].top == pytest.approx(122 * 72 / DOTS, abs=4)
        assert words[0].size == pytest.approx(33 * 72 / DOTS, rel=0.2)
        assert all(word.confidence is not None and 0.5 < word.confidence <= 1 for word in words)
        assert all(len(word.edges) == len(word.text) + 1 for word in words)
        # the percent sign stands where its glyph was drawn
        font = ImageFont.truetype(str(FONT), 33)
        before = font.getlength(SENTENCE[: SENTENCE.index("%")])
        edges = [edge for word in words for edge in word.edges[:-1]]
        assert edges[SENTENCE.index("%")] == pytest.approx((120 + before) * 72 / DOTS, abs=4)

    def test_the_grid_is_found(self) -> None:
        content = recognised(drawn())
        across = sorted(rule.top for rule in content.rules if rule.horizontal)
        down = sorted(rule.x0 for rule in content.rules if not rule.horizontal)
        assert across == pytest.approx([y * 72 / DOTS for y in (240, 310, 380, 450, 520)], abs=1.5)
        assert down == pytest.approx([x * 72 / DOTS for x in (120, 420, 680, 920, 1120)], abs=1.5)

    @pytest.mark.parametrize("quarters", [1, 2, 3])
    def test_a_turned_page_is_set_upright(self, quarters: int) -> None:
        page = drawn().rotate(90 * quarters, expand=True)
        content = recognised(page)
        assert content.turned == quarters
        assert (content.width, content.height) == pytest.approx(tuple(side * 72 / DOTS for side in SIZE))
        assert said(content).startswith(SENTENCE)

    @pytest.mark.parametrize("degrees", [1.7, -3.0])
    def test_a_slanted_and_noisy_scan_says_the_same(self, degrees: float) -> None:
        page = drawn().rotate(degrees, resample=Image.Resampling.BICUBIC, fillcolor=255)
        noise = np.random.default_rng(7).normal(0, 8, (page.height, page.width))
        values = np.clip(np.asarray(page) * 0.9 + 10 + noise, 0, 255).astype(np.uint8)
        stream = io.BytesIO()
        Image.fromarray(values).save(stream, "JPEG", quality=70, dpi=(DOTS, DOTS))
        document = read_image(stream.getvalue(), "扫描.jpg")
        assert SENTENCE in document.text
        cells = [document.quote(cell.span) for cell in document.tables[0].cells]
        assert cells == [text for row in TABLE for text in row]

    def test_the_same_picture_gives_the_same_words(self) -> None:
        assert recognised(drawn()) == recognised(drawn())

    def test_coarse_and_fine_pictures_say_the_same(self) -> None:
        for share in (0.6, 2.0):
            size = (round(SIZE[0] * share), round(SIZE[1] * share))
            page = drawn().resize(size, Image.Resampling.LANCZOS)
            width, height = (side * 72 / DOTS for side in SIZE)
            content = recognise_page(np.asarray(page, dtype=np.uint8), 1, width, height)
            assert said(content).startswith(SENTENCE)

    def test_nothing_is_fetched(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuse(*_args: object, **_options: object) -> None:
            raise AssertionError("the network was asked for")

        monkeypatch.setattr(socket, "socket", refuse)
        monkeypatch.setattr(socket, "create_connection", refuse)
        recognition_models.models.cache_clear()
        assert said(recognised(drawn())).startswith(SENTENCE)


@needs_models
def test_the_networks_are_part_of_the_package() -> None:
    listed = {str(each) for each in files("rapidocr") or () if str(each).endswith(".onnx")}
    assert any("det" in each for each in listed)
    assert any("rec" in each for each in listed)


@needs_font
@needs_models
@pytest.mark.slow
class TestFile:
    def test_cells_and_marks(self) -> None:
        calls: list[tuple[int, int]] = []
        document = read_image(png(drawn()), "表.png", progress=lambda done, of: calls.append((done, of)))
        table = document.tables[0]
        assert {(cell.row, cell.column): document.quote(cell.span) for cell in table.cells} == {
            (row, column): text for row, line in enumerate(TABLE) for column, text in enumerate(line)
        }
        assert document.format == "image"
        assert calls == [(1, 1)]
        assert [problem.code for problem in document.problems] == ["READ-056"]
        for cell in table.cells:
            assert document.is_recognised(cell.span)
        assert all(0 < sure <= 1 for _, sure in document.recognised)

    def test_pages_of_a_tiff(self) -> None:
        first, second = (Image.new("L", (900, 300), 255) for _ in range(2))
        font = ImageFont.truetype(str(FONT), 40)
        ImageDraw.Draw(first).text((60, 100), "预算数318.6万元。", font=font, fill=0)
        ImageDraw.Draw(second).text((60, 100), "决算数297.2万元。", font=font, fill=0)
        stream = io.BytesIO()
        first.save(stream, "TIFF", save_all=True, append_images=[second], dpi=(DOTS, DOTS))
        calls: list[tuple[int, int]] = []
        document = read_image(stream.getvalue(), "两页.tif", progress=lambda *call: calls.append(call))
        assert document.page_count == 2
        assert document.text.split() in (
            ["预算数318.6万元。", "决算数297.2万元。"],
            ["预算数318.6万元。决算数297.2万元。"],
        )
        assert calls == [(1, 2), (2, 2)]

    @pytest.mark.parametrize(
        "change",
        [
            lambda page: page.convert("RGBA"),
            lambda page: Image.merge("LA", (Image.new("L", page.size, 0), page.point(lambda v: 255 - v))),
            lambda page: page.convert("1"),
            lambda page: page.convert("P"),
            lambda page: Image.fromarray(np.asarray(page).astype(np.uint16) * 257),
        ],
        ids=["colour and alpha", "black on nothing", "one bit", "palette", "16 bits"],
    )
    def test_kinds_of_pixels(self, change: Callable[[Image.Image], Image.Image]) -> None:
        page = drawn().crop((80, 80, SIZE[0], 220))
        assert SENTENCE in read_image(png(change(page)), "句.png").text

    def test_the_note_about_orientation_is_followed(self) -> None:
        page = drawn().crop((80, 80, SIZE[0], 220)).rotate(90, expand=True)
        exif = Image.Exif()
        exif[0x0112] = 6
        stream = io.BytesIO()
        page.save(stream, "JPEG", exif=exif, dpi=(DOTS, DOTS), quality=90)
        assert SENTENCE in read_image(stream.getvalue(), "照片.jpg").text

    def test_of_an_animation_the_first_picture_is_read(self) -> None:
        page = drawn().crop((80, 80, SIZE[0], 220))
        stream = io.BytesIO()
        page.save(stream, "GIF", save_all=True, append_images=[page.point(lambda v: 255 - v)])
        document = read_image(stream.getvalue(), "动画.gif")
        assert SENTENCE in document.text
        assert "READ-058" in {problem.code for problem in document.problems}

    def test_tiny_type_is_reported(self) -> None:
        page = Image.new("L", (700, 200), 255)
        pen = ImageDraw.Draw(page)
        pen.text(
            (40, 80), "预算数318.6万元，决算数297.2万元。", font=ImageFont.truetype(str(FONT), 12), fill=0
        )
        document = read_image(png(page), "小字.png")
        assert "READ-057" in {problem.code for problem in document.problems}


class TestHostileFile:
    def codes(self, data: bytes) -> list[str]:
        document = read_image(data, "坏.png")
        assert not document.text
        return [problem.code for problem in document.problems]

    @pytest.mark.parametrize("side", [9_000, 60_000])
    def test_a_gigantic_picture_is_not_unpacked(self, side: int) -> None:
        def chunk(kind: bytes, body: bytes) -> bytes:
            return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

        head = chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0))
        data = b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")
        assert self.codes(data) == ["READ-054"]

    def test_a_cut_off_file_is_damaged(self) -> None:
        noise = np.random.default_rng(3).integers(0, 256, (300, 300)).astype(np.uint8)
        assert self.codes(png(Image.fromarray(noise))[:5000]) == ["READ-053"]

    @pytest.mark.parametrize(
        "data", [b"\xff\xd8\xff\xe0" + bytes(50), b"GIF89a", b"BM" + bytes(60), b"II*\0\xff\xff\xff\xff"]
    )
    def test_what_only_begins_like_a_picture_is_damaged(self, data: bytes) -> None:
        assert self.codes(data) == ["READ-053"]

    @needs_models
    def test_a_blank_page_has_no_text(self) -> None:
        assert self.codes(png(Image.new("L", (400, 300), 255))) == ["READ-059"]

    @needs_models
    def test_too_many_pages_are_reported(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(image_pages, "MOST_FRAMES", 1)
        monkeypatch.setattr("zhunsheng.documents.reading.image_reader.MOST_FRAMES", 1)
        stream = io.BytesIO()
        blank = Image.new("L", (60, 60), 255)
        blank.save(stream, "TIFF", save_all=True, append_images=[blank])
        assert self.codes(stream.getvalue()) == ["READ-058"]

    def test_without_the_networks_it_says_so(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(recognition_models, "find_spec", lambda _name: None)
        recognition_models.models.cache_clear()
        try:
            assert self.codes(png(Image.new("L", (60, 60), 255))) == ["READ-055"]
        finally:
            recognition_models.models.cache_clear()


def glyphs(text: str) -> list[Glyph]:
    return [Glyph(each, 0.9, 20.0 * place) for place, each in enumerate(text)]


@pytest.mark.parametrize(
    ("seen", "meant"),
    [
        ("1，204.50万元", "1,204.50万元"),
        ("1，204，500", "1,204,500"),
        ("94。68%", "94.68%"),
        ("94．6％", "94.6％"),
        ("1O.5", "10.5"),
        ("O.35", "0.35"),
        ("2l3", "213"),
        # each of these may mean what it says
        ("2023，2024年", "2023，2024年"),
        ("12，15和18", "12，15和18"),
        ("共5。2023年", "共5。2023年"),
        ("得分5。3月", "得分5。3月"),
        ("CO2", "CO2"),
        ("O7", "O7"),
        ("得分项.O7.", "得分项.O7."),
        ("B5.O", "B5.O"),
        ("l5", "l5"),
        ("OK", "OK"),
        ("三〇年", "三〇年"),
        ("二〇一5", "二〇一5"),
        ("1,23,456", "1,23,456"),
    ],
)
def test_mending_numerals(seen: str, meant: str) -> None:
    assert "".join(glyph.text for glyph in mend(glyphs(seen))) == meant


def test_a_lone_nought_is_narrow() -> None:
    assert is_nought("O", 22, 13)
    assert not is_nought("O", 8, 8)
    assert not is_nought("Q", 22, 13)


def test_a_dash_is_flat_and_even() -> None:
    assert is_dash(2, 26, 0.95)
    assert not is_dash(5, 26, 0.55)
    assert not is_dash(20, 26, 0.95)


@pytest.mark.parametrize(
    ("seen", "width", "meant"),
    [
        ("1, 204. 50", 0.5, "1,204.50"),
        ("1, 204", 1.3, "1, 204"),
        ("1. 2025年", 0.85, "1. 2025年"),
        ("12 34", 0.5, "12 34"),
        ("5% 12", 0.5, "5% 12"),
        ("5 %", 0.5, "5%"),
        ("共 5", 0.5, "共 5"),
    ],
)
def test_spaces_inside_numerals(seen: str, width: float, meant: str) -> None:
    found = without_false_spaces(glyphs(seen), lambda _left, _right: width)
    assert "".join(glyph.text for glyph in found) == meant

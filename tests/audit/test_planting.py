"""Planting changes one figure and nothing else, and every span still says what it said."""

import random
from collections.abc import Callable
from decimal import Decimal

import pytest

from zhunsheng.audit.document import Document, Span
from zhunsheng.audit.planting import Plant, PlantKind, plants, with_replaced
from zhunsheng.audit.reading import read

TEXT = "收入合计1,234.56万元。\n项目\t金额\n办公费\t12.50\n差旅费\t-3.75\n共有12项，去年9项。\n"


def test_every_kind_that_fits_is_planted_once(document: Callable[[str], Document]) -> None:
    reading = read(document(TEXT))
    made: dict[PlantKind, list[tuple[Plant, Document]]] = {}
    for numeral in reading.numerals:
        for planted in plants(reading, numeral, random.Random(7), Decimal("99.10")):  # noqa: S311 - not a secret
            made.setdefault(planted[0].kind, []).append(planted)
    assert set(made) == {
        PlantKind.SWAP,
        PlantKind.POINT,
        PlantKind.DIGIT,
        PlantKind.SIGN,
        PlantKind.OFF_BY_ONE,
        PlantKind.STALE,
        PlantKind.UNIT,
    }
    for each in made.values():
        for plant, changed in each:
            assert plant.before != plant.after
            assert changed.quote(plant.span) == plant.after
            restored = with_replaced(changed, plant.span, plant.before)
            assert restored.text == TEXT
            assert restored.blocks == reading.document.blocks
            assert restored.tables == reading.document.tables


def test_other_cells_keep_their_words(document: Callable[[str], Document]) -> None:
    original = document(TEXT)
    place = TEXT.index("12.50")
    changed = with_replaced(original, Span(place, place + 5), "1250")
    before = [original.quote(cell.span) for cell in original.tables[0].cells]
    after = [changed.quote(cell.span) for cell in changed.tables[0].cells]
    assert after == ["1250" if words == "12.50" else words for words in before]


def test_a_span_over_the_edge_of_a_cell_is_refused(document: Callable[[str], Document]) -> None:
    place = TEXT.index("办公费")
    with pytest.raises(ValueError, match="edge"):
        with_replaced(document(TEXT), Span(place + 1, place + 6), "x")

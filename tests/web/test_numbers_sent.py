"""Whole numbers from outside: read where they are some, nothing in their place where they are none."""

import pytest

from zhunsheng.web.numbers_sent import number_sent, revision_sent, year_sent


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("7", 7), ("007", 7), ("999999999", 999_999_999)])
def test_a_whole_number_is_read(text: str, number: int) -> None:
    assert number_sent(text) == number
    assert revision_sent(text) == number


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        " ",
        "-1",
        "+1",
        "1.0",
        "1e3",
        "0x1",
        "1_000",
        " 1",
        "1 ",
        "１",
        "²",
        "一",
        "9" * 10,
        "9" * 5000,
    ],
)
def test_anything_else_is_none(text: str | None) -> None:
    assert number_sent(text) is None
    # no row and no year has this revision, so whoever sends it is told to look again
    assert revision_sent(text) == -1


def test_how_long_a_number_may_be_is_said() -> None:
    assert number_sent("12345", digits=5) == 12345
    assert number_sent("123456", digits=5) is None


@pytest.mark.parametrize(
    ("text", "year"),
    [("2023", 2023), ("0001", 1), ("23", None), ("20234", None), ("２０２３", None), (None, None)],
)
def test_a_year_has_four_digits(text: str | None, year: int | None) -> None:
    assert year_sent(text) == year

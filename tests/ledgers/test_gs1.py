"""Trade item numbers; the examples are those of the GS1 General Specifications and of printed goods."""

import pytest

from zhunsheng.ledgers.gs1 import check_digit, gtin_fault


@pytest.mark.parametrize(
    "code", ["6291041500213", "4006381333931", "73513537", "614141000036", "10614141000415"]
)
def test_valid(code: str) -> None:
    assert gtin_fault(code) is None


def test_check_digit_by_hand() -> None:
    """6 + 3·2 + 9 + 3·1 + 0 + 3·4 + 1 + 3·5 + 0 + 0 + 2 + 3·1 = 57; 3 are missing to 60."""
    total = sum(int(digit) * weight for digit, weight in zip("629104150021", (1, 3) * 6, strict=True))
    assert total == 57
    assert check_digit("629104150021") == "3"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("6291041500214", "应为“3”"),
        ("629104150021", "校验位"),
        ("12345", "8、12、13 或 14"),
        ("629104150021X", "数字"),
    ],
)
def test_wrong(code: str, words: str) -> None:
    fault = gtin_fault(code)
    assert fault is not None
    assert words in fault


def test_full_width_digits_are_no_digits_of_a_code() -> None:
    assert gtin_fault("６２９１０４１５００２１３") is not None

"""The unified social credit code; vectors of GB 32100-2015 and of public records, worked out by hand elsewhere."""

import pytest

from zhunsheng.ledgers.field import FieldDefinition, FieldType
from zhunsheng.ledgers.uscc import WEIGHTS, check_character, subject_check_character, uscc_fault
from zhunsheng.ledgers.values import read_value


@pytest.mark.parametrize(
    "code",
    [
        # public records
        "91110000600037341L",
        "91500111MACM8P5450",
        "91310115086217015E",
        # synthetic: enterprise, individual with X at position 17, cooperative, sum divisible by 31, authority, village
        "91440101MA9X00011C",
        "92440114MA9X0002XU",
        "93440114MA9X00038Q",
        "91440101MA9X001690",
        "11440100007482508K",
        "N2440114MF0000013L",
    ],
)
def test_valid(code: str) -> None:
    assert uscc_fault(code) is None


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("91440300MA5EC9TD3X", "第 18 位应为“W”"),
        ("91330106MA2CE7XW08", "第 18 位应为“Y”"),
        ("91440101MA9X0001IC", "不应有“I”"),
        ("91440101MA9X0001", "应为 18 位，现为 16 位"),
        ("", "应为 18 位"),
        ("91440101ma9x00011c", "不应有“m”"),
    ],
)
def test_wrong(code: str, words: str) -> None:
    fault = uscc_fault(code)
    assert fault is not None
    assert words in fault


def test_weights_are_powers_of_three_modulo_31() -> None:
    """1, 3, 9, 27, then 81 - 62 = 19, 57 - 31 = 26, 78 - 62 = 16 and so on."""
    assert WEIGHTS == (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)


def test_worked_examples() -> None:
    """91110000600037341L: 109 mod 11 = 10 gives 1, 538 mod 31 = 11 gives place 20, L.

    92440114MA9X0002XU: 551 mod 11 = 1 gives X, 2453 mod 31 = 4 gives place 27, U.
    """
    assert subject_check_character("60003734") == "1"
    assert check_character("91110000600037341") == "L"
    assert subject_check_character("MA9X0002") == "X"
    assert check_character("92440114MA9X0002X") == "U"


def test_a_sum_divisible_by_31_gives_nought() -> None:
    assert check_character("91440101MA9X00169") == "0"


def test_blanks_and_small_letters_are_made_canonical() -> None:
    field = FieldDefinition("uscc", "代码", FieldType.TEXT, length=18, exact_length=True, validator="uscc")
    reading = read_value(field, " 91440101ma9x00011c")
    assert reading.value == "91440101MA9X00011C"
    assert reading.changed


@pytest.mark.parametrize("first", ["", "9144010", "91440101MA9X0001I"])
def test_misuse(first: str) -> None:
    with pytest.raises(ValueError):
        check_character(first)
    with pytest.raises(ValueError):
        subject_check_character(first)

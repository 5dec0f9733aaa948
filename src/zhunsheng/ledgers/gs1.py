"""GS1 keys (商品条码): the check digit of GTIN-8, -12, -13 and -14."""

_LENGTHS = (8, 12, 13, 14)


def check_digit(digits: str) -> str:
    """The last digit for the ones before it: weights 3, 1, 3 ... from the right.

    Raises:
        ValueError: a character is not a digit.
    """
    total = sum(int(each) * (3 if place % 2 == 0 else 1) for place, each in enumerate(reversed(digits)))
    return str(-total % 10)


def gtin_fault(code: str) -> str | None:
    """What is wrong with a trade item number, in Chinese; None when it is valid."""
    if len(code) not in _LENGTHS or not (code.isascii() and code.isdigit()):
        return "商品条码应为 8、12、13 或 14 位数字"
    expected = check_digit(code[:-1])
    return None if code[-1] == expected else f"商品条码的校验位应为“{expected}”"

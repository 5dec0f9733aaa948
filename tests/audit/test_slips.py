"""Slips named by hand."""

from decimal import Decimal

import pytest

from zhunsheng.audit.slips import slip_between


@pytest.mark.parametrize(
    ("printed", "true", "name"),
    [
        ("8013", "8103", "swapped"),
        ("126.21", "126.71", "digit"),
        ("1291", "129.1", "point"),
        ("12.91", "1291", "point"),
        ("-3.5", "3.5", "sign"),
        ("2291.66", "22918.66", "lost"),
        ("22918.6", "229186", "point"),
        ("1270", "12270", "lost"),
        ("12270", "1270", "extra"),
        ("55", "78", None),
        ("5", "5", None),
    ],
)
def test_slip(printed: str, true: str, name: str | None) -> None:
    slip = slip_between(Decimal(printed), Decimal(true))
    assert (slip.name if slip else None) == name

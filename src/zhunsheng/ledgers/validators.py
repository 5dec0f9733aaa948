"""Checks of a value's form by name, and what each says when it fails."""

from collections.abc import Callable, Mapping

from zhunsheng.ledgers.gs1 import gtin_fault
from zhunsheng.ledgers.uscc import uscc_fault

VALIDATORS: Mapping[str, Callable[[str], str | None]] = {"uscc": uscc_fault, "gtin": gtin_fault}
"""By name: takes a value in canonical form and gives what is wrong with it in Chinese, or None."""

"""Codes made for whole columns are valid by the checks of single ones, and differ."""

from typing import TYPE_CHECKING

import duckdb
import numpy as np
import pytest

from zhunsheng.ledgers.gs1 import gtin_fault
from zhunsheng.ledgers.uscc import uscc_fault
from zhunsheng.synthesis.codes import credit_code_columns, credit_code_sql, patent_numbers, trade_item_numbers

if TYPE_CHECKING:
    from tests.synthesis.conftest import Made


@pytest.mark.parametrize("kind", [0, 1, 2, 3])
@pytest.mark.parametrize("is_old", [True, False])
def test_credit_codes_are_valid_and_differ(kind: int, *, is_old: bool) -> None:
    size = 3000
    ids = np.arange(1, size + 1) * 9973
    columns = credit_code_columns(ids, np.full(size, kind), np.full(size, 440114), np.full(size, is_old))
    connection = duckdb.connect()
    connection.register("numbers", {f"x_{name}": values for name, values in columns.items()})
    codes = [each[0] for each in connection.sql("FROM numbers").project(credit_code_sql()).fetchall()]
    assert [uscc_fault(each) for each in codes] == [None] * size
    assert len(set(codes)) == size
    assert {each[:8] for each in codes} == {("91440114", "92440114", "93440114", "91440114")[kind]}


def test_all_codes_of_a_city_are_valid(city: "Made") -> None:
    for code, kind in city.rows("SELECT uscc, entity_class FROM market_entity WHERE uscc IS NOT NULL"):
        assert uscc_fault(code) is None
        assert code[:2] == {"ENT": "91", "IND": "92", "COOP": "93", "FOREIGN_OFFICE": "91"}[kind]


def test_trade_item_numbers_are_valid() -> None:
    assert trade_item_numbers(np.array([123456789])).tolist() == [6901234567892]  # the handbook's example
    for each in trade_item_numbers(np.arange(0, 5_000_000, 7919)):
        assert gtin_fault(str(each)) is None


def test_patent_numbers_carry_their_check_digit() -> None:
    # 2003 1 0123456: 2*2+0*3+0*4+3*5+1*6+0*7+1*8+2*9+3*2+4*3+5*4+6*5 = 119 and 119 mod 11 = 9
    body, check = patent_numbers(np.array([2003]), np.array([0]), np.array([123456]))
    assert body.tolist() == [200310123456]
    assert check.tolist() == [9]

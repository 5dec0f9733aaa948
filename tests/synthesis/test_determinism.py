"""The same order gives the same records; another seed gives others; a ledger has chance of its own."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import duckdb
from tests.synthesis.conftest import Maker, generated

from zhunsheng.store.calendar_files import load_calendar
from zhunsheng.store.ledger_files import ledger_codes, ledger_of
from zhunsheng.synthesis.generating import Order, generate
from zhunsheng.synthesis.profile import load_profile
from zhunsheng.synthesis.sinks import TableSink


def _digests(connection: duckdb.DuckDBPyConnection) -> dict[str, tuple[int, int]]:
    """Rows and content of every ledger, whatever the order of its rows."""
    digests = {}
    for (name,) in connection.execute("SELECT table_name FROM information_schema.tables").fetchall():
        table = connection.table(name)
        names = ", ".join(f'"{each}"' for each in table.columns)
        digests[name] = tuple(table.aggregate(f"count(*), bit_xor(hash(({names})))").fetchall()[0])
    return digests


def test_the_same_order_gives_the_same_records(make_city: Maker) -> None:
    first = make_city("huadu-2023")
    again = generated("huadu-2023", "0.01", 1)
    assert _digests(first.connection) == _digests(again.connection)


def test_another_seed_gives_other_records_of_the_same_size(make_city: Maker) -> None:
    first = _digests(make_city("huadu-2023").connection)
    other = _digests(generated("huadu-2023", "0.01", 2).connection)
    assert first["complaint"] != other["complaint"]
    assert first["complaint"][0] == other["complaint"][0]
    assert first["org"] == other["org"]


def test_a_change_in_one_ledger_does_not_shift_others(make_city: Maker) -> None:
    profile, _ = load_profile("huadu-2023")
    assert profile is not None
    rescues = replace(profile.figures["equipment.rescues"], value=Decimal(3000))
    changed = replace(profile, figures={**profile.figures, "equipment.rescues": rescues})
    connection = duckdb.connect(config={"threads": 2})
    generate(
        Order(changed, Fraction(1, 100), 1),
        TableSink(connection),
        calendar=load_calendar()[0],
        catalogue=ledger_of,
        codes=ledger_codes(),
    )
    before, after = _digests(make_city("huadu-2023").connection), _digests(connection)
    assert {name for name in before if before[name] != after[name]} == {"rescue"}

"""What the query calls clean, the row checks find clean, with the same values: generated and mutated rows."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.store.intake.conftest import CODES, EVERY_KIND, TODAY, Query, ledger_from

from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.ledgers.field import Level
from zhunsheng.ledgers.row_checks import RowChecker
from zhunsheng.store.intake.compiled import compile_ledger
from zhunsheng.store.intake.typed_rows import to_physical

VALID = {
    "number": "N-1",
    "uscc": "91440101MA9X00011C",
    "barcode": "6901234567892",
    "name": "广州商行",
    "kind": "K1",
    "people": "12",
    "weight": "5307.17",
    "amount": "1234.50",
    "paid": "1000",
    "urgent": "是",
    "happened_on": "2023-03-05",
    "closed_at": "2023-03-09 10:30:00",
    "state": "办结",
    "entity_id": "E1",
    "marks": "甲、B",
    "items": "食品销售、餐饮服务",
    "officers": "S1、S2",
    "pauses": '[{"from": "2023-03-06"}]',
    "org_code": "440114-01",
}
PIECES = [
    "", " ", "0", "1", "9", "-", "+", ".", ",", "，", "、", ";", "；", "/", ":", "T", "Z", "%", "e", "E", "'", "#",
    "　", "\u200b", "\x1f", "\n", "\t", "（", "）", "(", ")", "[", "]", "{", "}", '"', "是", "甲", "年", "月", "日",
    "万", "元", "人", "O", "I", "a", "Ａ", "１", "｜", "|", "\ufffd", "\u00a0", "_", "inf", "nan", "24:00", "00:00",
]  # fmt: skip
WHOLE = [
    "", "12.0", "-0", "00012", "1_000", "1e3", "0.10", ".5", "5.", "1,234.50", "12万元", "78%", "99999999999999999999",
    "9223372036854775807", "9223372036854775808", "92233720368547758.07", "92233720368547758.08", "0.005", "1.005",
    "2023/3/5", "2023-3-5", "20230305", "2023-02-29", "2023-03-05 00:00:00", "2023-03-05T10:00:00", "2023-03-05 10:00",
    "2023/03/05 10:00:00", "9999-12-31", "1899-12-31", "2100-12-31", "2101-01-01", "0001-01-01", "infinity", "epoch",
    "2023-03-05 10:00:00.5", "2023-03-05 10:00:00.123456", "2023-03-05 10:00:00.1234567", "2023-03-05 10:00:00+08",
    "2023-03-05 (BC)", "290309-12-22", "TRUE", "true", "yes", "是", "否", "OPEN", "open", "在办", "在 办", "甲", "A、A",
    "A,B;C", "A、", "、A", '["A"]', "[A]", "x(a、b)、c", "a;b、c", "a；；b", "{}", "[]", "null", "NaN", "[NaN]", "[" * 200,
    "#N/A", "#1", "'=1", "S1 、 S2", "S1、S1", "91440300MA5EC9TD3X", "N2440114MF0000013L", "91440101MA9X001690",
    "2023-03-05 24:00", "2023-03-05 23:60", "2023/3/5 9:05", "2023-3-5 9:5", "2023/3/5 0:00", "2023-3-5 00:00:00",
    "2023.3.5", "2023.03.05", "2023年3月5日", "2023年03月05号", "2023年3月5", "2023年13月5日", "2023.3-5", "2023年2月30日",
    "2023/3/5 0:01", "1856-01-01", "1856/1/1", "Open", "oPEN", "oPen", "done", "Yes", "YES", "y", "n", "x", "√", "有", "No",
    "a", "a、B", "a、A", "00000000", "12345670", "614141000036", "ＡＢ", "K1 ", "k1", "甲类", "9500", "十二", "440114-01",
]  # fmt: skip


def _agree(checker: RowChecker, rows: list[dict[str, str]], found: list[dict[str, Any]]) -> int:
    """Hold the query against the row checks; give how many rows the query called clean."""
    compiled = compile_ledger(checker)
    assert compiled is not None
    clean = 0
    for row, answer in zip(rows, found, strict=True):
        if not answer["_ok"]:
            continue
        clean += 1
        checked = checker.check(row)
        strict = [each for each in checked.faults if each.level is not Level.WARN]
        assert not strict, (row, strict)
        for name in compiled.columns:
            field = checker.ledger.by_name[name]
            assert answer[name] == to_physical(field, checked.record[name]), (name, row)
        warned = {each.problem.code for each in checked.faults}
        bits = {
            check.code for place, check in enumerate(compiled.warnings) if int(answer["_warned"]) >> place & 1
        }
        assert bits == warned, row
    return clean


def _checker(ledger: LedgerDefinition) -> RowChecker:
    return RowChecker(ledger, TODAY, CODES, entered_by="S9")


def test_a_plain_row_is_clean_without_the_row_checks(every_kind: LedgerDefinition, query: Query) -> None:
    (answer,) = query(_checker(every_kind), [VALID])
    assert answer["_ok"]
    assert answer["amount"] == 123450
    assert answer["weight"] == 5307170
    assert answer["rest"] == 23450
    assert answer["marks"] == ["A", "B"]
    assert answer["state"] == "DONE"
    assert answer["_warned"] == 0
    assert answer["_changed"] == 0


def test_every_odd_cell_in_every_column(every_kind: LedgerDefinition, query: Query) -> None:
    rows = [{**VALID, name: text} for name in VALID for text in WHOLE]
    found = query(_checker(every_kind), rows)
    clean = _agree(_checker(every_kind), rows, found)
    # the plain forms among them must not need the slow way
    assert clean > len(VALID) * 3


@pytest.mark.parametrize(
    ("name", "text", "changed"),
    [
        ("state", "open", True),
        ("state", "Open", True),
        ("state", "OPEN", False),
        ("state", "在办", False),
        ("urgent", "Yes", True),
        ("urgent", "False", True),
        ("urgent", "√", True),
        ("urgent", "TRUE", False),
        ("happened_on", "2023.3.5", True),
        ("happened_on", "2023年3月5日", True),
        ("happened_on", "2023年03月05号", True),
        ("happened_on", "20230305", True),
        ("happened_on", "2023/3/5 0:00", True),
        ("closed_at", "2023/3/9 9:05", True),
        ("marks", "a、B", False),
    ],
)
def test_usual_forms_do_not_need_the_slow_way(
    every_kind: LedgerDefinition, query: Query, name: str, text: str, changed: bool
) -> None:
    row = {**VALID, name: text}
    (answer,) = query(_checker(every_kind), [row])
    assert _agree(_checker(every_kind), [row], [answer]) == 1
    place = [each.name for each in every_kind.entered].index(name)
    assert int(answer["_changed"]) == (1 << place if changed else 0)
    # the row checks count the same cells as changed
    told = {each.field for each in _checker(every_kind).check(row).changes}
    assert told == ({name} if changed else set())


def test_letters_that_two_options_share_are_left_to_the_row_checks(query: Query) -> None:
    text = EVERY_KIND.replace(
        "{OPEN: 在办, DONE: 办结, VOID: 作废}", "{OPEN: 在办, Open: 重开, DONE: 办结, VOID: 作废}"
    )
    ledger = ledger_from(text)
    rows = [{**VALID, "state": each} for each in ("OPEN", "Open", "open", "重开")]
    answers = query(_checker(ledger), rows)
    _agree(_checker(ledger), rows, answers)
    assert [each["state"] for each in answers[:2]] == ["OPEN", "Open"]


def test_reviewer_is_not_the_person_who_enters(every_kind: LedgerDefinition, query: Query) -> None:
    rows = [{**VALID, "reviewed_by": "S9"}, {**VALID, "reviewed_by": "S8"}]
    assert [each["_ok"] for each in query(_checker(every_kind), rows)] == [False, True]


@st.composite
def _mutated(draw: st.DrawFn) -> dict[str, str]:
    row = dict(VALID)
    for _ in range(draw(st.integers(1, 3))):
        name = draw(st.sampled_from(sorted(VALID)))
        text = row[name]
        kind = draw(st.integers(0, 3))
        place = draw(st.integers(0, max(len(text), 1)))
        if kind == 0:
            row[name] = text[:place] + draw(st.sampled_from(PIECES)) + text[place:]
        elif kind == 1:
            row[name] = text[:place] + text[place + 1 :]
        elif kind == 2:
            row[name] = draw(st.sampled_from(WHOLE) | st.text(max_size=12))
        else:
            row[name] = row[draw(st.sampled_from(sorted(VALID)))]
    return row


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=st.lists(_mutated(), min_size=20, max_size=40))
def test_mutated_rows(every_kind: LedgerDefinition, query: Query, rows: list[dict[str, str]]) -> None:
    kept = [{name: text for name, text in row.items() if _storable(text)} for row in rows]
    _agree(_checker(every_kind), kept, query(_checker(every_kind), kept))


def _storable(text: str) -> bool:
    """Whether the engine can hold the text at all: no half characters, no NUL."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text


@pytest.mark.parametrize(
    ("name", "scale", "text", "physical"),
    [
        ("amount", 4, "123.4567", 123456700),
        ("amount", 4, "0.000001", 1),
        ("people", 4, "1.5", 15000),
        ("weight", 3, "2.5", 2500000),
    ],
)
def test_columns_in_larger_units(
    every_kind: LedgerDefinition, query: Query, name: str, scale: int, text: str, physical: int
) -> None:
    """123.4567 万元 are 1,234,567 yuan, 123,456,700 fen; 2.5 吨 are 2,500 kg of three places."""
    checker = RowChecker(every_kind, TODAY, CODES, scales={name: scale})
    row = {**VALID, "amount": "9000000", name: text, "paid": ""}
    if name == "amount":
        row["paid"] = "0"
    (answer,) = query(checker, [row])
    assert answer["_ok"]
    assert answer[name] == physical
    assert _agree(checker, [row], [answer]) == 1


def test_sums_beyond_64_bits_are_not_lost(every_kind: LedgerDefinition) -> None:
    wide = compile_ledger(_checker(every_kind), wide=True)
    assert wide is not None
    assert "HUGEINT" in wide.select


def test_unknown_code_list_is_not_checked(every_kind: LedgerDefinition, query: Query) -> None:
    checker = RowChecker(every_kind, TODAY)
    row: Mapping[str, str] = {**VALID, "kind": "ZZ"}
    assert query(checker, [row])[0]["_ok"]
    assert not checker.check(row).faults

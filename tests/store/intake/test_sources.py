"""Files of every kind come to the same rows; no row is ever lost."""

import codecs
import csv
import io
import json
import sqlite3
from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.store.intake.encoding import look_at
from zhunsheng.store.intake.other_sources import shown_address, stage_parquet, stage_query
from zhunsheng.store.intake.staging import Staged, StagingArea
from zhunsheng.store.intake.text_files import separators_of, stage_csv, stage_json_lines

ROWS = [["N-1", "广州商行", "12"], ["N-2", "佛山, 商行", ""], ["N-3", '"引"', "3"]]


def _rows(staged: Staged, part: int = 0) -> list[list[str | None]]:
    found = staged.parts[part]
    cells = ", ".join(f"c{place}" for place in range(len(found.headings)))
    with duckdb.connect() as connection:
        return [
            list(row)
            for row in connection.execute(f"SELECT {cells} FROM {found.relation} ORDER BY _row").fetchall()
        ]


def _lines(staged: Staged) -> list[tuple[int, str | None]]:
    with duckdb.connect() as connection:
        return [
            (int(line), broken)
            for line, broken in connection.execute(
                f"SELECT _line, _broken FROM {staged.parts[0].relation} ORDER BY _row"
            ).fetchall()
        ]


def _csv(rows: list[list[str]], **form: str) -> str:
    stream = io.StringIO(newline="")
    csv.writer(stream, **form).writerows(rows)  # type: ignore[arg-type] # options of the format
    return stream.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_encodings_separators_and_line_ends(
    tmp_path: Path, every_kind: LedgerDefinition, encoding: str, separator: str, end: str
) -> None:
    path = tmp_path / "甲.csv"
    text = _csv([["编号", "名称", "人数"], *ROWS], delimiter=separator, lineterminator=end)
    path.write_bytes(text.encode(encoding))
    staged = stage_csv(path, every_kind, StagingArea(tmp_path / "s"))
    assert staged.problems == ()
    assert staged.parts[0].headings == ("编号", "名称", "人数")
    assert _rows(staged) == [[cell or None for cell in row] for row in ROWS]
    assert [line for line, _ in _lines(staged)] == [2, 3, 4]


def test_ragged_rows_quotes_and_empty_lines_lose_nothing(
    tmp_path: Path, every_kind: LedgerDefinition
) -> None:
    path = tmp_path / "乱.csv"
    path.write_text(
        '编号,名称,人数\nN-1,甲\nN-2,乙,3,多\n\nN-3,"丙\n丙",4\nN-4,丁"丁,5\n,,\nN-5,"戊",6\n',
        encoding="utf-8",
    )
    staged = stage_csv(path, every_kind, StagingArea(tmp_path / "s"))
    assert _rows(staged) == [
        ["N-1", "甲", None],
        ["N-2", "乙", "3"],
        ["N-3", "丙\n丙", "4"],
        ["N-4", '丁"丁', "5"],
        ["N-5", "戊", "6"],
    ]
    lines = _lines(staged)
    assert [line for line, _ in lines] == [2, 3, 5, 7, 9]
    assert [bool(broken) for _, broken in lines] == [False, True, False, False, False]


def test_header_below_titles(tmp_path: Path, every_kind: LedgerDefinition) -> None:
    path = tmp_path / "a.csv"
    path.write_text("某局登记表,,\n2023年,,\n编号,名称,人数\nN-1,甲,3\n", encoding="utf-8")
    staged = stage_csv(path, every_kind, StagingArea(tmp_path / "s"))
    assert staged.parts[0].header_line == 3
    assert _lines(staged) == [(4, None)]


def test_no_header_is_said(tmp_path: Path, every_kind: LedgerDefinition) -> None:
    path = tmp_path / "a.csv"
    for content in ("", "\n\n", "苹果,香蕉\n1,2\n"):
        path.write_text(content, encoding="utf-8")
        staged = stage_csv(path, every_kind, StagingArea(tmp_path / "s"))
        assert [each.code for each in staged.problems] == ["LEDG-132"]


def test_a_quote_without_its_pair_is_named(tmp_path: Path, every_kind: LedgerDefinition) -> None:
    path = tmp_path / "a.csv"
    body = "".join(f"N-{number},甲,1\n" for number in range(200))
    path.write_text(f'编号,名称,人数\nN-x,"甲,1\n{body}', encoding="utf-8")
    staged = stage_csv(path, every_kind, StagingArea(tmp_path / "s"))
    assert [each.code for each in staged.problems] == ["LEDG-145"]


def test_damaged_bytes_stay_in_their_cell(tmp_path: Path, every_kind: LedgerDefinition) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("编号,名称,人数\nN-1,".encode() + b"\xff\xfe\xff" + ",3\nN-2,乙,4\n".encode())
    staged = stage_csv(path, every_kind, StagingArea(tmp_path / "s"))
    assert [each.code for each in staged.problems] == ["LEDG-146"]
    rows = _rows(staged)
    assert rows[0][0] == "N-1"
    assert "\ufffd" in str(rows[0][1])
    assert rows[1] == ["N-2", "乙", "4"]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.lists(st.text("ab\",;\n\r\t 中\u2028\u0085'#\\", max_size=6), min_size=3, max_size=3),
        min_size=1,
        max_size=8,
    ),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
    end=st.sampled_from(["\n", "\r\n"]),
)
def test_both_ways_of_reading_agree_with_the_writer(
    tmp_path: Path, every_kind: LedgerDefinition, rows: list[list[str]], quoting: int, end: str
) -> None:
    """Whatever a writer of separated values wrote is read back, by the engine or row by row."""
    if quoting == csv.QUOTE_MINIMAL:
        # that writer leaves a lone carriage return without quotes, where it ends the line for every reader
        rows = [[cell.replace("\r", "") for cell in row] for row in rows]
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, quoting=quoting, lineterminator=end)  # type: ignore[arg-type] # a constant of csv
    writer.writerows([["编号", "名称", "人数"], *rows])
    path = tmp_path / "r.csv"
    path.write_bytes(stream.getvalue().encode())
    staged = stage_csv(path, every_kind, StagingArea(tmp_path / "s"))
    expected = [[cell.strip(" ") or None for cell in row] for row in rows if "".join(row).strip()]
    kept = [row for row in _rows(staged) if any(cell and cell.strip() for cell in row)]
    assert kept == expected


def test_large_regular_file_keeps_its_order(tmp_path: Path, every_kind: LedgerDefinition) -> None:
    path = tmp_path / "a.csv"
    body = "".join(f"N-{number},名{number},{number}\n" for number in range(300_000))
    path.write_text(f"编号,名称,人数\n{body}", encoding="utf-8")
    staged = stage_csv(path, every_kind, StagingArea(tmp_path / "s"))
    with duckdb.connect() as connection:
        wrong = connection.execute(
            f"SELECT count(*) FROM {staged.parts[0].relation}"
            " WHERE c0 <> 'N-' || (_row - 1) OR _line <> _row + 1"
        ).fetchone()
    assert wrong == (0,)
    assert staged.parts[0].rows == 300_000


def test_separator() -> None:
    assert separators_of("a;b;c\n1,5;2;3\n")[0] == ";"
    assert separators_of("a\tb\n1,000\t2,000\n")[0] == "\t"
    assert separators_of('"a;b",c\n"d;e;f",g\n')[0] == ","


def test_the_header_decides_between_separators(tmp_path: Path, every_kind: LedgerDefinition) -> None:
    path = tmp_path / "a.csv"
    path.write_text("编号,名称,人数\n;;;;;;;;;,A,1\n", encoding="utf-8")
    staged = stage_csv(path, every_kind, StagingArea(tmp_path / "s"))
    assert (staged.problems, _rows(staged)) == ((), [[";;;;;;;;;", "A", "1"]])


def test_encoding_of_gb18030_with_rare_characters(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("㐀𠮷编号".encode("gb18030"))
    assert look_at(path).encoding == "gb18030"
    path.write_bytes(codecs.BOM_UTF8 + b"a")
    assert (look_at(path).encoding, look_at(path).skip) == ("utf-8", 3)


def test_json_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    records = [
        {"number": "N-1", "amount": 1.10, "marks": ["A", "B"], "urgent": True},
        {"number": "N-2", "extra": None},
    ]
    lines = [json.dumps(records[0]), "", "{坏", json.dumps(records[1]), "[1]"]
    path.write_text("\n".join(lines), encoding="utf-8")
    staged = stage_json_lines(path, StagingArea(tmp_path / "s"))
    assert staged.parts[0].headings == ("number", "amount", "marks", "urgent", "extra")
    assert _rows(staged) == [
        ["N-1", "1.1", '["A", "B"]', "TRUE", None],
        [None, None, None, None, None],
        ["N-2", None, None, None, None],
        [None, None, None, None, None],
    ]
    assert [(line, bool(broken)) for line, broken in _lines(staged)] == [
        (1, False),
        (3, True),
        (4, False),
        (5, True),
    ]


def test_parquet(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    with duckdb.connect() as connection:
        connection.execute(
            "COPY (SELECT 'N-1' AS number, CAST(12.50 AS DECIMAL(9, 2)) AS amount, DATE '2023-03-05' AS happened_on,"
            f" TRUE AS urgent, ['A', 'B'] AS marks, TIMESTAMP '2023-03-05 10:00:00' AS closed_at) TO '{path}'"
        )
    staged = stage_parquet(path, StagingArea(tmp_path / "s"))
    assert _rows(staged) == [["N-1", "12.50", "2023-03-05", "true", '["A","B"]', "2023-03-05 10:00:00"]]
    path.write_bytes(b"PAR1 nonsense")
    broken = stage_parquet(path, StagingArea(tmp_path / "s"))
    assert [each.code for each in broken.problems] == ["LEDG-130"]


def test_sqlite_is_only_read(tmp_path: Path) -> None:
    path = tmp_path / "旧.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE t (number TEXT, amount REAL, note BLOB)")
        connection.execute("INSERT INTO t VALUES ('N-1', 12.5, '甲'), ('N-2', NULL, x'e4b999')")
    before = path.read_bytes()
    area = StagingArea(tmp_path / "s")
    staged = stage_query("SELECT * FROM t ORDER BY number;", f"sqlite:{path}", area)
    assert staged.parts[0].headings == ("number", "amount", "note")
    assert _rows(staged) == [["N-1", "12.5", "甲"], ["N-2", None, "乙"]]
    for sql in (
        "DELETE FROM t",
        "SELECT 1; DELETE FROM t",
        "WITH x AS (SELECT 1) DELETE FROM t",
        "SELECT nothing",
    ):
        assert [each.code for each in stage_query(sql, f"sqlite:{path}", area).problems] == ["LEDG-154"]
    assert path.read_bytes() == before
    assert stage_query("SELECT 1", f"sqlite:{tmp_path / 'none.db'}", area).problems
    with pytest.raises(ValueError):
        stage_query("SELECT 1", "mysql://x", area)


def test_the_same_rows_of_a_query_have_the_same_hash(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE t (number TEXT)")
        connection.execute("INSERT INTO t VALUES ('N-1')")
    area = StagingArea(tmp_path / "s")
    one = stage_query("SELECT * FROM t", f"sqlite:{path}", area)
    other = stage_query("SELECT * FROM t", f"sqlite:{path}", area)
    with sqlite3.connect(path) as connection:
        connection.execute("INSERT INTO t VALUES ('N-2')")
    third = stage_query("SELECT * FROM t", f"sqlite:{path}", area)
    assert one.sha256 == other.sha256 != third.sha256


def test_passwords_are_never_shown() -> None:
    assert shown_address("postgresql://user:geheim@db.local:5432/old") == "db.local/old"


def test_dates_of_databases(tmp_path: Path) -> None:
    from zhunsheng.ledgers.value_texts import typed_text  # noqa: PLC0415

    assert typed_text(date(2023, 3, 5)) == "2023-03-05"
    assert typed_text(datetime(2023, 3, 5, 10)) == "2023-03-05 10:00:00"  # noqa: DTZ001

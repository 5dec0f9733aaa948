"""Bringing what is to be imported into the staging area of a store: a file, its bytes, or a query."""

from pathlib import Path, PurePath
from typing import Final

from zhunsheng.assembly.rejections import WrongRequest
from zhunsheng.kernel.place import Place
from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.store.intake import kinds
from zhunsheng.store.intake.importing import staging_area
from zhunsheng.store.intake.other_sources import shown_address, stage_parquet, stage_query, stage_workbook
from zhunsheng.store.intake.staging import Staged, StagingArea
from zhunsheng.store.intake.text_files import stage_csv, stage_json_lines
from zhunsheng.store.records.record_store import RecordStore

_LONGEST_STEM: Final = 50
_LONGEST_SUFFIX: Final = 12


def stage_file(path: Path, ledger: LedgerDefinition, store: RecordStore) -> Staged:
    """Stage a file; its suffix says how it is read.

    Raises:
        OSError: it cannot be read or staged.
    """
    return _staged(path, ledger, staging_area(store))


def stage_content(content: bytes, name: str, ledger: LedgerDefinition, store: RecordStore) -> Staged:
    """Stage the bytes of a file.

    Args:
        name: as its owner calls it; its suffix says how it is read. Directories in it are left out.

    Raises:
        OSError: it cannot be staged.
    """
    area = staging_area(store)
    with area.scratch() as scratch:
        path = scratch / _file_name(name)
        path.write_bytes(content)
        return _staged(path, ledger, area)


def stage_database(sql: str, address: str, store: RecordStore) -> Staged:
    """Stage what a query of a database gives; the database is only read.

    Args:
        address: `sqlite:file` or `postgresql://user:password@host:port/database`.

    Raises:
        WrongRequest: the address is of no known kind.
        OSError: the rows cannot be staged.
    """
    try:
        return stage_query(sql, address, staging_area(store))
    except ValueError:
        raise WrongRequest(
            f"不认识数据库地址“{shown_address(address)}”；写作 sqlite:文件 或 postgresql://用户:口令@主机:端口/库名。"
        ) from None


def _staged(path: Path, ledger: LedgerDefinition, area: StagingArea) -> Staged:
    match path.suffix.lower():
        case ".xlsx" | ".xlsm" | ".xls" | ".et":
            from zhunsheng.documents.ledger_workbook import read_ledger_workbook  # noqa: PLC0415 - slow

            return stage_workbook(path, ledger, area, read_ledger_workbook)
        case ".jsonl" | ".ndjson" | ".json":
            return stage_json_lines(path, area)
        case ".parquet":
            return stage_parquet(path, area)
        case ".csv" | ".tsv" | ".txt" | "":
            return stage_csv(path, ledger, area)
        case other:
            what = f"不认识“{other}”格式"
            remedy = "另存为 xlsx、csv、jsonl 或 parquet 后重试。"
            problem = kinds.UNREADABLE.at(Place(path.name), what, remedy=remedy)
            return Staged(path.name, "", (), (problem,))


def _file_name(name: str) -> str:
    r"""The last part of a name, such that a file can be called so.

    >>> _file_name("C:\\数据\\年报.csv"), _file_name("../.."), _file_name("甲\n乙.xlsx")
    ('年报.csv', '文件', '甲_乙.xlsx')
    """
    last = name.replace("\\", "/").rpartition("/")[2]
    shown = "".join(each if each.isprintable() else "_" for each in last).strip()
    pure = PurePath(shown)
    # a name may have 255 bytes; a character takes up to four of them
    stem, suffix = pure.stem.strip(".")[:_LONGEST_STEM], pure.suffix[:_LONGEST_SUFFIX]
    return f"{stem or '文件'}{suffix}"

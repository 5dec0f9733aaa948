"""Verification finds any changed byte; a backup is the store again."""

import shutil
import tarfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhunsheng.kernel.problem import Problem
from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.store.records.backup import back_up, restore
from zhunsheng.store.records.database import Row, SqliteDatabase
from zhunsheng.store.records.faults import StoreFault
from zhunsheng.store.records.manifest_tables import TABLES
from zhunsheng.store.records.record_store import RecordStore
from zhunsheng.store.records.verification import verify

if TYPE_CHECKING:
    from tests.store.records.conftest import Desk


def fill(desk: "Desk") -> None:
    for count in (1, 2):
        desk.put(
            "visit",
            {"body": "x", "day": date(2023, 1, 1), "count": count},
            {"body": "y", "day": date(2023, 1, count)},
        )


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory, make_desk_in: Callable[[Path], "Desk"]) -> "Desk":
    """A closed store to make damaged copies of."""
    desk = make_desk_in(tmp_path_factory.mktemp("sample") / "store")
    desk.put("body", {"code": "x", "grade": "A"}, {"code": "y"})
    fill(desk)
    desk.store.undo(3, "科长")
    desk.close()
    return desk


def copy_of(sample: "Desk", folder: Path) -> Path:
    target = folder / "copy"
    shutil.copytree(sample.path, target)
    return target


def problems_of(path: Path, ledgers: dict[str, LedgerDefinition]) -> tuple[Problem, ...]:
    try:
        with RecordStore.open(path, catalogue=ledgers.get, referred=["body"]) as store:
            return verify(store)
    except StoreFault as fault:
        return (fault.problem,)


def flip(path: Path, position: int, bit: int) -> None:
    content = bytearray(path.read_bytes())
    content[position % len(content)] ^= 1 << bit
    path.write_bytes(content)


def data_paths(root: Path) -> list[Path]:
    return sorted(
        path for folder in ("batches", "keys", "closings") for path in (root / folder).rglob("*.parquet")
    )


@pytest.mark.slow
@given(which=st.integers(0, 100), position=st.integers(0, 1 << 20), bit=st.integers(0, 7))
@settings(max_examples=40)
def test_any_flipped_bit_of_a_data_file_is_found_with_its_place(
    which: int, position: int, bit: int, sample: "Desk", tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = copy_of(sample, tmp_path_factory.mktemp("flip"))
    paths = data_paths(root)
    chosen = paths[which % len(paths)]
    flip(chosen, position, bit)
    found = problems_of(root, sample.ledgers)
    assert [each.place.file for each in found] == [chosen.relative_to(root).as_posix()]
    assert found[0].code == "STORE-021"
    shutil.rmtree(root)


def content_of(root: Path) -> dict[str, list[Row]]:
    database = SqliteDatabase(root / "manifest.sqlite")
    try:
        return {table.name: database.rows(f"SELECT * FROM {table.name} ORDER BY 1") for table in TABLES}
    finally:
        database.close()


@pytest.mark.slow
@given(position=st.integers(0, 1 << 20), bit=st.integers(0, 7))
@settings(max_examples=150)
def test_a_flipped_bit_of_the_manifest_is_found_or_changes_nothing_that_is_read(
    position: int, bit: int, sample: "Desk", tmp_path_factory: pytest.TempPathFactory
) -> None:
    root = copy_of(sample, tmp_path_factory.mktemp("flip"))
    before = content_of(root)
    flip(root / "manifest.sqlite", position, bit)
    if not problems_of(root, sample.ledgers):
        assert content_of(root) == before
    shutil.rmtree(root)


def test_a_sound_store_has_no_problems(sample: "Desk", tmp_path: Path) -> None:
    assert problems_of(copy_of(sample, tmp_path), sample.ledgers) == ()


@pytest.mark.parametrize("kind", ["batches", "keys", "closings"])
def test_a_missing_file_is_named(sample: "Desk", tmp_path: Path, kind: str) -> None:
    root = copy_of(sample, tmp_path)
    path = next(each for each in data_paths(root) if each.relative_to(root).parts[0] == kind)
    path.unlink()
    found = problems_of(root, sample.ledgers)
    assert [(each.code, each.place.file) for each in found] == [
        ("STORE-020", path.relative_to(root).as_posix())
    ]


def test_a_file_that_nobody_listed_is_named(sample: "Desk", tmp_path: Path) -> None:
    root = copy_of(sample, tmp_path)
    (root / "batches/visit/foreign.parquet").write_bytes(b"x")
    assert [each.code for each in problems_of(root, sample.ledgers)] == ["STORE-029"]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE commits SET who = '别人' WHERE seq = 2",
        "UPDATE files SET sha256 = replace(sha256, 'a', 'b')",
        "UPDATE imports SET rejected = 7 WHERE number = 1",
        "DELETE FROM trail WHERE number = 2",
        "DELETE FROM commits WHERE seq = 2",
        "UPDATE hits SET rows = 9",
    ],
)
def test_a_hand_in_the_manifest_is_found(sample: "Desk", tmp_path: Path, statement: str) -> None:
    root = copy_of(sample, tmp_path)
    database = SqliteDatabase(root / "manifest.sqlite")
    database.script([statement])
    database.close()
    assert {each.code for each in problems_of(root, sample.ledgers)} & {"STORE-022", "STORE-023", "STORE-024"}


class TestBackup:
    @pytest.mark.parametrize("name", ["copy", "copy.tar"])
    def test_a_restored_store_has_the_same_states(self, desk: "Desk", tmp_path: Path, name: str) -> None:
        fill(desk)
        saved = back_up(desk.store, tmp_path / name)
        assert saved.seq == 3
        # what is written after the backup is not in it
        desk.put("visit", {"body": "z", "day": date(2023, 1, 1)})
        assert restore(tmp_path / name, tmp_path / "new", catalogue=desk.ledgers.get) == ()
        expected = [desk.read("visit", seq) for seq in range(4)]
        desk.store.close()
        desk.path = tmp_path / "new"
        desk.store = desk.reopen()
        assert desk.store.snapshot().token == f"{saved.store_id}-3"
        assert [desk.read("visit", seq) for seq in range(4)] == expected
        # and it can be written on
        assert desk.put("visit", {"body": "z", "day": date(2023, 1, 2)}).record.batch == 4

    def test_a_damaged_store_gives_no_backup(self, desk: "Desk", tmp_path: Path) -> None:
        flip(data_paths(desk.path)[0], 100, 1)
        with pytest.raises(StoreFault, match="哈希值不符"):
            back_up(desk.store, tmp_path / "b")
        assert not list(tmp_path.glob("b*"))

    def test_a_damaged_backup_is_not_restored(self, desk: "Desk", tmp_path: Path) -> None:
        back_up(desk.store, tmp_path / "b")
        flip(data_paths(tmp_path / "b")[0], 100, 1)
        assert [
            each.code for each in restore(tmp_path / "b", tmp_path / "r", catalogue=desk.ledgers.get)
        ] == ["STORE-021"]
        assert not (tmp_path / "r").exists()

    def test_nothing_is_overwritten(self, desk: "Desk", tmp_path: Path) -> None:
        (tmp_path / "full").mkdir()
        (tmp_path / "full/a").write_text("b")
        with pytest.raises(StoreFault):
            back_up(desk.store, tmp_path / "full")
        back_up(desk.store, tmp_path / "b")
        with pytest.raises(StoreFault):
            restore(tmp_path / "b", tmp_path / "full")

    def test_a_hostile_archive_writes_nothing_outside(self, tmp_path: Path) -> None:
        (tmp_path / "evil").write_text("x")
        with tarfile.open(tmp_path / "t.tar", "w") as archive:
            archive.add(tmp_path / "evil", arcname="../escaped")
            archive.add(tmp_path / "evil", arcname="batches/../../escaped.parquet")
        with pytest.raises(StoreFault, match=r"没有 manifest\.sqlite"):
            restore(tmp_path / "t.tar", tmp_path / "r")
        (tmp_path / "no.tar").write_bytes(b"nonsense" * 100)
        with pytest.raises(StoreFault, match="tar"):
            restore(tmp_path / "no.tar", tmp_path / "r")
        assert sorted(each.name for each in tmp_path.iterdir()) == ["evil", "no.tar", "t.tar"]


class TestOpening:
    def test_what_is_no_store_says_so(self, tmp_path: Path) -> None:
        with pytest.raises(StoreFault, match=r"manifest\.sqlite"):
            RecordStore.open(tmp_path)

    def test_a_file_in_the_place_of_the_manifest(self, tmp_path: Path) -> None:
        (tmp_path / "manifest.sqlite").write_bytes(b"no database at all" * 100)
        with pytest.raises(StoreFault, match="清单"):
            RecordStore.open(tmp_path)

    def test_a_store_is_made_only_in_an_empty_place(self, tmp_path: Path) -> None:
        (tmp_path / "a").write_text("b")
        with pytest.raises(StoreFault, match="不是空目录"):
            RecordStore.create(tmp_path)

    def test_another_format_is_refused(self, desk: "Desk") -> None:
        desk.store.manifest.database.script(["UPDATE info SET value = '99' WHERE name = 'format'"])
        with pytest.raises(StoreFault, match="99"):
            desk.reopen()

"""A file on its way into the records of a bureau: checked, confirmed, stored once, undone; hostile files refused."""

import io
import json
import threading
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from demonstrated import actor, demonstration
from openpyxl import load_workbook
from records_site import AREAS, BAD, GOOD, ORGS, body, checked, imported, with_reference_lists, workbook

from zhunsheng.cli.main import run
from zhunsheng.ledgers.field import Level
from zhunsheng.store.database.file_store import path_of
from zhunsheng.store.database.models import Grant, Job, Organisation, TrailEntry
from zhunsheng.store.records.locking import writing
from zhunsheng.workflow.action import Invalid, Refused, Stale, perform
from zhunsheng.workflow.importing.actions import ExportRecords, ImportFile, UndoBatch
from zhunsheng.workflow.importing.faults import KeptFaults
from zhunsheng.workflow.importing.jobs import import_file
from zhunsheng.workflow.importing.places import opened
from zhunsheng.workflow.jobs import LEASE, Work, do, do_all, take

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _site(settings: Any, tmp_path: Path) -> None:
    settings.FILES_DIRECTORY, settings.STORES_DIRECTORY = tmp_path / "files", tmp_path / "stores"
    demonstration()


def commits() -> int:
    with opened(body()) as store:
        return store.manifest.last_seq()


def test_a_check_changes_no_record_and_begins_the_store_of_a_body_without_one() -> None:
    assert not body().store
    job = checked(AREAS.encode(), "area", "area.csv")
    assert (job.state, job.result["rows"]["stored"]) == ("done", 2)
    assert body().store == "huadu-amr"
    assert commits() == 0
    assert TrailEntry.objects.filter(action="records.check", subject="organisations/huadu-amr").exists()


def test_the_check_says_what_the_command_says_of_the_same_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with_reference_lists()
    content = workbook(*GOOD, *BAD)
    job = checked(content)
    office = tmp_path / "office"
    office.mkdir()
    for name, text in (("area", AREAS), ("org", ORGS)):
        (office / f"{name}.csv").write_text(text)
        with pytest.raises(SystemExit):
            run(
                [
                    "ledger",
                    "import",
                    name,
                    str(office / f"{name}.csv"),
                    "--store",
                    str(office / "库"),
                    "--yes",
                ]
            )
    (office / "主体.xlsx").write_bytes(content)
    capsys.readouterr()
    with pytest.raises(SystemExit):
        run(
            [
                "ledger",
                "import",
                "market_entity",
                str(office / "主体.xlsx"),
                "--store",
                str(office / "库"),
                "--dry-run",
                "--json",
            ]
        )
    said = json.loads(capsys.readouterr().out)["files"][0]
    for name in ("status", "sha256", "mapping", "rows", "new_versions", "fault_counts", "canonicalised"):
        assert job.result[name] == said[name], name
    kept = KeptFaults.of(job.result["listed"])
    listed = kept.read(None, 0, 1000)
    assert [{key: value for key, value in each.items() if key != "fields"} for each in listed] == said[
        "faults"
    ]
    # both faulty rows, with cell, value and what to do
    strict = {each["place"]["cell"]: each for each in listed if each["level"] != "W"}
    assert {cell: (each["level"], each["value"]) for cell, each in strict.items()} == {
        "B5": ("E", "91440300MA5EC9TD3X"),
        "G6": ("Q", "78%"),
    }
    assert all(each["what"] and each["why"] and each["remedy"] for each in listed)
    assert kept.read(Level.QUARANTINE, 0, 10) == [strict["G6"]]
    assert kept.read(Level.WARN, 1, 1) == listed[3:4]
    assert kept.read(Level.WARN, 3, 10) == []


def test_the_marked_workbook_holds_the_reasons() -> None:
    with_reference_lists()
    job = checked(workbook(*GOOD, *BAD))
    assert sorted(job.result["files"]) == ["主体-标注.xlsx", "主体-退回.csv"]
    sheet = load_workbook(io.BytesIO(path_of(job.result["files"]["主体-标注.xlsx"]).read_bytes()))["市场主体"]
    assert "78%" in sheet["G6"].comment.text
    assert sheet["G2"].comment is None


def test_only_sound_rows_come_in_and_the_same_file_only_once() -> None:
    with_reference_lists()
    before = commits()
    content = workbook(*GOOD, *BAD)
    first = imported(content)
    assert first.result["rows"]["stored"] == 3
    assert first.result["rows"]["rejected"] == first.result["rows"]["quarantined"] == 1
    assert commits() == first.result["batch"] == before + 1
    again = checked(content)
    assert again.result["status"] == "already"
    assert again.result["earlier"]["batch"] == first.result["batch"]
    with pytest.raises(Invalid):
        perform(ImportFile(body(), again), actor("caiwu"))
    assert commits() == before + 1
    written = TrailEntry.objects.filter(action="records.import", organisation="huadu-amr")
    assert [said["batch"] for each in written if isinstance(said := each.after, dict)] == [1, 2, 3]


def test_a_check_is_confirmed_once_whoever_is_first() -> None:
    check = checked(AREAS.encode(), "area", "area.csv")
    perform(ImportFile(body(), check), actor("caiwu"))
    with pytest.raises(Stale):
        perform(ImportFile(body(), check), actor("tianbao"))
    assert Job.objects.filter(kind="records.import").count() == 1


def test_a_worker_killed_after_the_rows_were_stored_leaves_one_batch_and_one_line() -> None:
    check = checked(AREAS.encode(), "area", "area.csv")
    perform(ImportFile(body(), check), actor("caiwu"))
    job = take("first", check.created)
    assert job is not None
    import_file(Work(job))  # stored and written down; the worker is killed before the job says so
    assert job.lease is not None
    again = take("second", job.lease + LEASE)
    assert again is not None
    assert again.attempts == 2
    done = do(again)
    assert (done.state, done.result["status"], done.result["batch"]) == ("done", "already", 1)
    assert commits() == 1
    assert TrailEntry.objects.filter(action="records.import").count() == 1


def test_a_worker_killed_between_store_and_trail_is_made_good(monkeypatch: pytest.MonkeyPatch) -> None:
    check = checked(AREAS.encode(), "area", "area.csv", again=True)
    perform(ImportFile(body(), check), actor("caiwu"))
    job = take("first", check.created)
    assert job is not None

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("zhunsheng.workflow.importing.jobs.perform", killed)
    with pytest.raises(KeyboardInterrupt):
        import_file(Work(job))
    monkeypatch.undo()
    assert not TrailEntry.objects.filter(action="records.import").exists()
    assert job.lease is not None
    again = take("second", job.lease + LEASE)
    assert again is not None
    assert do(again).state == "done"
    assert commits() == 1
    written = TrailEntry.objects.filter(action="records.import")
    assert [said["batch"] for each in written if isinstance(said := each.after, dict)] == [1]


def test_rights_are_asked_when_asking_and_when_doing() -> None:
    for who in ("caizheng", "sanfang", "juzhang", "shenji", "guanli"):
        with pytest.raises(Refused):
            checked(AREAS.encode(), "area", "area.csv", who=who)
    check = checked(AREAS.encode(), "area", "area.csv", who="tianbao")
    perform(ImportFile(body(), check), actor("tianbao"))
    Grant.objects.filter(user__username="tianbao").delete()
    (job,) = do_all()
    assert job.state == "failed"
    assert "须由本单位的" in job.message
    assert commits() == 0


def test_a_check_of_another_body_cannot_be_imported_here() -> None:
    check = checked(AREAS.encode(), "area", "area.csv")
    other = Organisation.objects.get(code="huadu-czj")
    Job.objects.filter(pk=check.pk).update(organisation=other)
    with pytest.raises(Invalid):
        perform(ImportFile(body(), check), actor("caiwu"))


def test_an_import_waits_for_another_writer_and_tells_for_whom() -> None:
    check = checked(AREAS.encode(), "area", "area.csv")
    perform(ImportFile(body(), check), actor("caiwu"))
    with opened(body()) as store:
        begun, told = threading.Event(), threading.Event()

        def other() -> None:
            with writing(store.layout.lock, "另一人", "整理", store.now()):
                begun.set()
                told.wait(20)

        thread = threading.Thread(target=other)
        thread.start()
        assert begun.wait(5)
        job = take("here", check.created)
        assert job is not None
        messages: list[str] = []

        class Watched(Work):
            def progress(self, percent: int, message: str = "") -> None:
                messages.append(message)
                if "另一人" in message:
                    told.set()
                super().progress(percent, message)

        result = import_file(Watched(job))
        thread.join()
    assert result["rows"]["stored"] == 2
    assert any("等待另一个写入者" in each and "另一人" in each for each in messages)


def test_a_cancelled_import_stores_nothing() -> None:
    check = checked(AREAS.encode(), "area", "area.csv")
    perform(ImportFile(body(), check), actor("caiwu"))
    job = take("here", check.created)
    assert job is not None
    Job.objects.filter(pk=job.pk).update(cancel_asked=True)
    assert do(job).state == "cancelled"
    assert commits() == 0
    # it may be asked for again
    perform(ImportFile(body(), check), actor("caiwu"))
    assert do_all()[0].state == "done"


def test_an_undone_batch_no_longer_counts_and_is_undone_once() -> None:
    job = imported(AREAS.encode(), "area", "area.csv")
    with pytest.raises(Invalid) as refused:
        perform(UndoBatch(body(), "area", job.result["batch"], " "), actor("caiwu"))
    assert refused.value.problems[0].code == "RECORDS-006"
    with pytest.raises(Refused):
        perform(UndoBatch(body(), "area", 1, "导错了"), actor("tianbao"))
    perform(UndoBatch(body(), "area", 1, "导错了"), actor("caiwu"))
    with pytest.raises(Stale):
        perform(UndoBatch(body(), "area", 1, "导错了"), actor("chushi"))
    (done,) = do_all()
    assert (done.state, done.result["hidden"]) == ("done", 2)
    with opened(body()) as store:
        assert store.batches("area")[0].undone_at == 2
        assert store.batches("area")[1].note == "导错了"
        assert store.batches("area")[1].who == "王财务（caiwu）"
    with pytest.raises(Stale):
        perform(UndoBatch(body(), "area", 1, "再撤"), actor("caiwu"))
    line = TrailEntry.objects.get(action="records.undo")
    after: Any = line.after
    assert (line.reason, after["hidden"], line.subject) == (
        "导错了",
        2,
        "records/huadu-amr/area/batches/1",
    )
    # the file may come in again: its batch no longer counts
    assert imported(AREAS.encode(), "area", "area.csv").result["rows"]["stored"] == 2


def test_an_undo_that_was_interrupted_after_it_was_done_is_only_written_down() -> None:
    imported(AREAS.encode(), "area", "area.csv")
    perform(UndoBatch(body(), "area", 1, "导错了"), actor("caiwu"))
    job = take("first", Job.objects.get(kind="records.undo").created)
    assert job is not None
    with opened(body()) as store:
        store.undo(1, "王财务（caiwu）", "导错了")
    assert job.lease is not None
    again = take("second", job.lease + timedelta(seconds=1))
    assert again is not None
    assert do(again).state == "done"
    assert commits() == 2
    assert TrailEntry.objects.filter(action="records.undo").count() == 1


def exported(form: str, who: str, given: dict[str, str] | None = None) -> Job:
    parameters = {"given": given or {}, "form": form}
    perform(ExportRecords(body(), "market_entity", "", parameters, personal=False), actor(who))
    (job,) = do_all()
    return job


def test_exports_hold_what_was_looked_for_and_personal_data_only_for_whom_they_are_shown() -> None:
    with_reference_lists()
    imported(workbook(*GOOD))
    job = exported("csv", "caiwu", {"f.reg_status": "LIVE", "order": "entity_id"})
    text = path_of(job.result["file"]).read_text("utf-8-sig")
    assert [line.split(",")[0] for line in text.splitlines()[1:]] == ["A1", "A2"]
    assert "张三丰" in text
    job = exported("csv", "tianbao")
    text = path_of(job.result["file"]).read_text("utf-8-sig")
    assert "张三丰" not in text
    assert "法定代表人" not in text
    assert "法定代表人" in job.result["left_out"]
    # no spreadsheet takes a name for a formula
    assert "'=丙店" in text
    sheet = load_workbook(io.BytesIO(path_of(exported("xlsx", "tianbao").result["file"]).read_bytes())).active
    assert sheet is not None
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == ["A3", "A2", "A1"]
    assert all(cell.value != "张三丰" for row in sheet.iter_rows() for cell in row)


def bomb() -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("[Content_Types].xml", "<Types/>")
        package.writestr("xl/workbook.xml", "<workbook/>")
        package.writestr("xl/worksheets/sheet1.xml", b"0" * 60_000_000)
    return stream.getvalue()


def parquet_of(path: Path, rows: int, value: str) -> bytes:
    with duckdb.connect() as connection:
        connection.execute("SET threads = 1")
        connection.execute(
            f"COPY (SELECT {value} AS entity_id FROM range({rows})) TO '{path}' (FORMAT parquet)"
        )
    return path.read_bytes()


def test_hostile_files_are_refused_with_words_and_change_nothing(tmp_path: Path) -> None:
    hostile = {
        "炸弹.xlsx": bomb(),
        "不是.xlsx": b"PK\x03\x04 not a package",
        "空.csv": b"\n",
        "乱码.jsonl": bytes(range(256)) * 50,
        "深.jsonl": b'{"a":' * 100_000,
        "假.parquet": b"PAR1" + b"\0" * 200 + b"PAR1",
        "多行.parquet": parquet_of(tmp_path / "long.parquet", 60_000_000, "1"),
        "大格.parquet": parquet_of(tmp_path / "large.parquet", 40_000, "repeat('x', 600000)"),
        "宽.csv": ("主体编号," + ",".join(f"列{n}" for n in range(2_000)) + "\n").encode(),
        "脚本.csv": "主体编号,<script>alert(1)</script>\n1,2\n".encode(),
    }
    for name, content in hostile.items():
        job = checked(content, name=name)
        assert job.state == "done", (name, job.message)
        assert job.result["status"] == "refused", name
        assert job.result["problems"], name
        assert all(
            each["what"] and each["remedy"] and "--" not in each["remedy"] for each in job.result["problems"]
        ), name
        if name in {"多行.parquet", "大格.parquet"}:
            assert [each["code"] for each in job.result["problems"]] == ["LEDG-131"]
            assert job.parameters["file"]
            assert path_of(job.parameters["file"]).stat().st_size < 2_000_000
    assert commits() == 0
    assert not list((tmp_path / "stores").rglob("*.spill"))

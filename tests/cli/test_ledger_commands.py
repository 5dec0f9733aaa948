"""`zhunsheng ledger`: the whole way of a file, its faults, its history, and back."""

import csv
import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from zhunsheng.cli.main import run

AREAS = "area_code,level,name,parent,valid_from\n440000,PROVINCE,广东省,,2000-01-01\n440114,DISTRICT,花都区,440000,2000-01-01\n"
HEAD = "主体编号,统一社会信用代码,名称,主体类别,是否分支机构,类型代码,注册资本（万元）,住所区划,住所,成立日期,登记机关,登记状态,状态日期\n"
GOOD = "A1,91440101MA9X00011C,甲公司,企业,否,1100,100,440114,某路1号,2019/3/5,440114-01,存续,2020-01-01\n"
BAD = (
    "A2,91440300MA5EC9TD3X,乙公司,企业,否,1100,10,440114,某路2号,2019-03-05,440114-01,存续,2020-01-01\n"
    "A3,93440114MA9X00038Q,丙社,农民专业合作社,否,9100,78%,440114,某路3号,2019-03-05,440114-01,存续,2020-01-01\n"
)


class Office:
    """A directory with a store, and the program run in it."""

    def __init__(self, directory: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.directory = directory
        self.capsys = capsys
        self.store = str(directory / "库")
        self.errors = ""

    def file(self, name: str, text: str) -> str:
        path = self.directory / name
        path.write_text(text, encoding="utf-8")
        return str(path)

    def run(self, *arguments: str) -> tuple[int, str]:
        with pytest.raises(SystemExit) as leave:
            run(["ledger", *arguments])
        captured = self.capsys.readouterr()
        self.errors = captured.err
        assert isinstance(leave.value.code, int)
        return leave.value.code, captured.out

    def json(self, *arguments: str) -> tuple[int, Any]:
        code, out = self.run(*arguments, "--json")
        return code, json.loads(out)

    def bring(self, ledger: str, path: str, *more: str) -> tuple[int, Any]:
        code, data = self.json("import", ledger, path, "--store", self.store, "--yes", "--by", "张三", *more)
        return code, data["files"][0]


@pytest.fixture
def office(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Office:
    """An office with one area and one body."""
    made = Office(tmp_path, capsys)
    assert made.bring("area", made.file("area.csv", AREAS))[1]["rows"]["stored"] == 2
    orgs = "org_code,name,kind,parent,area_code,budget_unit\n440114-01,新华所,SUO,,440114,否\n"
    assert made.bring("org", made.file("org.csv", orgs))[1]["rows"]["stored"] == 1
    return made


@pytest.mark.slow
def test_list_show_and_template(office: Office) -> None:
    code, ledgers = office.json("list")
    assert code == 0
    assert {"market_entity", "annual_report"} <= {each["code"] for each in ledgers}
    code, shown = office.json("show", "市场主体")
    assert (code, shown["code"], shown["key"]) == (0, "market_entity", ["entity_id"])
    code, out = office.run("show", "market_entity")
    assert "统一社会信用代码" in out
    target = office.directory / "模板.xlsx"
    code, written = office.json("template", "market_entity", "--out", str(target))
    assert (code, written["ledger"]) == (0, "market_entity")
    assert load_workbook(target).sheetnames[0] == "市场主体"
    # an empty template is imported as an empty table
    code, found = office.bring("market_entity", str(target))
    assert (code, found["rows"]["read"]) == (1, 0)
    assert [each["code"] for each in found["problems"]] == ["LEDG-138"]


def test_dry_run_changes_nothing_and_apply_needs_a_word(office: Office) -> None:
    path = office.file("主体.csv", HEAD + GOOD)
    code, out = office.run("import", "market_entity", path, "--store", office.store, "--dry-run")
    assert code == 0
    assert "核对结果（没有入库）" in out
    assert "入库 1" in out
    code, _ = office.run("import", "market_entity", path, "--store", office.store)
    assert code == 2
    assert "--yes" in office.errors
    assert office.json("rows", "market_entity", "--store", office.store)[1]["rows"] == []


@pytest.mark.slow
def test_import_with_faults_and_back(office: Office) -> None:
    path = office.file("主体.csv", "广州市花都区登记表,,,,,,,,,,,,\n" + HEAD + GOOD + BAD)
    code, found = office.bring("market_entity", path)
    assert code == 1
    assert found["status"] == "imported"
    rows = found["rows"]
    assert (rows["read"], rows["stored"], rows["rejected"], rows["quarantined"]) == (3, 1, 1, 1)
    assert found["canonicalised"] == {"established_on": 1}
    assert found["amounts"]["stored"] == "1000000.00"
    places = [(each["level"], each["row"], each["headings"], each["code"]) for each in found["faults"]]
    assert places == [
        ("E", 4, ["统一社会信用代码"], "LEDG-114"),
        ("Q", 5, ["注册资本（万元）"], "LEDG-105"),
    ]
    rejected = office.directory / "主体-退回.csv"
    with rejected.open(encoding="utf-8-sig", newline="") as stream:
        lines = list(csv.DictReader(stream))
    assert [line["主体编号"] for line in lines] == ["A2"]
    assert "第 18 位应为“W”" in lines[0]["退回原因"]
    assert (office.directory / "主体-标注.xlsx").exists()
    # the same file again changes nothing
    code, again = office.bring("market_entity", path)
    assert (code, again["status"], again["batch"]) == (0, "already", found["batch"])
    # the rejected row corrected in its own file comes in
    text = rejected.read_text(encoding="utf-8-sig").replace("91440300MA5EC9TD3X", "92440114MA9X0002XU")
    text = text.replace("企业,否,1100", "个体工商户,否,9500")
    code, corrected = office.bring("market_entity", office.file("改.csv", text))
    assert (code, corrected["rows"]["stored"]) == (0, 1)
    # the held row is corrected and released
    code, held = office.json("held", "list", "--store", office.store)
    assert (code, len(held), held[0]["reason"]) == (1, 1, "quarantine")
    assert held[0]["values"]["registered_capital"] == "78%"
    number = str(held[0]["number"])
    code, out = office.json("held", "release", number, "--store", office.store)
    assert (code, out["released"], len(out["refused"])) == (1, {}, 1)
    code, out = office.json("held", "release", number, "--store", office.store, "--set", "注册资本=780000")
    assert (code, out["released"]) == (0, {"market_entity": 1})
    code, found = office.json("rows", "market_entity", "--store", office.store, "--where", "登记状态=存续")
    assert [each["entity_id"] for each in found["rows"]] == ["A1", "A2", "A3"]
    assert found["rows"][0]["registered_capital"] == "1000000.00"
    assert "legal_rep_hash" not in found["rows"][0]  # personal data are asked for
    code, out = office.run("verify", "--store", office.store)
    assert (code, out) == (0, "记录库完好。\n")


@pytest.mark.slow
def test_what_keeps_rows_out_comes_first_and_warnings_are_put_together(office: Office) -> None:
    # a newcomer without a code and with an earlier approval: two warnings a row; one row is turned away at the end
    head = HEAD.rstrip("\n") + ",核准日期,原注册号\n"
    rows = [
        f"W{number},,第{number}户,个体工商户,否,9500,10,440114,某路{number}号,2019-03-05,440114-01,存续,2020-01-01,2018-01-01,\n"
        for number in range(1, 41)
    ]
    text = head + "".join(rows) + BAD.splitlines()[0] + ",,\n"
    path = office.file("主体.csv", text)
    code, out = office.run("import", "market_entity", path, "--store", office.store, "--dry-run")
    assert code == 1
    lines = out.splitlines()
    assert "退回 1 处，提醒 80 处" in out
    rejected = next(place for place, line in enumerate(lines) if "第 42 行" in line)
    warned = [place for place, line in enumerate(lines) if "40 处，如第 2、3、4 行" in line]
    assert len(warned) == 2
    assert rejected < min(warned)
    assert len(lines) < 20
    # in full on demand, and in the documented order for programs
    _, out = office.run("import", "market_entity", path, "--store", office.store, "--dry-run", "--all")
    assert out.count("提醒") > 80
    _, data = office.json("import", "market_entity", path, "--store", office.store, "--dry-run")
    assert [each["level"] for each in data["files"][0]["faults"]] == ["E"] + ["W"] * 80


def test_a_value_for_the_whole_file(office: Office) -> None:
    head = HEAD.replace("登记状态,", "").replace("是否分支机构,", "")
    path = office.file("主体.csv", head + GOOD.replace("存续,", "").replace("企业,否,", "企业,"))
    arguments = ("--set", "登记状态=存续", "--set", "is_branch=否")
    code, found = office.bring("market_entity", path, *arguments)
    assert (code, found["rows"]["stored"]) == (0, 1)
    assert found["mapping"]["--set"] == {"is_branch": "否", "reg_status": "存续"}
    _, batches = office.json("batches", "--store", office.store)
    assert batches[-1]["mapping"]["--set"] == {"is_branch": "否", "reg_status": "存续"}
    _, rows = office.json("rows", "market_entity", "--store", office.store)
    assert (rows["rows"][0]["reg_status"], rows["rows"][0]["is_branch"]) == ("LIVE", False)
    # the same way is known, another value is another import
    assert office.bring("market_entity", path, *arguments)[1]["status"] == "already"
    code, found = office.bring("market_entity", path, "--set", "登记状态=歇业", "--set", "是否分支机构=否")
    assert (code, found["new_versions"]) == (0, 1)


@pytest.mark.parametrize(
    ("constant", "words"),
    [
        ("登记状态=没有这种", "不是选项"),
        ("没有的字段=1", "没有可以填写的字段"),
        ("名称=某店", "已有列“名称”"),
    ],
)
def test_values_for_the_whole_file_that_are_refused(office: Office, constant: str, words: str) -> None:
    text = HEAD.replace("登记状态,", "") + GOOD.replace("存续,", "")
    arguments = (
        ("--set", constant) if constant.startswith("登记") else ("--set", "登记状态=存续", "--set", constant)
    )
    code, found = office.bring("market_entity", office.file("主体.csv", text), *arguments)
    assert (code, found["status"]) == (1, "refused")
    assert words in next(each["what"] for each in found["problems"] if each["code"] == "LEDG-156")


def test_workbook_with_faults_is_marked_in_place(office: Office) -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "登记"
    for line in (HEAD + GOOD + BAD).splitlines():
        sheet.append(line.split(","))
    path = office.directory / "主体.xlsx"
    book.save(path)
    code, found = office.bring("market_entity", str(path))
    assert code == 1
    assert [each["place"]["cell"] for each in found["faults"]] == ["B3", "G4"]
    marked = load_workbook(office.directory / "主体-标注.xlsx")["登记"]
    assert marked["B3"].comment is not None
    assert marked["G4"].comment is not None
    assert marked["B2"].comment is None
    assert load_workbook(path)["登记"]["B3"].comment is None


def test_strict_refuses_the_whole_file(office: Office) -> None:
    path = office.file("主体.csv", HEAD + GOOD + BAD)
    code, found = office.bring("market_entity", path, "--strict")
    assert (code, found["status"]) == (1, "refused")
    assert office.json("rows", "market_entity", "--store", office.store)[1]["rows"] == []


@pytest.mark.slow
def test_history_undo_and_export(office: Office) -> None:
    office.bring("market_entity", office.file("一.csv", HEAD + GOOD))
    code, found = office.bring(
        "market_entity", office.file("二.csv", HEAD + GOOD.replace("甲公司", "甲二公司"))
    )
    assert (code, found["new_versions"]) == (0, 1)
    code, versions = office.json("history", "market_entity", "A1", "--store", office.store)
    assert [each["values"]["name"] for each in versions] == ["甲公司", "甲二公司"]
    assert [each["current"] for each in versions] == [False, True]
    code, out = office.run("history", "market_entity", "A1", "--store", office.store)
    assert "名称：甲二公司（原 甲公司）" in out
    code, undone = office.json("undo", str(found["batch"]), "--store", office.store, "--reason", "导错")
    assert (code, undone["hidden"]) == (0, 1)
    target = office.directory / "导出.xlsx"
    code, written = office.json("export", "market_entity", "--store", office.store, "--out", str(target))
    assert (code, written["rows"]) == (0, 1)
    assert "法定代表人证件摘要" in written["left_out"]
    code, same = office.bring("market_entity", str(target))
    assert (code, same["rows"]["unchanged"]) == (0, 1)
    code, batches = office.json("batches", "--store", office.store)
    assert [each["kind"] for each in batches] == ["batch", "batch", "batch", "batch", "undo"]
    assert office.run("undo", str(found["batch"]), "--store", office.store)[0] == 1
    assert office.run("history", "market_entity", "NOPE", "--store", office.store)[0] == 1
    assert office.run("compact", "--store", office.store)[0] == 0
    assert office.run("backup", "--store", office.store, "--out", str(office.directory / "备份.tar"))[0] == 0
    assert (
        office.run("restore", str(office.directory / "备份.tar"), "--out", str(office.directory / "新库"))[0]
        == 0
    )


def test_rows_wait_for_what_they_refer_to(office: Office) -> None:
    text = HEAD + GOOD.replace("440114-01", "440114-09")
    code, found = office.bring("market_entity", office.file("主体.csv", text))
    assert (code, found["rows"]["waiting"], found["waiting_for"]) == (1, 1, {"org": 1})
    orgs = "org_code,name,kind,parent,area_code,budget_unit\n440114-09,狮岭所,SUO,,440114,否\n"
    code, found = office.bring("org", office.file("org2.csv", orgs))
    assert (code, found["released"]) == (0, {"market_entity": 1})


def test_from_a_database(office: Office) -> None:
    path = office.directory / "旧.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE dept (code TEXT, name TEXT)")
        connection.execute("INSERT INTO dept VALUES ('440114-02', '花山所')")
    sql = "SELECT code AS org_code, name, 'SUO' AS kind, '440114' AS area_code, 0 AS budget_unit FROM dept"
    arguments = ("import", "org", "--store", office.store, "--from", f"sqlite:{path}", "--yes")
    code, found = office.json(*arguments, "--sql", sql)
    assert (code, found["files"][0]["rows"]["stored"]) == (0, 1)
    code, found = office.json(*arguments, "--sql", sql)
    assert (code, found["files"][0]["status"]) == (0, "already")
    code, found = office.json(*arguments, "--sql", "DROP TABLE dept")
    assert (code, found["files"][0]["status"]) == (1, "refused")


def test_discard_keeps_the_trail(office: Office) -> None:
    office.bring("market_entity", office.file("主体.csv", HEAD + GOOD + BAD))
    _, held = office.json("held", "list", "--store", office.store)
    number = str(held[0]["number"])
    assert office.run("held", "discard", number, "--store", office.store, "--reason", "重复")[0] == 0
    assert office.json("held", "list", "--store", office.store) == (0, [])
    assert office.run("held", "discard", number, "--store", office.store, "--reason", "重复")[0] == 2
    # in a cumulative file it is not brought up again, and that is said
    text = HEAD + GOOD + BAD + GOOD.replace("A1,91440101MA9X00011C", "A9,91440101MA9X001690")
    path = office.file("累计.csv", text)
    _, out = office.run("import", "market_entity", path, "--store", office.store, "--yes")
    assert "1 行此前已弃用，没有重新列为待核" in out
    assert office.json("held", "list", "--store", office.store) == (0, [])


def test_undo_says_which_held_rows_go_with_the_batch(office: Office) -> None:
    _, found = office.bring("market_entity", office.file("主体.csv", HEAD + GOOD + BAD))
    batch = str(found["batch"])
    code, out = office.run("undo", batch, "--store", office.store, "--reason", "导错")
    assert code == 0
    assert "随本批待核或等待引用的 1 行一并弃用" in out
    assert office.json("held", "list", "--store", office.store) == (0, [])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("show", "没有"), "没有台账“没有”"),
        (("import", "org", "--store", "x"), "给出要导入的文件"),
        (("import", "org", "--store", "x", "--sql", "SELECT 1"), "--sql 和 --from 要一起用"),
        (("export", "org", "--store", "x", "--out", "a.doc"), ".xlsx 或 .csv"),
        (("template", "org", "--out", "a.csv"), ".xlsx"),
    ],
)
def test_wrong_use(office: Office, arguments: tuple[str, ...], words: str) -> None:
    assert office.run(*arguments)[0] == 2
    assert words in office.errors


def test_no_store_is_said(office: Office) -> None:
    code, out = office.run("batches", "--store", str(office.directory / "无"))
    assert code == 1
    assert "STORE-005" in out


def test_other_formats_are_refused_in_words(office: Office) -> None:
    path = office.file("主体.docx", "x")
    code, found = office.bring("market_entity", path)
    assert (code, found["status"]) == (1, "refused")
    assert "另存为 xlsx、csv、jsonl 或 parquet" in found["problems"][0]["remedy"]

"""`zhunsheng case`: template, check, import, export, diff, and broken input."""

import json
import os
from pathlib import Path

import pytest
from openpyxl import load_workbook

from zhunsheng.cli.main import run
from zhunsheng.store.definition_files import definitions_directory

CASES = definitions_directory() / "cases"


def zhunsheng(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    with pytest.raises(SystemExit) as leave:
        run(list(arguments))
    assert isinstance(leave.value.code, int)
    return leave.value.code, capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.parametrize("code", ["huadu-2023", "guangzhou-2021", "education-demo-2023"])
def test_export_and_import_give_back_the_same_case(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, code: str
) -> None:
    assert zhunsheng(capsys, "case", "export", code, str(tmp_path / "year.xlsx"))[0] == 0
    assert zhunsheng(capsys, "case", "import", str(tmp_path / "year.xlsx"), str(tmp_path / "year"))[0] == 0
    exit_code, out = zhunsheng(capsys, "case", "diff", code, str(tmp_path / "year"))
    assert (exit_code, out) == (0, "两个档案相同\n")


@pytest.mark.slow
def test_the_template_is_written_and_explains_itself(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    code, out = zhunsheng(capsys, "case", "template", str(tmp_path / "模板"), "--xlsx")
    assert code == 0
    assert (tmp_path / "模板.xlsx").stat().st_size > 5000
    assert "先看“填写说明”" in out


def test_an_empty_directory_template_names_every_field(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert zhunsheng(capsys, "case", "template", str(tmp_path / "新档案"))[0] == 0
    text = (tmp_path / "新档案" / "tasks.yaml").read_text(encoding="utf-8")
    assert "target_sign  目标符号；必填" in text
    code, out = zhunsheng(capsys, "case", "check", str(tmp_path / "新档案"))
    assert code == 1
    assert "“基本信息”的“档案编码”不能为空" in out
    assert "“部门”的“部门名称”不能为空" in out


def copied(tmp_path: Path) -> Path:
    target = tmp_path / "year"
    for path in (CASES / "education-demo-2023").rglob("*"):
        if path.is_file():
            place = target / path.relative_to(CASES / "education-demo-2023")
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(path.read_bytes())
    return target


def edited(directory: Path, name: str, before: str, after: str) -> None:
    path = directory / name
    text = path.read_text(encoding="utf-8")
    assert text.count(before) == 1
    path.write_text(text.replace(before, after), encoding="utf-8")


def test_all_faults_of_a_directory_come_at_once_with_file_and_line(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    year = copied(tmp_path)
    edited(year, "case.yaml", "  phone:", "  telephone:")
    edited(
        year,
        "tasks.yaml",
        "- {code: O5, name: 安全隐患按期整改率, task: T3",
        "- {code: O3, name: 安全隐患按期整改率, task: T9",
    )
    edited(
        year,
        "actuals.yaml",
        "{indicator: F1, status: reported, value: '1.6'",
        "{indicator: F1, status: done, value: 一点六",
    )
    edited(year, "budget.csv", "9800.00", "九千八")
    edited(year, "problems.yaml", "answers: [Q2]", "answers: [Q7]")
    code, out = zhunsheng(capsys, "case", "check", str(year))
    assert code == 1
    for expected in (
        "case.yaml 第 10 行：“基本信息”没有名为“telephone”的字段",
        "tasks.yaml 第 30 行：“绩效指标”中“O3”已在tasks.yaml 第 28 行出现过",
        "“绩效指标”的“所属任务”引用了不存在的“T9”（重点任务中没有）",
        "actuals.yaml 第 7 行：“完成值状态”的值“done”不在选项内",
        "budget.csv 第 4 行 executed：“执行数”应为数字（单位万元），现为“九千八”",
        "“改进措施”的“针对的问题”引用了不存在的“Q7”（存在问题中没有）",
    ):
        assert expected in out


def test_points_that_do_not_add_up_are_an_error(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    year = copied(tmp_path)
    edited(year, "tasks.yaml", "target_unit: 个, points: 5", "target_unit: 个, points: 6")
    code, out = zhunsheng(capsys, "evaluate", str(year))
    assert code == 1
    assert "指标分值合计 21，节点分值 20" in out


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("about: {code: x\n  title", "不是正确的 YAML"),
        ("about: &a {code: x}\nbody: *a\n", "case.yaml 第 2 行：第 2 行使用了别名“*a”"),
        ("about: {code: x, code: y}\n", "字段“code”重复"),
        ("- 1\n- 2\n", "case.yaml 第 1 行：case.yaml 应由“部分: 内容”组成"),
        ("about:\n\tcode: x\n", "case.yaml 第 2 行：行首有不能使用的字符（如 Tab、@、反引号），缩进请用空格"),
        ("about:\n  code: a: b\n", "case.yaml 第 2 行：此处不能再有冒号；含冒号的文字要加引号"),
        ("about:\n  code: a\n---\nb: c\n", "case.yaml 第 3 行：一个文件中不能有用 --- 分开的多份内容"),
        ('about:\n  code: "a\n', "引号或括号没有闭合"),
        ("about: \x01\n", "含有 YAML 不允许的控制字符"),
        ("about: " + "[" * 3000 + "]" * 3000, "括号嵌套过深"),
    ],
)
def test_a_broken_yaml_file_is_explained(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, text: str, expected: str
) -> None:
    year = copied(tmp_path)
    (year / "case.yaml").write_text(text, encoding="utf-8")
    code, out = zhunsheng(capsys, "case", "check", str(year))
    assert code == 1
    assert expected in out
    # a file that cannot be read is the fault, not everything that refers to it
    assert "引用了不存在" not in out
    assert "缺少“基本信息”" not in out


def test_a_file_that_is_not_utf8_is_explained(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    year = copied(tmp_path)
    (year / "budget.csv").write_bytes("编码,项目\n".encode("gb18030"))
    code, out = zhunsheng(capsys, "case", "check", str(year))
    assert code == 1
    assert "不是 UTF-8" in out


def test_a_rejected_import_writes_nothing(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    year = copied(tmp_path)
    edited(year, "budget.csv", "9800.00", "九千八")
    assert zhunsheng(capsys, "case", "import", str(year), str(tmp_path / "target"))[0] == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["year"]


def test_import_does_not_overwrite_what_is_not_a_case(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    target = tmp_path / "target"
    target.mkdir()
    (target / "letter.txt").write_text("private")
    assert zhunsheng(capsys, "case", "import", "education-demo-2023", str(target))[0] == 2
    assert (target / "letter.txt").read_text() == "private"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("code,name", "code,code", "budget.csv 第 1 行：budget.csv 列“code”重复"),
        ("executed", "excuted", "budget.csv 第 1 行：budget.csv 没有名为“excuted”的列"),
        ("code,name", "code,title", "budget.csv 第 1 行：budget.csv 缺少必填的列“name”（项目）"),
        ("code,name", "code,", "budget.csv 第 1 行：budget.csv 有一列没有列名"),
    ],
)
def test_a_wrong_header_is_named_once_and_not_for_every_row(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, before: str, after: str, expected: str
) -> None:
    year = copied(tmp_path)
    edited(year, "budget.csv", before, after)
    code, out = zhunsheng(capsys, "case", "check", str(year))
    assert code == 1
    assert out.count(expected) == 1
    assert "budget.csv 第 2 行" not in out


def test_an_empty_csv_is_an_empty_table(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    year = copied(tmp_path)
    (year / "projects.csv").write_text("", encoding="utf-8")
    out = zhunsheng(capsys, "case", "check", str(year))[1]
    assert "引用了不存在的“P1”（项目中没有）" in out
    assert "FILE-012" not in out


def test_quotes_that_do_not_match_are_explained_in_chinese(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    year = copied(tmp_path)
    with (year / "budget.csv").open("a", encoding="utf-8") as file:
        file.write('"甲"乙,丙\n')
    out = zhunsheng(capsys, "case", "check", str(year))[1]
    assert "budget.csv 第 7 行：引号没有成对，或引号后还有文字" in out


def test_a_section_written_in_two_files_is_an_error(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    year = copied(tmp_path)
    with (year / "case.yaml").open("a", encoding="utf-8") as file:
        file.write("\nbudget:\n- {code: x}\n")
    code, out = zhunsheng(capsys, "case", "check", str(year))
    assert code == 1
    assert "FILE-003 budget.csv：“budget”已在case.yaml 第 " in out


@pytest.mark.parametrize(
    ("file", "before", "after", "expected"),
    [
        ("case.yaml", "rubric: guangdong-dept-2023", "rubric: nowhere", "没有名为“nowhere”的评分体系"),
        (
            "tasks.yaml",
            "target_unit: 个, points: 5",
            "target_unit: 个, points: 6",
            "tasks.yaml 第 26 行 A1 部门整体绩效目标产出指标完成情况：指标分值合计 21，节点分值 20",
        ),
        (
            "management.yaml",
            "fact: contracts_filed_late",
            "fact: late",
            "management.yaml 第 5 行 管理事实 late：没有名为“late”的管理事实",
        ),
        (
            "problems.yaml",
            "covers: [O4",
            "covers: [O44",
            "problems.yaml 第 9 行 存在问题 Q2：没有编码为“O44”的评分项",
        ),
        (
            "narrative/annual_work.md",
            "本年度",
            "本年度{{ figure.N1 }}",
            "没有“figure.N1”这个数据，或它没有值",
        ),
    ],
)
def test_check_holds_the_case_against_its_rubric_and_its_report(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, file: str, before: str, after: str, expected: str
) -> None:
    year = copied(tmp_path)
    edited(year, file, before, after)
    code, out = zhunsheng(capsys, "case", "check", str(year))
    assert code == 1
    assert expected in out
    assert "改正错误后才能正式评分" in out


def test_a_paragraph_the_report_does_not_have_is_a_warning(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    year = copied(tmp_path)
    (year / "narrative" / "afterword.md").write_text("结语。\n", encoding="utf-8")
    code, out = zhunsheng(capsys, "case", "check", str(year))
    assert code == 1
    assert "警告 CASE-021 narrative/afterword.md：没有名为“afterword”的文字段落（可用：annual_work、" in out


def test_a_directory_that_is_no_case_is_not_searched(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desktop = tmp_path / "桌面"
    (desktop / "照片").mkdir(parents=True)
    for number in range(300):
        (desktop / f"{number}.txt").write_text("x")

    def touched(_path: Path) -> bytes:
        raise AssertionError("a foreign file was opened")

    monkeypatch.setattr(Path, "read_bytes", touched)
    code, out = zhunsheng(capsys, "evaluate", str(desktop))
    assert code == 1
    assert "FILE-013 桌面：“桌面”中没有 case.yaml 等年度档案文件" in out
    assert out.rstrip().endswith("共 1 条：错误 1 个")


def test_only_the_files_of_the_case_enter_its_hash(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    year = copied(tmp_path)
    before = json.loads(zhunsheng(capsys, "evaluate", str(year), "--json")[1])["inputs"]
    (year / "照片.jpg").write_bytes(b"x" * 1000)
    assert json.loads(zhunsheng(capsys, "evaluate", str(year), "--json")[1])["inputs"] == before
    edited(year, "narrative/annual_work.md", "本年度", "这一年")
    assert json.loads(zhunsheng(capsys, "evaluate", str(year), "--json")[1])["inputs"] != before


def test_a_pipe_and_a_file_of_gigabytes_are_refused_at_once(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    os.mkfifo(tmp_path / "管道.xlsx")
    assert zhunsheng(capsys, "case", "check", str(tmp_path / "管道.xlsx"))[0] == 2
    huge = tmp_path / "巨大.xlsx"
    with huge.open("wb") as file:
        file.truncate(5_000_000_000)  # sparse: nothing is stored
    code, out = zhunsheng(capsys, "case", "check", str(huge))
    assert code == 1
    assert "FILE-008 巨大.xlsx：“巨大.xlsx”有 5,000.0 MB" in out


def test_a_template_never_overwrites_what_was_filled_in(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    filled = tmp_path / "我局.xlsx"
    filled.write_bytes(b"a week of work")
    assert zhunsheng(capsys, "case", "template", str(filled))[0] == 2
    assert zhunsheng(capsys, "case", "template", str(tmp_path / "我局"), "--xlsx")[0] == 2
    assert filled.read_bytes() == b"a week of work"


def test_importing_onto_a_file_is_wrong_use(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    target = tmp_path / "我局.txt"
    target.write_text("private")
    assert zhunsheng(capsys, "case", "import", "education-demo-2023", str(target))[0] == 2
    assert target.read_text() == "private"


def test_endless_digits_in_a_number_are_a_fault_of_their_place(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    year = copied(tmp_path)
    edited(year, "tasks.yaml", "target_unit: 个, points: 5", f"target_unit: 个, points: {'9' * 5000}")
    code, out = zhunsheng(capsys, "case", "check", str(year))
    assert code == 1
    assert "tasks.yaml 第 26 行：“分值”应为数字，现为“9999999999" in out
    assert len(out) < 2000


def test_weights_of_a_workbook_that_do_not_add_up_are_named_with_sheet_and_cell(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = tmp_path / "我局.xlsx"
    assert zhunsheng(capsys, "case", "export", "education-demo-2023", str(path))[0] == 0
    book = load_workbook(path)
    sheet = book["绩效指标"]
    column = next(cell.column_letter for cell in sheet[1] if cell.value == "分值")
    sheet[f"{column}2"].value = 6
    book.save(path)
    code, out = zhunsheng(capsys, "case", "check", str(path))
    assert code == 1
    assert f"SCORE-004 我局.xlsx 工作表“绩效指标” 单元格 {column}2 A1 " in out


def test_a_complaint_about_a_row_that_is_not_there_has_no_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    problems = json.loads(zhunsheng(capsys, "evaluate", "huadu-2023", "--json")[1])["problems"]
    places = {(each["code"], each["place"]["field"].split()[0]): each["place"] for each in problems}
    assert "file" not in places["SCORE-006", "A3"]
    assert places["SCORE-007", "B6"]["file"] == "scores.yaml"
    lines = (CASES / "huadu-2023" / "scores.yaml").read_text(encoding="utf-8").split("\n")
    assert "B6" in lines[int(places["SCORE-007", "B6"]["line"]) - 1]

"""`zhunsheng case`: template, check, import, export, diff, and broken input."""

from pathlib import Path

import pytest

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
        ("about: &a {code: x}\nbody: *a\n", "不支持 YAML 锚点和别名"),
        ("about: {code: x, code: y}\n", "字段“code”重复"),
        ("- 1\n- 2\n", "缺少“基本信息”"),
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

"""The command line as a whole: help, exit codes, JSON, what a clerk reads when something is wrong."""

import io
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from openpyxl import load_workbook

from zhunsheng.cli.main import program, run


def walk(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield (*path, name)
        if isinstance(command, click.Group):
            yield from walk(command, (*path, name))


COMMANDS = list(walk(program))
LEAVES = [
    path for path in COMMANDS if not any(other[: len(path)] == path and other != path for other in COMMANDS)
]


def zhunsheng(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as leave:
        run(list(arguments))
    out, err = capsys.readouterr()
    assert isinstance(leave.value.code, int)
    return leave.value.code, out, err


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_command_has_help(capsys: pytest.CaptureFixture[str], path: tuple[str, ...]) -> None:
    code, out, _ = zhunsheng(capsys, *path, "--help")
    assert code == 0
    assert f"用法：zhunsheng {' '.join(path)}" in out


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_a_wrong_option_exits_with_2(capsys: pytest.CaptureFixture[str], path: tuple[str, ...]) -> None:
    code, out, err = zhunsheng(capsys, *path, "--no-such-option")
    assert code == 2
    assert out == ""
    assert err.startswith("用法不对：")


@pytest.mark.parametrize("path", LEAVES, ids=" ".join)
def test_every_command_offers_json(capsys: pytest.CaptureFixture[str], path: tuple[str, ...]) -> None:
    assert "--json" in zhunsheng(capsys, *path, "--help")[1]


def test_nobody_is_shown_a_traceback(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def broken(*_arguments: object, **_named: object) -> None:
        raise RuntimeError("planted")

    monkeypatch.setattr("zhunsheng.cli.evaluate.load_case", broken)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    code, out, err = zhunsheng(capsys, "evaluate", "huadu-2023")
    assert (code, out) == (3, "")
    assert "程序内部出错，没有完成。经过记在" in err
    (notes,) = tmp_path.glob("zhunsheng-*.txt")
    assert "planted" in notes.read_text(encoding="utf-8")


def test_an_unknown_command_names_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = zhunsheng(capsys, "rubric", "prove")
    assert code == 2
    assert "没有“prove”这个命令（可用：list、show、check、compare）" in err


JSON_COMMANDS = [
    (("evaluate", "huadu-2023"), 1),
    (("rubric", "list"), 0),
    (("rubric", "show", "guangdong-dept-2023"), 0),
    (("rubric", "check"), 0),
    (("rubric", "compare", "guangdong-dept-2023", "guangzhou-dept-2021", "huadu-2023"), 0),
    (("case", "list"), 0),
    (("case", "check", "huadu-2023"), 0),
    (("case", "diff", "huadu-2023", "huadu-2023"), 0),
]


@pytest.mark.parametrize(("arguments", "expected"), JSON_COMMANDS, ids=str)
def test_json_is_json_and_the_same_every_time(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], expected: int
) -> None:
    code, out, _ = zhunsheng(capsys, *arguments, "--json")
    assert code == expected
    json.loads(out)
    assert zhunsheng(capsys, *arguments, "--json")[1] == out


def test_the_documented_shape_of_an_evaluation(capsys: pytest.CaptureFixture[str]) -> None:
    data = json.loads(zhunsheng(capsys, "evaluate", "huadu-2023", "--json")[1])
    assert {"case", "rubric", "inputs", "total", "grade", "nodes", "problems", "review"} <= set(data)
    assert (data["total"], data["grade"]) == ("94.98", "优")
    (node,) = [each for each in data["nodes"] if each["code"] == "A3"]
    assert set(node["trace"]) == {"rule", "clause", "inputs", "steps", "rounding", "result"}
    assert node["trace"]["inputs"]["budget_executed"] == {
        "label": "执行数",
        "value": "22,918.66",
        "unit": "万元",
        "source": "收支 expenditure（L77、L117）",
    }
    assert all(len(each["sha256"]) == 64 for each in data["inputs"])


def test_a_case_that_does_not_exist_is_wrong_use(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = zhunsheng(capsys, "evaluate", "nowhere-2024")
    assert code == 2
    assert "“nowhere-2024”不存在。给出档案目录、.xlsx 工作簿，或随附档案的编码（" in err


def test_an_unknown_rubric_is_wrong_use_and_lists_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = zhunsheng(capsys, "evaluate", "huadu-2023", "--rubric", "nothing")
    assert code == 2
    assert "没有名为“nothing”的评分体系。给出编码（guangdong-dept-2023" in err


def test_an_output_directory_that_cannot_be_made_is_a_matter_of_surroundings(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    code, _, err = zhunsheng(
        capsys, "report", "write", "education-demo-2023", "--out", str(blocked / "out"), "--format", "xlsx"
    )
    assert code == 3
    assert err == f"环境问题：无法写入“{blocked / 'out'}”：路径中有一段是文件，不是目录\n"


def test_a_rubric_with_a_hole_is_refused_before_it_scores(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    code, text, _ = zhunsheng(capsys, "rubric", "show", "mof-project-2020", "--json")
    assert code == 0
    assert text
    from zhunsheng.store.definition_files import definitions_directory  # noqa: PLC0415

    source = (definitions_directory() / "rubrics" / "guangdong-dept-2023.yaml").read_text(encoding="utf-8")
    rubric = tmp_path / "guangdong-dept-2023.yaml"
    rubric.write_text(source.replace('优, range: "[90, 100]"', '优, range: "(90, 100]"'), encoding="utf-8")
    code, out, _ = zhunsheng(capsys, "evaluate", "huadu-2023", "--rubric", str(rubric))
    assert code == 1
    assert "总分恰为 90 的值不在任何区间内" in out


def test_one_trace_can_be_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = zhunsheng(capsys, "evaluate", "huadu-2023", "--trace", "B5.6")
    assert "候选规则“每例扣 0.25 分，扣完为止”：得 0 分" in out
    assert zhunsheng(capsys, "evaluate", "huadu-2023", "--trace", "Z9")[0] == 2


def test_no_colour_codes_when_the_output_is_not_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = zhunsheng(capsys, "evaluate", "huadu-2023")
    assert "\x1b[" not in out


def test_the_module_is_the_same_program() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "zhunsheng", "--version"], check=True, capture_output=True, text=True
    )
    assert done.stdout.startswith("zhunsheng ")


def test_shell_completion_is_offered() -> None:
    done = subprocess.run(  # noqa: S603 - our own interpreter
        [Path(sys.executable).with_name("zhunsheng")],
        check=True,
        capture_output=True,
        text=True,
        env={"_ZHUNSHENG_COMPLETE": "bash_source", "PATH": "/usr/bin:/bin"},
    )
    assert "_ZHUNSHENG_COMPLETE" in done.stdout


def test_every_form_carries_the_hashes_of_what_it_was_made_from() -> None:
    from zhunsheng.assembly.cases import load_case  # noqa: PLC0415
    from zhunsheng.assembly.reporting import make_report  # noqa: PLC0415

    loaded = load_case("education-demo-2023")
    files = make_report(loaded, None, ("xlsx",)).files
    assert any("项目支出绩效自评表" in name for name in files)
    for name, content in files.items():
        book = load_workbook(io.BytesIO(content))
        texts = [str(cell.value) for row in book.worksheets[-1] for cell in row]
        assert f"SHA-256 {loaded.inputs[0].sha256}" in texts, name
        assert sum(text.startswith("SHA-256 ") for text in texts) == 3, name

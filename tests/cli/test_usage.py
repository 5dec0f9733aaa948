"""Wrong use is explained in Chinese, whatever the command line library says, and ends with 2."""

import re

import pytest

from zhunsheng.cli.main import run

_ENGLISH = re.compile(r"[A-Za-z]{3,} [a-z]{2,} [a-z]{2,}")
_COMMANDS = [
    "evaluate",
    "audit",
    "report",
    "report write",
    "case",
    "case template",
    "case check",
    "case import",
    "case export",
    "case diff",
    "case list",
    "case extract",
    "rubric",
    "rubric list",
    "rubric show",
    "rubric check",
    "rubric compare",
    "demo",
    "doctor",
    "docs",
]


def outcome(capsys: pytest.CaptureFixture[str], line: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        run(line.split())
    written = capsys.readouterr()
    return int(str(left.value.code)), written.out, written.err


@pytest.mark.parametrize("command", _COMMANDS)
def test_the_help_of_every_command_is_chinese(capsys: pytest.CaptureFixture[str], command: str) -> None:
    code, out, _ = outcome(capsys, f"{command} --help")
    assert code == 0
    assert f"用法：zhunsheng {command}" in out
    assert "显示本帮助" in out
    assert "Usage" not in out
    assert "Options" not in out
    assert "\\b" not in out


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("evaluate", "缺少参数 CASE"),
        ("evaluate x --nothing", "没有选项 --nothing"),
        ("evaluate x --jsn", "是否想用 --json"),
        ("audit /does/not/exist", "“/does/not/exist”不存在"),
        ("audit /", "“/”是文件夹，要求文件"),
        ("rubric shw", "没有“shw”这个命令（可用：list、show、check、compare）"),
        ("case list more", "多出参数：more"),
        ("report write huadu-2023 --out", "选项 --out 要求给出一个值"),
        ("report write huadu-2023 --format odt", "“odt”不在可选的值之内：docx"),
    ],
)
def test_wrong_use_is_explained(capsys: pytest.CaptureFixture[str], line: str, expected: str) -> None:
    code, _, err = outcome(capsys, line)
    assert code == 2
    assert expected in err
    assert not _ENGLISH.search(err.replace(line, "").split("查看用法")[0]), err

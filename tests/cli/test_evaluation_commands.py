"""`evaluate` and `rubric`: exit codes, traces of everything, the same bytes in every process."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from zhunsheng.cli.main import run

CASES = ("huadu-2023", "guangzhou-2021", "education-demo-2023")


def zhunsheng(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Run the program in this process: exit code, output, errors."""
    with pytest.raises(SystemExit) as leave:
        run(list(arguments))
    out, err = capsys.readouterr()
    assert isinstance(leave.value.code, int)
    return leave.value.code, out, err


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("evaluate",), 2, "缺少参数"),
        (("evaluate", "huadu-2023", "--rubric", "nothing"), 2, "没有名为“nothing”的评分体系"),
        (("evaluate", "huadu-2023", "--rubric", "missing.yaml"), 2, "没有文件“missing.yaml”"),
        (("evaluate", "huadu-2023", "--trace", "ZZ"), 2, "没有编码为“ZZ”的评分项"),
        (("rubric", "show", "nothing"), 2, "没有名为“nothing”的评分体系"),
        (("rubric", "check", "nothing"), 2, "没有名为“nothing”的评分体系"),
        (("rubric", "check", "/etc"), 2, "没有名为“/etc”的评分体系"),
        (
            ("rubric", "compare", "mof-project-2020", "nothing", "huadu-2023"),
            2,
            "没有名为“nothing”的评分体系",
        ),
        (("rubric", "compare", "mof-project-2020"), 2, "缺少参数"),
        (("rubric", "compare", "mof-project-2020", "mof-project-2021", "nowhere"), 2, "“nowhere”不存在"),
        (("rubric", "check"), 0, "成立"),
        (("rubric", "compare", "mof-project-2020", "mof-project-2021", "huadu-2023"), 0, "规则差异"),
    ],
)
def test_exit_codes(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], code: int, words: str
) -> None:
    found, out, err = zhunsheng(capsys, *arguments)
    assert found == code
    assert words in (err if code == 2 else out)
    assert "Traceback" not in err


def test_a_rubric_with_a_hole_is_a_finding_and_scores_nothing(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    shipped = Path(__file__).parents[2] / "src/zhunsheng/definitions/rubrics/mof-project-2020.yaml"
    broken = tmp_path / "mof-project-2020.yaml"
    broken.write_text(shipped.read_text(encoding="utf-8").replace("[90, 100]", "(90, 100]"), encoding="utf-8")
    code, out, _ = zhunsheng(capsys, "rubric", "check", str(broken))
    assert code == 1
    assert "总分恰为 90 的值不在任何区间内" in out
    code, out, _ = zhunsheng(capsys, "evaluate", "huadu-2023", "--rubric", str(broken))
    assert code == 1
    assert "总分恰为 90 的值不在任何区间内" in out
    assert "总分 9" not in out


def test_a_page_that_cannot_be_written_is_a_matter_of_surroundings(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    code, _, err = zhunsheng(capsys, "evaluate", "huadu-2023", "--html", str(blocked / "page.html"))
    assert code == 3
    assert "无法写入" in err
    assert not re.search(r"[A-Z][a-z]+ [a-z]+ ", err), "the system's English words must not reach the user"


@pytest.mark.parametrize("case", CASES)
def test_every_score_unfolds_into_its_calculation(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, case: str
) -> None:
    page = tmp_path / "page.html"
    zhunsheng(capsys, "evaluate", case, "--html", str(page))
    _, out, _ = zhunsheng(capsys, "evaluate", case, "--json")
    nodes = json.loads(out)["nodes"]
    text = page.read_text(encoding="utf-8")
    assert text.count("<details") >= len(nodes)
    for node in nodes:
        for step in node["trace"]["steps"]:
            assert step.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") in text, node["code"]


@pytest.mark.parametrize("case", CASES)
def test_every_leaf_traces_rule_clause_inputs_arithmetic_and_rounding(
    capsys: pytest.CaptureFixture[str], case: str
) -> None:
    _, out, _ = zhunsheng(capsys, "evaluate", case, "--json")
    for node in json.loads(out)["nodes"]:
        trace = node["trace"]
        assert trace["rule"], node["code"]
        assert trace["steps"], node["code"]
        if node["status"] == "summed":
            continue
        assert trace["clause"], node["code"]
        assert trace["inputs"] or node["status"] in {"manual", "not_applicable", "unscored"}, node["code"]
        assert trace["rounding"] or node["status"] != "scored", node["code"]
        for given in trace["inputs"].values():
            assert given["source"] or given["value"] in {"", "未填报"}, node["code"]
    _, printed, _ = zhunsheng(capsys, "evaluate", case, "--trace", json.loads(out)["nodes"][0]["code"])
    assert "规则：" in printed


@pytest.mark.slow
@pytest.mark.parametrize(
    "arguments",
    [
        ("evaluate", "huadu-2023", "--json"),
        ("evaluate", "guangzhou-2021", "--json"),
        ("rubric", "compare", "guangdong-dept-2023", "mof-project-2021", "guangzhou-2021", "--json"),
    ],
)
def test_two_processes_print_the_same_bytes(arguments: tuple[str, ...]) -> None:
    printed = {
        subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-m", "zhunsheng", *arguments],
            check=False,
            capture_output=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }
    assert len(printed) == 1
    assert json.loads(printed.pop())

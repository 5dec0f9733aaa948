"""`zhunsheng deadline` from the outside."""

import json

import pytest

from zhunsheng.cli.main import run


def outcome(capsys: pytest.CaptureFixture[str], line: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        run(line.split())
    written = capsys.readouterr()
    return int(str(left.value.code)), written.out, written.err


@pytest.mark.parametrize("command", ["", " list", " show", " due"])
def test_help_is_chinese(capsys: pytest.CaptureFixture[str], command: str) -> None:
    code, out, _ = outcome(capsys, f"deadline{command} --help")
    assert code == 0
    assert f"用法：zhunsheng deadline{command}" in out
    assert "Usage" not in out


@pytest.mark.parametrize(
    ("arguments", "last", "first"),
    [
        ("CMP-1 2023-09-27", "2023-10-12", None),
        ("MED-2.serious 2023-09-27", "2023-10-12", None),
        ("ANR-1 2021-12-31 --area 310151 --class IND", "2022-12-31", None),
        ("FIN-2 2023-03-31", "2023-03-01", None),
        ("PRD-4 2023-01-01", "2023-04-03", "2023-03-03"),
        ("EQP-4 2023-09-30T23:45", "2023-10-01T00:15", None),
    ],
)
def test_due(capsys: pytest.CaptureFixture[str], arguments: str, last: str, first: str | None) -> None:
    code, out, _ = outcome(capsys, f"deadline due {arguments} --json")
    found = json.loads(out)
    assert (code, found["last"], found["first"]) == (0, last, first)
    code, out, _ = outcome(capsys, f"deadline due {arguments}")
    assert code == 0
    assert last.replace("T", " ") in out
    assert "出处：" in out


def test_a_moved_day_cites_the_notice(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = outcome(capsys, "deadline due ANR-1 2021-12-31 --area 310151 --class ENT")
    assert "沪崇市监信用〔2022〕27号" in out
    _, out, _ = outcome(capsys, "deadline due ANR-1 2021-12-31")
    assert "企业信息公示暂行条例" in out


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ("CMP-1 2026-04-15", 1, "DEAD-003"),
        ("REG-1 2021-01-01", 1, "DEAD-002"),
        ("REC-2 2026-12-28", 1, "缺少 2027 年的工作日历"),
        ("EQP-4 2023-09-30", 1, "须给出时刻"),
        ("XX-1 2023-01-01", 2, "没有时限规则“XX-1”"),
        ("MED-1 2023-01-01", 2, "须指明其一"),
        ("CMP-1 2023-02-30", 2, "不是日期"),
        ("CMP-1 9999-12-31", 2, "1949 至 2199"),
        ("CMP-1 2023-01-01T00:00+08:00", 2, "不带时区"),
        ("IPR-1 2199-12-31", 1, "工作日历"),
    ],
)
def test_what_cannot_be_told(
    capsys: pytest.CaptureFixture[str], arguments: str, code: int, words: str
) -> None:
    left, out, err = outcome(capsys, f"deadline due {arguments}")
    assert left == code
    assert words in out + err


def test_list_and_show(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = outcome(capsys, "deadline list --json")
    rules = {each["code"]: each for each in json.loads(out)}
    assert (code, len(rules)) == (0, 65)
    code, out, _ = outcome(capsys, "deadline show CMP-2 --json")
    assert json.loads(out) == rules["CMP-2"]
    assert [each["length"] for version in rules["CMP-2"]["versions"] for each in version["periods"]] == [
        60,
        45,
        None,
    ]
    for line in ("deadline list", "deadline show CMP-2", "deadline show ANR-1", "deadline show CAS-4"):
        assert outcome(capsys, line)[0] == 0
    code, _, err = outcome(capsys, "deadline show CMP-99")
    assert code == 2
    assert "没有时限规则“CMP-99”" in err

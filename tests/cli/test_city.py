"""`zhunsheng city` from the outside."""

import csv
import json
from pathlib import Path

import pytest

from zhunsheng.cli.main import run
from zhunsheng.store.ledger_files import ledger_codes
from zhunsheng.store.records.record_store import RecordStore
from zhunsheng.synthesis.generating import Generation, Order


def outcome(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as left:
        run(["city", *arguments])
    written = capsys.readouterr()
    return int(str(left.value.code)), written.out, written.err


def test_profiles_say_what_is_printed_and_what_is_assumed(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = outcome(capsys, "profiles")
    assert code == 0
    assert "合成数据" in out
    assert "huadu-2023" in out
    code, out, _ = outcome(capsys, "profiles", "--json")
    found = {each["code"]: each for each in json.loads(out)}
    figures = {each["name"]: each for each in found["huadu-2023"]["figures"]}
    assert figures["enforcement.filed"]["value"] == "1291"
    assert figures["enforcement.filed"]["source"]["evidence"] == "seed"
    assert figures["food.rapid_tests"]["source"]["evidence"] == "proposal"
    assert all(each["note"] for each in figures.values() if each["source"]["evidence"] == "proposal")


@pytest.mark.slow
def test_a_generated_store_is_marked_and_complete(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    store, files = tmp_path / "store", tmp_path / "files"
    arguments = ("--profile", "huadu-2023", "--scale", "0.01", "--seed", "3", "--store", str(store))
    code, out, err = outcome(
        capsys, "generate", *arguments, "--bad-rows", "0.02", "--export", str(files), "--json"
    )
    assert code == 0
    assert "秒]" in err
    told = json.loads(out)
    assert told["synthetic"] is True
    assert set(told["ledgers"]) == set(ledger_codes())
    assert told["rows"] == sum(told["ledgers"].values())
    assert json.loads((store / "generation.json").read_text(encoding="utf-8")) == told
    with RecordStore.open(store) as opened:
        assert opened.snapshot().token == told["snapshot"]
        assert all(each.synthetic for each in opened.batches())
    with (files / "答案.csv").open(encoding="utf-8-sig", newline="") as stream:
        answers = list(csv.DictReader(stream))
    assert len(answers) == told["export"]["bad_rows"]
    assert {each["处理"] for each in answers} == {"E", "Q", "W", "C", "等待引用"}
    code, out, _ = outcome(capsys, "generate", *arguments)
    assert code == 1
    assert "CITY-003" in out


def test_output_for_people_says_it_is_synthetic(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # the city itself is tested elsewhere; here only what is said about it
    def made(order: Order, *_: object, **__: object) -> Generation:
        return Generation(order, {"area": 3}, ("规模太小",))

    monkeypatch.setattr("zhunsheng.cli.city.generate", made)
    code, out, _ = outcome(capsys, "generate", "--profile", "huadu-2023", "--store", str(tmp_path / "store"))
    assert code == 0
    assert "合成数据，不是任何单位的真实记录" in out
    assert "规模太小" in out


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("--profile", "没有的"), 1, "CITY-001"),
        (("--profile", "huadu-2023", "--scale", "0"), 2, "大于 0"),
        (("--profile", "huadu-2023", "--scale", "abc"), 2, "大于 0"),
        (("--profile", "huadu-2023", "--scale", "nan"), 2, "大于 0"),
        (("--profile", "huadu-2023", "--bad-rows", "0.1"), 2, "--export"),
        (("--profile", "huadu-2023", "--seed", "-1"), 2, ""),
    ],
)
def test_wrong_orders_are_refused_before_anything_is_written(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, arguments: tuple[str, ...], code: int, words: str
) -> None:
    found, out, err = outcome(capsys, "generate", *arguments, "--store", str(tmp_path / "store"))
    assert found == code
    assert words in out + err
    assert not (tmp_path / "store").exists()


def test_help_is_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    for command in ((), ("generate",), ("profiles",)):
        code, out, _ = outcome(capsys, *command, "--help")
        assert code == 0
        assert "Usage" not in out

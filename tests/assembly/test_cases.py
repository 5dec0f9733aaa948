"""Loading cases: the same case however it comes, and a word for everything that is none."""

import shutil
from pathlib import Path

import pytest

from zhunsheng.assembly.cases import (
    load_case,
    load_case_directory,
    load_case_workbook,
    load_shipped_case,
)
from zhunsheng.assembly.rejections import Rejected, WrongRequest
from zhunsheng.assembly.surroundings import Surroundings
from zhunsheng.documents.case_workbook import write_case_workbook
from zhunsheng.kernel.hashing import sha256_of
from zhunsheng.store.definition_files import definitions_directory

CODE = "education-demo-2023"


def test_a_shipped_case_is_its_directory(tmp_path: Path) -> None:
    shipped = load_shipped_case(CODE)
    assert shipped.case.about.code == CODE
    assert load_case(CODE) == shipped
    copied = tmp_path / CODE
    shutil.copytree(definitions_directory() / "cases" / CODE, copied)
    # the hash is of the content, not of the place
    assert load_case_directory(copied).inputs == shipped.inputs
    assert load_case(str(copied)).case == shipped.case
    (copied / "case.yaml").write_bytes((copied / "case.yaml").read_bytes() + b"\n# changed\n")
    assert load_case_directory(copied).inputs != shipped.inputs


def test_a_workbook_from_memory() -> None:
    case = load_shipped_case(CODE).case
    data = write_case_workbook(case)
    loaded = load_case_workbook(data, "我局.xlsx")
    assert loaded.case.indicators == case.indicators
    assert [(each.name, each.sha256) for each in loaded.inputs] == [("我局.xlsx", sha256_of(data))]
    # problems can be placed in sheets
    assert loaded.rows["indicators"].place.sheet


@pytest.mark.parametrize("code", ["nothing", "../rubrics", "", CODE.upper()])
def test_only_codes_name_shipped_cases(code: str) -> None:
    with pytest.raises(WrongRequest, match=CODE):
        load_shipped_case(code)


def test_what_is_no_case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(WrongRequest, match="不存在"):
        load_case(str(tmp_path / "无"))
    with pytest.raises(WrongRequest, match="不是普通文件"):
        load_case("/dev/null")
    with pytest.raises(Rejected) as rejected:
        load_case_workbook(b"no workbook", "坏.xlsx")
    assert {each.place.file for each in rejected.value.problems} == {"坏.xlsx"}
    monkeypatch.setattr("zhunsheng.assembly.cases._LARGEST", 10)
    with pytest.raises(Rejected) as rejected:
        load_case_workbook(b"eleven byte", "大.xlsx")
    assert [each.code for each in rejected.value.problems] == ["FILE-008"]


def test_a_file_that_cannot_be_read_is_trouble_of_the_surroundings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "甲.xlsx"
    path.write_bytes(b"PK")

    def refused(_path: Path) -> bytes:
        raise PermissionError(13, "denied")

    monkeypatch.setattr(Path, "read_bytes", refused)
    with pytest.raises(Surroundings, match="无法读取"):
        load_case(str(path))

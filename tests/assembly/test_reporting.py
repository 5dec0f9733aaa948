"""A report is made in memory: every format, every form, nothing on disk."""

import io
import re
import zipfile
from pathlib import Path

import pytest
from openpyxl import load_workbook

from zhunsheng.assembly.cases import LoadedCase, load_shipped_case
from zhunsheng.assembly.reporting import FORMATS, make_report

CODE = "education-demo-2023"


def test_only_the_formats_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    steps: list[str] = []
    written = make_report(load_shipped_case(CODE), None, ("html", "xlsx"), steps.append)
    assert {name.rpartition(".")[2] for name in written.files} == {"html", "xlsx"}
    assert steps[:2] == ["评分", "编写报告"]
    assert len(steps) == 2 + len(written.files)
    assert list(tmp_path.iterdir()) == []


def test_every_file_is_what_its_name_says() -> None:
    case = load_shipped_case(CODE).case
    written = make_report(LoadedCase(case), formats=FORMATS)
    with_keys = sum(project.key for project in case.projects)
    # the report in three formats; score sheet, department form and one form a key project in two
    assert len(written.files) == 3 + 2 * (2 + with_keys)
    for name, content in written.files.items():
        match name.rpartition(".")[2]:
            case "pdf":
                assert content.startswith(b"%PDF-")
            case "html":
                assert content.lstrip().lower().startswith(b"<!doctype html>")
            case "xlsx":
                assert load_workbook(io.BytesIO(content)).worksheets
            case "docx":
                assert "word/document.xml" in zipfile.ZipFile(io.BytesIO(content)).namelist()


def test_the_total_of_the_evaluation_is_the_printed_one() -> None:
    written = make_report(load_shipped_case("huadu-2023"), formats=("html",))
    (page,) = written.files.values()
    text = re.sub(r"<[^>]+>", "", page.decode())
    assert str(written.evaluation.total) == "94.98"
    assert "94.98" in text
    assert written.draft
    assert written.problems

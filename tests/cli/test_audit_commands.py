"""`audit` and `case extract`: exit codes, views, baselines, and a report held against its case."""

import io
import json
import re
import zipfile
from pathlib import Path
from typing import Any

import docx
import openpyxl
import pypdfium2
import pytest
import typst
import yaml

from zhunsheng.cli.main import run
from zhunsheng.documents.fonts import default_directories

REPOSITORY = Path(__file__).parents[2]
# 40 more than the 160 of the year before are 25 %
WRONG = "本年支出合计200万元，比上年增加40万元，增长15%。\n"
RIGHT = WRONG.replace("15%", "25%")
FINDING = {
    "key", "code", "severity", "confidence", "message", "places", "printed", "computed", "difference", "remedy",
}  # fmt: skip
PLACE = {"document", "page", "block", "table", "row", "column", "start", "end", "text", "note"}


def zhunsheng(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str, str]:
    """Run the program in this process: exit code, output, errors."""
    with pytest.raises(SystemExit) as leave:
        run([str(each) for each in arguments])
    out, err = capsys.readouterr()
    assert isinstance(leave.value.code, int)
    assert "Traceback" not in err
    return leave.value.code, out, err


def written(directory: Path, name: str, text: str) -> Path:
    path = directory / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def word(path: Path, *paragraphs: str) -> Path:
    document = docx.Document()
    for each in paragraphs:
        document.add_paragraph(each)
    document.save(str(path))
    return path


def test_a_report_without_an_error_is_clean(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, out, _ = zhunsheng(capsys, "audit", written(tmp_path, "报告.txt", RIGHT))
    assert code == 0
    assert "没有发现问题" in out


def test_a_wrong_sum_is_told_with_line_and_figures(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    code, out, _ = zhunsheng(capsys, "audit", written(tmp_path, "报告.txt", "概况\n" + WRONG))
    assert code == 1
    assert re.search(r"错误 A\d{3}", out)
    assert "第 2 行" in out
    assert "15%" in out
    assert "25%" in out


def test_json_has_the_documented_shape(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, out, _ = zhunsheng(capsys, "audit", written(tmp_path, "报告.txt", WRONG), "--json")
    data = json.loads(out)
    assert code == 1
    assert list(data) == [
        "document", "documents", "coverage", "obligations", "findings", "accepted", "files",
    ]  # fmt: skip
    assert data["document"]["name"] == "报告.txt"
    assert data["documents"][0]["format"] == "txt"
    assert data["documents"][0]["characters"] == len(WRONG)
    assert set(data["coverage"]) == {"numerals", "structural", "understood", "checked", "unknown"}
    assert data["coverage"]["numerals"] == 3
    assert set(data["obligations"][0]) == {"rule", "label", "applied", "passed", "failed", "insufficient"}
    assert data["findings"]
    for finding in data["findings"]:
        assert set(finding) == FINDING
        for place in finding["places"]:
            assert set(place) == PLACE
            assert WRONG[place["start"] : place["end"]] == place["text"]
    assert data["accepted"] == data["files"] == []


def test_text_is_what_the_places_count_in(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = word(tmp_path / "报告.docx", "概况", WRONG.strip())
    code, out, _ = zhunsheng(capsys, "audit", path, "--text")
    assert code == 0
    _, data, _ = zhunsheng(capsys, "audit", path, "--json")
    for finding in json.loads(data)["findings"]:
        for place in finding["places"]:
            assert out[place["start"] : place["end"]] == place["text"]


def test_every_view_of_a_word_document(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = word(tmp_path / "报告.docx", WRONG.strip())
    out = tmp_path / "核对"
    code, words, err = zhunsheng(capsys, "audit", path, "--html", "--docx", "--xlsx", "--pdf", "--out", out)
    assert code == 1
    assert sorted(each.name for each in out.iterdir()) == [
        "报告-批注.docx",
        "报告-核对.html",
        "报告-问题清单.xlsx",
    ]
    assert "不是 PDF" in err
    assert "已写" in words
    with zipfile.ZipFile(out / "报告-批注.docx") as package:
        assert "15%" in package.read("word/comments.xml").decode()
        assert b"commentRangeStart" in package.read("word/document.xml")
    page = (out / "报告-核对.html").read_text(encoding="utf-8")
    assert re.search(r'<mark class="error"[^>]*>15%</mark>', page)
    book = openpyxl.load_workbook(out / "报告-问题清单.xlsx")
    rows = list(book["问题清单"].iter_rows(values_only=True))
    assert rows[0][:4] == ("序号", "严重程度", "规则", "问题")
    assert any("15%" in str(row[4]) and "25%" in str(row[5]) for row in rows[1:])


def test_a_pdf_gets_highlights(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "报告.pdf"
    compiler: Any = typst.Compiler(font_paths=[str(each) for each in default_directories()])
    made = '#set text(font: ("Noto Serif CJK SC", "Noto Sans CJK SC"))\n' + WRONG
    path.write_bytes(compiler.compile(input=made.encode(), format="pdf"))
    _, text, _ = zhunsheng(capsys, "audit", path, "--text", "--no-ocr")
    if "本年支出" not in text:
        pytest.skip("no Chinese font is installed: the PDF has no text to check")
    code, _, _ = zhunsheng(capsys, "audit", path, "--pdf", "--no-ocr", "--out", tmp_path / "核对")
    assert code == 1
    pdf = pypdfium2.PdfDocument(tmp_path / "核对" / "报告-批注.pdf")
    assert pypdfium2.raw.FPDFPage_GetAnnotCount(pdf[0].raw) >= 1
    pdf.close()


def test_files_of_the_same_name_do_not_overwrite_each_other(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    for directory, total in (("甲", "15%"), ("乙", "35%")):
        (tmp_path / directory).mkdir()
        word(tmp_path / directory / "报告.docx", WRONG.strip().replace("15%", total))
    out = tmp_path / "核对"
    both = (tmp_path / "甲" / "报告.docx", tmp_path / "乙" / "报告.docx")
    code, _, _ = zhunsheng(capsys, "audit", *both, "--docx", "--out", out)
    assert code == 1
    texts = [
        zipfile.ZipFile(out / name).read("word/document.xml").decode()
        for name in ("报告-批注.docx", "报告-2-批注.docx")
    ]
    assert ["15%" in text for text in texts] == [True, False]
    assert ["35%" in text for text in texts] == [False, True]


def test_several_files_are_compared(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    one = written(tmp_path, "甲.txt", RIGHT)
    other = written(tmp_path, "乙.txt", WRONG)
    code, out, _ = zhunsheng(capsys, "audit", one, other, "--json")
    data = json.loads(out)
    assert code == 1
    assert [each["name"] for each in data["documents"]] == ["甲.txt", "乙.txt"]
    assert data["document"]["name"] == "甲.txt"
    assert data["coverage"]["numerals"] == 6
    # the wrong sum is in the second file
    assert all(any(place["document"] == 1 for place in each["places"]) for each in data["findings"])


def test_an_unreadable_file_among_readable_ones_is_said_and_never_clean(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    good = written(tmp_path, "报告.txt", RIGHT)
    bad = tmp_path / "坏.docx"
    bad.write_bytes(b"PK\x03\x04" + b"\x00" * 200)
    out = tmp_path / "核对"
    code, words, err = zhunsheng(capsys, "audit", good, bad, "--html", "--docx", "--xlsx", "--out", out)
    assert code == 3
    assert "坏.docx" in words
    assert "损坏" in words
    assert "坏.docx" in err
    assert (out / "报告-核对.html").is_file()
    code, text, err = zhunsheng(capsys, "audit", bad, "--text")
    assert (code, text.strip()) == (3, "")
    assert "损坏" in err
    code, json_text, _ = zhunsheng(capsys, "audit", bad, "--json")
    assert code == 3
    assert json.loads(json_text)["document"]["problems"][0]["severity"] == "error"
    _, words, _ = zhunsheng(capsys, "audit", bad)
    assert "没有发现问题" not in words


def test_what_was_not_read_to_the_end_is_not_clean(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    book = openpyxl.Workbook()
    book.create_sheet("附注").append(["项目", "金额"])
    stream = io.BytesIO()
    book.save(stream)
    path = tmp_path / "表.xlsx"
    with zipfile.ZipFile(stream) as source, zipfile.ZipFile(path, "w") as target:
        second = '<sheet name="附表" sheetId="2" state="visible" r:id="rId99"/></sheets>'
        for name in source.namelist():
            content = source.read(name)
            if name == "xl/workbook.xml":
                spaced = content.decode().replace(
                    "<workbook ",
                    '<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" ', 1,
                )  # fmt: skip
                content = spaced.replace("</sheets>", second).encode()
            elif name == "xl/_rels/workbook.xml.rels":
                relation = '<Relationship Id="rId99" Type="x" Target="worksheets/none.xml"/></Relationships>'
                content = content.decode().replace("</Relationships>", relation).encode()
            target.writestr(name, content)
    code, out, _ = zhunsheng(capsys, "audit", path)
    assert "附表" in out
    assert code == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--accept", "已核"), "--accept 要与 --baseline 一起用"),
        (("--baseline", "新.yaml", "--accept", "  "), "理由不能是空的"),
        (("--baseline", "没有.yaml"), "没有基线文件"),
        (("--against", "没有这个档案"), "没有这个档案"),
        (("--unknown",), "--unknown"),
    ],
)
def test_wrong_use(
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    words: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    code, _, err = zhunsheng(capsys, "audit", written(tmp_path, "报告.txt", WRONG), *arguments)
    assert code == 2
    assert words in err
    assert list(tmp_path.iterdir()) == [tmp_path / "报告.txt"]


def test_a_baseline_accepts_known_findings_and_nothing_else(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    heading = "一、部门整体收入支出决算情况说明\n"
    path = written(tmp_path, "报告.txt", heading + WRONG)
    baseline = tmp_path / "已核.yaml"
    code, out, _ = zhunsheng(
        capsys, "audit", path, "--baseline", baseline, "--accept", "含年初结转", "--json"
    )
    assert code == 0
    accepted = json.loads(out)["accepted"]
    assert accepted
    assert {each["reason"] for each in accepted} == {"含年初结转"}
    stored = yaml.safe_load(baseline.read_text(encoding="utf-8"))["accepted"]
    assert {each["key"] for each in stored} == {each["key"] for each in accepted}
    # the same finding elsewhere in the file is still known
    written(tmp_path, "报告.txt", "新增的一段。\n" + heading + WRONG)
    code, out, _ = zhunsheng(capsys, "audit", path, "--baseline", baseline)
    assert code == 0
    assert "已在基线中接受" in out
    # another wrong figure is not
    written(tmp_path, "报告.txt", heading + WRONG.replace("15%", "45%"))
    code, out, _ = zhunsheng(capsys, "audit", path, "--baseline", baseline)
    assert code == 1
    assert "45%" in out


def test_a_baseline_without_reasons_is_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    baseline = written(tmp_path, "已核.yaml", "accepted:\n  - key: abc\n    rule: A101\n    reason: ''\n")
    code, out, _ = zhunsheng(capsys, "audit", written(tmp_path, "报告.txt", WRONG), "--baseline", baseline)
    assert code == 1
    assert "AUDIT-001" in out
    assert "“abc”没有理由" in out


def test_document_text_and_names_cannot_act(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    attack = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    path = word(tmp_path / "报告<img src=x onerror=a>&\x1b[31m.docx", attack + "\"'" + WRONG.strip())
    code, out, err = zhunsheng(capsys, "audit", path, "--html", "--xlsx", "--out", tmp_path / "核对")
    assert code == 1
    assert "\x1b" not in out + err
    page = next((tmp_path / "核对").glob("*.html")).read_text(encoding="utf-8")
    assert "<script" not in page
    assert "<img" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert not re.search(r"https?://(?!www\.w3\.org)", page)


def test_a_report_written_from_a_case_agrees_with_it_and_three_changes_are_found(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    zhunsheng(capsys, "report", "write", "huadu-2023", "--out", tmp_path / "报告", "--format", "docx")
    report = tmp_path / "报告" / "huadu-2023-自评报告.docx"
    code, out, _ = zhunsheng(capsys, "audit", report, "--against", "huadu-2023", "--json")
    data = json.loads(out)
    assert code == 0
    assert data["findings"] == []
    assert data["coverage"]["checked"] == data["coverage"]["numerals"] - data["coverage"]["structural"]

    changes = {"24个": "42个", "573.46 万元": "537.46 万元", "99.75%": "97.75%"}
    edited = tmp_path / "改过.docx"
    with zipfile.ZipFile(report) as source, zipfile.ZipFile(edited, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "word/document.xml":
                text = content.decode()
                for old, new in changes.items():
                    assert f">{old}</w:t>" in text
                    text = text.replace(f">{old}</w:t>", f">{new}</w:t>", 1)
                content = text.encode()
            target.writestr(name, content)
    code, out, _ = zhunsheng(capsys, "audit", edited, "--against", "huadu-2023", "--json")
    found = json.loads(out)["findings"]
    assert code == 1
    assert len(found) == 3
    plain = {"".join(each["computed"].split()): "".join(each["printed"].split()) for each in found}
    assert plain == {"".join(old.split()): "".join(new.split()) for old, new in changes.items()}


def test_against_takes_one_report(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    files = [written(tmp_path, name, RIGHT) for name in ("甲.txt", "乙.txt")]
    code, _, err = zhunsheng(capsys, "audit", *files, "--against", "huadu-2023")
    assert code == 2
    assert "一次核对一份报告" in err


def test_an_invented_report_becomes_a_draft_that_can_be_checked(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    report = word(
        tmp_path / "河东区园林局2024年度部门整体绩效自评报告.docx",
        "河东区园林局2024年度部门整体支出绩效自评报告",
        "本年度共设置2项重点工作任务，对应绩效指标共计4项。",
    )
    document = docx.Document(str(report))
    rows = [
        ("任务", "关键绩效指标", "预期值"),
        ("一、建设口袋公园，改善居住环境。", "口袋公园建设数量", "不少于12个"),
        ("", "居民满意度", "90%或以上"),
        ("二、管护行道树，保障出行安全。", "行道树修剪完成率", "100%"),
    ]
    table = document.add_table(len(rows), 3)
    for row, line in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, line, strict=True):
            cell.text = text
    document.save(str(report))
    code, out, _ = zhunsheng(capsys, "case", "extract", report, "--out", tmp_path / "草稿", "--json")
    assert code == 1
    assert {"没有读到“收支”", "没有读到“项目”"} <= {each["what"] for each in json.loads(out)["problems"]}
    case = yaml.safe_load((tmp_path / "草稿" / "case.yaml").read_text(encoding="utf-8"))
    assert case["about"]["fiscal_year"] == 2024
    assert (case["about"]["stated_tasks"], case["about"]["stated_indicators"]) == (2, 4)
    tasks = yaml.safe_load((tmp_path / "草稿" / "tasks.yaml").read_text(encoding="utf-8"))
    assert [each["name"] for each in tasks["tasks"]] == [
        "建设口袋公园，改善居住环境",
        "管护行道树，保障出行安全",
    ]
    found = [
        (each["name"], each["task"], each["target_sign"], each["target_value"], each["target_unit"])
        for each in tasks["indicators"]
    ]
    assert found == [
        ("口袋公园建设数量", "T1", ">=", "12", "个"),
        ("居民满意度", "T1", ">=", "90", "%"),
        ("行道树修剪完成率", "T2", "=", "100", "%"),
    ]
    assert all("表格" in each["place"] for each in tasks["indicators"])
    code, out, _ = zhunsheng(capsys, "case", "check", tmp_path / "草稿")
    assert code in {0, 1}
    assert "园林局" in (tmp_path / "草稿" / "organisation.yaml").read_text(encoding="utf-8")


SEEDS = REPOSITORY.parent / "shared" / "seeds"


@pytest.mark.real
@pytest.mark.skipif(not SEEDS.is_dir(), reason="the public reports are not beside the project: no draft made")
@pytest.mark.parametrize(
    ("name", "tasks", "key", "indicators"), [("guangzhou-2021", 9, 10, 40), ("huadu-2023", 0, 0, 10)]
)
def test_drafts_of_the_public_reports_have_all_tasks_and_indicators(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, name: str, tasks: int, key: int, indicators: int
) -> None:
    draft = tmp_path / name
    zhunsheng(capsys, "case", "extract", SEEDS / f"{name}.txt", "--out", draft)
    made = yaml.safe_load((draft / "tasks.yaml").read_text(encoding="utf-8"))
    found = tuple(len(made.get(part) or []) for part in ("tasks", "key_indicators", "indicators"))
    assert found == (tasks, key, indicators)
    code, out, _ = zhunsheng(capsys, "case", "check", draft)
    assert code == 0
    assert "没有问题" in out

"""Foreign bytes of every text, web and office format: bounded, with words, never an exception."""

import io
import random
import time
import zipfile

import docx
import openpyxl
import pytest

from zhunsheng.audit.document import Document
from zhunsheng.documents.reading.reading import read_bytes
from zhunsheng.kernel.problem import Severity

SECONDS = 20


def workbook() -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("表")
    for number in range(20):
        sheet.append([f"项目{number}", number, "=B1*2"])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def word() -> bytes:
    document = docx.Document()
    document.add_paragraph("2024年收入100.5万元。")
    document.add_table(3, 3).cell(1, 1).text = "5"
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


FILES = {
    "报告.txt": "项目\t数\n甲\t1\n乙\t2\n<table><tr><td>1</td><td>2</td></tr></table>\n".encode(),
    "报告.md": "# 标题\n\n|甲|乙|\n|--|--|\n|1|2|\n\n- 项\n".encode(),
    "报告.html": "<html><meta charset=utf-8><body><table><tr><td rowspan=2>甲<td>1<tr><td>2</table>".encode(),
    "报告.csv": '项目;数\n"甲;乙";1,5\n'.encode("gb18030"),
    "报告.xlsx": workbook(),
    "报告.docx": word(),
}


def read(data: bytes, name: str) -> Document:
    """Read within the time allowed; an unread document says why in Chinese."""
    begin = time.monotonic()
    document = read_bytes(data, name, ocr=False)
    assert time.monotonic() - begin < SECONDS
    assert document.text.encode("utf-8") is not None
    if not document.text:
        told = [each.what for each in document.problems if each.severity is not Severity.NOTE]
        assert told
        assert all(any("\u4e00" <= character <= "\u9fff" for character in words) for words in told)
    return document


@pytest.mark.parametrize("name", FILES)
def test_files_cut_off_anywhere(name: str) -> None:
    data = FILES[name]
    for part in range(0, 100, 5):
        read(data[: len(data) * part // 100], name)


@pytest.mark.parametrize("name", FILES)
def test_files_with_changed_bytes(name: str) -> None:
    source = random.Random(name)  # noqa: S311 - the same bytes in every run
    for _ in range(40):
        data = bytearray(FILES[name])
        for _ in range(source.choice((1, 3, 20))):
            data[source.randrange(len(data))] = source.randrange(256)
        read(bytes(data), name)


@pytest.mark.parametrize("name", [*FILES, "报告.xls", "报告"])
def test_random_bytes(name: str) -> None:
    source = random.Random(7)  # noqa: S311 - the same bytes in every run
    for length in (1, 10, 1_000, 30_000):
        read(source.randbytes(length), name)
        read(b"PK\x03\x04" + source.randbytes(length), name)
        read(
            bytes.fromhex("D0CF11E0A1B11AE1") + source.randbytes(length) + "Workbook".encode("utf-16-le"),
            name,
        )


@pytest.mark.parametrize("name", ["报告.xlsx", "报告.docx"])
def test_packages_without_a_part_or_with_half_of_it(name: str) -> None:
    with zipfile.ZipFile(io.BytesIO(FILES[name])) as source:
        parts = {each: source.read(each) for each in source.namelist()}
    for chosen, content in parts.items():
        for changed in (None, b"", content[: len(content) // 2]):
            stream = io.BytesIO()
            with zipfile.ZipFile(stream, "w") as target:
                for each, whole in parts.items():
                    if each != chosen:
                        target.writestr(each, whole)
                    elif changed is not None:
                        target.writestr(each, changed)
            read(stream.getvalue(), name)


@pytest.mark.parametrize(
    ("name", "part"), [("报告.xlsx", "xl/worksheets/sheet1.xml"), ("报告.docx", "word/document.xml")]
)
def test_a_part_of_300_megabytes_is_refused(name: str, part: str) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(FILES[name])) as source, zipfile.ZipFile(stream, "w", 8) as target:
        for each in source.namelist():
            if each != part:
                target.writestr(each, source.read(each))
        with target.open(part, "w") as inside:
            for _ in range(300):
                inside.write(b" " * 1_000_000)
    document = read(stream.getvalue(), name)
    assert document.text == ""
    assert "压缩" in document.problems[0].what or "展开" in document.problems[0].what


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("深.html", b"<div>" * 200_000 + b"x"),
        ("表中表.html", b"<table><tr><td>1" * 10_000),
        ("注释.html", b"<!-- -->" * 50_000 + b"<html>x"),
        ("并格.html", b"<table>" + b"<tr><td rowspan=65534 colspan=1000>1" * 5_000),
        ("引用.md", b">" * 100_000 + b" x\n"),
        ("列表.md", b"- " * 50_000 + b"x"),
        ("图片.md", b"![a](" * 50_000),
        ("括号.md", b"[" * 200_000 + b"1"),
        ("标签.txt", b"<" * 500_000),
        ("标记.txt", b"<table><tr><td>" * 30_000),
        ("空格.txt", b" " * 1_000_000 + b"x\n"),
        ("横线.txt", b"=" * 1_000_000),
        ("引号.csv", b'"' * 500_000),
        ("分号.csv", b";" * 1_000_000 + b"1"),
        ("零.txt", b"\0" * 100_000),
    ],
)
def test_deep_and_endless_text(name: str, data: bytes) -> None:
    read(data, name)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("百万.csv", b"1,2,3,4,5,6,7,8,9,10\n" * 100_000),
        ("百万.html", b"<table>" + (b"<tr>" + b"<td>1" * 10) * 100_000),
    ],
)
def test_a_million_cells_are_read_up_to_the_limit(name: str, data: bytes) -> None:
    document = read(data, name)
    assert len(document.tables[0].cells) == 200_000
    cut = next(each for each in document.problems if each.code == "READ-012")
    assert "800,000" in cut.what
    assert cut.severity is Severity.ERROR

"""Files that are no workbooks, hostile and damaged ones: each is refused in words, and nothing is ever raised."""

import io
import random
import time
import zipfile

import pytest
from hand_made_workbooks import NAME, VALID, problems_of, repacked, said, saved, workbook

from zhunsheng.documents.case_workbook import read_case_workbook, write_case_workbook
from zhunsheng.plans.case import About, Body, Case

# Files that are not workbooks


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "文件是空的，长度为 0 字节"),
        (b"code,name\n1,2\n", "“上报.xlsx”内容不是工作簿"),
        (b"<html><table></table></html>", "“上报.xlsx”内容不是工作簿"),
        (b"PK\x03\x04 cut short", "“上报.xlsx”压缩包已损坏或不完整"),
        (VALID[: len(VALID) // 2], "“上报.xlsx”压缩包已损坏或不完整"),
    ],
)
def test_other_files_are_refused_in_one_sentence(data: bytes, what: str) -> None:
    (problem,) = problems_of(data)
    assert (problem.code, problem.what) == ("BOOK-001", what)
    assert problem.remedy == "在 Excel 或 WPS 中打开，另存为“Excel 工作簿（*.xlsx）”后重试。"


def test_another_zip_is_not_a_workbook() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as package:
        package.writestr("word/document.xml", "<a/>")
    assert said(problems_of(stream.getvalue())) == [
        ("BOOK-001", "", "“上报.xlsx”是压缩包，但不是 .xlsx 工作簿")
    ]


def test_an_old_xls_and_a_workbook_with_a_password_are_told_apart() -> None:
    header = bytes.fromhex("D0CF11E0A1B11AE1")
    old = header + b"\0" * 512 + "Workbook".encode("utf-16-le")
    locked = header + b"\0" * 512 + "EncryptedPackage".encode("utf-16-le")
    assert said(problems_of(old)) == [("BOOK-002", "", "“上报.xlsx”是旧版 Office 文件（.xls 等）")]
    assert said(problems_of(locked)) == [("BOOK-003", "", "“上报.xlsx”设有打开密码")]


def test_a_strict_open_xml_workbook_is_named() -> None:
    strict = repacked(
        VALID,
        lambda name, content: (
            content.replace(
                b"http://schemas.openxmlformats.org/spreadsheetml/2006/main",
                b"http://purl.oclc.org/ooxml/main",
            )
            if name == "xl/workbook.xml"
            else content
        ),
    )
    assert said(problems_of(strict)) == [("BOOK-001", "", "“上报.xlsx”以“Strict Open XML”格式保存")]


# Macros and links


def test_macros_are_refused_by_their_part() -> None:
    data = repacked(VALID, more={"xl/vbaProject.bin": b"\0"})
    assert said(problems_of(data)) == [("BOOK-004", "", "“上报.xlsx”是带宏的工作簿（xl/vbaProject.bin）")]


def test_macros_are_refused_by_the_declared_type_even_under_another_name() -> None:
    data = repacked(
        VALID,
        lambda name, content: (
            content.replace(
                b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
                b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
            )
            if name == "[Content_Types].xml"
            else content
        ),
    )
    assert said(problems_of(data)) == [("BOOK-004", "", "“上报.xlsx”是带宏的工作簿")]


def test_a_macro_workbook_is_refused_by_its_file_name() -> None:
    assert [problem.code for problem in problems_of(VALID, "上报.XLSM")] == ["BOOK-004"]


def test_links_to_other_files_are_refused_and_the_rest_is_still_read() -> None:
    data = repacked(
        saved(workbook(主要职责=[["序号", "职责"], ["一", "拟订规划"]])),
        more={"xl/externalLinks/externalLink1.xml": b"<externalLink/>"},
    )
    assert said(problems_of(data)) == [
        ("BOOK-005", "", "“上报.xlsx”链接到 1 个其他文件"),
        ("DATA-003", "工作表“主要职责” 单元格 A2", "“序号”应为数字，现为“一”"),
    ]


# Bombs


def test_a_member_that_unpacks_too_far_is_refused_before_it_is_unpacked() -> None:
    data = repacked(VALID, more={"xl/media/image1.png": b"\0" * 5_000_000})
    (problem,) = problems_of(data)
    assert problem.code == "BOOK-006"
    assert problem.what.startswith("“xl/media/image1.png”的压缩比为 ")


def test_too_much_in_total_and_too_many_members_are_both_named() -> None:
    noise = random.Random(1).randbytes(1_000_000)  # noqa: S311 - noise, not a secret
    many = {f"xl/media/{number}.png": b"" for number in range(2001)}
    big = {f"xl/media/big{number}.bin": noise * 9 for number in range(12)}
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for name, content in {**many, **big}.items():
            package.writestr(name, content)
    found = [problem.what for problem in problems_of(stream.getvalue()) if problem.code == "BOOK-006"]
    assert found == ["压缩包内有 2,013 个部分，上限 2,000 个", "展开后共 108.0 MB，上限 100.0 MB"]


def test_a_fifty_megabyte_sheet_is_refused_quickly_and_clearly() -> None:
    rows = "".join(f'<row r="{n}"><c r="A{n}"><v>{n * 7919 % 10007}</v></c></row>' for n in range(20_000))
    filler = f"<sheetData>{rows}</sheetData>".encode()
    name = "xl/worksheets/sheet1.xml"
    data = repacked(
        VALID, lambda each, content: filler * (50_000_000 // len(filler)) if each == name else content
    )
    start = time.process_time()
    problems = problems_of(data)
    assert time.process_time() - start < 10
    assert problems[-1].what.startswith("“xl/worksheets/sheet1.xml”展开后有 ")
    assert problems[-1].what.endswith(" MB，上限 20.0 MB")
    assert problems[-1].remedy == "删除表中多余的空行、空列和格式，或把数据以“值”粘贴到新下载的模板中重试。"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entity_bombs_are_refused_without_being_parsed(encoding: str) -> None:
    bomb = (
        f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
        '<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><sst><si><t>&b;</t></si></sst>'
    ).encode(encoding)
    data = repacked(VALID, more={"xl/sharedStrings2.xml": bomb})
    assert ("BOOK-008", "", "“xl/sharedStrings2.xml”含文档类型或实体声明") in said(problems_of(data))


def test_an_encoding_that_could_hide_an_entity_bomb_is_refused() -> None:
    data = repacked(VALID, more={"xl/x.xml": b'<?xml version="1.0" encoding="cp037"?><a/>'})
    assert said(problems_of(data)) == [("BOOK-008", "", "“xl/x.xml”使用了不支持的编码 cp037")]


def test_ranges_of_the_whole_sheet_are_not_expanded() -> None:
    whole = (
        b'<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>'
        b'<hyperlinks><hyperlink ref="A1:XFD1048576" location="A1"/></hyperlinks>'
    )

    def change(name: str, content: bytes) -> bytes:
        sheet = name == "xl/worksheets/sheet1.xml"
        return content.replace(b"</sheetData>", b"</sheetData>" + whole) if sheet else content

    start = time.process_time()
    problems = problems_of(repacked(VALID, change))
    assert time.process_time() - start < 20
    assert (
        "BOOK-016",
        "工作表“基本信息” 单元格 A1",
        "A1:XFD1048576 是合并单元格，只有左上角的内容会被读取",
    ) in said(problems)


@pytest.mark.parametrize("row", ["1048576", "999999999999999"])
def test_a_cell_at_the_end_of_the_world_is_named_and_takes_no_time(row: str) -> None:
    far = f'<row r="{row}"><c r="A{row}"><v>1</v></c></row></sheetData>'.encode()

    def change(name: str, content: bytes) -> bytes:
        return content.replace(b"</sheetData>", far) if name == "xl/worksheets/sheet3.xml" else content

    data = repacked(saved(workbook(主要职责=[["序号", "职责"], [1, "甲"]])), change)
    start = time.process_time()
    problems = problems_of(data)
    assert time.process_time() - start < 20
    assert [(problem.code, str(problem.place)) for problem in problems] == [
        ("BOOK-022", "上报.xlsx 工作表“主要职责”")
    ]


# Anything at all


def test_damage_anywhere_in_the_file_never_raises() -> None:
    data = write_case_workbook(Case(About("a", "t", 2023, "r"), Body("局")))
    chance = random.Random(2023)  # noqa: S311 - noise, not a secret
    for _ in range(150):
        damaged = bytearray(data)
        for _ in range(chance.randint(1, 20)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        read_case_workbook(bytes(damaged), NAME)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"<sheetData>", b"<sheetData"),
        (b'<row r="', b'<row r="x'),
        (b'r="A1"', b'r="1A"'),
        (b"<v>", b"<v>nan"),
        (b"<v>", b"<v>" + b"9" * 5000),
        (b'<c r="B4"', b'<c r="B4" s="99999"'),
        (b"</sheetData>", b'</sheetData><mergeCells><mergeCell ref="oops"/></mergeCells>'),
    ],
)
def test_malformed_sheets_are_one_problem_and_never_raise(old: bytes, new: bytes) -> None:
    def change(name: str, content: bytes) -> bytes:
        return content.replace(old, new) if name.startswith("xl/worksheets/") else content

    problems = problems_of(repacked(VALID, change))
    assert [problem.code for problem in problems] == ["BOOK-009"]
    assert problems[0].what.startswith("“上报.xlsx”无法读取（")


@pytest.mark.parametrize("lost", ["xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels"])
def test_packages_that_lost_a_part_never_raise(lost: str) -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(VALID)) as source, zipfile.ZipFile(stream, "w") as target:
        for name in source.namelist():
            if name != lost:
                target.writestr(name, source.read(name))
    read_case_workbook(stream.getvalue(), NAME)

"""Word documents from elsewhere and documents meant to do harm."""

import io
import struct
import time
import zipfile

import openpyxl
import pytest
from word_documents import (
    STYLES,
    R,
    W,
    cell,
    codes,
    item,
    level,
    p,
    package,
    part,
    r,
    read,
    row,
    styled,
    wide,
)

from zhunsheng.audit.document import BlockKind
from zhunsheng.documents.reading.docx_reader import read_docx
from zhunsheng.kernel.problem import Severity


def refused(data: bytes, code: str) -> None:
    document = read_docx(data, "报告.docx")
    assert document.text == ""
    assert code in codes(document)
    assert any(problem.severity is Severity.ERROR for problem in document.problems)


def test_other_files_are_refused_by_name() -> None:
    ole = bytes.fromhex("D0CF11E0A1B11AE1") + b"\0" * 600
    refused(b"", "READ-020")
    refused(b"%PDF-1.7", "READ-020")
    refused(b"{\\rtf1 a}", "READ-020")
    refused(ole, "READ-022")
    refused(ole + "EncryptedPackage".encode("utf-16-le"), "READ-021")
    refused(b"PK\x03\x04" + b"\0" * 50, "READ-023")
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as target:
        target.writestr("a.txt", "a")
    refused(stream.getvalue(), "READ-020")


def test_damage_is_a_problem_not_an_exception() -> None:
    good = package(p(r("甲" * 500)))
    # wherever the file is cut or changed, reading ends with a document
    for position in range(0, len(good), 37):
        assert read_docx(good[:position], "a.docx").text == ""
        changed = good[:position] + bytes([good[position] ^ 0xFF]) + good[position + 1 :]
        assert read_docx(changed, "a.docx").format == "docx"
    refused(package("<w:p>"), "READ-023")


def test_a_workbook_under_a_false_name_is_refused() -> None:
    stream = io.BytesIO()
    openpyxl.Workbook().save(stream)
    refused(stream.getvalue(), "READ-020")


def test_unsafe_parts_are_refused_wherever_they_stand() -> None:
    good = package(p(r("甲")), styles=STYLES)
    for unsafe in ("_rels/.rels", "word/_rels/document.xml.rels", "word/styles.xml"):
        stream = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(good)) as source, zipfile.ZipFile(stream, "w") as target:
            for name in source.namelist():
                content = source.read(name)
                target.writestr(name, b"<!DOCTYPE a><a/>" if name == unsafe else content)
        refused(stream.getvalue(), "READ-025")


def test_a_damaged_side_part_costs_only_itself() -> None:
    document = read(p(r("甲")), styles="<w:styles", numbering="")
    assert document.text == "甲"
    assert codes(document) == ["READ-026", "READ-026"]


def test_damaged_relations_are_said_aloud() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package(p(r("甲"))))) as source, zipfile.ZipFile(stream, "w") as target:
        for name in source.namelist():
            target.writestr(name, b"<" if name == "word/_rels/document.xml.rels" else source.read(name))
    document = read_docx(stream.getvalue(), "a.docx")
    assert (document.text, codes(document)) == ("甲", ["READ-026"])


def test_entities_are_refused() -> None:
    bomb = '<!DOCTYPE a [<!ENTITY x "哈哈">]>'
    for coding in ("utf-8", "utf-16"):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as target:
            body = f'<w:document xmlns:w="{W}"><w:body>{p(r("&x;"))}</w:body></w:document>'
            content = f'<?xml version="1.0" encoding="{coding}"?>{bomb}{body}'
            target.writestr("word/document.xml", content.encode(coding))
        refused(stream.getvalue(), "READ-025")


def test_bombs_are_refused_quickly() -> None:
    started = time.process_time()
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as target:
        target.writestr("word/document.xml", b" " * 30_000_000)
    refused(stream.getvalue(), "READ-024")
    # a directory that promises little and unpacks to much
    lying = bytearray(package(p(r("甲" * 100_000))))
    central = lying.rfind(b"PK\x01\x02")
    struct.pack_into("<I", lying, central + 24, 10)
    refused(bytes(lying), "READ-023")
    assert time.process_time() - started < 5


@pytest.mark.parametrize("depth", [70, 240, 5000])
@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>"),
        ("<w:sdt><w:sdtContent>", "</w:sdtContent></w:sdt>"),
        ('<w:ins w:id="1">', "</w:ins>"),
        (f"<w:r><w:ruby><w:rt>{r('音')}</w:rt><w:rubyBase>", "</w:rubyBase></w:ruby></w:r>"),
    ],
)
def test_depth_does_no_harm(depth: int, start: str, end: str) -> None:
    document = read_docx(package(start * depth + p(r("底")) + end * depth), "a.docx")
    assert document.text == "底" or codes(document) == ["READ-023"]
    if depth == 70:
        assert document.text == "底"


def test_large_numbers_in_the_format_do_no_harm() -> None:
    huge = "9" * 5000
    numbering = part(
        "numbering",
        f'<w:abstractNum w:abstractNumId="0">{level(0, "upperRoman", "%1" * 5000)}</w:abstractNum>'
        '<w:num w:numId="1"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0">'
        '<w:startOverride w:val="999999999"/></w:lvlOverride></w:num>',
    )
    document = read(
        item("甲", 1)
        + "<w:tbl>"
        + row(cell("乙", wide(2_000_000_000)), cell("丙", f'<w:gridSpan w:val="{huge}"/>'))
        + "</w:tbl>"
        + p(r("丁"), form=f'<w:outlineLvl w:val="{huge}"/>'),
        numbering=numbering,
    )
    assert len(document.text) < 1000
    assert document.tables[0].columns == 2


def test_styles_in_a_circle_end() -> None:
    styles = part(
        "styles",
        '<w:style w:type="paragraph" w:styleId="a"><w:name w:val="甲"/><w:basedOn w:val="b"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="b"><w:name w:val="乙"/><w:basedOn w:val="a"/></w:style>',
    )
    assert read(styled("文", "a"), styles=styles).blocks[0].style == "甲"


def test_outside_references_macros_and_imports_are_named() -> None:
    outside = (
        f'<Relationship Id="o1" Type="{R}/attachedTemplate" Target="http://example.invalid/x.dotm" '
        'TargetMode="External"/>'
        f'<Relationship Id="o2" Type="{R}/hyperlink" Target="http://example.invalid/" TargetMode="External"/>'
    )
    document = read(p(r("甲")) + '<w:altChunk r:id="q"/>', outside, vbaProject="")
    assert document.text == "甲"
    assert sorted(codes(document)) == ["READ-027", "READ-028", "READ-032"]
    assert "引用 1 个" in next(each.what for each in document.problems if each.code == "READ-028")


def test_a_strict_document_is_read_as_any_other() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as target:
        target.writestr(
            "word/document.xml",
            '<w:document xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main">'
            f"<w:body>{p(r('严格'))}</w:body></w:document>",
        )
    assert read_docx(stream.getvalue(), "a.docx").text == "严格"


def test_pictures_only() -> None:
    document = read(p("<w:r><w:pict><v:shape><v:imagedata/></v:shape></w:pict></w:r>"))
    assert codes(document) == ["READ-034", "READ-031"]
    assert document.properties == {"pictures": "1"}


def test_page_numbers_among_the_words_are_footers() -> None:
    document = read("".join(p(r(f"第{number}页的文字，")) + p(r(f"— {number} —")) for number in range(1, 5)))
    assert [block.kind for block in document.blocks[:2]] == [BlockKind.PARAGRAPH, BlockKind.FOOTER]
    assert codes(document) == ["READ-033"]
    few = read(p(r("— 3 —")) + p(r("— 9 —")) + p(r("— 1 —")))
    assert {block.kind for block in few.blocks} == {BlockKind.PARAGRAPH}


@pytest.mark.slow
def test_a_long_document_takes_seconds() -> None:
    # every paragraph differs, so that the package is no bomb by its ratio
    body = "".join(
        p(
            *(
                r(f"第{number}段{part}支出{number * 7919 % 100003}.{part}万元，比上年增长", "<w:b/>")
                for part in range(3)
            )
        )
        for number in range(12_000)
    )
    data = package(body)
    started = time.process_time()
    document = read_docx(data, "长.docx")
    seconds = time.process_time() - started
    assert len(document.blocks) == 12_000
    assert len(document.text.encode()) / seconds > 300_000, seconds

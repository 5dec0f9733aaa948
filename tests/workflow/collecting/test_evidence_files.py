"""Hostile and honest uploads: what a file is follows from its content, and what may harm is never kept."""

import io
import struct
import zipfile

import pytest

from zhunsheng.kernel.problem import Problem
from zhunsheng.workflow.collecting.evidence_files import LARGEST, Recognised, recognise
from zhunsheng.workflow.collecting.file_names import LONGEST, safe_name

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"
OLE = bytes.fromhex("D0CF11E0A1B11AE1") + b"\x00" * 504


def package(parts: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as made:
        for name, content in parts.items():
            made.writestr(name, content)
    return stream.getvalue()


def docx(**more: bytes) -> bytes:
    return package({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w/>", **more})


def found(content: bytes, name: str) -> Recognised | Problem:
    return recognise(io.BytesIO(content), name, len(content))


@pytest.mark.parametrize(
    ("content", "name", "kept"),
    [
        (PDF, "批复.pdf", "批复.pdf"),
        (PNG, "现场.PNG", "现场.PNG"),
        (b"\xff\xd8\xff\xe0" + b"0" * 20, "现场.jpeg", "现场.jpeg"),
        (docx(), "说明.docx", "说明.docx"),
        (package({"[Content_Types].xml": b"", "xl/workbook.xml": b""}), "台账.xlsx", "台账.xlsx"),
        (package({"OFD.xml": b"<ofd/>"}), "公文.ofd", "公文.ofd"),
        (OLE + "WordDocument".encode("utf-16-le"), "旧文件.doc", "旧文件.doc"),
        ("项目,数量\n电梯,287\n".encode(), "清单.csv", "清单.csv"),
        ("项目,数量\n电梯,287\n".encode("gb18030"), "清单.csv", "清单.csv"),
        # the name says what the content is not: the content wins
        (PDF, "发票.exe", "发票.exe.pdf"),
        (PNG, "脚本.html", "脚本.html.png"),
    ],
)
def test_files_that_prove_something_are_taken_under_a_name_that_fits(
    content: bytes, name: str, kept: str
) -> None:
    assert found(content, name) == Recognised(kept)


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"", "空.pdf", "COLLECT-021"),
        (b"MZ\x90\x00" + b"\x00" * 60, "程序.pdf", "COLLECT-024"),
        (b"\x7fELF" + b"\x00" * 60, "程序.txt", "COLLECT-024"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "图.svg", "COLLECT-024"),
        (b"<svg><script>alert(1)</script></svg>", "图.txt", "COLLECT-024"),
        (b"<!doctype html><script>alert(1)</script>", "页.csv", "COLLECT-024"),
        (b"#!/bin/sh\nrm -rf /\n", "说明.txt", "COLLECT-024"),
        (b"@echo off\r\ndel *.*", "说明.txt", "COLLECT-024"),
        (b"alert(1)", "页.js", "COLLECT-024"),
        (package({"a.exe": b"MZ"}), "材料.zip", "COLLECT-024"),
        (OLE + "_MsiDatabase".encode("utf-16-le"), "安装.msi", "COLLECT-024"),
        (docx(**{"word/vbaProject.bin": b"x"}), "说明.docx", "COLLECT-025"),
        (docx(**{"word/activeX/activeX1.bin": b"x"}), "说明.docx", "COLLECT-025"),
        (
            package(
                {
                    "[Content_Types].xml": b"application/vnd.ms-word.document.macroEnabled",
                    "word/document.xml": b"",
                }
            ),
            "说明.docx",
            "COLLECT-025",
        ),
        (docx(), "说明.docm", "COLLECT-025"),
        (OLE + "WordDocument_VBA_PROJECT".encode("utf-16-le"), "旧.doc", "COLLECT-025"),
        (docx(**{"word/media/a.xml": b"\x00" * 30_000_000}), "炸弹.docx", "COLLECT-026"),
        (docx(**{"../../etc/cron.d/x": b"x"}), "路径.docx", "COLLECT-026"),
        (docx()[:-30], "残缺.docx", "COLLECT-027"),
    ],
)
def test_files_that_may_harm_are_refused_with_the_reason(content: bytes, name: str, code: str) -> None:
    refused = found(content, name)
    assert isinstance(refused, Problem)
    assert refused.code == code
    assert refused.what
    assert refused.remedy


def test_a_package_with_an_endless_directory_is_refused_before_the_directory_is_read() -> None:
    end = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, 60_000, 60_000, 46 * 60_000, 0, 0)
    refused = found(b"PK\x03\x04" + b"\x00" * 100 + end, "很多.docx")
    assert isinstance(refused, Problem)
    assert refused.code == "COLLECT-026"
    assert "60,000" in refused.what


def test_a_file_above_the_limit_is_refused_by_its_size_alone() -> None:
    refused = recognise(io.BytesIO(PDF), "扫描.pdf", LARGEST + 1)
    assert isinstance(refused, Problem)
    assert refused.code == "COLLECT-022"
    assert "50.0 MB" in refused.what


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\批复.pdf", "批复.pdf"),
        ("a\x00b\r\nSet-Cookie: x.pdf", "abSet-Cookie_ x.pdf"),
        # turned round by U+202E this would be read as 发票exe.pdf
        ("发票\u202efdp.exe", "发票fdp.exe"),
        ("<img src=x onerror=alert(1)>.png", "_img src=x onerror=alert(1)_.png"),
        ("con.pdf", "文件con.pdf"),
        ("...", "文件"),
        ("", "文件"),
    ],
)
def test_dangerous_names_are_made_safe(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_a_long_name_keeps_its_ending() -> None:
    made = safe_name("佐" * 400 + ".pdf")
    assert len(made) == LONGEST
    assert made.endswith("佐.pdf")

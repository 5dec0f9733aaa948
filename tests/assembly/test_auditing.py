"""Files are audited from their bytes, held against the case they were written from, and shown marked."""

import io
from zipfile import ZipFile

import pytest

from zhunsheng.assembly.auditing import audit_file, held_against, marked_files, marked_page, read_file
from zhunsheng.assembly.cases import load_shipped_case
from zhunsheng.assembly.reporting import make_report

CODE = "education-demo-2023"
TABLE = """单位：万元

项目\t预算数\t决算数
办公费\t120.50\t118.30
差旅费\t80.20\t64.10
培训费\t33.10\t30.05
合计\t233.80\t{total}
"""


def test_a_wrong_total_is_found_and_a_right_one_is_not() -> None:
    # 118.30 + 64.10 + 30.05 = 212.45
    wrong = audit_file(TABLE.format(total="221.45").encode(), "决算.txt")
    assert [each.code for each in wrong.findings] == ["A101"]
    (place,) = [each for each in wrong.findings[0].places if each.text == "221.45"]
    document = wrong.readings[0].document
    assert document.text[place.span.start : place.span.end] == "221.45"
    assert audit_file(TABLE.format(total="212.45").encode(), "决算.txt").findings == ()


def test_findings_are_marked_in_the_original() -> None:
    data = TABLE.format(total="221.45").encode()
    result = audit_file(data, "决算.txt")
    assert "<mark" in marked_page(result)
    files, refused = marked_files(result, [data], ("html", "xlsx", "docx"))
    assert set(files) == {"决算-核对.html", "决算-问题清单.xlsx"}
    assert files["决算-核对.html"].decode() == marked_page(result)
    assert [words for words in refused if "不是 Word 文档" in words] == refused != []


@pytest.mark.parametrize(("data", "name"), [(b"", "空.docx"), (b"%PDF-1.4 broken", "坏.pdf")])
def test_what_cannot_be_read_has_a_problem_and_no_text(data: bytes, name: str) -> None:
    document = audit_file(data, name).readings[0].document
    assert document.text == ""
    assert [each.severity.value for each in document.problems] == ["error"]


def test_orders_to_a_terminal_are_taken_out_of_a_name() -> None:
    assert "\x1b" not in read_file(b"1", "a\x1b[31m.txt").name


def test_a_report_is_held_against_its_case() -> None:
    loaded = load_shipped_case(CODE)
    written = make_report(loaded, formats=("docx",))
    (name,) = [each for each in written.files if "自评报告" in each]
    true = held_against(read_file(written.files[name], name), loaded)
    assert true.findings == ()
    assert true.coverage[0].checked > 100
    # one digit of the total, wherever it stands
    total = str(written.evaluation.total)
    changed = held_against(read_file(_with(written.files[name], total, f"9{total}"), name), loaded)
    assert changed.findings
    assert {each.code for each in changed.findings} == {"C001"}
    assert any(f"9{total}" in place.text for each in changed.findings for place in each.places)


def _with(docx: bytes, old: str, new: str) -> bytes:
    target = io.BytesIO()
    with ZipFile(io.BytesIO(docx)) as source, ZipFile(target, "w") as changed:
        for each in source.infolist():
            content = source.read(each)
            if each.filename == "word/document.xml":
                content = content.replace(f">{old}<".encode(), f">{new}<".encode())
            changed.writestr(each, content)
    return target.getvalue()

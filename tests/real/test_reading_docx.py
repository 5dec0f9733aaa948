"""Public Word documents: every character is read once, figures stand in the cells where they are printed.

The documents are kept outside the project; where they are absent this says so.
"""

import html
import re
import zipfile
from decimal import Decimal
from pathlib import Path

import pytest

from zhunsheng.audit.document import Document, Span
from zhunsheng.audit.finding import Finding, FoundPlace
from zhunsheng.documents.marking.docx_comments import commented_docx
from zhunsheng.documents.reading.docx_reader import read_docx
from zhunsheng.kernel.problem import Severity

DOCUMENTS = Path(__file__).parents[3] / "shared" / "documents"
BULLETIN, COLLECTION = "024-*.docx", "027-*.docx"
# notes typed as raised digits are read as raised digits
_PLAIN = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(
        not DOCUMENTS.is_dir(), reason="the public documents are not beside the project: Word files not read"
    ),
]


def path(pattern: str) -> Path:
    return next(DOCUMENTS.glob(pattern))


def read(pattern: str) -> Document:
    found = path(pattern)
    return read_docx(found.read_bytes(), found.name)


def row(document: Document, table: int, number: int) -> list[str]:
    return [document.quote(each.span) for each in document.tables[table].cells if each.row == number]


@pytest.mark.parametrize("pattern", [BULLETIN, COLLECTION])
def test_every_character_is_read_once_and_in_order(pattern: str) -> None:
    with zipfile.ZipFile(path(pattern)) as package:
        source = package.read("word/document.xml").decode()
    written = html.unescape("".join(re.findall(r"<w:t(?: [^>]*)?>([^<]*)</w:t>", source)))
    document = read(pattern)
    assert "".join(document.text.split()).translate(_PLAIN) == "".join(written.split())
    assert not any(each.severity is Severity.ERROR for each in document.problems)


def test_the_tables_of_the_bulletin() -> None:
    document = read(BULLETIN)
    assert [(each.rows, each.columns) for each in document.tables] == [(2, 4), (2, 3), (3, 5), (2, 4)]
    assert all(each.nested_in is None for each in document.tables)
    # the converter put whole columns of figures into one cell each, a line for each row
    assert row(document, 1, 1)[1].splitlines()[0].split() == ["42696", "530.5"]
    assert row(document, 2, 2)[2].splitlines()[-1].split() == ["31.8", "9.9", "21.9"]
    assert row(document, 3, 1)[1].splitlines()[0].split() == ["371110", "8877", "521883"]
    merged = [(each.row, each.column, each.row_span, each.column_span) for each in document.tables[2].cells]
    assert merged == [
        (0, 0, 2, 1),
        (0, 1, 2, 1),
        (0, 2, 2, 1),
        (0, 3, 1, 2),
        (1, 3, 1, 1),
        (1, 4, 1, 1),
        (2, 0, 1, 1),
        (2, 1, 1, 1),
        (2, 2, 1, 3),
    ]


def test_pictures_are_counted() -> None:
    assert read(BULLETIN).properties["pictures"] == "15"
    assert read(COLLECTION).properties["pictures"] == "36"
    assert read(COLLECTION).tables == ()


@pytest.mark.parametrize("pattern", [BULLETIN, COLLECTION])
def test_comments_change_no_word(pattern: str) -> None:
    document = read(pattern)
    figures = list(re.finditer(r"\d+\.\d+", document.text))[::5]
    findings = [
        Finding(
            "A101", Severity.NOTE, Decimal(1), "提示", (FoundPlace(0, Span(*each.span()), each[0]),), "核对。"
        )
        for each in figures
    ]
    made = commented_docx(path(pattern).read_bytes(), document, findings)
    again = read_docx(made, document.name)
    assert len(findings) > 30
    assert (again.text, again.blocks, again.tables) == (document.text, document.blocks, document.tables)

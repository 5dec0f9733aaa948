"""Nothing that was not released can be seen: a mark in every private place, every public address walked."""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from urllib.parse import unquote, urljoin, urlparse

import pypdfium2
import pytest
from calling import received
from demonstrated import MOMENT, actor
from django.http import HttpResponseBase
from django.test import Client
from django.urls import get_resolver
from released import accept_errors, complete_year, frozen_year, release, write

from zhunsheng.plans.case import KeyIndicator, Reduction
from zhunsheng.plans.columns import Column, Holds
from zhunsheng.plans.sections import SECTIONS, Section
from zhunsheng.store.database.case_content import SECTION_OF, fields_of
from zhunsheng.store.database.case_rows import ROW_MODELS, CaseRow, field_of
from zhunsheng.store.database.file_store import keep
from zhunsheng.store.database.models import (
    Acceptance,
    Assignment,
    AuditedDocument,
    CaseVersion,
    Evidence,
    Job,
    Organisation,
    Remark,
    StoredCase,
    User,
)
from zhunsheng.workflow.action import perform
from zhunsheng.workflow.releasing.actions import WithdrawRelease
from zhunsheng.workflow.releasing.public_columns import PUBLIC_COLUMNS

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

MARK = "不可公开"
_TEXT = {Holds.TEXT, Holds.LONG}
_LINKS = re.compile(r'(?:href|src)="([^"#]+)')


_MARKED = {*_TEXT, Holds.LINES, Holds.INTEGER, Holds.DECIMAL}


def private_columns() -> set[str]:
    """Every column that can hold a mark and is not public."""
    return {
        f"{section.name}.{column.name}"
        for section in SECTIONS
        for column in section.columns
        if column.holds in _MARKED
        and column.name not in PUBLIC_COLUMNS.get(section.name, ())
        and column.name not in section.key
    }


def planted(case: StoredCase) -> set[str]:
    """Put a mark into every private column of every row and say which columns have one."""
    done = set()
    for section in SECTIONS:
        for row in ROW_MODELS[section.name]._default_manager.filter(case=case):
            for column in section.columns:
                if column.name in PUBLIC_COLUMNS.get(section.name, ()) or column.name in section.key:
                    continue
                if _mark(section, row, column):
                    done.add(f"{section.name}.{column.name}")
            row.save()
    return done


def _mark(section: Section, row: CaseRow, column: Column) -> bool:
    name = field_of(column.name)
    if column.holds in _TEXT:
        setattr(row, name, f"{MARK}{section.name}-{column.name}")
    elif column.holds is Holds.LINES:
        setattr(row, name, (f"{MARK}{section.name}-{column.name}",))
    elif column.holds is Holds.INTEGER:
        setattr(row, name, 739146285)
    elif column.holds is Holds.DECIMAL:
        setattr(row, name, Decimal("73.9146285"))
    elif column.holds is Holds.CODE and not column.refers:
        setattr(row, name, "private-code-x")
    else:
        return False
    return True


def private_strings() -> tuple[str, ...]:
    return (MARK, "739146285", "73.9146285", "73.91", "private-code-x")


def mark_people_and_papers(case: StoredCase) -> None:
    """A mark in everything about people and work that a year has in the database."""
    who = User.objects.get(username="caiwu")
    User.objects.filter(username="juzhang").update(name=f"{MARK}局长姓名")
    paper = keep([f"{MARK}佐证内容".encode()])
    Evidence.objects.create(
        case=case, item="O2", file=paper, name=f"{MARK}佐证.txt", note=MARK, who=who, moment=MOMENT
    )
    Remark.objects.create(case=case, stage="evaluation", text=f"{MARK}意见", who=who, moment=MOMENT)
    Assignment.objects.filter(case=case).update(reminder=f"{MARK}催报")
    document = AuditedDocument.objects.create(
        organisation=case.organisation, name=f"{MARK}.txt", file=paper, who=who, moment=MOMENT
    )
    Acceptance.objects.create(document=document, finding="x", reason=f"{MARK}理由", who=who, moment=MOMENT)
    Job.objects.create(kind="audit.document", label=f"{MARK}任务", who=who, case=case, created=MOMENT)
    CaseVersion.objects.create(
        case=case,
        number=90,
        why="submitted",
        moment=MOMENT,
        who=who,
        note=MARK,
        content={"x": MARK},
        sha256="0" * 64,
    )


def walk(client: Client) -> dict[str, HttpResponseBase]:
    """Every answer that can be reached from the front of the public pages."""
    answers: dict[str, HttpResponseBase] = {}
    waiting = ["/public/"]
    while waiting:
        address = waiting.pop()
        if address in answers:
            continue
        answer = client.get(address)
        answers[address] = answer
        # read at once: a file that is not, stays open until somebody else's test is told of it
        body(answer)
        waiting += [link for link in _links(answer, address) if link.startswith("/public/")]
    return answers


def _links(answer: HttpResponseBase, address: str) -> Iterator[str]:
    kind = answer.headers["Content-Type"]
    if "html" in kind or "json" in kind:
        text = body(answer).decode()
        found = _LINKS.findall(text) + re.findall(r'"(https?://testserver/[^"#]*)', text)
        for link in found:
            yield unquote(urlparse(urljoin(f"http://testserver{address}", link)).path)


def body(answer: HttpResponseBase) -> bytes:
    kept: bytes | None = getattr(answer, "kept", None)
    if kept is None:
        kept = received(answer) if answer.streaming else answer.content  # type: ignore[attr-defined]
        answer.kept = kept  # type: ignore[attr-defined]
    return kept


def texts(answer: HttpResponseBase) -> str:
    """Everything a person or program can read in an answer, also inside office files."""
    data = body(answer)
    if data.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            return "\n".join(packed.read(name).decode("utf-8", "replace") for name in packed.namelist())
    if data.startswith(b"%PDF"):
        pdf = pypdfium2.PdfDocument(data)
        try:
            return "\n".join(pdf[number].get_textpage().get_text_range() for number in range(len(pdf)))
        finally:
            pdf.close()
    return data.decode()


def public_names() -> set[str]:
    return {
        str(name)
        for name in get_resolver().reverse_dict
        if isinstance(name, str) and name.startswith("public")
    }


def test_no_mark_from_a_private_place_is_public() -> None:
    case = complete_year()
    # the year has no row of these
    for section, record in (
        ("reductions", Reduction("O2", Decimal(0), "目标未见偏低", accepted_by="某人")),
        ("key_indicators", KeyIndicator("K1", "企业年报率", same_as="F2")),
    ):
        ROW_MODELS[section]._default_manager.create(case=case, **fields_of(SECTION_OF[section], record))
    columns = planted(case)
    assert private_columns() - columns == set()
    mark_people_and_papers(case)
    case = frozen_year(case)
    version = write(case)
    accept_errors(version)
    version.draft = False
    version.save()
    release(case, formats=("html", "docx", "pdf"))
    answers = walk(Client())
    leaks = {
        address: private
        for address, answer in answers.items()
        for private in private_strings()
        if private in texts(answer) or private in str(answer.headers)
    }
    assert leaks == {}
    assert {each.status_code for each in answers.values()} == {200}
    # the walk has been everywhere: every kind of page and every file
    seen = {each.resolver_match.url_name for each in answers.values()}  # type: ignore[attr-defined]
    assert seen == public_names()
    assert len(answers) > 25
    names = {address.rpartition("/")[2] for address in answers if "/data/" in address}
    assert {
        "report.html",
        "report.docx",
        "report.pdf",
        "indicators.csv",
        "indicators.xlsx",
        "budget.json",
    } <= names
    # and it sees what is public
    assert any("抽检15年以上老旧电梯" in texts(each) for each in answers.values())


def test_a_year_that_was_never_released_cannot_be_told_from_none() -> None:
    case = frozen_year()
    known, unknown = Client().get(f"/public/{case.code}/"), Client().get("/public/no-such-year/")
    assert known.status_code == unknown.status_code == 404
    assert known.content == unknown.content
    assert case.code not in Client().get("/public/").content.decode()


def test_a_withdrawn_year_is_gone_at_every_address_and_says_nothing_of_it() -> None:
    case = frozen_year()
    accept_errors(write(case))
    release(case)
    before = walk(Client())
    perform(WithdrawRelease(case, f"{MARK}原因"), actor("juzhang"), MOMENT + timedelta(days=1))
    gone = {address for address in before if address.startswith(f"/public/{case.code}/")}
    assert len(gone) > 20
    for address in gone:
        answer = Client().get(address)
        assert answer.status_code == 410
        text = answer.content.decode()
        assert MARK not in text
        assert "94.98" not in text
    assert case.code not in Client().get("/public/").content.decode()
    assert case.code not in Client().get("/public/catalogue.jsonld").content.decode()


def test_the_bodies_people_are_not_named_in_the_catalogue() -> None:
    case = frozen_year()
    accept_errors(write(case))
    release(case)
    text = Client().get("/public/catalogue.jsonld").content.decode()
    assert Organisation.objects.get(code="huadu-amr").name in text
    for user in User.objects.all():
        assert user.name not in text

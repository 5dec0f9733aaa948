"""Uploads that go wrong: cut off, given up, too large; nothing is half there, and what to do is said."""

import socket
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlparse

import pytest
from browsing import CASE, Site, Visitor
from playwright.sync_api import FilePayload, expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Visit = Callable[..., Visitor]


@pytest.fixture
def visit(visit_spare: Visit) -> Visit:
    """All of this happens at the spare site."""
    return visit_spare


def _stored(site: Site) -> tuple[str, ...]:
    files = sorted(
        str(each.relative_to(site.data)) for each in (site.data / "files").rglob("*") if each.is_file()
    )
    rows = site.python(
        "from zhunsheng.store.database.models import Evidence, StoredFile\n"
        "print(Evidence.objects.count(), StoredFile.objects.count())"
    ).strip()
    return (*files, rows)


def test_a_line_cut_while_uploading_leaves_nothing_half(visit: Visit, spare: Site, evaluating: None) -> None:
    who = visit("caiwu", fresh=True)
    path = f"/collect/{CASE}/items/O3/evidence/"
    before = _stored(spare)
    cookies = "; ".join(
        f"{each.get('name')}={each.get('value')}" for each in who.context.cookies(spare.address)
    )
    part = "cut"
    head = (
        f'--{part}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n{who.token()}\r\n'
        f'--{part}\r\nContent-Disposition: form-data; name="files"; filename="a.pdf"\r\n'
        "Content-Type: application/pdf\r\n\r\n%PDF-1.4\n"
    ).encode()
    host = urlparse(spare.address)
    for sent in (200_000, 4_000_000):
        with socket.create_connection((host.hostname or "", host.port or 0), timeout=10) as line:
            line.sendall(
                f"POST {path} HTTP/1.1\r\nHost: {host.netloc}\r\nCookie: {cookies}\r\nReferer: {spare.address}/\r\n"
                f"Content-Type: multipart/form-data; boundary={part}\r\nContent-Length: 20000000\r\n\r\n".encode()
                + head
                + b"x" * sent
            )
    time.sleep(2)
    assert _stored(spare) == before
    who.open(f"/collect/{CASE}/items/O3/")
    expect(who.page.locator(".evidence")).to_have_count(0)


def test_an_upload_that_is_aborted_in_the_browser_can_be_repeated(visit: Visit, evaluating: None) -> None:
    who = visit("caiwu", fresh=True)
    who.open(f"/collect/{CASE}/items/O4/")
    file = FilePayload(name="立案清单.txt", mimeType="text/plain", buffer=b"x" * 1000)
    who.page.get_by_label("上传佐证").set_input_files(file)
    who.page.route("**/evidence/", lambda route: route.abort("connectionreset"))
    who.page.get_by_role("button", name="上传", exact=True).click()
    who.page.wait_for_timeout(500)
    assert any("request failed" in each for each in who.faults)
    who.faults.clear()
    who.page.unroute("**/evidence/")
    who.open(f"/collect/{CASE}/items/O4/")
    expect(who.page.locator(".evidence")).to_have_count(0)
    who.page.get_by_label("上传佐证").set_input_files(file)
    who.page.get_by_role("button", name="上传", exact=True).click()
    expect(who.page.locator(".evidence")).to_have_count(1)


def test_an_upload_above_the_limit_is_refused_in_words(
    visit: Visit, spare: Site, evaluating: None, tmp_path: Path
) -> None:
    who = visit("caiwu", fresh=True)
    large = tmp_path / "很大.pdf"
    with large.open("wb") as stream:
        stream.write(b"%PDF-1.4\n")
        stream.truncate(51_000_000)
    who.open(f"/collect/{CASE}/items/O5/")
    before = _stored(spare)
    who.page.get_by_label("上传佐证").set_input_files(large)
    with who.refused(422):
        who.page.get_by_role("button", name="上传", exact=True).click()
        expect(who.page.get_by_role("main")).to_contain_text("50 MB")
    expect(who.page.locator(".problems")).to_contain_text("很大.pdf")
    assert _stored(spare) == before

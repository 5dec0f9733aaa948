"""Pages of the audit: who sees what, what is shown where, nothing uploaded can act."""

import re

import pytest
from demonstrated import client_of, demonstration
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from released import done

from zhunsheng.store.database.models import AuditedDocument, Grant, Job, Organisation, OrganisationKind, User
from zhunsheng.workflow.auditing.results import EXPORTS, findings_of

pytestmark = pytest.mark.django_db

# the sum of the parts is 20630; the whole is said to be 20450
WRONG = "本工程总建筑面积20450平方米，其中地上建筑面积15320平方米，地下建筑面积5310平方米。\n"
MEMBERS = ("tianbao", "chushi", "caiwu", "juzhang", "shenji", "guanli")
OUTSIDERS = ("caizheng", "sanfang")


@pytest.fixture(autouse=True)
def _year() -> None:
    demonstration()


def send(client: Client, *files: tuple[str, bytes], **more: str) -> HttpResponse:
    given = [SimpleUploadedFile(name, content) for name, content in files]
    return client.post("/audit/", {"files": given, **more})  # type: ignore[return-value]


def audited(name: str = "工程.txt", content: bytes = WRONG.encode(), who: str = "caiwu") -> AuditedDocument:
    assert send(client_of(who), (name, content)).status_code == 302
    document = AuditedDocument.objects.latest("pk")
    done(Job.objects.get(parameters__document=document.pk))
    document.refresh_from_db()
    return document


def address(document: AuditedDocument, part: str = "") -> str:
    return f"/audit/{document.organisation.code}/{document.pk}/{part}"


def test_one_file_leads_to_its_page_and_several_to_the_list() -> None:
    client = client_of("tianbao")
    one = send(client, ("甲.txt", b"a"))
    document = AuditedDocument.objects.get()
    assert one.headers["Location"] == address(document)
    page = client.get(address(document)).content.decode()
    assert "排队中" in page
    several = send(client, ("乙.txt", b"b"), ("丙.txt", b"c"))
    assert several.headers["Location"] == "/audit/"
    assert AuditedDocument.objects.count() == 3
    listed = client.get("/audit/").content.decode()
    assert all(name in listed for name in ("甲.txt", "乙.txt", "丙.txt"))
    assert "丙.txt" not in client.get("/audit/?q=甲").content.decode()


def test_the_page_shows_findings_beside_the_marked_original() -> None:
    page = client_of("caiwu").get(address(audited())).content.decode()
    assert 'id="p0-0"' in page
    assert 'href="#p0-0"' in page
    assert 'id="f0"' in page
    assert 'href="#f0"' in page
    assert "20630" in page.replace(",", "")


def test_findings_are_filtered() -> None:
    document = audited()
    client = client_of("caiwu")
    assert (
        'id="f0"' in client.get(address(document) + "?severity=error&rule=A103&state=open").content.decode()
    )
    for query in ("severity=note", "rule=A101", "state=accepted"):
        page = client.get(f"{address(document)}?{query}").content.decode()
        assert 'id="f0"' not in page
        assert "没有符合条件的问题" in page
    assert client.get(address(document) + "?severity=%00&page=zzz&state=x").status_code == 200


def test_one_list_says_what_comes_from_the_year_and_what_from_the_rules() -> None:
    client = client_of("caiwu")
    assert send(client, ("工程.txt", WRONG.encode()), case="huadu-2023").status_code == 302
    document = AuditedDocument.objects.get()
    done(Job.objects.get(parameters__document=document.pk))
    items = shown(client, document).split('<li id="f')[1:]
    assert len(items) == 4
    origins = [
        re.findall(r"<p class=\"muted\">(\S+) <span class=\"code\">(\w+)</span>", each) for each in items
    ]
    assert origins == [[("核对规则", "A103")], *[[("与年度档案核对", "C002")]] * 3]
    # the sum is wrong by the rules; that the figures are none of the year is said by the year
    assert 'id="f0"' in shown(client, document, "?origin=rules")
    assert 'id="f1"' not in shown(client, document, "?origin=rules")
    assert 'id="f0"' not in shown(client, document, "?origin=year")
    assert 'id="f1"' in shown(client, document, "?origin=year")


def test_a_document_that_was_only_held_against_its_year_is_not_said_to_be_checked_by_the_rules() -> None:
    client = client_of("caiwu")
    assert send(client, ("工程.txt", WRONG.encode()), case="huadu-2023").status_code == 302
    document = AuditedDocument.objects.get()
    # before it is audited, what will be done
    assert "按核对规则检查，并与年度档案核对" in shown(client, document)
    done(Job.objects.get(parameters__document=document.pk))
    document.refresh_from_db()
    both = shown(client, document)
    assert "按核对规则检查，并与年度档案核对" in both
    assert 'name="origin"' in both
    # as such documents were kept before the rules were run over them too
    for part, code in (("obligations", "rule"), ("findings", "code")):
        document.content[part] = [each for each in document.content[part] if each[code] in {"C001", "C002"}]
    document.save()
    page = shown(client, document)
    assert "只与年度档案核对" in page
    assert "核对规则" not in page
    assert 'name="origin"' not in page
    # audited again, it is checked by both
    assert client.post(address(document, "again/")).status_code == 302
    done(Job.objects.filter(parameters__document=document.pk).latest("pk"))
    assert "按核对规则检查，并与年度档案核对" in shown(client, document)


def test_where_there_is_no_year_nothing_is_said_of_one() -> None:
    page = shown(client_of("caiwu"), audited())
    assert 'name="origin"' not in page
    assert "与年度档案核对" not in page


def shown(client: Client, document: AuditedDocument, query: str = "") -> str:
    return client.get(address(document) + query).content.decode()


def test_a_finding_is_accepted_on_the_page_and_that_is_undone() -> None:
    document = audited()
    key = findings_of(document)[0]["key"]
    client = client_of("tianbao")
    empty = client.post(address(document, "accept/"), {"finding": key, "reason": " "})
    assert empty.status_code == 422
    assert "没有写理由" in empty.content.decode()
    good = client.post(address(document, "accept/"), {"finding": key, "reason": "另含<b>人防</b>面积"})
    assert (good.status_code, good.headers["Location"]) == (302, address(document) + "#f0")
    page = client.get(address(document)).content.decode()
    assert "另含&lt;b&gt;人防&lt;/b&gt;面积" in page
    assert (
        client.get(address(document, "findings.json")).json()["accepted"][0]["reason"]
        == "另含<b>人防</b>面积"
    )
    assert client.post(address(document, "accept/"), {"finding": key, "reason": "再来"}).status_code == 409
    assert client.post(address(document, "undo/"), {"finding": key}).status_code == 302
    assert document.acceptances.count() == 0


def test_everybody_of_the_body_reads_and_nobody_else() -> None:
    document = audited(who="tianbao")
    name = next(iter(document.content[EXPORTS]["files"]))
    parts = ("", "original/", "findings.json", f"files/{name}", "progress/")
    for who in MEMBERS:
        for part in parts:
            answer = client_of(who).get(address(document, part))
            assert answer.status_code == 200
            answer.close()
    for who in OUTSIDERS:
        for part in parts:
            assert client_of(who).get(address(document, part)).status_code == 403
        assert document.name not in client_of(who).get("/audit/").content.decode()
    for part in parts:
        assert Client().get(address(document, part)).status_code == 302


def test_who_only_reads_changes_nothing() -> None:
    document = audited()
    key = findings_of(document)[0]["key"]
    for who in ("shenji", "guanli", *OUTSIDERS):
        client = client_of(who)
        for part in ("accept/", "undo/", "again/"):
            assert client.post(address(document, part), {"finding": key, "reason": "理由"}).status_code == 403
    for who in ("shenji", "guanli"):
        refused = send(client_of(who), ("乙.txt", b"b"))
        assert refused.status_code == 422
        assert 'name="files"' not in refused.content.decode()
    assert AuditedDocument.objects.count() == 1
    assert document.acceptances.count() == 0


def test_a_document_is_not_reached_under_the_name_of_another_body() -> None:
    document = audited()
    assert client_of("caizheng").get(f"/audit/huadu-czj/{document.pk}/").status_code == 404
    assert client_of("caiwu").get("/audit/no-such-body/1/").status_code == 404


def test_another_bureau_sees_nothing() -> None:
    document = audited()
    other = Organisation.objects.create(code="other-bureau", name="另一局", kind=OrganisationKind.BUREAU)
    Grant.objects.create(
        user=User.objects.create(username="wai", name="外人"), role="finance", organisation=other
    )
    assert client_of("wai").get(address(document)).status_code == 403
    assert document.name not in client_of("wai").get("/audit/").content.decode()


@pytest.mark.parametrize(
    ("files", "more", "words"),
    [
        ((), {}, "没有选择文件"),
        ((("a.txt", b"a"),), {"body": "huadu-czj"}, "不能为这个单位上传"),
        ((("a.txt", b"a"),), {"case": "no-such-year"}, "没有这个年度档案"),
        (tuple((f"{n}.txt", b"a") for n in range(21)), {}, "选择了 21 个文件"),
    ],
)
def test_a_wrong_upload_is_told_and_keeps_nothing(
    files: tuple[tuple[str, bytes], ...], more: dict[str, str], words: str
) -> None:
    answer = send(client_of("caiwu"), *files, **more)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not AuditedDocument.objects.exists()


def test_a_file_that_is_too_large_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("django.conf.settings.LARGEST_UPLOAD", 10)
    answer = send(client_of("caiwu"), ("大.txt", b"12345678901"), ("小.txt", b"1"))
    assert answer.status_code == 422
    assert "大.txt" in answer.content.decode()
    assert [each.name for each in AuditedDocument.objects.all()] == ["小.txt"]


def test_a_hostile_page_is_handed_out_as_a_file_that_can_do_nothing() -> None:
    document = audited("x.html", b"<html><script>alert(1)</script><p>5</p></html>")
    answer = client_of("caiwu").get(address(document, "original/"))
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    answer.close()
    page = client_of("caiwu").get(address(document)).content.decode()
    assert "<script>alert" not in page


def test_a_name_with_markup_is_text() -> None:
    document = audited('"><img src=x onerror=alert(1)>.txt')
    for where in (address(document), "/audit/"):
        assert "<img src=x" not in client_of("caiwu").get(where).content.decode()


def test_a_file_that_was_not_made_is_not_there() -> None:
    document = audited()
    assert client_of("caiwu").get(address(document, "files/../../x")).status_code == 404
    assert client_of("caiwu").get(address(document, "files/nothing.pdf")).status_code == 404

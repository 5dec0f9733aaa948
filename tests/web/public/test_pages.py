"""Public pages: without login, cacheable, described for machines, safe to embed."""

import csv
import gzip
import io
import json
from decimal import Decimal

import pytest
from calling import received
from demonstrated import client_of
from django.test import Client
from released import released_year

from zhunsheng.store.database.models import Release, StoredEvaluation

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def data(client: Client, name: str) -> bytes:
    answer = client.get(f"/public/huadu-2023/data/{name}")
    assert answer.status_code == 200
    return received(answer)


def test_public_pages_answer_with_a_tag_and_spare_the_reader_what_he_has() -> None:
    released_year()
    client = Client()
    for address in (
        "/public/",
        "/public/huadu-2023/",
        "/public/catalogue.jsonld",
        "/public/huadu-2023/data/indicators.csv",
    ):
        first = client.get(address)
        assert first.status_code == 200
        first.close()
        assert first.headers["Cache-Control"] == "public, max-age=300"
        again = client.get(address, headers={"if-none-match": first.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
    tag = client.get("/public/huadu-2023/").headers["ETag"]
    assert client.get("/public/huadu-2023/indicators/").headers["ETag"] != tag


def test_who_is_signed_in_sees_the_same() -> None:
    released_year()
    anybody, somebody = Client().get("/public/huadu-2023/"), client_of("juzhang").get("/public/huadu-2023/")
    assert anybody.content == somebody.content


def test_the_csv_has_the_numbers_of_the_locked_evaluation() -> None:
    released_year()
    text = data(Client(), "indicators.csv").decode("utf-8-sig")
    locked = StoredEvaluation.objects.get(version__isnull=False).content
    scores = {each["code"]: each["score"] for each in locked["nodes"]}
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    assert rows
    for row in rows:
        assert Decimal(row["得分"]) == Decimal(scores[row["指标编码"]])


def test_the_catalogue_leads_to_every_file_with_its_size() -> None:
    released_year()
    client = Client()
    answer = client.get("/public/catalogue.jsonld")
    assert answer.headers["Content-Type"] == "application/ld+json"
    catalogue = json.loads(answer.content)
    assert catalogue["@type"] == "dcat:Catalog"
    for dataset in catalogue["dcat:dataset"]:
        assert dataset["dct:publisher"]["foaf:name"] == "广州市花都区市场监督管理局"
        for each in dataset["dcat:distribution"]:
            address = each["dcat:downloadURL"]["@id"]
            assert address.startswith("http://testserver/public/huadu-2023/data/")
            content = data(client, address.rpartition("/")[2])
            assert len(content) == each["dcat:byteSize"]
            assert each["dct:license"]["@id"].startswith("https://creativecommons.org/")


def test_an_indicator_says_target_value_source_formula_and_calculation() -> None:
    released_year()
    text = Client().get("/public/huadu-2023/indicators/F2/").content.decode()
    # L114 of the source report: 94.68 of at least 90 percent
    for words in ("完成企业年报率", "94.68%", "不低于90%", "94.68 ÷ 90 = 105.2%", "filed / due"):
        assert words in text
    assert Client().get("/public/huadu-2023/indicators/X9/").status_code == 404


def test_corrections_are_listed_and_superseded_releases_are_not_shown() -> None:
    first = released_year()
    second = Release.objects.create(
        case=first.case,
        number=2,
        moment=first.moment,
        who=first.who,
        content={**first.content, "number": 2, "title": "更正后的标题"},
        files=first.files,
        correction="<b>更正</b>了标题",
    )
    text = Client().get("/public/huadu-2023/corrections/").content.decode()
    assert "&lt;b&gt;更正&lt;/b&gt;了标题" in text
    assert "第 2 版" in Client().get("/public/huadu-2023/").content.decode()
    assert second.pk


def test_the_report_is_shown_where_it_can_do_nothing() -> None:
    released_year()
    answer = Client().get("/public/huadu-2023/data/report.html")
    answer.close()
    policy = answer.headers["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "default-src 'none'" in policy
    assert answer.headers["Content-Disposition"].startswith("inline")
    assert "sandbox" in Client().get("/public/huadu-2023/report/").content.decode()


@pytest.mark.parametrize("name", ["report.html", "indicators.csv", "indicators.json"])
def test_texts_are_sent_compressed_to_whom_can_read_that(name: str) -> None:
    released_year()
    address = f"/public/huadu-2023/data/{name}"
    plain = Client().get(address)
    packed = Client().get(address, headers={"accept-encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert "Accept-Encoding" in plain.headers["Vary"]
    content, whole = received(packed), received(plain)
    assert gzip.decompress(content) == whole
    assert len(content) < len(whole) / 2


def test_a_workbook_is_sent_as_it_is() -> None:
    released_year()
    answer = Client().get("/public/huadu-2023/data/indicators.xlsx", headers={"accept-encoding": "gzip"})
    assert "Content-Encoding" not in answer.headers
    assert received(answer)[:2] == b"PK"


@pytest.mark.parametrize("name", ["nothing.csv", "..%2f..%2fetc%2fpasswd", "report.docx"])
def test_a_file_that_was_not_released_is_not_there(name: str) -> None:
    released_year()
    assert Client().get(f"/public/huadu-2023/data/{name}").status_code == 404


def test_nothing_can_be_sent_to_public_pages() -> None:
    assert Client().post("/public/").status_code == 405


def test_without_a_release_the_front_says_so() -> None:
    assert "还没有公开的年度" in Client().get("/public/").content.decode()

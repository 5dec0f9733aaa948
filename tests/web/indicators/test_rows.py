"""The records behind a number: leafed through, masked, exported, asked for."""

import re
from html import unescape
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from demonstrated import actor, client_of
from django.urls import reverse
from indicator_pages import BODY, CASE, GENERAL, cases_filed, page, stranger
from indicators_site import YEAR, asked_of_files, body, jobs, listing

from zhunsheng.store.database.file_store import path_of
from zhunsheng.store.database.models import Organisation, StoredCase, TrailEntry
from zhunsheng.store.engines.rows import Part
from zhunsheng.store.records.record_store import RecordStore
from zhunsheng.workflow.importing.places import HIDDEN
from zhunsheng.workflow.indicators.asking import ask_for_rows
from zhunsheng.workflow.jobs import do_all

pytestmark = pytest.mark.django_db


def identities(text: str, ledger: str = "case_file") -> list[tuple[int, int]]:
    found = re.findall(rf"/records/{BODY}/{ledger}/records/(\d+)/(\d+)/", text)
    return [(int(batch), int(row)) for batch, row in found]


def leafed_through(who: str, query: str) -> list[tuple[int, int]]:
    client, found = client_of(who), []
    address = f"{reverse('indicator_rows', args=['case_filings', BODY])}?{query}"
    for _ in range(200):
        text = client.get(address).content.decode()
        found += identities(text)
        following = re.search(r'rel="next" href="([^"]+)"', text)
        if following is None:
            return found
        address = f"{reverse('indicator_rows', args=['case_filings', BODY])}{unescape(following[1])}"
    raise AssertionError("leafing does not end")


def test_leafing_shows_every_record_behind_the_number_once(
    rows: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("zhunsheng.web.records.browsing_views.SIZE", 7)
    expected = asked_of_files(rows, f"SELECT _batch, _row FROM case_file WHERE {GENERAL}")
    assert len(expected) > 7
    found = leafed_through("caiwu", f"year={YEAR}&measure=filed")
    assert len(found) == len(set(found))
    assert set(found) == set(expected)
    ((day,),) = asked_of_files(rows, f"SELECT median(filed_on)::DATE FROM case_file WHERE {GENERAL}")
    late = asked_of_files(
        rows, f"SELECT _batch, _row FROM case_file WHERE {GENERAL} AND filed_on >= DATE '{day}'"
    )
    found = leafed_through("caiwu", f"year={YEAR}&measure=filed&f.filed_on.from={day}")
    assert len(found) == len(set(found))
    assert set(found) == set(late)
    assert 0 < len(late) < len(expected)


def test_personal_columns_are_masked_by_right_and_cannot_be_looked_for(rows: Path) -> None:
    ((party,),) = asked_of_files(rows, f"SELECT parties[1] FROM case_file WHERE {GENERAL} LIMIT 1")
    query = {"year": str(YEAR), "measure": "filed", "columns": "all"}
    total = cases_filed(rows)
    for who in ("tianbao", "chushi", "juzhang", "caizheng", "guanli"):
        text = page(who, "indicator_rows", "case_filings", BODY, **query)
        assert HIDDEN in text
        assert party not in text
        assert 'name="f.parties"' not in text
        looked = page(who, "indicator_rows", "case_filings", BODY, **query, **{"f.parties": party})
        assert f"共 {total:,} 条" in looked
    for who in ("caiwu", "shenji"):
        looked = page(who, "indicator_rows", "case_filings", BODY, **query, **{"f.parties": party})
        assert party in looked
        assert f"共 {total:,} 条" not in looked or total == 1
    stranger()
    for who in ("sanfang", "bieren"):
        text = page(who, "indicator_rows", "case_filings", BODY, status=403, **query)
        assert party not in text


def test_the_listed_records_are_exported_without_what_is_hidden(rows: Path) -> None:
    ((party,),) = asked_of_files(rows, f"SELECT parties[1] FROM case_file WHERE {GENERAL} LIMIT 1")
    for who, is_shown in (("juzhang", False), ("caiwu", True)):
        answer = client_of(who).post(
            reverse("indicator_rows_export", args=["case_filings", BODY]),
            {"year": str(YEAR), "measure": "filed", "form": "csv"},
        )
        assert answer.status_code == 302, answer.content.decode()[:2000]
        job = jobs("records.export")[-1]
        again = client_of(who).post(
            reverse("indicator_rows_export", args=["case_filings", BODY]),
            {"year": str(YEAR), "measure": "filed", "form": "csv"},
        )
        # sent twice, it is the same job
        assert again.headers["Location"] == answer.headers["Location"] == reverse("job", args=[job.pk])
        do_all()
        job.refresh_from_db()
        assert job.state == "done", (job.message, job.problems)
        text = path_of(job.result["file"]).read_text("utf-8-sig")
        assert len(text.splitlines()) == cases_filed(rows) + 1
        assert (party in text) is is_shown
    address = reverse("indicator_rows_export", args=["case_filings", BODY])
    for given in (
        {"measure": "filed", "form": "pdf"},
        {"measure": "simple_cases", "form": "csv"},
        {"measure": "x"},
    ):
        assert client_of("caiwu").post(address, {"year": str(YEAR), **given}).status_code == 422
    assert client_of("sanfang").post(address, {"form": "csv"}).status_code == 403


def test_an_export_of_listed_records_names_the_fields_and_not_who_was_looked_for(rows: Path) -> None:
    ((party,),) = asked_of_files(rows, f"SELECT parties[1] FROM case_file WHERE {GENERAL} LIMIT 1")
    client_of("caiwu").post(
        reverse("indicator_rows_export", args=["case_filings", BODY]),
        {"year": str(YEAR), "measure": "filed", "form": "csv", "f.parties": party},
    )
    job = jobs("records.export")[-1]
    line = TrailEntry.objects.get(action="records.export")
    for told in (job.label, str(line.after)):
        assert party not in told
        assert "“当事人”" in told
        assert "度量 filed" in told


@pytest.mark.usefixtures("store")
def test_records_that_are_not_listed_are_asked_for_and_followed() -> None:
    client = client_of("juzhang")
    address = reverse("indicator_rows", args=["case_filings", BODY])
    query = {"year": str(YEAR), "measure": "filed"}
    text = client.get(address, query).content.decode()
    assert "还没有列出" in text
    assert "load, submit" in text
    given = dict(
        re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text.split('id="listing"')[1])
    )
    assert given.keys() >= {"year", "measure", "known"}
    piece = client.post(
        reverse("indicator_rows_list", args=["case_filings", BODY]), given, HTTP_HX_REQUEST="true"
    )
    assert "排队中" in piece.content.decode()
    assert "排队中" in client.get(address, query).content.decode()
    do_all()
    (job,) = jobs("indicators.rows")
    assert job.state == "done"
    poll = unescape(re.search(r'hx-get="([^"]*progress[^"]*)"', piece.content.decode())[1])  # type: ignore[index]
    back = client.get(poll).headers["HX-Redirect"]
    assert parse_qs(urlsplit(back).query)["measure"] == ["filed"]
    assert identities(client.get(back).content.decode())
    assert (
        client_of("sanfang").post(reverse("indicator_rows_list", args=["case_filings", BODY])).status_code
        == 403
    )


@pytest.mark.usefixtures("rows")
def test_links_of_other_pages_lead_to_the_records() -> None:
    answer = client_of("caiwu").get(
        reverse("indicator_rows_of", args=["case_filings"]),
        {"year": str(YEAR), "measure": "filed", "organisation": BODY},
    )
    assert (
        answer["Location"]
        == f"{reverse('indicator_rows', args=['case_filings', BODY])}?year={YEAR}&measure=filed"
    )
    assert identities(client_of("caiwu").get(answer["Location"]).content.decode())
    for name in ("//evil", "a/b", "单位", "x" * 5000):
        answer = client_of("caiwu").get(
            reverse("indicator_rows_of", args=["case_filings"]), {"organisation": name}
        )
        assert urlsplit(answer["Location"]).netloc == ""


def test_links_of_a_year_lead_to_the_records_as_it_used_them(store: Path) -> None:
    before = listing("case_filings").known
    StoredCase.objects.filter(code=CASE).update(snapshot=before)
    with RecordStore.open(store) as opened_store:
        opened_store.undo(max(each.seq for each in opened_store.batches("case_file")), "测试", "撤销")
    assert listing("case_filings").known != before
    client, address = client_of("caiwu"), reverse("indicator_rows_of", args=["case_filings"])
    query = {"year": str(YEAR), "measure": "filed", "organisation": BODY}
    leading = client.get(address, query)["Location"]
    assert parse_qs(urlsplit(leading).query)["known"] == [before]
    ask_for_rows(body(), listing("case_filings", measure="filed", known=before), actor("caiwu"))
    do_all()
    text = client.get(leading).content.decode()
    assert f"共 {cases_filed(store):,} 条" in text
    assert "此后记录库有 1 次提交" in text
    # a state that cannot be had any more is not named
    StoredCase.objects.filter(code=CASE).update(snapshot="0-1")
    assert "known" not in client.get(address, query)["Location"]


@pytest.mark.usefixtures("store")
def test_addresses_that_name_nothing_are_told_so() -> None:
    for query in (
        {"measure": "no_such"},
        {"part": "difference"},
        {"known": "0-1"},
        {"month": "13"},
        {"year": "1000"},
    ):
        text = page("caiwu", "indicator_rows", "case_filings", BODY, status=404, **query)
        assert "没有这些记录" in text
    for query in ({"year": "年"}, {"month": "x"}, {"part": "x"}, {"body": "没有"}, {"after": "x"}):
        page("caiwu", "indicator_rows", "case_filings", BODY, **query)
    page("caiwu", "indicator_rows", "no_such", BODY, status=404)
    Organisation.objects.filter(code=BODY).update(store="")
    assert "没有记录库" in page("caiwu", "indicator_rows", "case_filings", BODY)


@pytest.mark.usefixtures("store")
def test_the_parts_of_a_ratio_are_named() -> None:
    ask_for_rows(body(), listing("annual_report_rate", part=Part.DIFFERENCE), actor("caiwu"))
    do_all()
    text = page("caiwu", "indicator_rows", "annual_report_rate", BODY, year=str(YEAR), part="difference")
    for word in ("分子 filed", "分母 due", "在分母而不在分子"):
        assert word in text
    assert "共 " in text

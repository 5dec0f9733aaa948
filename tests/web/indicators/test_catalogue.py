"""The catalogue of indicators: who sees which values, what is found, how values are computed."""

import re
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from demonstrated import actor, client_of
from django.test import Client
from django.urls import reverse
from indicator_pages import BODY, READING, cases_filed, main, page, stranger
from indicators_site import YEAR, body, jobs

from zhunsheng.store.database.models import Organisation
from zhunsheng.web.indicators.catalogue import warm
from zhunsheng.workflow.indicators.asking import ask_for_values
from zhunsheng.workflow.jobs import do_all

pytestmark = pytest.mark.django_db


def test_the_catalogue_lists_the_library_with_values_targets_and_verdicts(values: Path) -> None:
    count = cases_filed(values)
    text = page("caiwu", "indicators")
    assert warm() == 155
    assert "155" in text
    line = row_of(text, "case_filings")
    assert f"{count:,}" in line
    assert "≥600宗" in line
    assert "1291宗" in line
    # the demonstration's store is a hundredth, the report speaks of the whole
    assert ('data-state="error"' in line) is (count != 1291)
    assert "不一致" in line or count == 1291
    assert "执法监督与应急科" in line
    assert "没有计算" in row_of(text, "elevator_danger_rectification_rate")


def row_of(text: str, code: str) -> str:
    found = re.search(rf"<tr>(?:(?!</tr>).)*/indicators/{code}/(?:(?!</tr>).)*</tr>", text, re.DOTALL)
    assert found is not None, code
    return found[0]


@pytest.mark.usefixtures("values")
def test_the_catalogue_is_searched_and_filtered() -> None:
    def codes(**given: str) -> set[str]:
        return set(re.findall(r"/indicators/(\w+)/\?", page("caiwu", "indicators", **given))) - {"board"}

    assert codes(q="立案") >= {"case_filings"}
    assert "annual_report_rate" not in codes(q="立案")
    assert codes(q="没有这个词") == set()
    assert "没有找到指标" in page("caiwu", "indicators", q="没有这个词")
    assert "annual_report_rate" in codes(chapter="2")
    assert "case_filings" not in codes(chapter="2")
    assert codes(kind="date") == {"market_upgrade_finished"}
    assert codes(division="执法监督与应急科") == {"case_filings"}
    used = codes(state="used")
    assert len(used) == 10
    assert "annual_report_rate" in used
    assert codes(q="年报 完成率", chapter="2") == {"annual_report_rate"}
    # nothing written into the conditions breaks the page
    for word in ("<script>", "\x00", "%", "'; DROP", "９" * 300):
        for name in ("q", "chapter", "kind", "division", "state", "page", "organisation", "year"):
            answer = client_of("caiwu").get(reverse("indicators"), {name: word})
            assert answer.status_code in {200, 403}
            assert b"<script>" not in answer.content.split(b"<main")[1]


@pytest.mark.usefixtures("values")
def test_while_typing_only_the_table_comes() -> None:
    answer = client_of("caiwu").get(
        reverse("indicators"), {"q": "立案"}, HTTP_HX_REQUEST="true", HTTP_HX_TARGET="found"
    )
    text = answer.content.decode()
    assert text.lstrip().startswith('<div id="found">')
    assert "case_filings" in text
    assert "<main" not in text


def test_values_are_for_those_who_may_see_the_records_or_the_year(values: Path) -> None:
    count = f"{cases_filed(values):,}"
    for who in READING:
        assert count in row_of(page(who, "indicators"), "case_filings")
    # a third party sees the values of the year it reviews, but no way to the records
    text = page("sanfang", "indicators")
    assert count in row_of(text, "case_filings")
    assert "计算全部指标" not in text
    assert "/rows/" not in page("sanfang", "indicator", "case_filings")
    page("sanfang", "indicators", organisation=BODY, year=str(YEAR - 1), status=403)
    stranger()
    text = page("bieren", "indicators")
    assert count not in main(text)
    assert "花都" not in main(text)
    for name, *parts in (("indicators",), ("indicator", "case_filings")):
        assert count not in page("bieren", name, *parts, organisation=BODY, status=403)
    assert Client().get(reverse("indicators")).status_code == 302


@pytest.mark.usefixtures("store")
def test_before_anything_is_computed_the_pages_offer_it_and_a_computation_is_followed() -> None:
    assert "计算全部指标" in page("caiwu", "indicators")
    text = page("caiwu", "indicator", "case_filings")
    assert "没有计算" in text
    client = client_of("caiwu")
    here = reverse("indicator", args=["case_filings"])
    answer = client.post(
        reverse("indicator_values", args=[BODY]), {"year": str(YEAR), "indicator": "case_filings", "to": here}
    )
    assert (answer.status_code, answer["Location"]) == (302, here)
    (job,) = jobs("indicators.values")
    text = client.get(here).content.decode()
    poll = unescape(re.search(r'hx-get="([^"]*progress[^"]*)"', text)[1])  # type: ignore[index]
    piece = client.get(poll)
    assert "排队中" in piece.content.decode()
    assert "HX-Redirect" not in piece.headers
    do_all()
    assert client.get(poll).headers["HX-Redirect"].startswith(here)
    assert client_of("sanfang").get(poll).status_code == 404
    assert "case_filings" in client.get(reverse("job", args=[job.pk])).content.decode()


@pytest.mark.usefixtures("store")
def test_going_back_never_leads_elsewhere() -> None:
    client = client_of("caiwu")
    for to in ("//evil.example/", "https://evil.example/indicators/", "/people/", "/indicators/\\@evil"):
        answer = client.post(reverse("indicator_values", args=[BODY]), {"year": str(YEAR), "to": to})
        assert urlsplit(answer["Location"]).netloc == ""
        assert answer["Location"].startswith("/indicators/")


def test_a_failed_computation_is_told(store: Path) -> None:
    ask_for_values(body(), YEAR, actor("caiwu"))
    (store / "manifest.sqlite").write_bytes(b"damaged")
    (job,) = do_all()
    assert job.state == "failed"
    Organisation.objects.filter(code=BODY).update(store="gone")
    text = page("caiwu", "indicators")
    assert "没有记录库" in text
    assert "未完成" in text

"""The pages of indicators: who sees which values, the catalogue, one indicator, the records behind a number, the board."""

import re
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from demonstrated import actor, client_of, demonstration
from django.test import Client
from django.urls import reverse
from generated_store import generated_store
from indicators_site import YEAR, asked_of_files, body, jobs, listing

from zhunsheng.store.database.case_content import SECTION_OF, row_with_key
from zhunsheng.store.database.case_rows import ROW_MODELS
from zhunsheng.store.database.file_store import path_of
from zhunsheng.store.database.models import (
    Grant,
    Organisation,
    OrganisationKind,
    StoredCase,
    TrailEntry,
    User,
)
from zhunsheng.store.engines.rows import Part
from zhunsheng.store.records.record_store import RecordStore
from zhunsheng.web.indicators.catalogue import warm
from zhunsheng.workflow.importing.places import HIDDEN
from zhunsheng.workflow.indicators.asking import ask_for_rows, ask_for_values
from zhunsheng.workflow.jobs import do_all

pytestmark = pytest.mark.django_db

CASE, BODY = "huadu-2023", "huadu-amr"
READING = ("tianbao", "chushi", "caiwu", "juzhang", "caizheng", "shenji", "guanli")
GENERAL = f"procedure = 'GENERAL' AND year(filed_on) = {YEAR}"


@pytest.fixture
def store(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.FILES_DIRECTORY, settings.STORES_DIRECTORY = tmp_path / "files", tmp_path / "stores"
    made = generated_store(tmp_path / "stores" / "huadu")
    demonstration(store=made.name)
    monkeypatch.setattr(
        "zhunsheng.workflow.indicators.jobs.indicator_codes",
        lambda: (
            "annual_report_rate",
            "case_filings",
            "market_upgrade_finished",
            "market_upgrade_acceptance",
        ),
    )
    return made


@pytest.fixture
def values(store: Path) -> Path:
    """Values of four indicators are there."""
    ask_for_values(body(), YEAR, actor("caiwu"))
    (job,) = do_all()
    assert job.state == "done", (job.message, job.problems)
    return store


@pytest.fixture
def rows(store: Path) -> Path:
    """The cases filed are listed."""
    ask_for_rows(body(), listing("case_filings", measure="filed"), actor("caiwu"))
    do_all()
    return store


def page(who: str, name: str, *parts: object, status: int = 200, **query: str) -> str:
    answer = client_of(who).get(reverse(name, args=parts), query)
    assert answer.status_code == status, (who, name, answer.status_code)
    return answer.content.decode()


def main(text: str) -> str:
    found = re.search(r"<main.*</main>", text, re.DOTALL)
    assert found is not None
    return unescape(re.sub(r"<[^>]+>", " ", found[0]))


def cases_filed(store: Path) -> int:
    ((count,),) = asked_of_files(store, f"SELECT count(*) FROM case_file WHERE {GENERAL}")
    return int(count)


# ---- the catalogue


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


def stranger() -> None:
    """Finance of another bureau."""
    region = Organisation.objects.get(code="huadu")
    other = Organisation.objects.create(
        code="other-amr", name="另一局", kind=OrganisationKind.BUREAU, parent=region
    )
    user = User.objects.create(username="bieren", name="别人")
    Grant.objects.create(user=user, role="finance", organisation=other)


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


# ---- one indicator


def test_an_indicator_says_what_it_is_and_what_it_came_to(values: Path) -> None:
    count = cases_filed(values)
    text = page("caiwu", "indicator", "case_filings")
    shown = main(text)
    for word in (
        "行政案件立案数",
        "期内立案的行政处罚案件数",
        "market-ledgers",
        "17.3 H-P-04",
        "本产品建议",
        "越高越好",
    ):
        assert word in shown, word
    assert f"{count:,}" in shown
    months = dict(
        asked_of_files(values, f"SELECT month(filed_on), count(*) FROM case_file WHERE {GENERAL} GROUP BY 1")
    )
    table = re.search(r'id="months-table".*?</table>', text, re.DOTALL)
    assert table is not None
    cells = [re.sub(r"<[^>]+>", "", each) for each in re.findall(r"<td[^>]*>(.*?)</td>", table[0], re.DOTALL)]
    # this month, up to this month, target
    assert cells[0::3] == [f"{months.get(each, 0):,}" for each in range(1, 13)]
    assert cells[1::3] == [
        f"{sum(months.get(one, 0) for one in range(1, each + 1)):,}" for each in range(1, 13)
    ]
    assert cells[2::3] == ["600"] * 12
    # every number leads to its records, as they were known
    assert f"/indicators/case_filings/rows/{BODY}/?year={YEAR}&amp;known=" in text
    assert reverse("collect_item", args=[CASE, "O4"]) in text


@pytest.mark.usefixtures("values")
def test_bodies_are_sorted_without_scripts() -> None:
    def names(sort: str) -> list[str]:
        text = page("caiwu", "indicator", "case_filings", sort=sort)
        table = re.search(r'id="bodies-all".*?</table>', text, re.DOTALL)
        assert table is not None
        body_rows = re.findall(r"<th scope=\"row\"[^>]*>(.*?)</th><td class=\"number\">(.*?)</td>", table[0])
        return [f"{name} {re.sub('<[^>]+>', '', value)}" for name, value in body_rows]

    usual = names("")
    assert len(usual) > 2
    falling = names("-value")
    numbers = [int(each.rsplit(" ", 1)[1].replace(",", "")) for each in falling]
    assert numbers == sorted(numbers, reverse=True)
    assert sorted(falling) == sorted(usual) == sorted(names("name"))
    assert names("value")[0] != falling[0]
    assert 'aria-sort="descending"' in page("caiwu", "indicator", "case_filings", sort="-value")


@pytest.mark.usefixtures("values")
def test_what_is_no_number_has_words_instead_of_a_picture() -> None:
    text = main(page("caiwu", "indicator", "market_upgrade_acceptance"))
    assert "1月" in text
    page("caiwu", "indicator", "no_such", status=404)


def test_an_indicator_shows_how_old_its_values_are(values: Path) -> None:
    assert "与现在的记录一致" in page("caiwu", "indicator", "case_filings")
    with RecordStore.open(values) as opened_store:
        last = max(each.seq for each in opened_store.batches("case_file"))
        opened_store.undo(last, "测试", "撤销后值就旧了")
    text = page("caiwu", "indicator", "case_filings")
    assert "此后记录库有 1 次提交" in text


# ---- the records behind a number


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


# ---- the board


@pytest.mark.usefixtures("values")
def test_the_board_shows_the_year_and_leads_to_where_its_numbers_come_from() -> None:
    answer = client_of("juzhang").get(reverse("indicator_boards"))
    assert answer["Location"] == reverse("indicator_board", args=[CASE])
    text = page("juzhang", "indicator_board", CASE)
    shown = main(text)
    # the printed execution of the report: see the demonstration's budget
    assert "99.75" in shown
    assert "时间进度" in shown
    for title in ("预算执行与时间进度", "指标完成情况", "各处室指标完成情况"):
        assert title in shown
    assert text.count("data-chart-save") == text.count("<figure")
    assert text.count("<figure") >= 5
    for name in ("plan-section", "collect", "evaluation_computed"):
        part = [CASE, "budget"] if name == "plan-section" else [CASE]
        assert reverse(name, args=part) in text
    table = re.search(r'id="standing-table".*?</table>', text, re.DOTALL)
    assert table is not None
    numbers = [
        int(re.sub(r"<[^>]+>", "", each)) for each in re.findall(r"<td class=\"number\">(.*?)</td>", table[0])
    ]
    # nine reached, one missed: the award of no patent prize
    assert numbers == [9, 1, 0, 0, 10]
    chosen = page("juzhang", "indicator_board", CASE, main="case_filings")
    assert "行政案件立案数" in chosen
    assert 'id="main-1-table"' not in chosen


@pytest.mark.usefixtures("values")
def test_the_board_is_for_those_who_may_see_the_year() -> None:
    for who in (*READING, "sanfang"):
        page(who, "indicator_board", CASE)
    stranger()
    page("bieren", "indicator_board", CASE, status=403)
    assert "还没有年度档案" in page("bieren", "indicator_boards")


@pytest.mark.usefixtures("store")
def test_the_board_stands_without_values_and_without_content() -> None:
    assert "还没有计算过" in page("caiwu", "indicator_board", CASE)
    case = StoredCase.objects.get(code=CASE)
    for name in ("budget", "indicators", "actuals"):
        ROW_MODELS[name]._default_manager.filter(case=case).delete()
    assert "还没有预算和指标" in page("caiwu", "indicator_board", CASE)


@pytest.mark.usefixtures("values")
def test_words_that_people_wrote_are_never_markup() -> None:
    case = StoredCase.objects.get(code=CASE)
    row: Any = row_with_key(case, SECTION_OF["indicators"], {"code": "O4"})
    row.f_name, row.f_target_text = "<script>alert(1)</script>", '"><img src=x>'
    row.save()
    for name, *parts in (("indicators",), ("indicator", "case_filings"), ("indicator_board", CASE)):
        text = page("caiwu", name, *parts)
        assert "<script>alert" not in text
        assert "<img src=x>" not in text

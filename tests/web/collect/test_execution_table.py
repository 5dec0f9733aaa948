"""The table in which all executed amounts are reported at once: as a browser shows it and sends it."""

import html
import re
from collections.abc import Mapping

import pytest
from demonstrated import MOMENT, actor, client_of, demonstration
from django.test import Client

from zhunsheng.kernel.money import Money
from zhunsheng.store.database.case_content import SECTION_OF, case_of, row_with_key
from zhunsheng.store.database.models import StoredCase
from zhunsheng.workflow.action import perform
from zhunsheng.workflow.collecting.recording import RecordExecution

pytestmark = pytest.mark.django_db
LIST, TABLE = "/collect/huadu-2023/execution/", "/collect/huadu-2023/execution/all/"
PEOPLE = ("tianbao", "chushi", "caiwu", "juzhang", "caizheng", "sanfang", "shenji", "guanli")


@pytest.fixture
def year() -> StoredCase:
    return demonstration()


def page(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return html.unescape(answer.content.decode())


def given(client: Client, url: str, data: Mapping[str, str], status: int = 302) -> str:
    answer = client.post(url, dict(data))
    assert answer.status_code == status, answer.content.decode()[:3000]
    return html.unescape(answer.content.decode())


def sent_back(shown: str) -> dict[str, str]:
    """The fields of the table as a browser sends them."""
    found = dict(re.findall(r'<input type="(?:text|hidden)"[^>]* name="([^"]+)" value="([^"]*)"', shown))
    for name, value in re.findall(r'<textarea id="[^"]*" name="([^"]+)"[^>]*>([^<]*)</textarea>', shown):
        found[name] = value.replace("\r\n", "\n").replace("\n", "\r\n")
    return {name: value for name, value in found.items() if "/" in name}


def written(year: StoredCase) -> dict[str, Money | None]:
    content = case_of(year)
    lines = {each.code: each.executed for each in content.budget}
    return lines | {each.code: each.executed for each in content.projects}


def proved(item: str) -> dict[str, str]:
    return {f"{item}.executed_source": "总账", f"{item}.executed_evidence": "凭证 3 张\r\n附清单"}


@pytest.mark.parametrize("username", PEOPLE)
@pytest.mark.usefixtures("year")
def test_the_table_is_for_those_who_report_and_reached_from_the_list(username: str) -> None:
    client = client_of(username)
    reports = username == "caiwu"
    assert ("保存全部" in page(client, TABLE)) is reports
    assert ("没有由您填报的收支项目" in page(client, TABLE)) is not reports
    # a division whose projects are others' has no way there
    assert (f'href="{TABLE}"' in page(client, LIST)) is reports


def test_all_lines_are_written_in_one_go(year: StoredCase) -> None:
    client, before = client_of("caiwu"), written(year)
    sent = sent_back(page(client, TABLE))
    assert sent["projects/P1.executed"] == "70.02"
    sent |= {"projects/P1.executed": "80", **proved("projects/P1")}
    sent |= {"budget/expenditure.executed": "22,000.5", **proved("budget/expenditure")}
    given(client, TABLE, sent)
    shown = page(client, TABLE)
    assert "已保存 2 行" in shown
    changed = {"P1": Money.of("80", "万元"), "expenditure": Money.of("22000.5", "万元")}
    assert written(year) == before | changed
    assert sent_back(shown)["projects/P1.executed_evidence"] == "凭证 3 张\r\n附清单"
    # sent again as it came, nothing is touched
    given(client, TABLE, sent_back(shown))
    assert "没有修改" in page(client, TABLE)
    assert written(year) == before | changed


def test_amounts_in_yuan_go_in_and_come_out_in_yuan(year: StoredCase) -> None:
    client = client_of("caiwu")
    address = f"{TABLE}?unit=yuan"
    sent = sent_back(page(client, address))
    assert (sent["projects/P1.executed"], sent["budget/expenditure.executed"]) == ("700200", "229186600")
    before = written(year)
    given(client, address, sent)
    assert written(year) == before
    given(client, address, sent | {"projects/P1.executed": "812,345.67", **proved("projects/P1")})
    assert written(year) == before | {"P1": Money.of("812345.67")}
    assert sent_back(page(client, TABLE))["projects/P1.executed"] == "81.234567"


def test_all_faults_stand_at_their_fields_and_nothing_is_written_or_lost(year: StoredCase) -> None:
    client, before = client_of("caiwu"), written(year)
    sent = sent_back(page(client, TABLE))
    sent |= {"projects/P1.executed": "约八十", "projects/P2.executed": "5", "budget/income.executed": "9"}
    sent |= proved("budget/income")
    answer = client.post(TABLE, sent)
    assert answer.status_code == 422
    raw = answer.content.decode()
    assert written(year) == before
    shown = html.unescape(raw)
    again = sent_back(shown)
    assert {name: again[name] for name in sent} == sent
    wrong = re.findall(r'name="([^"]+)"[^>]* aria-invalid="true" aria-describedby="([^"]+)"', raw)
    assert [name for name, _ in wrong] == [
        "projects/P1.executed",
        "projects/P2.executed_source",
        "projects/P2.executed_evidence",
    ]
    for _, said in wrong:
        assert f'id="{said}"' in raw
    # put right, the same form goes through
    good = again | {"projects/P1.executed": "80", **proved("projects/P1"), **proved("projects/P2")}
    given(client, TABLE, good)
    assert written(year)["income"] == Money.of("9", "万元")


def test_an_overtaken_table_shows_both_and_touches_nothing_of_the_others(year: StoredCase) -> None:
    client = client_of("caiwu")
    sent = sent_back(page(client, TABLE))
    for item, amount in (("projects/P1", "71"), ("projects/P3", "3")):
        cells = {"executed": amount, "executed_source": "决算", "executed_evidence": "凭证"}
        perform(RecordExecution(year, item, cells, 0), actor("caiwu"), MOMENT)
    before = written(year)
    typed = {"projects/P1.executed": "80", **proved("projects/P1")}
    shown = given(client, TABLE, sent | typed, status=409)
    assert "“检测专项经费”的执行数已被王财务修改" in shown
    assert "现已改为：71" in shown
    assert written(year) == before
    again = sent_back(shown)
    assert {name: again[name] for name in typed} == typed
    # a line that was not touched here shows what the other has written, and is left alone
    assert again["projects/P3.executed"] == "3"
    given(client, TABLE, again)
    assert written(year) == before | {"P1": Money.of("80", "万元")}


def test_line_breaks_that_a_browser_drops_are_no_change(year: StoredCase) -> None:
    client = client_of("caiwu")
    cells = {
        "executed": "71",
        "executed_source": "决算\n报表 \r\n第 3 页",
        "executed_evidence": "凭证\n附清单",
    }
    perform(RecordExecution(year, "projects/P1", cells, 0), actor("caiwu"), MOMENT)
    stored = next(each for each in case_of(year).projects if each.code == "P1")
    assert "\n" in stored.executed_source
    sent = sent_back(page(client, TABLE))
    # as browsers do in a field of one line
    sent["projects/P1.executed_source"] = re.sub(r"[\r\n]", "", sent["projects/P1.executed_source"])
    given(client, TABLE, sent | {"projects/P3.executed": "3", **proved("projects/P3")})
    assert "已保存 1 行" in page(client, TABLE)
    assert next(each for each in case_of(year).projects if each.code == "P1") == stored
    # in a field of several lines they are one
    del sent["projects/P3.seen"]
    given(client, TABLE, sent | {"projects/P1.executed_evidence": "凭证附清单"})
    changed = next(each for each in case_of(year).projects if each.code == "P1")
    assert changed.executed_evidence == "凭证附清单"


def test_a_line_of_others_slipped_in_is_refused_with_the_whole(year: StoredCase) -> None:
    before = written(year)
    row = row_with_key(year, SECTION_OF["projects"], {"code": "P2"})
    assert row is not None
    row.f_unit = "特种设备安全监察科"  # type: ignore[attr-defined] # made from the columns
    row.save()
    client = client_of("tianbao")
    sent = sent_back(page(client, TABLE))
    assert {name.partition(".")[0] for name in sent} == {"projects/P2"}
    sent |= {"projects/P2.executed": "5", **proved("projects/P2")}
    slipped = {"projects/P1.seen": "0", "projects/P1.executed": "1", **proved("projects/P1")}
    given(client, TABLE, sent | slipped, status=403)
    assert written(year) == before
    given(client, TABLE, sent)
    assert written(year) == before | {"P2": Money.of("5", "万元")}


@pytest.mark.parametrize(
    "odd",
    [
        {"projects/P9.seen": "0", "projects/P9.executed": "1"},
        {"x.seen": "y", "x.executed": "1"},
        {".seen": "", ".executed": "1"},
    ],
)
def test_lines_there_are_not_are_named(year: StoredCase, odd: dict[str, str]) -> None:
    before = written(year)
    assert "COLLECT-011" in given(client_of("caiwu"), TABLE, odd, status=422)
    assert written(year) == before


@pytest.mark.parametrize("seen", ["", "x", "7", "９"])
def test_a_line_that_was_not_seen_is_not_written(year: StoredCase, seen: str) -> None:
    before = written(year)
    sent = {"projects/P1.seen": seen, "projects/P1.executed": "1", **proved("projects/P1")}
    given(client_of("caiwu"), TABLE, sent, status=409)
    assert written(year) == before


@pytest.mark.usefixtures("year")
def test_many_lines_come_on_several_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zhunsheng.web.collect.execution_table.PAGE_ROWS", 4)
    client = client_of("caiwu")
    pages = [sent_back(page(client, f"{TABLE}?page={number}")) for number in (1, 2, 3)]
    items = [[name for name in each if name.endswith(".seen")] for each in pages]
    assert [len(each) for each in items] == [4, 4, 1]
    assert len({name for each in items for name in each}) == 9
    # unsent text is kept for each page by itself, also when a page is refused
    addresses = [f"{TABLE}?{query}" for query in ("page=1", "page=2", "page=2&unit=yuan")]
    kept = [re.findall(r'data-keep="([^"]+)"', page(client, each)) for each in addresses]
    assert len({*map(tuple, kept)}) == 3
    assert re.findall(r'data-keep="([^"]+)"', page(client, TABLE)) == kept[0]
    item = items[1][0].removesuffix(".seen")
    refused = given(client, addresses[1], pages[1] | {f"{item}.executed": "约八十"}, status=422)
    assert re.findall(r'data-keep="([^"]+)"', refused) == kept[1]

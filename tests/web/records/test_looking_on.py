"""Looking through more records than one request has time for: a page says how far it has come, and goes on."""

import re

import pytest
from demonstrated import client_of
from django.urls import reverse
from records_site import GOOD, imported, with_reference_lists, workbook

from zhunsheng.store.records import browsing
from zhunsheng.store.records.browsing import Browser

pytestmark = pytest.mark.django_db
LEDGER = ("huadu-amr", "market_entity")
OLD = ("B1", "", "远方店", "个体工商户", "否", "9500", "1", "440114", "某路9号", "孙八", "2001-02-03", "440114-02", "存续", "2001-02-03")  # fmt: skip
_GOES_ON = re.compile(r'hx-get="(\?[^"]+)"')
_NEXT = re.compile(r'rel="next" href="(\?[^"]+)"')


@pytest.fixture(autouse=True)
def _no_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two files, of which a request has time for one."""
    with_reference_lists()
    imported(workbook(*GOOD))
    imported(workbook(OLD))
    monkeypatch.setattr(browsing, "_FIRST_REACH", 1)
    monkeypatch.setitem(Browser.page.__kwdefaults__ or {}, "seconds", 0.0)


def looked(query: str) -> str:
    answer = client_of("caiwu").get(reverse("records", args=LEDGER) + query.replace("&amp;", "&"))
    assert answer.status_code == 200
    return str(answer.content.decode())


def test_what_lies_further_back_is_found_by_going_on() -> None:
    first = looked("?f.name=远方")
    assert "查过的部分没有符合条件的记录" in first
    assert "已查到 20" in first
    (address,) = _GOES_ON.findall(first)
    assert "further=1" in address
    second = looked(address)
    assert "远方店" in second
    assert not _GOES_ON.findall(second)
    # and the same by a link, without scripts
    (link,) = _NEXT.findall(first)
    assert "further" not in link
    assert "远方店" in looked(link)


def test_what_is_nowhere_is_said_to_be_nowhere_in_the_end() -> None:
    text, looks = looked("?f.name=没有这家"), 0
    while address := _GOES_ON.findall(text):
        text, looks = looked(address[0]), looks + 1
        assert looks < 10
    assert looks
    assert "没有符合条件的记录" in text
    assert "查过的部分" not in text


@pytest.mark.parametrize("number", ["40", "999"])
def test_going_on_ends_and_leaves_it_to_the_reader(number: str) -> None:
    text = looked(f"?f.name=远方&further={number}")
    assert not _GOES_ON.findall(text)
    assert _NEXT.findall(text)


@pytest.mark.parametrize("number", ["-1", "x", "", "²", "9999"])
def test_a_number_nobody_means_well_by_begins_anew(number: str) -> None:
    assert "further=1" in _GOES_ON.findall(looked(f"?f.name=远方&further={number}"))[0]


def test_what_is_found_at_once_does_not_go_on() -> None:
    assert not _GOES_ON.findall(looked("?f.name=甲公司"))


def test_leafing_back_over_what_holds_nothing_stays_with_the_reader() -> None:
    between = ("B2", "", "中间店", *OLD[3:10], "2010-01-01", *OLD[11:])
    imported(workbook(between))
    page = looked("?f.name=远方")
    while address := _GOES_ON.findall(page):
        page = looked(address[0])
    assert "远方店" in page
    (back,) = re.findall(r'rel="prev" href="(\?[^"]+)"', page)
    page = looked(back)
    assert "查过的部分没有符合条件的记录" in page
    assert not _GOES_ON.findall(page)
    assert re.findall(r'rel="prev" href="(\?[^"]+)"', page)

"""The board of a year: its numbers, where they come from, who sees it."""

import re
from typing import Any

import pytest
from demonstrated import client_of
from django.urls import reverse
from indicator_pages import CASE, READING, main, page, stranger

from zhunsheng.store.database.case_content import SECTION_OF, row_with_key
from zhunsheng.store.database.case_rows import ROW_MODELS
from zhunsheng.store.database.models import StoredCase

pytestmark = pytest.mark.django_db


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

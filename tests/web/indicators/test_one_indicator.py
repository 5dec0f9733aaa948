"""The page of one indicator: what it is and what it came to."""

import re
from pathlib import Path

import pytest
from django.urls import reverse
from indicator_pages import BODY, CASE, GENERAL, cases_filed, main, page
from indicators_site import YEAR, asked_of_files

from zhunsheng.store.records.record_store import RecordStore

pytestmark = pytest.mark.django_db


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

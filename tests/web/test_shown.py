"""How values are shown: days and moments whole, places only when they say something, whose site it is."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from demonstrated import client_of, demonstration
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import translation

from zhunsheng.kernel.place import Place
from zhunsheng.store.database.models import StoredCase
from zhunsheng.web.environment import ABOUT, read_environment
from zhunsheng.web.templatetags.shown import day, minute, says_where, second
from zhunsheng.workflow.evaluating.evaluated import evaluation_of


def test_a_moment_is_shown_in_the_time_of_china_and_never_broken() -> None:
    moment = datetime(2024, 1, 31, 16, 5, 9, tzinfo=UTC)
    assert ">2024-02-01 00:05<" in minute(moment)
    assert ">2024-02-01 00:05:09<" in second(moment)
    assert ">2024-02-01<" in day(moment)
    assert ">2024-01-31<" in day(date(2024, 1, 31))
    assert all('class="nowrap"' in shown for shown in (day(moment), minute(moment), second(moment)))
    assert (day(None), minute(None), second(None)) == ("", "", "")


@pytest.mark.parametrize(
    ("place", "says"),
    [
        (Place("主体.xlsx"), True),
        (Place(sheet="市场主体", cell="B2"), True),
        (Place(field="收支 expenditure 执行数"), True),
        (Place(field="A3"), True),
        # what a form calls its field is for the program
        (Place(field="files"), False),
        ({"field": "start_date"}, False),
        ({"line": 3, "field": "name"}, True),
        (Place(), False),
        (None, False),
    ],
)
def test_a_place_is_shown_when_it_says_something_to_a_person(place: Any, says: bool) -> None:
    assert says_where(place) is says


def test_a_short_password_is_called_so_in_chinese() -> None:
    with translation.override("zh-hans"), pytest.raises(ValidationError) as refused:
        validate_password("q7w#e")
    assert "密码太短，至少 10 个字符。" in refused.value.messages


def test_whose_site_it_is_comes_from_the_environment() -> None:
    found = read_environment({"ZHUNSHENG_SITE_NAME": " 某区绩效公开 ", "ZHUNSHENG_SITE_ICP": "粤ICP备1号"})
    assert found.about["name"] == "某区绩效公开"
    assert found.about["icp"] == "粤ICP备1号"
    assert set(found.about) == set(ABOUT)


@pytest.mark.django_db
def test_whose_site_it_is_stands_on_the_public_pages(settings: Any) -> None:
    about = {"name": "某区绩效公开", "organiser": "某区财政局", "police": "粤公网安备2号"}
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, about=about)
    text = Client().get("/public/").content.decode()
    assert text.count("某区绩效公开") == 2
    assert "主办单位：某区财政局" in text
    assert "粤公网安备2号" in text
    assert "联系方式" not in text


@pytest.mark.django_db
def test_a_year_compared_with_another_rubric_keeps_its_own_score() -> None:
    stored = demonstration()
    evaluation_of(StoredCase.objects.get(pk=stored.pk))
    evaluation_of(StoredCase.objects.get(pk=stored.pk), "guangzhou-dept-2021")
    text = client_of("caiwu").get(f"/cases/{stored.code}/").content.decode()
    # printed in the source report
    assert ">94.98<" in text

"""What is public is read without a token; what was withdrawn is not there."""

import json
from pathlib import Path
from typing import Any

import pytest
from calling import call
from demonstrated import actor
from django.core.cache import cache
from released import released_year

from zhunsheng.workflow.action import perform
from zhunsheng.workflow.releasing.actions import WithdrawRelease

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


def test_a_released_year_is_read_by_anybody_until_it_is_withdrawn(settings: Any, tmp_path: Path) -> None:
    cache.clear()
    settings.FILES_DIRECTORY = tmp_path / "files"
    made = released_year()
    listed = call("GET", "/public/releases").json()["items"]
    assert [(each["year"], each["number"]) for each in listed] == [("huadu-2023", 1)]
    found = call("GET", "/public/releases/huadu-2023").json()
    assert found["content"] == made.content
    text = json.dumps(found, ensure_ascii=False)
    for name in ("赵局长", "juzhang", "王财务"):
        assert name not in text
    perform(WithdrawRelease(made.case, "数字有误"), actor("juzhang"))
    assert call("GET", "/public/releases").json()["items"] == []
    assert call("GET", "/public/releases/huadu-2023").status_code == 404

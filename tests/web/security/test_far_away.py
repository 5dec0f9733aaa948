"""Days and numbers no line of the trail has: nothing is found, nothing breaks, on the page and for programs."""

import pytest
from calling import call, token_of
from demonstrated import client_of, in_state

from zhunsheng.plans.roles import TargetState
from zhunsheng.workflow.demonstration import CASE

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _year(standing: None) -> None:
    pass


@pytest.mark.parametrize(
    "query",
    [
        "since=0001-01-01",
        "until=0001-01-01",
        "since=9999-12-31",
        "until=9999-12-31",
        "before=" + "9" * 5_000,
        "before=99999999999999999999",
    ],
    ids=lambda each: each[:20],
)
def test_the_page_of_the_trail_answers(query: str) -> None:
    assert client_of("guanli").get(f"/trail/?{query}").status_code == 200


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
@pytest.mark.parametrize("side", ["since", "until"])
def test_the_trail_for_programs_answers(side: str, day: str) -> None:
    answer = call("GET", f"/trail?{side}={day}", token_of("guanli"))
    assert answer.status_code == 200
    far = (side, day) in {("since", "9999-12-31"), ("until", "0001-01-01")}
    assert bool(answer.json()["items"]) is not far


@pytest.mark.parametrize("row", ["²", "٣", "-1", "9" * 5_000, "a\x00b"], ids=lambda each: ascii(each)[:8])
def test_advice_while_typing_is_asked_for_no_row_there_is(row: str) -> None:
    in_state(TargetState.DRAFT)
    answer = client_of("caiwu").post(f"/plan/{CASE}/advice/", {"row": row, "name": "指标"})
    assert answer.status_code == 200

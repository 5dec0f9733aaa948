"""Records through the interface: imported once, read a page at a time, masked like the pages."""

import json
from pathlib import Path
from typing import Any

import pytest
from calling import call, token_of
from django.core.cache import cache
from django.test import Client
from records_site import AREAS, GOOD, body, imported, uploaded, with_reference_lists, workbook

from zhunsheng.store.database.models import AskedOnce, Job, TrailEntry
from zhunsheng.workflow.jobs import do_all

pytestmark = pytest.mark.django_db
BODY = "huadu-amr"
RECORDS = f"/organisations/{BODY}/ledgers/market_entity/records"


@pytest.fixture(autouse=True)
def _site(standing: None, settings: Any, tmp_path: Path) -> None:
    cache.clear()
    settings.FILES_DIRECTORY, settings.STORES_DIRECTORY = tmp_path / "files", tmp_path / "stores"


def send(token: str, key: str, content: bytes = AREAS.encode(), name: str = "area.csv", **given: Any) -> Any:
    headers = {"HTTP_AUTHORIZATION": f"Bearer {token}"}
    if key:
        headers["HTTP_IDEMPOTENCY_KEY"] = key
    data = {"file": uploaded(content, name), "ledger": "area", **given}
    return Client().post(f"/api/v1/organisations/{BODY}/imports", data, **headers)


def test_a_file_is_checked_confirmed_and_read_back() -> None:
    token = token_of("caiwu")
    answer = send(token, "first")
    assert answer.status_code == 202, answer.content
    number = answer.json()["number"]
    assert (answer.json()["kind"], answer.json()["state"]) == ("records.check", "waiting")
    do_all()
    checked = call("GET", f"/jobs/{number}", token).json()
    assert (checked["state"], checked["result"]["status"]) == ("done", "planned")
    confirm = f"/organisations/{BODY}/imports/{number}/confirm"
    made = call("POST", confirm, token, HTTP_IDEMPOTENCY_KEY="second")
    assert made.status_code == 202, made.content
    do_all()
    assert call("GET", f"/jobs/{made.json()['number']}", token).json()["state"] == "done"
    found = call("GET", f"/organisations/{BODY}/ledgers/area/records", token).json()
    assert {each["values"]["area_code"] for each in found["items"]} == {"440000", "440114"}
    channels = {each.action: each.channel for each in TrailEntry.objects.all()}
    assert channels["records.check"] == channels["records.ask_import"] == "api"


def test_the_same_request_again_gives_the_same_job_and_another_one_is_refused() -> None:
    token = token_of("caiwu")
    first = send(token, "key")
    again = send(token, "key")
    assert again.status_code == 202
    assert again.json()["number"] == first.json()["number"]
    assert Job.objects.filter(kind="records.check").count() == 1
    for other in (
        send(token, "key", content=b"area_code\n1\n"),
        send(token, "key", name="other.csv"),
        send(token, "key", ledger="org"),
        send(token, "key", again="true"),
    ):
        assert other.status_code == 409
        assert json.loads(other.content)["code"] == "conflict"
    # the key of somebody else is another key
    assert send(token_of("chushi"), "key").json()["number"] != first.json()["number"]


def test_a_refused_request_leaves_its_key_free() -> None:
    assert send(token_of("shenji"), "key").status_code == 403
    assert send(token_of("caiwu", "read"), "key").status_code == 403
    assert not AskedOnce.objects.exists()


@pytest.mark.parametrize("key", ["", " ", "a b", "字", "k" * 201, "a\x00"])
def test_a_request_without_a_proper_key_is_refused(key: str) -> None:
    answer = send(token_of("caiwu"), key)
    assert answer.status_code == 422
    assert "Idempotency-Key" in json.loads(answer.content)["problems"][0]["what"]


def test_odd_files_are_refused_or_checked_and_break_nothing() -> None:
    token = token_of("caiwu")
    assert send(token, "k1", content=b"").status_code == 422
    assert send(token, "k2", ledger="../../etc").status_code == 404
    assert send(token, "k3", ledger="").status_code in {404, 422}
    odd = send(token, "k4", content=b"\x00\xff" * 100, name="../../x\u202e.csv")
    assert odd.status_code == 202
    assert "/" not in odd.json()["label"].replace("（", "").split("核对 ")[1].split("（")[0]
    do_all()
    assert call("GET", f"/jobs/{odd.json()['number']}", token).json()["state"] in {"failed", "done"}
    headers = {"HTTP_AUTHORIZATION": f"Bearer {token}", "HTTP_IDEMPOTENCY_KEY": "k5"}
    broken = Client().generic(
        "POST",
        f"/api/v1/organisations/{BODY}/imports",
        b"--x\r\nnonsense",
        content_type="multipart/form-data; boundary=x",
        **headers,
    )
    assert broken.status_code in {400, 422}


def test_nobody_confirms_the_check_of_another() -> None:
    number = send(token_of("caiwu"), "key").json()["number"]
    do_all()
    answer = call(
        "POST",
        f"/organisations/{BODY}/imports/{number}/confirm",
        token_of("chushi"),
        HTTP_IDEMPOTENCY_KEY="mine",
    )
    assert answer.status_code == 404


def test_personal_fields_are_not_shown_without_the_right_nor_looked_for() -> None:
    with_reference_lists()
    imported(workbook(*GOOD))
    seen = call("GET", RECORDS, token_of("caiwu")).json()
    assert seen["masked"] == []
    assert "张三丰" in json.dumps(seen, ensure_ascii=False)
    masked = call("GET", RECORDS, token_of("tianbao")).json()
    assert masked["masked"]
    assert "张三丰" not in json.dumps(masked, ensure_ascii=False)
    assert not {name for each in masked["items"] for name in each["values"]} & set(masked["masked"])
    name = masked["masked"][0]
    looked = call("GET", f"{RECORDS}?where={name}%3D张三丰", token_of("tianbao"))
    assert looked.status_code == 422
    assert call("GET", RECORDS, token_of("sanfang")).status_code == 403


def test_records_are_leafed_through_and_looked_for() -> None:
    with_reference_lists()
    imported(workbook(*GOOD))
    token = token_of("caiwu")
    first = call("GET", f"{RECORDS}?limit=2", token).json()
    second = call("GET", f"{RECORDS}?limit=2&cursor={first['next']}", token).json()
    keys = [each["values"]["entity_id"] for each in (*first["items"], *second["items"])]
    assert sorted(keys) == ["A1", "A2", "A3"]
    assert second["next"] is None
    found = call("GET", f"{RECORDS}?where=entity_id%3DA2", token).json()
    assert [each["values"]["entity_id"] for each in found["items"]] == ["A2"]
    since = call("GET", f"{RECORDS}?where=establish_date%3E%3D2020-01-01", token)
    assert since.status_code in {200, 422}
    for wrong in ("nonsense", "no_such_field%3D1", "%3D1", "entity_id%3D"):
        answer = call("GET", f"{RECORDS}?where={wrong}", token)
        assert answer.status_code == 422, wrong
    assert call("GET", f"{RECORDS}?cursor=zzzz", token).status_code == 422
    assert call("GET", f"/organisations/{BODY}/ledgers/no_such/records", token).status_code == 404


def test_without_a_store_there_are_no_records() -> None:
    found = call("GET", RECORDS, token_of("caiwu")).json()
    assert (found["items"], found["next"], found["complete"]) == ([], None, True)


def test_the_result_of_a_job_is_for_whoever_asked() -> None:
    job = imported(AREAS.encode(), "area", "area.csv", who="tianbao")
    assert call("GET", f"/jobs/{job.pk}", token_of("tianbao")).json()["result"]
    # the administrator sees that there is a job, not what rows it is about
    seen = call("GET", f"/jobs/{job.pk}", token_of("guanli")).json()
    assert seen["number"] == job.pk
    assert seen["result"] == {}


def test_the_catalogue_of_ledgers_says_which_fields_are_personal() -> None:
    token = token_of("sanfang")
    codes = {each["code"] for each in call("GET", "/ledgers", token).json()["items"]}
    assert "market_entity" in codes
    found = call("GET", "/ledgers/market_entity", token).json()
    assert {"entity_id"} <= {each["name"] for each in found["fields"]}
    assert "P2" in {each["privacy"] for each in found["fields"]}
    assert body().store == ""

"""The pages of records: who sees them, what is hidden, leafing through all of them, and the way of a file."""

import json
import re
from html import unescape
from typing import Any

import pytest
from calling import received
from demonstrated import actor, client_of
from django.test import Client
from django.urls import reverse
from records_site import (
    AREAS,
    BAD,
    GOOD,
    HEAD,
    body,
    checked,
    imported,
    outsider,
    text_of,
    uploaded,
    with_reference_lists,
    workbook,
)

from zhunsheng.store.database.models import Job, JobState, TrailEntry
from zhunsheng.workflow.action import perform
from zhunsheng.workflow.importing.actions import UndoBatch
from zhunsheng.workflow.importing.places import HIDDEN, opened
from zhunsheng.workflow.jobs import do_all

pytestmark = pytest.mark.django_db
LEDGER = ("huadu-amr", "market_entity")


def test_every_page_is_for_the_people_of_the_body_and_those_above(entities: Job) -> None:
    check = Job.objects.get(kind="records.check", parameters__ledger="market_entity")
    batch = entities.result["batch"]
    reading = [
        ("bureau_ledgers", "huadu-amr"),
        ("ledger", *LEDGER),
        ("records", *LEDGER),
        ("record", *LEDGER, batch, 1),
        ("batch", *LEDGER, batch),
        ("held_rows", *LEDGER),
    ]
    for who in ("tianbao", "chushi", "caiwu", "juzhang", "caizheng", "shenji", "guanli"):
        for name, *parts in reading:
            text_of(client_of(who), name, *parts)
    stranger = outsider()
    for client in (stranger, client_of("sanfang")):
        for name, *parts in reading:
            assert "甲公司" not in text_of(client, name, *parts, status=403)
        text_of(client, "records_upload", *LEDGER, status=403)
        text_of(client, "records_check", *LEDGER, check.pk, status=403)
    for who in ("juzhang", "caizheng", "shenji", "guanli"):
        text_of(client_of(who), "records_upload", *LEDGER, status=403)
        assert (
            client_of(who).post(reverse("batch_undo", args=[*LEDGER, batch]), {"reason": "x"}).status_code
            == 403
        )
    assert Client().get(reverse("records", args=LEDGER)).status_code == 302
    # a body of one's own leads to no other body's check
    assert (
        stranger.get(reverse("records_check", args=["other-amr", "market_entity", check.pk])).status_code
        == 404
    )


def test_the_list_leads_to_the_only_body_and_a_stranger_sees_none() -> None:
    answer = client_of("caiwu").get(reverse("ledgers"))
    assert answer.headers["Location"] == reverse("bureau_ledgers", args=["huadu-amr"])
    text = text_of(client_of("sanfang"), "ledgers")
    assert "没有可以查看的台账" in text
    assert "花都" not in re.sub(r"<header.*?</header>", "", text, flags=re.DOTALL)


def test_before_the_first_import_every_page_stands() -> None:
    caiwu = client_of("caiwu")
    assert "还没有导入过台账" in text_of(caiwu, "bureau_ledgers", "huadu-amr")
    assert "还没有导入过" in text_of(caiwu, "ledger", *LEDGER)
    assert "这个台账还没有记录" in text_of(caiwu, "records", *LEDGER)
    assert "没有待核或等待的行" in text_of(caiwu, "held_rows", *LEDGER)
    assert caiwu.get(reverse("batch", args=[*LEDGER, 1])).status_code == 404
    assert caiwu.get(reverse("ledger", args=["huadu-amr", "no_such"])).status_code == 404


def test_personal_data_is_hidden_and_cannot_be_guessed_by_looking_for_it(entities: Job) -> None:
    for who in ("tianbao", "chushi", "juzhang", "caizheng", "guanli"):
        assert_hidden(client_of(who), entities)


def assert_hidden(client: Client, entities: Job) -> None:
    text = text_of(client, "records", *LEDGER, columns="all")
    assert "甲公司" in text
    assert HIDDEN in text
    record = text_of(client, "record", *LEDGER, entities.result["batch"], 1)
    assert HIDDEN in record
    for word in ("张三丰", "李四光", "王五", "赵六", "钱七"):
        assert word not in text + record + text_of(client, "held_rows", *LEDGER)
    # neither a condition nor an order over what is hidden
    for word in ("张三丰", "没有这个人"):
        found = text_of(client, "records", *LEDGER, **{"f.legal_rep_name": word, "order": "legal_rep_name"})
        assert all(name in found for name in ("甲公司", "乙店", "=丙店"))
    assert 'name="f.legal_rep_name"' not in text


def test_whoever_may_sees_personal_data(entities: Job) -> None:
    for who in ("caiwu", "shenji"):
        assert_shown(client_of(who), entities)


def assert_shown(client: Client, entities: Job) -> None:
    assert "张三丰" in text_of(client, "records", *LEDGER, columns="all")
    found = text_of(client, "records", *LEDGER, **{"f.legal_rep_name": "四"})
    assert "乙店" in found
    assert "甲公司" not in found
    assert "李四光" in text_of(client, "record", *LEDGER, entities.result["batch"], 3) + text_of(
        client, "record", *LEDGER, entities.result["batch"], 2
    )


def test_conditions_are_typed_and_faulty_ones_are_told(entities: Job) -> None:
    caiwu = client_of("caiwu")

    def names(**given: str) -> list[str]:
        text = text_of(caiwu, "records", *LEDGER, **given)
        return [each for each in ("甲公司", "乙店", "=丙店") if each in text]

    assert names(**{"f.entity_class": "IND"}) == ["乙店", "=丙店"]
    assert names(**{"f.established_on.from": "2020-01-01", "f.reg_status": "LIVE"}) == ["乙店"]
    assert names(**{"f.established_on.until": "2019-03-05"}) == ["甲公司"]
    assert names(**{"f.registered_capital.from": "25000.00", "f.registered_capital.until": "25000"}) == [
        "乙店"
    ]
    assert names(**{"f.reg_org": "440114-01"}) == ["甲公司"]
    assert names(**{"f.name": "丙"}) == ["=丙店"]
    assert names(**{"f.is_branch": "是"}) == []
    text = text_of(caiwu, "records", *LEDGER, **{"f.reg_org": "没有的所"})
    assert "RECORDS-010" in text
    assert "甲公司" not in text
    text = text_of(caiwu, "records", *LEDGER, **{"f.established_on.from": "昨天"})
    assert "RECORDS-009" in text
    assert "甲公司" in text


HOSTILE = (
    "'; DROP TABLE x; --",
    "<script>alert(1)</script>",
    "\x00",
    "%",
    '"',
    "９" * 500,
    "\ud800".encode("utf-8", "replace").decode(),
)


@pytest.mark.usefixtures("entities")
def test_nothing_written_into_a_condition_breaks_a_page() -> None:
    caiwu = client_of("caiwu")
    for text in HOSTILE:
        assert_harmless(caiwu, text)


def assert_harmless(caiwu: Client, text: str) -> None:
    for name in (
        "f.name",
        "f.registered_capital.from",
        "f.established_on.until",
        "f.reg_org",
        "f.scope_items",
        "order",
        "after",
        "before",
        "columns",
        "f.entity_class",
    ):
        found = text_of(caiwu, "records", *LEDGER, **{name: text})
        assert "<script>alert" not in found
    text_of(caiwu, "held_rows", *LEDGER, after=text, reason=text)
    text_of(caiwu, "bureau_ledgers", "huadu-amr", q=text, filled=text)


def leafed(client: Client, ledger: str, way: str, start: str = "", **given: str) -> tuple[list[str], str]:
    """All records from a page on in one direction: their addresses, and the address of the last page."""
    found: list[str] = []
    address = reverse("records", args=["huadu-amr", ledger])
    query = start or "?" + "&".join(f"{name}={value}" for name, value in given.items())
    while True:
        text = client.get(address + query).content.decode()
        on_page = re.findall(rf'href="({address}\d+/\d+/)"', text)
        found = found + on_page if way == "next" else on_page + found
        links = re.findall(rf'rel="{way}" href="([^"]+)"', text)
        if not links:
            return found, query
        query = unescape(links[0])


ORDERS = (
    "",
    "-arrival",
    "arrival",
    "established_on",
    "entity_id",
    "-registered_capital",
    "registered_capital",
)


def test_leafing_visits_every_record_exactly_once_forwards_and_back() -> None:
    with_reference_lists()
    lines = []
    for number in range(130):
        # days and sums that repeat, and some that are empty
        day = f"2020-01-{number % 7 + 1:02d}"
        capital = "" if number % 5 == 0 else str(number % 4)
        lines.append(
            (f"B{number:04d}", "", f"店{number}", "个体工商户", "否", "9500", capital, "440114", "某路", "甲", day, "440114-02", "存续", day)
        )  # fmt: skip
    batches = [imported(workbook(*part)) for part in (lines[:60], lines[60:90], lines[90:])]
    # new versions of some, and one batch that no longer counts
    changed = [(*each[:2], f"{each[2]}改", *each[3:]) for each in lines[10:30]]
    imported(workbook(*changed))
    perform(UndoBatch(body(), "market_entity", batches[1].result["batch"], "试"), actor("caiwu"))
    do_all()
    caiwu = client_of("caiwu")
    for order in ORDERS:
        given = {"order": order} if order else {}
        forwards, last = leafed(caiwu, "market_entity", "next", **given)
        assert len(forwards) == len(set(forwards)) == 100, order
        backwards, _ = leafed(caiwu, "market_entity", "prev", start=last)
        assert backwards == forwards, order
        assert "共 100 条" in text_of(caiwu, "records", *LEDGER, **given)
        if "capital" in order:
            first, final = (
                re.search(r"<td>(\d)(?:0,000)?\.00", caiwu.get(each).content.decode())
                for each in (forwards[0], forwards[-1])
            )
            # empty ones come last in both directions
            assert first is not None
            assert first[1] == ("3" if order.startswith("-") else "0"), order
            assert final is None


def test_a_record_shows_its_versions_and_what_changed(entities: Job) -> None:
    second = ("A1", "91440101MA9X00011C", "甲公司（新）", *GOOD[0][3:])
    imported(workbook(second))
    caiwu = client_of("caiwu")
    for batch in (entities.result["batch"],):
        text = text_of(caiwu, "record", *LEDGER, batch, 1)
        assert "全部 2 个版本" in text
        assert "甲公司（新）" in text
        assert text.count("有变化") == 1
    assert caiwu.get(reverse("record", args=[*LEDGER, 99, 1])).status_code == 404


def test_the_way_of_a_file_from_upload_to_batch_and_undo() -> None:
    with_reference_lists()
    tianbao = client_of("tianbao")
    head = (*HEAD[:2], "店名", *HEAD[3:10], "成立时间", *HEAD[11:])
    answer = tianbao.post(
        reverse("records_upload", args=LEDGER),
        {"file": uploaded(workbook(*GOOD, *BAD, head=head), "../../主体<b>.xlsx")},
    )
    assert answer.status_code == 302
    address = answer.headers["Location"]
    assert "排队中" in tianbao.get(address).content.decode()
    do_all()
    assert tianbao.get(f"{address}progress/").headers["HX-Redirect"] == address
    # a required column is not known yet, but there is a suggestion to confirm
    text = tianbao.get(address).content.decode()
    assert "整个文件不能导入" in text
    assert "请确认" in text
    assert "--map" not in text
    assert "<b>.xlsx" not in text
    columns = re.findall(r'<select name="(column-\d+)".*?</select>', text, re.DOTALL)
    selects = re.findall(r'<select name="(column-\d+)"[^>]*>(.*?)</select>', text, re.DOTALL)
    chosen = {
        name: found[0] if (found := re.findall(r'value="(\w+)" selected', options)) else ""
        for name, options in selects
    }
    assert len(columns) == len(HEAD)
    assert chosen["column-10"] == "established_on"
    chosen["column-2"] = "name"
    address = tianbao.post(f"{address}again/", chosen).headers["Location"]
    do_all()
    text = tianbao.get(address).content.decode()
    assert "已核对，还没有入库" in text
    for word in ("B5", "91440300MA5EC9TD3X", "G6", "78%", "确认入库"):
        assert word in text
    assert "B5" not in tianbao.get(address, {"level": "Q"}).content.decode()
    # the marked workbook comes back
    links = re.findall(rf'href="({re.escape(address)}file/\d+/)"', text)
    answers = [tianbao.get(each) for each in links]
    assert [each.status_code for each in answers] == [200, 200]
    assert received(answers[0])[:2] == b"PK"
    received(answers[1])
    # confirmed twice, imported once
    first = tianbao.post(f"{address}confirm/").headers["Location"]
    assert tianbao.post(f"{address}confirm/").headers["Location"] == first
    do_all()
    text = tianbao.get(first).content.decode()
    assert "已入库" in text
    batch = Job.objects.filter(kind="records.import").latest("pk").result["batch"]
    page = text_of(tianbao, "batch", *LEDGER, batch)
    assert "陈填报（tianbao）" in page
    assert "撤销这一批" not in page
    assert "78%" in text_of(client_of("caiwu"), "held_rows", *LEDGER)
    # undone by finance, with a reason
    caiwu = client_of("caiwu")
    undo = reverse("batch_undo", args=[*LEDGER, batch])
    assert "不再计入任何数字" in caiwu.get(undo).content.decode()
    answer = caiwu.post(undo, {"reason": ""})
    assert answer.status_code == 422
    assert "没有写撤销的原因" in answer.content.decode()
    assert caiwu.post(undo, {"reason": "导错了"}).status_code == 302
    assert "排队中" in text_of(caiwu, "batch", *LEDGER, batch)
    do_all()
    text = text_of(caiwu, "batch", *LEDGER, batch)
    assert "已撤销" in text
    assert "导错了" in text
    assert "甲公司" not in text_of(caiwu, "records", *LEDGER)
    actions = set(TrailEntry.objects.filter(subject__startswith="records/").values_list("action", flat=True))
    assert {
        "records.check",
        "records.ask_import",
        "records.import",
        "records.ask_undo",
        "records.undo",
    } <= actions


def test_a_check_is_for_whoever_uploaded_the_file() -> None:
    with_reference_lists()
    check = checked(workbook(*GOOD), who="tianbao")
    where = [*LEDGER, check.pk]
    text_of(client_of("tianbao"), "records_check", *where)
    # another importer without the right to personal data would see names in it
    text_of(client_of("chushi"), "records_check", *where, status=404)
    text_of(client_of("caiwu"), "records_check", *where)
    for name in ("records_confirm", "records_check_again"):
        assert client_of("chushi").post(reverse(name, args=where)).status_code == 404
    assert (
        client_of("tianbao").get(reverse("records_check", args=["huadu-amr", "area", check.pk])).status_code
        == 404
    )


def test_an_upload_without_a_sound_file_is_refused_beside_the_form() -> None:
    caiwu = client_of("caiwu")
    address = reverse("records_upload", args=LEDGER)
    cases = {
        "没有选择文件": {},
        "文件是空的": {"file": uploaded(b"")},
        "不认识“.exe”格式": {"file": uploaded(b"MZ", "主体.exe")},
        "不是“字段=值”": {"file": uploaded(AREAS.encode(), "a.csv"), "constants": "报告年度"},
        "责任单位编码有 61 个字": {"file": uploaded(AREAS.encode(), "a.csv"), "org": "x" * 61},
    }
    for words, given in cases.items():
        answer = caiwu.post(address, given)
        assert answer.status_code == 422, words
        assert words in answer.content.decode()
    assert not Job.objects.exists()


def test_an_upload_that_is_too_large_is_not_kept(settings: Any) -> None:
    settings.LARGEST_UPLOAD = 1_000
    answer = client_of("caiwu").post(
        reverse("records_upload", args=LEDGER), {"file": uploaded(b"a" * 2_000, "a.csv")}
    )
    assert answer.status_code == 422
    assert "没有上传" in answer.content.decode()
    assert not Job.objects.exists()


def test_an_export_is_asked_for_and_may_be_fetched_by_whoever_asked(entities: Job) -> None:
    tianbao = client_of("tianbao")
    where = reverse("records_export", args=LEDGER)
    answer = tianbao.post(where, {"form": "csv", "f.entity_class": "IND"})
    assert answer.status_code == 302
    (job,) = do_all()
    assert job.result["rows"] == 2
    text = received(tianbao.get(reverse("job_file", args=[job.pk]))).decode("utf-8-sig")
    assert "乙店" in text
    assert "李四光" not in text
    line = TrailEntry.objects.get(action="records.export")
    after: Any = line.after
    assert after["what"] == "按“主体类别”筛选"
    assert after["personal"] is False
    assert tianbao.post(where, {"form": "exe"}).status_code == 422
    assert outsider().post(where, {"form": "csv"}).status_code == 403


def test_what_was_looked_for_stands_neither_in_the_name_of_an_export_nor_in_the_trail(entities: Job) -> None:
    caiwu = client_of("caiwu")
    given = {
        "form": "csv",
        "f.legal_rep_name": "张三丰",
        "f.established_on.from": "2019-03-04",
        "f.name": "公司",
    }
    where = caiwu.post(reverse("records_export", args=LEDGER), given).headers["Location"]
    job = Job.objects.get(kind="records.export")
    assert job.label == "导出 市场主体：按“名称”、“法定代表人”、“成立日期”筛选"
    do_all()
    job.refresh_from_db()
    assert job.result["rows"] == 1
    # whoever looks after the jobs or the trail of the body
    seen = [client_of("guanli").get(each).content.decode() for each in ("/jobs/?scope=all", where)]
    number = TrailEntry.objects.get(action="records.export").number
    seen += [client_of("shenji").get(each).content.decode() for each in ("/trail/", f"/trail/{number}/")]
    for text in seen:
        assert "张三丰" not in text
        assert "2019-03-04" not in text
    assert "法定代表人" in seen[0]
    assert "法定代表人" in seen[3]


def test_an_export_asked_for_twice_is_written_once(entities: Job) -> None:
    caiwu, where = client_of("caiwu"), reverse("records_export", args=LEDGER)

    def job_led_to(client: Client, **given: str) -> int:
        answer = client.post(where, {"form": "csv", "f.entity_class": "IND", **given})
        assert answer.status_code == 302
        return int(answer.headers["Location"].rstrip("/").rpartition("/")[2])

    first = job_led_to(caiwu)
    assert job_led_to(caiwu) == first
    assert TrailEntry.objects.filter(action="records.export").count() == 1
    # another form, other conditions, another person, and what was stored since are other exports
    others = {
        job_led_to(caiwu, form="xlsx"),
        job_led_to(caiwu, **{"f.name": "店"}),
        job_led_to(client_of("tianbao")),
    }
    assert len(others | {first}) == 4
    # one that is over is written anew
    do_all()
    again = job_led_to(caiwu)
    assert again not in {*others, first}
    # one that is to stop is not waited for
    Job.objects.filter(pk=again).update(state=JobState.RUNNING, cancel_asked=True)
    assert job_led_to(caiwu) not in {*others, first, again}


def test_an_export_after_an_import_is_another_one(entities: Job) -> None:
    caiwu, where = client_of("caiwu"), reverse("records_export", args=LEDGER)
    caiwu.post(where, {"form": "csv"})
    with opened(body()) as store:
        store.undo(entities.result["batch"], "王财务（caiwu）", "导错了")
    caiwu.post(where, {"form": "csv"})
    assert Job.objects.filter(kind="records.export").count() == 2


def test_the_template_is_a_workbook_to_fill_in() -> None:
    answer = client_of("tianbao").get(reverse("ledger_template", args=LEDGER))
    assert answer.content[:2] == b"PK"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert json.dumps(answer.headers["Content-Disposition"]).isascii()

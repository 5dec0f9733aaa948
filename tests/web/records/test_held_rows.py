"""Rows that were held, settled on a page; personal data of one's own division; where the jobs of records lead."""

import pytest
from demonstrated import actor, client_of
from django.urls import reverse
from records_site import (
    AREAS,
    BAD,
    GOOD,
    ORGS,
    body,
    imported,
    outsider,
    text_of,
    with_reference_lists,
    workbook,
)

from zhunsheng.store.database.models import Job
from zhunsheng.workflow.action import perform
from zhunsheng.workflow.importing.actions import UndoBatch
from zhunsheng.workflow.importing.places import HIDDEN, opened
from zhunsheng.workflow.jobs import do_all

pytestmark = pytest.mark.django_db
LEDGER = ("huadu-amr", "market_entity")


# ---- rows that are held


def held_number() -> int:
    with opened(body()) as store:
        (found,) = store.manifest.held("market_entity")
        return found.number


def test_a_held_row_is_corrected_in_a_form_with_faults_at_their_fields(entities: Job) -> None:
    number = held_number()
    address = reverse("held_row", args=[*LEDGER, number])
    client = client_of("caiwu")
    assert f'href="{address}"' in text_of(client, "held_rows", *LEDGER)
    shown = text_of(client, "held_row", *LEDGER, number)
    assert 'value="78%"' in shown
    assert 'aria-invalid="true"' in shown
    assert "钱七" in shown  # finance may see who it is
    answer = client.post(address, {"f-registered_capital": "约七十八", "f-established_on": "2019-13-01"})
    assert answer.status_code == 422
    text = answer.content.decode()
    for typed in ("约七十八", "2019-13-01"):
        assert f'value="{typed}"' in text
    for field in ("registered_capital", "established_on"):
        assert f'id="f-{field}_error"' in text
    assert client.post(address, {"f-registered_capital": "780000"}).headers["Location"] == address
    assert "排队中" in text_of(client, "held_row", *LEDGER, number)
    assert "核对并入库" not in text_of(client, "held_row", *LEDGER, number)
    do_all()
    assert "已入库" in text_of(client, "held_row", *LEDGER, number)
    assert "没有待核或等待的行" in text_of(client, "held_rows", *LEDGER)
    assert "戊店" in text_of(client, "records", *LEDGER)
    # sent again from an old page: told, nothing happens
    assert "已经处理" in client.post(address, {"f-name": "x"}, follow=True).content.decode()


def test_a_held_row_is_given_up_after_a_question(entities: Job) -> None:
    number = held_number()
    client = client_of("tianbao")
    question = reverse("held_row_discard", args=[*LEDGER, number])
    assert "弃用第" in client.get(question).content.decode()
    answer = client.post(question, {"reason": " "})
    assert (answer.status_code, "RECORDS-016" in answer.content.decode()) == (422, False)
    assert "没有写弃用的原因" in answer.content.decode()
    assert client.post(question, {"reason": "<b>重复</b>"}).status_code == 302
    do_all()
    shown = text_of(client, "held_row", *LEDGER, number)
    assert "已弃用" in shown
    assert "&lt;b&gt;重复&lt;/b&gt;" in shown


def test_whoever_does_not_import_sees_a_held_row_without_a_form(entities: Job) -> None:
    number = held_number()
    for who in ("juzhang", "caizheng", "shenji", "guanli"):
        client = client_of(who)
        assert "核对并入库" not in text_of(client, "held_row", *LEDGER, number)
        for name in ("held_row", "held_row_discard"):
            assert client.post(reverse(name, args=[*LEDGER, number]), {"reason": "x"}).status_code == 403
    for client in (outsider(), client_of("sanfang")):
        text_of(client, "held_row", *LEDGER, number, status=403)


def test_personal_values_of_a_held_row_can_be_replaced_and_not_read(entities: Job) -> None:
    number = held_number()
    client = client_of("tianbao")
    shown = text_of(client, "held_row", *LEDGER, number)
    assert "钱七" not in shown
    assert "现在的值不显示" in shown
    address = reverse("held_row", args=[*LEDGER, number])
    text = client.post(address, {"f-registered_capital": "x", "f-legal_rep_name": ""}).content.decode()
    assert "钱七" not in text
    client.post(address, {"f-registered_capital": "780000", "f-legal_rep_name": ""})
    do_all()
    # left empty it keeps its value
    batch = Job.objects.get(kind="records.settle").result["batch"]
    assert "钱七" in text_of(client_of("caiwu"), "record", *LEDGER, batch, number)


def test_a_held_row_that_is_none_is_not_found(entities: Job) -> None:
    client = client_of("caiwu")
    for wrong in (0, 99, 10**30):
        text_of(client, "held_row", *LEDGER, wrong, status=404)
    text_of(client, "held_row", "huadu-amr", "org", held_number(), status=404)


def two_held() -> list[int]:
    with_reference_lists()
    imported(workbook(*GOOD, BAD[1], ("A6", *BAD[1][1:2], "己店", *BAD[1][3:])))
    with opened(body()) as store:
        return [each.number for each in store.manifest.held("market_entity")]


def test_chosen_rows_are_given_up_after_one_question() -> None:
    one, two = two_held()
    client, question = client_of("tianbao"), reverse("held_rows_discard", args=LEDGER)
    shown = text_of(client, "held_rows", *LEDGER)
    assert f'action="{question}"' in shown
    assert shown.count('type="checkbox" name="row"') == 2
    asked = client.get(question, {"row": [one, two]}).content.decode()
    assert "弃用选中的 2 行" in asked
    assert all(f"第 {number} 号行：主体编号 {key}" in asked for number, key in ((one, "A5"), (two, "A6")))
    answer = client.post(question, {"row": [one, two], "reason": ""})
    assert answer.status_code == 422
    # the choice and the reason stay
    assert answer.content.decode().count('type="hidden" name="row"') == 2
    answer = client.post(question, {"row": [one, two], "reason": "<b>重复</b>"})
    job = Job.objects.get(kind="records.discard")
    assert answer.headers["Location"] == reverse("job", args=[job.pk])
    waiting = text_of(client, "held_rows", *LEDGER)
    assert 'type="checkbox" name="row"' not in waiting
    assert waiting.count("处理中") == 2
    # sent again, it is told and nothing happens
    again = client.post(question, {"row": [one, two], "reason": "x"}, follow=True).content.decode()
    assert f"第 {one}、{two} 号行正在处理" in again
    assert Job.objects.filter(kind="records.discard").count() == 1
    do_all()
    assert client.get(reverse("job", args=[job.pk])).context["result"].url == reverse(
        "held_rows", args=LEDGER
    )
    assert "没有待核或等待的行" in text_of(client, "held_rows", *LEDGER)
    assert "&lt;b&gt;重复&lt;/b&gt;" in text_of(client, "held_row", *LEDGER, two)


def test_a_choice_that_cannot_be_given_up_leads_back_with_the_reason() -> None:
    one, two = two_held()
    client, question = client_of("caiwu"), reverse("held_rows_discard", args=LEDGER)
    for rows, words in (
        ([], "没有选择行"),
        ([one, 99], "第 99 号行已经处理"),
        ([one, "x' OR 1"], "第 0 号行已经处理"),
        (range(60), "一次最多弃用 50 行"),
    ):
        answer = client.get(question, {"row": list(rows)}, follow=True)
        assert answer.redirect_chain[-1][0] == reverse("held_rows", args=LEDGER)
        assert words in answer.content.decode().replace("&#x27;", "'")
    for rows in ([one, "x"], [one, 99]):
        client.post(question, {"row": rows, "reason": "重复"})
    assert client.post(question, {"row": list(range(60)), "reason": "重复"}).status_code == 422
    assert not Job.objects.filter(kind="records.discard").exists()
    for who in ("juzhang", "shenji"):
        reader = client_of(who)
        assert 'type="checkbox" name="row"' not in text_of(reader, "held_rows", *LEDGER)
        assert reader.post(question, {"row": [one, two], "reason": "x"}).status_code == 403


def test_the_jobs_of_records_lead_to_what_they_made(entities: Job) -> None:
    caiwu = client_of("caiwu")

    def way(job: Job) -> str:
        return str(caiwu.get(reverse("job", args=[job.pk])).context["result"].url)

    check = Job.objects.get(kind="records.check", parameters__ledger="market_entity")
    assert way(check) == reverse("records_check", args=[*LEDGER, check.pk])
    batch = entities.result["batch"]
    assert way(entities) == reverse("batch", args=[*LEDGER, batch])
    perform(UndoBatch(body(), "market_entity", batch, "导错了"), actor("caiwu"))
    do_all()
    undo = Job.objects.get(kind="records.undo")
    assert way(undo) == reverse("batch", args=[*LEDGER, batch])
    assert caiwu.get(way(undo)).status_code == 200


# ---- personal data of one's own division


def test_a_head_sees_the_personal_data_of_the_records_of_their_own_division_only() -> None:
    imported(AREAS.encode(), "area", "area.csv")
    # A1 is 新华所's; A2 and A3 are the division's that 李科长 heads
    imported(ORGS.replace("花山所", "特种设备安全监察科").encode(), "org", "org.csv")
    batch = imported(workbook(*GOOD)).result["batch"]
    head = client_of("chushi")
    text = text_of(head, "records", *LEDGER, columns="all")
    assert "李四光" in text
    assert "张三丰" not in text
    assert HIDDEN in text
    assert "您负责的处室的记录除外" in text
    for row, name, is_own in ((1, "张三丰", False), (2, "李四光", True)):
        assert (name in text_of(head, "record", *LEDGER, batch, row)) is is_own
    # one still does not look for people
    assert "张三丰" not in text_of(head, "records", *LEDGER, columns="all", **{"f.legal_rep_name": "张三丰"})
    # a filler of the same division sees nobody, finance everybody
    assert "李四光" not in text_of(client_of("tianbao"), "records", *LEDGER, columns="all")
    assert "张三丰" in text_of(client_of("caiwu"), "records", *LEDGER, columns="all")


def test_a_name_that_two_bodies_of_the_records_have_opens_nothing() -> None:
    imported(AREAS.encode(), "area", "area.csv")
    both = ORGS.replace("花山所", "特种设备安全监察科").replace("新华所", "特种设备安全监察科")
    imported(both.encode(), "org", "org.csv")
    imported(workbook(*GOOD))
    text = text_of(client_of("chushi"), "records", *LEDGER, columns="all")
    for name in ("张三丰", "李四光", "王五"):
        assert name not in text

"""Rows that were held, settled on a page; personal data of one's own division; where the jobs of records lead."""

import pytest
from demonstrated import actor, client_of
from django.urls import reverse
from records_site import AREAS, GOOD, ORGS, body, imported, outsider, text_of, workbook

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

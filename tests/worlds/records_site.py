"""A bureau of the demonstration with a few records of market entities, brought in as a person would."""

from io import BytesIO
from typing import Any

from demonstrated import actor, client_of
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from openpyxl import Workbook

from zhunsheng.store.database.file_store import keep
from zhunsheng.store.database.models import Grant, Job, Organisation, OrganisationKind, User
from zhunsheng.workflow.action import perform
from zhunsheng.workflow.demonstration import BODY
from zhunsheng.workflow.importing.actions import CheckFile, ImportFile
from zhunsheng.workflow.jobs import do_all

AREAS = "area_code,level,name,parent,valid_from\n440000,PROVINCE,广东省,,2000-01-01\n440114,DISTRICT,花都区,440000,2000-01-01\n"
ORGS = "org_code,name,kind,parent,area_code,budget_unit\n440114-01,新华所,SUO,,440114,否\n440114-02,花山所,SUO,,440114,否\n"
HEAD = (
    "主体编号",
    "统一社会信用代码",
    "名称",
    "主体类别",
    "是否分支机构",
    "类型代码",
    "注册资本（万元）",
    "住所区划",
    "住所",
    "法定代表人",
    "成立日期",
    "登记机关",
    "登记状态",
    "状态日期",
)
GOOD = (
    ("A1", "91440101MA9X00011C", "甲公司", "企业", "否", "1100", "100", "440114", "某路1号", "张三丰", "2019-03-05", "440114-01", "存续", "2020-01-01"),
    ("A2", "", "乙店", "个体工商户", "否", "9500", "2.5", "440114", "某路2号", "李四光", "2020-06-01", "440114-02", "存续", "2020-06-01"),
    ("A3", "", "=丙店", "个体工商户", "否", "9500", "", "440114", "某路3号", "王五", "2020-06-01", "440114-02", "注销", "2021-01-01"),
)  # fmt: skip
BAD = (
    ("A4", "91440300MA5EC9TD3X", "丁公司", "企业", "否", "1100", "10", "440114", "某路4号", "赵六", "2019-03-05", "440114-01", "存续", "2020-01-01"),
    ("A5", "", "戊店", "个体工商户", "否", "9500", "78%", "440114", "某路5号", "钱七", "2019-03-05", "440114-01", "存续", "2020-01-01"),
)  # fmt: skip


def body() -> Organisation:
    """The bureau."""
    return Organisation.objects.get(code=BODY)


def workbook(*rows: tuple[str, ...], head: tuple[str, ...] = HEAD) -> bytes:
    """A worksheet with a header and rows."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "市场主体"
    for row in (head, *rows):
        sheet.append(row)
    for line in sheet.iter_rows():
        for cell in line:
            # typed by a person as text
            cell.data_type = "s" if cell.value else cell.data_type
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def uploaded(content: bytes, name: str = "主体.xlsx") -> SimpleUploadedFile:
    """A file in a form."""
    return SimpleUploadedFile(name, content)


def checked(
    content: bytes, ledger: str = "market_entity", name: str = "主体.xlsx", who: str = "caiwu", **more: Any
) -> Job:
    """The check of a file, done."""
    action = CheckFile(body(), ledger, name, keep([content]), **more)
    number = perform(action, actor(who))[-1].after["job"]
    do_all()
    return Job.objects.get(pk=number)


def imported(
    content: bytes, ledger: str = "market_entity", name: str = "主体.xlsx", who: str = "caiwu", **more: Any
) -> Job:
    """The import of a file, done."""
    check = checked(content, ledger, name, who, **more)
    assert check.result["status"] == "planned", (check.message, check.result, check.problems)
    number = perform(ImportFile(body(), check), actor(who))[-1].after["job"]
    do_all()
    return Job.objects.get(pk=number)


def with_reference_lists() -> None:
    """The areas and bodies that records refer to."""
    imported(AREAS.encode(), "area", "area.csv")
    imported(ORGS.encode(), "org", "org.csv")


def text_of(client: Client, name: str, *parts: object, status: int = 200, **query: str) -> str:
    """What a page says, answered with a status."""
    answer = client.get(reverse(name, args=parts), query)
    assert answer.status_code == status, (name, answer.status_code)
    return answer.content.decode()


def outsider() -> Client:
    """Finance of another bureau."""
    region = Organisation.objects.get(code="huadu")
    other = Organisation.objects.create(
        code="other-amr", name="另一局", kind=OrganisationKind.BUREAU, parent=region
    )
    user = User.objects.create(username="bieren", name="别人")
    Grant.objects.create(user=user, role="finance", organisation=other)
    return client_of("bieren")

"""The demonstration with something on every page: what pictures are taken of and what accessibility is judged on.

Run inside a site that nobody serves yet, whose record store is generated: `python shown_world.py`. It prints what stands
in addresses, by the names of tests/cases/shown/pages.yaml.
"""

import json
import sys
import time
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from zhunsheng.web.starting import prepare

if __name__ == "__main__":
    prepare()

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from demonstrated import actor, client_of, demonstration, in_state
from django.utils import timezone
from PIL import Image, ImageDraw
from records_site import HEAD, body, uploaded, workbook
from released import _add, accept_errors, frozen_year, release, write

from zhunsheng.plans.case import Deviation, Remedy, Shortcoming
from zhunsheng.plans.roles import EvaluationState, Role, TargetState
from zhunsheng.store.database.case_content import SECTION_OF, row_with_key
from zhunsheng.store.database.file_store import content_of, keep
from zhunsheng.store.database.models import (
    Assignment,
    AuditedDocument,
    CaseVersion,
    Evidence,
    Grant,
    Job,
    Organisation,
    OrganisationKind,
    Remark,
    ReportVersion,
    StoredCase,
    StoredFile,
    TrailEntry,
    User,
)
from zhunsheng.web.upgrading import upgrade
from zhunsheng.workflow.action import perform
from zhunsheng.workflow.collecting.evidence import AttachEvidence, JudgeEvidence, KeptFile, mark_of
from zhunsheng.workflow.demonstration import BODY, CASE, PASSWORD
from zhunsheng.workflow.evaluating.remarks import RemarkOnEvaluation
from zhunsheng.workflow.evaluating.running import ask_to_compute
from zhunsheng.workflow.evaluating.states import OpenEvaluation
from zhunsheng.workflow.importing.actions import CheckFile, ImportFile
from zhunsheng.workflow.indicators.asking import ComputeValues
from zhunsheng.workflow.jobs import do_all, enqueue
from zhunsheng.workflow.people.tokens import MakeToken, new_token
from zhunsheng.workflow.planning.creating import CreateCase
from zhunsheng.workflow.planning.transitions import (
    ApproveTargets,
    CheckTargets,
    FieldRemark,
    ReturnTargets,
    ReviewTargets,
    SignTargets,
    SubmitTargets,
)

EMPTY_BODY, EMPTY_YEAR, LEDGER, INDICATOR = (
    "huadu-new",
    "huadu-new-2023",
    "market_entity",
    "annual_report_rate",
)
# rows of which the second has a code that does not check, the third an amount that is none
ENTITIES = (
    ("X1", "91440101MA9X00011C", "花都区甲食品店", "企业", "否", "1100", "100", "440114", "新华街1号", "张三丰", "2019-03-05", "440114001", "存续", "2020-01-01"),
    ("X2", "91440300MA5EC9TD3X", "花都区乙百货店", "企业", "否", "1100", "10", "440114", "花山镇4号", "赵六", "2019-03-05", "440114001", "存续", "2020-01-01"),
    ("X3", "", "花都区丙修理铺", "个体工商户", "否", "9500", "78%", "440114", "狮岭镇5号", "钱七", "2019-03-05", "440114001", "存续", "2020-01-01"),
    ("X4", "", "花都区丁理发店", "个体工商户", "否", "9500", "2.5", "440114", "炭步镇2号", "李四光", "2020-06-01", "440114001", "存续", "2020-06-01"),
)  # fmt: skip
WRONG_SUMS = (
    "2023年部门整体支出情况\n"
    "本工程总建筑面积20450平方米，其中地上建筑面积15320平方米，地下建筑面积5310平方米。\n"
    "全年预算1200万元，支出1080万元，预算执行率为92.0%。\n"
    "全年抽检食品4000批次，其中合格3920批次，合格率98.0%。\n"
)


def build() -> dict[str, Any]:
    """Everything, in the order in which a year goes; what stands in addresses."""
    upgrade()
    year = demonstration(TargetState.DRAFT, EvaluationState.CLOSED, store="huadu")
    _workbook(year)
    _plan()
    _released()
    year = in_state(TargetState.APPROVED, EvaluationState.OPEN)
    _computed(year)
    _imported()
    _documents()
    _discussed(year)
    _empty_place()
    # the site is served as in production, which refuses them
    User.objects.update(is_demo=False)
    return {**_objects(year), "sessions": {name: _session(name) for name in ("tongyi", "liangbu", "wuquan")}}


def _year() -> StoredCase:
    return StoredCase.objects.get(code=CASE)


def _plan() -> None:
    """Sent on, returned with a remark at a field, sent again and approved by each in turn."""

    def step(kind: Any, who: str, *more: Any) -> None:
        year = _year()
        perform(kind(year, year.revision, *more), actor(who))

    step(SubmitTargets, "tianbao", "按上年完成情况编制")
    remark = FieldRemark("indicators", "O2", "data_source", "请写明取数的台账。")
    step(ReturnTargets, "chushi", "数据来源没有写明。", (remark,))
    step(SubmitTargets, "tianbao", "已按意见补充数据来源")
    for kind, who in (
        (ReviewTargets, "chushi"),
        (CheckTargets, "caiwu"),
        (SignTargets, "juzhang"),
        (ApproveTargets, "caizheng"),
    ):
        step(kind, who, "同意。")
    step(OpenEvaluation, "caiwu")


def _released() -> None:
    """Complete, locked, reported, public, and corrected once."""
    year = _year()
    _add(year, "deviations", Deviation("A3", "个别项目年末才完成结算，资金没有支付完。"))
    covers = ("A3", "B3.1", "B5.6")
    _add(year, "shortcomings", Shortcoming("Q2", "内部管理不够细", "公开和备案有遗漏。", covers))
    _add(year, "remedies", Remedy("C2", "建立公开和备案清单", "按月对照清单检查。", ("Q2",)))
    year = frozen_year(year)
    accept_errors(write(year, ("html", "docx")))
    release(year)
    release(_year(), correction="更正“食品抽检合格率”一项的数据来源说明，数值没有变化。")


def _computed(year: StoredCase) -> None:
    ask_to_compute(year, actor("caiwu"))
    perform(ComputeValues(body(), year.fiscal_year), actor("caiwu"))
    do_all()
    client_of("caiwu").post(f"/indicators/{INDICATOR}/rows/{BODY}/list/", {"year": str(year.fiscal_year)})
    do_all()


def _imported() -> None:
    """One file brought in with rows held, one that waits for confirmation, one that nobody can read."""
    for name, rows, confirmed in (
        ("市场主体12月.xlsx", ENTITIES, True),
        ("市场主体补报.xlsx", ENTITIES[1:3], False),
    ):
        check = perform(CheckFile(body(), LEDGER, name, keep([workbook(*rows)])), actor("caiwu"))[-1].after[
            "job"
        ]
        do_all()
        if confirmed:
            perform(ImportFile(body(), Job.objects.get(pk=check)), actor("caiwu"))
            do_all()
    head = (*HEAD[:2], "店名", *HEAD[3:])
    perform(
        CheckFile(body(), LEDGER, "列名不符.xlsx", keep([workbook(*ENTITIES, head=head)])), actor("caiwu")
    )
    do_all()


def _documents() -> None:
    for name, content in (
        ("部门整体支出情况.txt", WRONG_SUMS.encode()),
        ("损坏的文件.docx", b"PK\x03\x04 broken"),
    ):
        client_of("caiwu").post("/audit/", {"files": [uploaded(content, name)]})
        do_all()


def _discussed(year: StoredCase) -> None:
    """Evidence in each state, remarks open and answered, somebody late, a token, a password to be changed."""
    for item, name in (("O2", "电梯抽检台账截图.png"), ("O2", "复查记录.pdf"), ("F3", "整改通知书.png")):
        if item == "F3" or name.endswith("png"):
            files = (KeptFile(keep([_picture(name)]), name),)
            perform(AttachEvidence(_year(), item, files, "2023年12月抽检"), actor("caiwu"))
    first = Evidence.objects.filter(case=year).order_by("pk")[0]
    perform(JudgeEvidence(first, accepted=True, why="", seen=mark_of(first)), actor("sanfang"))
    last = Evidence.objects.filter(case=year).order_by("pk").last()
    assert last is not None
    perform(JudgeEvidence(last, accepted=False, why="看不清日期", seen=mark_of(last)), actor("sanfang"))
    perform(RemarkOnEvaluation(_year(), "O2", "请补充抽检单位的委托合同。"), actor("sanfang"))
    perform(RemarkOnEvaluation(_year(), "A3", "支付率的计算口径请说明。"), actor("caizheng"))
    Assignment.objects.filter(case=year, item="O4").update(
        due=timezone.localdate() - timedelta(days=12), reminded=timezone.now(), reminder="请于本周五前补齐"
    )
    perform(
        MakeToken(User.objects.get(username="caiwu"), new_token(), name="统计程序", scope="read", days="90"),
        actor("caiwu"),
    )
    failed = enqueue("report.write", "生成报告", {"formats": ["pdf"]}, actor("caiwu"), case=year)
    Job.objects.filter(pk=failed.pk).update(
        state="failed", finished=timezone.now(), message="没有完成", problems=[
            {"code": "REPORT-001", "severity": "error", "what": "版式文件没有生成", "why": "字体没有安装", "remedy": "请管理员在服务器上装好字体后再试。", "place": {}}
        ],
    )  # fmt: skip


def _picture(words: str) -> bytes:
    image = Image.new("RGB", (480, 240), "#f4f4f0")
    drawn = ImageDraw.Draw(image)
    for line in range(40, 220, 24):
        drawn.line((32, line, 448 - (line * 7) % 90, line), fill="#777", width=3)
    drawn.text((32, 12), str(len(words)), fill="#333")
    stream = BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()


def _empty_place() -> None:
    """A bureau where nothing has begun, with somebody who has every role of it; and somebody without any."""
    region = Organisation.objects.get(code="huadu")
    new = Organisation.objects.create(
        code=EMPTY_BODY, name="花都区新设局", kind=OrganisationKind.BUREAU, parent=region
    )
    Organisation.objects.create(
        code=f"{EMPTY_BODY}-01", name="综合科", kind=OrganisationKind.DIVISION, parent=new
    )
    for username, name, roles in (
        ("xinshe", "新设局", (Role.FILLER, Role.FINANCE)),
        ("xinguan", "新管理", (Role.ADMINISTRATOR,)),
        ("wuquan", "无授权", ()),
        ("tongyi", "统一登录", (Role.FILLER,)),
        ("liangbu", "两步验证", (Role.FILLER,)),
    ):
        user = User(username=username, name=name, is_demo=True)
        # whoever comes by single sign-on has no password here
        user.set_password(None if username == "tongyi" else PASSWORD)
        user.save()
        for role in roles:
            Grant.objects.create(user=user, role=role.value, organisation=new)
    perform(
        CreateCase(new, EMPTY_YEAR, 2023, "花都区新设局2023年度部门整体绩效自评报告", "guangdong-dept-2023"),
        actor("xinshe"),
    )


def _session(username: str) -> str:
    """The cookie of somebody who signed in just now, for those whom the form alone does not let in."""
    user = User.objects.get(username=username)
    if username == "liangbu":
        TOTP.activate(user, "JBSWY3DPEHPK3PXP")
        RecoveryCodes.activate(user)
    client = client_of(username)
    session = client.session
    # asked for again after five minutes, which pictures may take
    said = {"method": "password", "at": time.time() + 86_400, "reauthenticated": True}
    session["account_authentication_methods"] = [said]
    session["account_authentication_methods_user"] = str(user.pk)
    if username == "tongyi":
        session["interrupted"] = {
            "to": "/",
            "from": "/",
            "values": [["note", "目标按新的检验计划提高。"]],
            "files": False,
        }
    session.save()
    return client.cookies["sessionid"].value


def _workbook(year: StoredCase) -> None:
    """The workbook fetched, changed nowhere, and sent back."""
    client = client_of("caiwu")
    client.post(f"/plan/{year.code}/workbook/fetch/")
    fetched = do_all()[-1]
    content = content_of(StoredFile.objects.get(sha256=fetched.result["file"]))
    client.post(f"/plan/{year.code}/workbook/", {"file": uploaded(content, "花都区市场监管局2023.xlsx")})
    do_all()


def _objects(year: StoredCase) -> dict[str, Any]:
    def row(section: str, **key: str) -> int:
        found = row_with_key(year, SECTION_OF[section], key)
        assert found is not None
        return int(found.pk)

    checks = Job.objects.filter(kind="records.check").order_by("pk")
    documents = AuditedDocument.objects.filter(organisation=body()).order_by("pk")
    grant = Grant.objects.get(user__username="chushi")
    remark = Remark.objects.filter(case=year, stage="evaluation").order_by("pk")[0]
    failed = Job.objects.filter(state="failed", kind="report.write")[0]
    batch = Job.objects.filter(kind="records.import").order_by("pk")[0].result["batch"]
    entry = TrailEntry.objects.filter(action="plan.return")[0]
    return {
        "case": CASE,
        "organisation": BODY,
        "ledger": LEDGER,
        "code": "O2",
        "year": year.code,
        "row": 1,
        "$body": BODY,
        "$batch": batch,
        "$row": row("indicators", code="O2"),
        "$matter": row("shortcomings", code="Q2"),
        "$evidence": Evidence.objects.filter(case=year).order_by("pk")[0].pk,
        "$remark": remark.pk,
        "$document": documents.get(name="部门整体支出情况.txt").pk,
        "$broken_document": documents.get(name="损坏的文件.docx").pk,
        "$report": ReportVersion.objects.filter(case=year).order_by("number")[0].number,
        "$version": CaseVersion.objects.filter(case=year).count(),
        "$job": failed.pk,
        "$done_job": Job.objects.filter(kind="indicators.values")[0].pk,
        "$workbook_job": Job.objects.filter(kind="plan.check")[0].pk,
        "$check": checks[1].pk,
        "$unreadable_check": checks[2].pk,
        "$person": User.objects.get(username="chushi").pk,
        "$grant": grant.pk,
        "$entry": entry.number,
        "$empty_body": EMPTY_BODY,
        "$empty_part": f"{EMPTY_BODY}-01",
        "$empty_year": EMPTY_YEAR,
        "$indicator": INDICATOR,
        "$held": 1,
    }


if __name__ == "__main__":
    json.dump(build(), sys.stdout)

"""The pages of the trail: what one may see, chosen, in words, and out as a file."""

from datetime import timedelta
from typing import Any

import pytest
from calling import received
from demonstrated import MOMENT, actor, client_of, demonstration
from django.test import Client

from zhunsheng.plans.roles import Role
from zhunsheng.store.database.models import Job, Remark, StoredCase, TrailEntry, User
from zhunsheng.store.definition_files import load_rubric
from zhunsheng.web.trail.subjects import subject_words
from zhunsheng.web.trail.wording import action_labels, differences
from zhunsheng.workflow.jobs import do_all
from zhunsheng.workflow.trail import hash_of, record

pytestmark = pytest.mark.django_db


def written(count: int = 3) -> StoredCase:
    case = demonstration()
    for number in range(count):
        record(
            actor("tianbao"),
            MOMENT + timedelta(days=number),
            action="plan.edit_row",
            subject=f"indicators/F{number}",
            before={"name": "旧名", "unit": "分钟"},
            after={"name": "新名<script>alert(1)</script>", "unit": "分钟"},
            reason=f"理由{number}",
            role=Role.FILLER,
            organisation=case.organisation,
            case=case,
        )
    return case


def text(who: str, address: str) -> str:
    return client_of(who).get(address).content.decode()


def test_lines_are_shown_in_words_newest_first() -> None:
    written()
    shown = text("shenji", "/trail/")
    assert shown.index("绩效指标 新名&lt;script&gt;alert(1)&lt;/script&gt;（F2）") < shown.index(
        "绩效指标 新名&lt;script&gt;alert(1)&lt;/script&gt;（F0）"
    )
    assert "陈填报" in shown
    assert "填报人" in shown


def test_without_the_right_only_ones_own_lines_are_there() -> None:
    written()
    assert "您没有查看单位操作记录的权限" in text("tianbao", "/trail/")
    assert "（F1）" in text("tianbao", "/trail/")
    assert "还没有操作记录" in text("chushi", "/trail/")
    number = TrailEntry.objects.last().number  # type: ignore[union-attr] # written above
    assert client_of("tianbao").get(f"/trail/{number}/").status_code == 200
    assert client_of("chushi").get(f"/trail/{number}/").status_code == 404
    assert Client().get("/trail/").status_code == 302


def test_lines_are_chosen() -> None:
    written()
    assert "（F1）" in text("shenji", "/trail/?text=F1")
    assert "（F2）" not in text("shenji", "/trail/?text=F1")
    assert "（F2）" not in text("shenji", "/trail/?until=2024-01-16")
    assert "没有符合条件的记录" in text("shenji", "/trail/?who=nobody")


@pytest.mark.parametrize(
    "query",
    ["since=abc", "until=2024-02-30", "since=%00", "before=abc", "before=999999999999999999999", "case=%27"],
)
def test_strange_choices_are_told_or_choose_nothing(query: str) -> None:
    written()
    assert client_of("shenji").get(f"/trail/?{query}").status_code in {200, 422}


def test_a_wrong_day_is_said_with_its_field() -> None:
    written()
    answer = client_of("shenji").get("/trail/?since=abc")
    assert answer.status_code == 422
    assert "“abc”不是日期" in answer.content.decode()


def test_every_line_is_reached_by_going_back() -> None:
    written(120)
    client, seen, query = client_of("shenji"), set[int](), ""
    for _ in range(3):
        answer = client.get(f"/trail/?{query}")
        seen |= {each.entry.number for each in answer.context["lines"]}
        query = answer.context["earlier"]
    assert seen == set(range(1, 122))
    assert query == ""


def test_a_line_shows_before_and_after_and_harms_nobody() -> None:
    written(1)
    shown = text("shenji", "/trail/2/")
    assert "指标名称" in shown
    assert "旧名" in shown
    assert "新名&lt;script&gt;" in shown
    assert "<script>alert" not in shown
    assert "没有变化的 1 项" in shown
    assert "与哈希值相符" in shown


def test_an_unknown_line_is_not_there() -> None:
    written()
    for number in ("999", "9999999999999999999999"):
        assert client_of("shenji").get(f"/trail/{number}/").status_code == 404


@pytest.mark.parametrize("form", ["csv", "jsonl"])
def test_a_year_goes_out_as_a_job_that_is_recorded(form: str) -> None:
    written()
    client = client_of("tianbao")
    answer = client.post("/trail/export/", {"year": "2024", "form": form})
    job = Job.objects.get()
    assert answer.headers["Location"] == f"/jobs/{job.pk}/"
    assert TrailEntry.objects.filter(action="trail.export", who="tianbao").exists()
    do_all()
    content = received(client.get(f"/jobs/{job.pk}/file/")).decode()
    # the asker's own lines, not those of the body
    assert content.count("plan.edit_row") == 3
    assert "demonstration.set_up" not in content


def test_an_export_sent_twice_leads_to_the_first() -> None:
    written()
    client = client_of("tianbao")
    answers = [client.post("/trail/export/", {"year": "2024", "form": "csv"}) for _ in range(2)]
    job = Job.objects.get()
    assert [each.headers["Location"] for each in answers] == [f"/jobs/{job.pk}/"] * 2
    assert TrailEntry.objects.filter(action="trail.export").count() == 1
    # what has been done since is not in the earlier file, so it is another question
    record(actor("tianbao"), MOMENT + timedelta(days=9), action="plan.edit_row", subject="indicators/F1")
    later = client.post("/trail/export/", {"year": "2024", "form": "csv"})
    assert later.headers["Location"] != answers[0].headers["Location"]


@pytest.mark.parametrize(
    "given",
    [{"year": "1999", "form": "csv"}, {"year": "x", "form": "csv"}, {"year": "2024", "form": "exe"}, {}],
)
def test_an_export_that_makes_no_sense_is_refused(given: dict[str, str]) -> None:
    written()
    answer = client_of("shenji").post("/trail/export/", given)
    assert answer.status_code == 422
    assert not Job.objects.exists()


def test_every_action_has_a_name() -> None:
    assert all(label and not label.isascii() for label in action_labels().values())


@pytest.mark.parametrize(
    ("subject", "words"),
    [
        ("indicators/F2", "绩效指标 F2"),
        ("indicators/F2/position", "绩效指标 F2 次序"),
        ("targets/state", "目标 状态"),
        ("people/tianbao", "用户 tianbao"),
        ("narrative/achievements", "文字部分 主要工作成效"),
        ("something/else", "something/else"),
    ],
)
def test_subjects_in_words(subject: str, words: str) -> None:
    assert subject_words(subject) == words


def test_differences_in_words() -> None:
    found = differences("targets/state", "draft", "submitted")
    assert [(each.label, each.before, each.after) for each in found] == [("内容", "编制中", "待处室审核")]
    found = differences("people/x", {"is_active": True}, {"is_active": False, "grant": {"role": "leader"}})
    assert [(each.label, each.before, each.after) for each in found] == [
        ("在用", "是", "否"),
        ("授权 › 角色", "", "局领导"),
    ]
    assert differences("x", None, None) == []


# ---- names beside codes

SUBJECTS = {
    "records/huadu-amr/market_entity/held/5": "业务台账 市场主体（market_entity） 待核行 5",
    "records/huadu-amr/no_such/imports/136": "业务台账 no_such 入库 136",
    "records/huadu-amr/market_entity": "业务台账 市场主体（market_entity）",
    "indicators/huadu-amr/2023": "由台账计算 2023 年度",
    "indicators/huadu-amr/2023/no_such/rows": "由台账计算 2023 年度 no_such",
    "evidence/O2/整改/通知书.png": "佐证材料 O2 整改/通知书.png",
    "remarks/indicators/F2/target_value": "意见 绩效指标 F2 目标值",
    "computed": "由台账计算",
    "versions/3": "档案版本 3",
}


@pytest.mark.parametrize(("subject", "words"), SUBJECTS.items())
def test_subjects_in_words_where_no_row_is_known(subject: str, words: str) -> None:
    assert subject_words(subject) == words


def test_lines_name_what_they_are_about_and_keep_the_code_beside() -> None:
    case = demonstration()
    person = User.objects.get(username="tianbao")
    note = Remark.objects.create(
        case=case,
        stage="evaluation",
        section="evaluation",
        key="F2",
        text="请补充",
        who=person,
        moment=MOMENT,
    )
    # as the files of the case and the definitions of the package have them
    name, project = "完成企业年报率", "检测专项经费（projects/P1）"
    told = {
        "indicators/F2": f"绩效指标 {name}（F2）",
        "indicators/F2/position": f"绩效指标 {name}（F2） 次序",
        "actuals/F2": f"完成值 {name}（F2）",
        "assignment/F2": f"任务分派 {name}（F2）",
        "evidence/F2/通知书.png": f"佐证材料 {name}（F2） 通知书.png",
        "evidence/projects/P1/合同.pdf": f"佐证材料 {project} 合同.pdf",
        "management/asset_accounts_match": "管理事实 资产账实相符（asset_accounts_match）",
        "manual_scores/A3": "人工评分 部门预算资金支出率（A3）",
        "remarks/indicators/F2/target_value": f"意见 绩效指标 {name}（F2） 目标值",
        f"remarks/{note.pk}": f"意见 请补充（{note.pk}）",
        "people/tianbao": "用户 陈填报（tianbao）",
        "organisations/huadu-amr": f"单位 {case.organisation}（huadu-amr）",
        "cases/huadu-2023": f"年度档案 {case}（huadu-2023）",
        "huadu-2023": f"年度档案 {case}（huadu-2023）",
        # what is gone keeps its code
        "indicators/GONE": "绩效指标 GONE",
        "people/gone": "用户 gone",
    }
    for subject in told:
        record(
            actor("tianbao"), MOMENT, action="x", subject=subject, case=case, organisation=case.organisation
        )
    lines = client_of("shenji").get("/trail/").context["lines"]
    shown = {each.entry.subject: each.subject for each in lines}
    for subject, words in told.items():
        assert shown[subject] == words, subject
    assert {(each.place, each.place_code) for each in lines} == {(str(case), "huadu-2023")}
    # what is kept does not change
    kept = TrailEntry.objects.get(subject="indicators/F2")
    assert "登记的对象" in text("shenji", f"/trail/{kept.number}/")
    assert kept.hash == hash_of(kept)


def test_codes_before_and_after_have_their_names_beside_them() -> None:
    case = demonstration()
    made = record(
        actor("guanli"),
        MOMENT,
        action="people.grant",
        subject="people/tianbao",
        after={
            "grant": {"role": "filler", "organisation": "huadu-amr"},
            "person": "caiwu",
            "copied": "huadu-2023",
            "rubric": "guangdong-dept-2023",
            "overseer": "gone",
        },
        organisation=case.organisation,
    )
    fields = {
        each.label: each.after
        for each in client_of("guanli").get(f"/trail/{made.number}/").context["changed"]
    }
    rubric = load_rubric("guangdong-dept-2023")[0]
    assert rubric is not None
    assert fields == {
        "授权 › 角色": "填报人",
        "授权 › 单位": f"{case.organisation}（huadu-amr）",
        "责任人": "王财务（caiwu）",
        "复制自": f"{case}（huadu-2023）",
        "评分体系": f"{rubric.label}（guangdong-dept-2023）",
        "财政部门": "gone",
    }


def test_a_line_names_what_stood_there_at_its_time_whatever_has_the_code_today() -> None:
    case = demonstration()
    told: list[tuple[str, Any, Any, str]] = [
        # today P1 is called 检测专项经费, and F2 完成企业年报率
        ("projects/P1", {"code": "P1", "name": "旧项目甲"}, None, "项目 旧项目甲（P1）"),
        ("projects/P1", None, {"code": "P1", "name": "检测专项经费"}, "项目 检测专项经费（P1）"),
        ("indicators/F2", {"name": "甲率"}, {"name": "乙率"}, "绩效指标 乙率（F2）"),
        ("indicators/F2", {"name": "甲率"}, {"name": ""}, "绩效指标 甲率（F2）"),
        ("tasks/GONE", {"name": "旧任务"}, None, "重点任务 旧任务（GONE）"),
        ("sources/GONE", {"title": "旧文件"}, None, "资料来源 旧文件（GONE）"),
        # what does not tell its name is called as it is today
        ("indicators/F2", {"unit": "件"}, {"unit": "个"}, "绩效指标 完成企业年报率（F2）"),
        ("indicators/F2/position", 1, 2, "绩效指标 完成企业年报率（F2） 次序"),
        # a name that is not the row's own
        ("remarks/indicators/F2", None, {"name": "x"}, "意见 绩效指标 完成企业年报率（F2）"),
    ]
    made = [
        record(
            actor("tianbao"),
            MOMENT,
            action="x",
            subject=subject,
            before=before,
            after=after,
            case=case,
            organisation=case.organisation,
        )
        for subject, before, after, _words in told
    ]
    client = client_of("shenji")
    shown = {each.entry.number: each.subject for each in client.get("/trail/").context["lines"]}
    for line, (*_line, words) in zip(made, told, strict=True):
        assert shown[line.number] == words
        assert client.get(f"/trail/{line.number}/").context["line"].subject == words


def test_work_is_named_by_its_kind_not_by_what_was_looked_for() -> None:
    case = demonstration()
    made = Job.objects.create(
        kind="records.export",
        label="导出 市场主体：法定代表人含“张三丰”",
        who=User.objects.get(username="caiwu"),
        created=MOMENT,
    )
    line = record(
        actor("caiwu"),
        MOMENT,
        action="jobs.cancel",
        subject=f"jobs/{made.pk}",
        organisation=case.organisation,
    )
    for address in ("/trail/", f"/trail/{line.number}/"):
        seen = text("shenji", address)
        assert f"后台任务 导出记录（{made.pk}）" in seen
        assert "张三丰" not in seen

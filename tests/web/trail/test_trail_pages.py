"""The pages of the trail: what one may see, chosen, in words, and out as a file."""

from datetime import timedelta

import pytest
from calling import received
from demonstrated import MOMENT, actor, client_of, demonstration
from django.test import Client

from zhunsheng.plans.roles import Role
from zhunsheng.store.database.models import Job, StoredCase, TrailEntry
from zhunsheng.web.trail.wording import action_labels, differences, subject_words
from zhunsheng.workflow.jobs import do_all
from zhunsheng.workflow.trail import record

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
    assert shown.index("绩效指标 F2") < shown.index("绩效指标 F0")
    assert "陈填报" in shown
    assert "填报人" in shown


def test_without_the_right_only_ones_own_lines_are_there() -> None:
    written()
    assert "您没有查看单位操作记录的权限" in text("tianbao", "/trail/")
    assert "绩效指标 F1" in text("tianbao", "/trail/")
    assert "还没有操作记录" in text("chushi", "/trail/")
    number = TrailEntry.objects.last().number  # type: ignore[union-attr] # written above
    assert client_of("tianbao").get(f"/trail/{number}/").status_code == 200
    assert client_of("chushi").get(f"/trail/{number}/").status_code == 404
    assert Client().get("/trail/").status_code == 302


def test_lines_are_chosen() -> None:
    written()
    assert "绩效指标 F1" in text("shenji", "/trail/?text=F1")
    assert "绩效指标 F2" not in text("shenji", "/trail/?text=F1")
    assert "绩效指标 F2" not in text("shenji", "/trail/?until=2024-01-16")
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

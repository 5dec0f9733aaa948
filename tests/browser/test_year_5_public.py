"""The year of Huadu, last part: reviewed, locked, released, read by everybody; and what the trail says of it."""

import csv
import json
import shutil
import sqlite3
from collections.abc import Callable
from datetime import datetime
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from browsing import CASE, Site, Visitor
from playwright.sync_api import expect
from site_by_command import command

pytestmark = [pytest.mark.browser, pytest.mark.slow]

Visit = Callable[..., Visitor]
SHEET, REPORT, RELEASE, PUBLIC = (
    f"/evaluation/{CASE}/",
    f"/report/{CASE}/",
    f"/release/{CASE}/",
    f"/public/{CASE}/",
)
BY_HAND, JOB = "93.73", 180_000


def step(who: Visitor, link: str, button: str, said: str) -> None:
    who.open(SHEET)
    who.page.get_by_role("link", name=link, exact=True).click()
    who.page.get_by_role("button", name=button, exact=True).click()
    expect(who.page.get_by_role("main")).to_contain_text(said)


def refused(who: Visitor, link: str, path: str) -> None:
    who.open(SHEET)
    before = who.page.locator("main ol.steps").inner_text()
    expect(who.page.get_by_role("link", name=link, exact=True)).to_have_count(0)
    assert who.post(f"{SHEET}{path}", {"seen": "99", "reason": "不该"}).status == 403
    who.open(SHEET)
    assert who.page.locator("main ol.steps").inner_text() == before


def test_finance_submits_the_leader_agrees_the_finance_bureau_locks(visit: Visit) -> None:
    leader = visit("juzhang")
    leader.open(RELEASE)
    expect(leader.page.locator(".tile", has_text="能否公开")).to_contain_text("不能")
    assert leader.post(RELEASE, {"formats": "html", "licence": "cc-by-4.0"}).status == 403
    for username in ("tianbao", "juzhang", "caizheng"):
        refused(visit(username), "送审", "submit/")
    step(visit("caiwu"), "送审", "送审", "自评已送审")
    for username in ("caiwu", "chushi", "caizheng"):
        refused(visit(username), "同意", "agree/")
    step(visit("juzhang"), "同意", "同意", "等待财政部门复核")
    for username in ("juzhang", "caiwu", "sanfang"):
        refused(visit(username), "复核并锁定", "freeze/")
    step(visit("caizheng"), "复核并锁定", "锁定", "自评已锁定")
    # nothing of it can be changed any more
    assert visit("caiwu").post(f"{SHEET}items/F1/score/", {"score": "7", "reason": "想改"}).status == 403


def test_nothing_of_it_is_public_yet(visit: Visit) -> None:
    nobody = visit()
    nobody.open("/public/")
    expect(nobody.page.get_by_role("main")).not_to_contain_text("2023年度")
    for path in ("", "indicators/", "data/indicators.csv", "report/"):
        assert nobody.get(f"{PUBLIC}{path}").status == 404


def test_what_is_released_is_the_report_of_what_was_locked(visit: Visit) -> None:
    leader = visit("juzhang")
    leader.open(RELEASE)
    expect(leader.page.locator(".tile", has_text="能否公开")).to_contain_text("可以")
    leader.page.get_by_role("main").get_by_role("link", name="第 1 版").click()
    main = leader.page.get_by_role("main")
    for words in ("完整", "与现在的档案一致", "没有未处理的错误", BY_HAND):
        expect(main).to_contain_text(words)


def test_the_leader_releases_and_nobody_else(visit: Visit) -> None:
    for username in ("caiwu", "caizheng", "chushi", "shenji"):
        other = visit(username)
        other.open(RELEASE)
        expect(other.page.get_by_role("button", name="公开", exact=True)).to_have_count(0)
        assert other.post(RELEASE, {"formats": "html", "licence": "cc-by-4.0"}).status == 403
    leader = visit("juzhang")
    leader.open(RELEASE)
    leader.page.get_by_role("button", name="公开", exact=True).click()
    expect(leader.page.locator(".tile", has_text="公开状态")).to_contain_text("已公开", timeout=JOB)


def test_everybody_reads_the_score_and_the_value_that_was_changed_first(visit: Visit) -> None:
    reader = visit()
    reader.open("/public/")
    reader.page.get_by_role("main").get_by_role("link", name="2023").first.click()
    expect(reader.page.locator(".tile", has_text="自评总分").locator(".number").first).to_have_text(BY_HAND)
    reader.open(f"{PUBLIC}indicators/")
    row = reader.page.get_by_role("row", name="抽检15年以上老旧电梯")
    for text in ("不少于388台", "291台", "2.25"):
        expect(row).to_contain_text(text)
    row.get_by_role("link").click()
    expect(reader.page.get_by_role("main")).to_contain_text("完成比例 = 291 ÷ 388 = 75%")
    reader.open(f"{PUBLIC}report/")
    expect(reader.page.frame_locator("iframe").locator("body")).to_contain_text("全年抽检老旧电梯291台")


def test_the_open_data_says_the_same_and_names_nobody(visit: Visit) -> None:
    reader = visit()
    reader.open(f"{PUBLIC}data/")
    with reader.page.expect_download() as waiting:
        reader.page.get_by_role("link", name="indicators.csv", exact=True).click()
    text = waiting.value.path().read_text(encoding="utf-8-sig")
    found = next(each for each in csv.reader(StringIO(text)) if "O2" in each)
    assert {"388", "291", "2.25"} <= {
        each.rstrip("0").rstrip(".") if "." in each else each for each in found
    }, found
    for name in ("王财务", "陈填报", "周财政"):
        assert name not in text


# ---- the trail

ACTS = (
    # who did what, in this order; other lines may stand between
    ("tianbao", "plan.edit_row"),
    ("tianbao", "plan.submit"),
    ("chushi", "plan.return"),
    ("tianbao", "plan.edit_row"),
    ("tianbao", "plan.answer"),
    ("tianbao", "plan.submit"),
    # the head or the deputy, whoever was first
    ("", "plan.review"),
    ("caiwu", "plan.check"),
    ("juzhang", "plan.sign"),
    ("caizheng", "plan.approve"),
    ("caiwu", "records.check"),
    ("caiwu", "records.import"),
    ("caiwu", "evaluation.take_computed"),
    ("caiwu", "collect.report"),
    ("caiwu", "evidence.attach"),
    ("caizheng", "evidence.judge"),
    ("caiwu", "evaluation.open"),
    ("caiwu", "evaluation.score"),
    ("tianbao", "evaluation.explain"),
    ("caiwu", "report.write_matter"),
    ("caiwu", "report.edit_text"),
    ("caiwu", "report.keep"),
    ("caiwu", "audit.upload"),
    ("caiwu", "audit.accept"),
    ("caiwu", "evaluation.submit"),
    ("juzhang", "evaluation.review"),
    ("caizheng", "evaluation.freeze"),
    ("juzhang", "release.make"),
)


def exported(site: Site, tmp_path: Path) -> list[dict[str, object]]:
    out = tmp_path / "trail.jsonl"
    year = str(datetime.now(ZoneInfo("Asia/Shanghai")).year)
    code, _, said = site.command("trail", "export", "--year", year, "--out", str(out))
    assert code == 0, said
    return [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]


def test_the_trail_names_every_step_in_order(site: Site, tmp_path: Path) -> None:
    lines = exported(site, tmp_path)
    done = [(str(each.get("who") or ""), str(each.get("action") or "")) for each in lines if "action" in each]
    place = 0
    for who, action in ACTS:
        while place < len(done) and not (done[place][1] == action and (not who or done[place][0] == who)):
            place += 1
        assert place < len(done), f"{who} {action} is not there in its order; there is {sorted(set(done))}"
    code, out, said = site.command("trail", "verify")
    assert code == 0, out + said


def test_the_page_of_the_trail_shows_before_and_after(visit: Visit) -> None:
    auditor = visit("shenji")
    auditor.open("/trail/?action=plan.edit_row&who=tianbao")
    main = auditor.page.get_by_role("main")
    expect(main).to_contain_text("O2")
    auditor.open("/trail/?action=release.make")
    expect(auditor.page.get_by_role("main")).to_contain_text("赵局长")
    # the filler may not read the trail of others
    filler = visit("tianbao")
    filler.open("/trail/?action=release.make")
    expect(filler.page.get_by_role("main")).not_to_contain_text("赵局长")


def test_one_changed_byte_in_the_trail_is_found(site: Site, tmp_path: Path) -> None:
    if site.more:
        pytest.skip(
            "the file of SQLite is changed past the database; the triggers of PostgreSQL have their own test"
        )
    copy = tmp_path / "copy"
    copy.mkdir()
    with (
        sqlite3.connect(site.data / "zhunsheng.sqlite") as source,
        sqlite3.connect(copy / "zhunsheng.sqlite") as target,
    ):
        source.backup(target)
    source.close()
    target.close()
    assert command(copy, "trail", "verify")[0] == 0
    file = copy / "zhunsheng.sqlite"
    content = file.read_bytes()
    reason = "数据来源没有写明。".encode()
    assert content.count(reason) >= 1
    at = content.index(reason)
    file.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
    shutil.rmtree(copy / "logs", ignore_errors=True)
    code, out, said = command(copy, "trail", "verify")
    assert code == 1, out + said

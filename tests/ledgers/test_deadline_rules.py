"""The register of deadlines: the vectors of the handbook by the rules that have them, and which rule applies to whom."""

from datetime import date, datetime

import pytest

from zhunsheng.expressions.evaluation import Surroundings, evaluate
from zhunsheng.expressions.parsing import Scope, parse
from zhunsheng.expressions.types import DATE
from zhunsheng.kernel.deadline import DeadlineOutcome, Due, Extension, Pause, outcome
from zhunsheng.kernel.located import Located
from zhunsheng.kernel.place import Place
from zhunsheng.ledgers.deadline_reading import read_deadline_rule
from zhunsheng.ledgers.deadline_rules import (
    DeadlineError,
    DeadlineRegister,
    NoCalendar,
    NoVersion,
    OtherKind,
    UnknownLength,
    UnknownRule,
)
from zhunsheng.store.calendar_files import load_calendar
from zhunsheng.store.deadline_files import load_deadlines
from zhunsheng.store.yaml_files import parse_yaml

CALENDAR = load_calendar()[0]
REGISTER = load_deadlines()[0]


def day(text: str) -> date:
    return date.fromisoformat(text)


def due(rule: str, event: str, area: str | None = None, entity_class: str | None = None) -> date | None:
    return REGISTER.due(rule, day(event), CALENDAR, area, entity_class).day


@pytest.mark.parametrize(
    ("rule", "event", "expected"),
    [
        ("CMP-1", "2023-09-27", "2023-10-12"),
        ("RPT-1", "2023-09-27", "2023-10-24"),
        ("CMP-2", "2023-09-27", "2023-12-05"),
        ("CMP-4", "2021-04-28", "2021-05-21"),
        ("PUB-1", "2021-09-29", "2021-11-02"),
        ("CAS-1", "2023-07-05", "2023-10-07"),
        ("FOO-6", "2023-07-05", "2023-10-07"),
        ("REC-1", "2023-08-07", "2023-10-07"),
        ("REC-3", "2023-08-07", "2023-10-07"),
        # nine months from Monday 10 January 2022, and three years from 11 April 2022; both end on a working day
        ("IPR-1", "2022-01-10", "2022-10-10"),
        ("LST-3", "2022-04-11", "2025-04-11"),
    ],
)
def test_the_vectors(rule: str, event: str, expected: str) -> None:
    assert due(rule, event) == day(expected)


def test_extensions() -> None:
    event = day("2023-07-05")
    in_time, late = Extension(30, day("2023-10-07")), Extension(30, day("2023-10-08"))
    assert REGISTER.due("CAS-1", event, CALENDAR, extensions=[in_time]) == Due(day("2023-11-02"))
    found = REGISTER.due("CAS-1", event, CALENDAR, extensions=[late])
    assert found == Due(day("2023-10-07"), (late,))
    assert outcome(found, day("2023-10-20"), day("2023-12-31")) is DeadlineOutcome.LATE
    with pytest.raises(OtherKind, match="CAS-2（作出处理决定）不能延长"):
        REGISTER.due("CAS-2", event, CALENDAR, extensions=[in_time])


def test_pauses_need_a_reason_the_rule_names() -> None:
    event = day("2023-03-06")
    # Wednesday 8 to Friday 10 March 2023 stand still: three working days more
    pause = Pause(day("2023-03-08"), day("2023-03-11"), "鉴定")
    without, with_pause = (
        due("CMP-2", "2023-03-06"),
        REGISTER.due("CMP-2", event, CALENDAR, pauses=[pause]).day,
    )
    assert without is not None
    assert with_pause == CALENDAR.after(without, 3)
    with pytest.raises(OtherKind, match="不能因“会议”扣除（可扣除：检验、检测、检疫、鉴定）"):
        REGISTER.due("CMP-2", event, CALENDAR, pauses=[Pause(pause.start, pause.end, "会议")])
    with pytest.raises(OtherKind, match="可扣除：无"):
        REGISTER.due("CMP-1", event, CALENDAR, pauses=[pause])
    open_end = REGISTER.due("CMP-2", event, CALENDAR, pauses=[Pause(pause.start, None, "检测")])
    assert open_end.day is None
    assert outcome(open_end, None, day("2030-01-01")) is DeadlineOutcome.RUNNING


def test_the_day_of_the_event_chooses_the_version() -> None:
    # the 60 calendar days of before 2020: 1 March 2020 was a Sunday
    assert due("CMP-2", "2019-12-31") == day("2020-03-02")
    # 45 working days by the notice of 2020, in which the Spring Festival lasted until 2 February
    last = due("CMP-2", "2020-01-02")
    assert last == CALENDAR.after(day("2020-01-02"), 45)
    assert due("LST-2", "2021-08-31") == day("2021-09-07")
    assert due("LST-2", "2021-09-01") == day("2021-09-08")
    # since 2024 there are two procedures; the plain code means the ordinary one
    assert due("REC-3.summary", "2024-01-02") == day("2024-02-01")
    assert due("REC-3", "2024-01-02") == due("REC-3.ordinary", "2024-01-02") == day("2024-03-04")
    with pytest.raises(UnknownRule, match="没有期限“summary”"):
        due("REC-3.summary", "2023-12-31")
    with pytest.raises(NoVersion, match="REG-1（登记）没有适用于 2022-02-28 的规定"):
        due("REG-1", "2022-02-28")
    assert due("REG-1", "2022-03-01") == day("2022-03-04")


@pytest.mark.parametrize(
    ("area", "entity_class", "expected"),
    [
        (None, None, "2022-06-30"),
        ("310151", "ENT", "2022-09-30"),
        ("310151", "IND", "2022-12-31"),
        ("31", "IND", "2022-12-31"),
        ("310151", "COOP", "2022-06-30"),
        ("310151", None, "2022-06-30"),
        ("440114", "ENT", "2022-06-30"),
        (None, "ENT", "2022-06-30"),
    ],
)
def test_a_day_moved_by_notice(area: str | None, entity_class: str | None, expected: str) -> None:
    """Shanghai moved the end of the reports for 2021; nobody else did, and no other year was moved."""
    assert due("ANR-1", "2021-12-31", area, entity_class) == day(expected)
    assert due("ANR-1", "2021-01-01", area, entity_class) == day(expected)
    assert due("ANR-1", "2022-12-31", area, entity_class) == day("2023-06-30")
    assert due("ANR-1", "2020-06-30", area, entity_class) == day("2021-06-30")


def test_the_class_of_the_entity_chooses_too() -> None:
    # for individuals there is no publicity, but ten days for the objections of others
    assert (
        due("REG-3", "2023-03-01") == due("REG-3.publicity", "2023-03-01", None, "ENT") == day("2023-03-21")
    )
    assert due("REG-3", "2023-03-01", None, "IND") == day("2023-03-13")  # the 11th was a Saturday
    with pytest.raises(UnknownRule):
        due("REG-3.filing", "2023-03-01", None, "IND")


def test_periods_by_name() -> None:
    # Wednesday 27 September 2023; 12 October is the 15th day, 30 September lies in the holidays
    assert due("MED-2.serious", "2023-09-27") == day("2023-10-12")
    assert due("MED-2.major", "2023-09-27") == day("2023-10-07")
    assert due("MED-2", "2023-09-27") == due("MED-2.general", "2023-09-27") == day("2023-10-27")
    assert due("FIN-3", "2023-03-01") == day("2023-03-08")
    assert due("FIN-3.notice", "2023-03-08") == day("2023-03-10")
    assert due("PEN-4.minor", "2023-01-31") == day("2023-05-04")  # 30 April lies in the holidays of May
    with pytest.raises(UnknownRule, match=r"MED-1 有几个期限，须指明其一：MED-1.drug（药品）"):
        due("MED-1", "2023-03-01")
    for wrong in ("XXX-1", "MED-2.", "MED-2.deadly", "", ".", "MED-2.serious.x", "med-2"):
        if wrong == "MED-2.":
            assert due(wrong, "2023-09-27") == due("MED-2", "2023-09-27")
            continue
        with pytest.raises(UnknownRule):
            due(wrong, "2023-09-27")


def test_periods_that_end_before_an_event() -> None:
    def latest(rule: str, event: str) -> date:
        return REGISTER.latest_start(rule, day(event), CALENDAR)

    assert latest("FIN-2", "2023-03-31") == day("2023-03-01")
    assert latest("EQP-2", "2023-03-31") == day("2023-02-28")
    # hearing on Monday 9 October 2023: 8, 7 October, 28, 27, 26, 25 and 22 September are the seven working days
    assert latest("CAS-5.notice", "2023-10-09") == day("2023-09-22")
    with pytest.raises(OtherKind, match="没有此后的最后一日"):
        due("FIN-2", "2023-03-31")
    with pytest.raises(OtherKind, match="不是提前的期限"):
        latest("FIN-4", "2023-03-31")
    with pytest.raises(NoCalendar, match="缺少 2017 年的工作日历"):
        latest("CAS-5.notice", "2018-01-02")


def test_a_window_that_opens_later() -> None:
    """Second re-check: when 60 days are over and before 90 are. Announced on 1 January: from 3 March to 1 April."""
    assert REGISTER.earliest("PRD-4", day("2023-01-01"), CALENDAR) == day("2023-03-03")
    assert due("PRD-4", "2023-01-01") == day("2023-04-03")  # 1 April 2023 was a Saturday
    assert REGISTER.earliest("PRD-3", day("2023-01-01"), CALENDAR) is None


def test_hours_and_minutes() -> None:
    alarm = datetime(2023, 9, 30, 23, 45)  # noqa: DTZ001 - the clock of the place
    assert REGISTER.due_at("EQP-4", alarm) == datetime(2023, 10, 1, 0, 15)  # noqa: DTZ001
    assert REGISTER.due_at("FOO-7", alarm) == datetime(2023, 10, 1, 3, 45)  # noqa: DTZ001
    with pytest.raises(OtherKind, match="按钟点计算"):
        due("EQP-4", "2023-09-30")
    with pytest.raises(OtherKind, match="按日计算"):
        REGISTER.due_at("CMP-1", alarm)


def test_what_is_not_known_is_not_guessed() -> None:
    assert due("CMP-1", "2026-04-14") is not None
    with pytest.raises(UnknownLength, match="CMP-1（作出受理决定）的长度尚不清楚：2026 年 4 月 15 日"):
        due("CMP-1", "2026-04-15")
    with pytest.raises(UnknownLength, match="REG-7"):
        due("REG-7", "2023-01-01")
    with pytest.raises(NoCalendar, match="REC-2（决定是否受理）：缺少 2027 年的工作日历"):
        due("REC-2", "2026-12-28")


def test_every_error_is_also_a_problem_with_a_place() -> None:
    codes = set()
    for rule, event in (
        ("X", "2023-01-01"),
        ("REG-1", "2021-01-01"),
        ("REG-7", "2023-01-01"),
        ("REC-2", "2026-12-28"),
        ("FIN-2", "2023-01-01"),
    ):
        with pytest.raises(DeadlineError) as raised:
            due(rule, event)
        problem = raised.value.problem(Place("records.csv", line=7))
        assert (problem.what, str(problem.place)) == (str(raised.value), "records.csv 第 7 行")
        codes.add(problem.code)
    assert codes == {"DEAD-001", "DEAD-002", "DEAD-003", "DEAD-004", "DEAD-005"}


def test_expressions_ask_the_register() -> None:
    scope = Scope(lambda path: DATE if path == ("received_on",) else None)
    root = parse("due(received_on, 'CMP-1')", scope).root
    around = Surroundings(due=REGISTER.last_day(CALENDAR))
    assert evaluate(root, {"received_on": day("2023-09-27")}, around) == day("2023-10-12")
    shanghai = REGISTER.last_day(CALENDAR, "310151", "IND")
    assert shanghai(day("2021-12-31"), "ANR-1") == day("2022-12-31")
    with pytest.raises(UnknownRule):
        evaluate(parse("due(received_on, 'CMP-99')", scope).root, {"received_on": day("2023-09-27")}, around)


RULE = """
code: X-1
label: 事项
label_en: Matter
description: 说明。
versions:
"""
VERSION = """
  - from: {first}
    to: {last}
    {more}
    periods: [{{name: main, label: 办理, starts_at: 开始, {period}}}]
    source: {{document: market-ledgers, evidence: proposal}}
"""
WHOLE = {"first": "~", "last": "~", "more": "main: main", "period": "length: 5, unit: cd"}


def _read(*versions: dict[str, str]) -> tuple[DeadlineRegister, list[str]]:
    node, problems = parse_yaml(
        RULE + "".join(VERSION.format(**{**WHOLE, **each}) for each in versions), "X-1.yaml"
    )
    assert isinstance(node, Located), problems
    rule, found = read_deadline_rule(node)
    assert (rule is None) is bool(found)
    return DeadlineRegister({} if rule is None else {rule.code: rule}), [each.what for each in found]


def test_the_nearest_area_comes_first_and_then_the_class() -> None:
    register, problems = _read(
        {},
        {"more": 'areas: ["44"]', "period": "length: 6, unit: cd"},
        {"more": 'areas: ["4401"]', "period": "length: 7, unit: cd"},
        {"more": "entity_classes: [IND]", "period": "length: 8, unit: cd"},
        {"more": 'areas: ["44"]\n    entity_classes: [IND]', "period": "length: 9, unit: cd"},
    )
    assert problems == []

    def length(area: str | None = None, entity_class: str | None = None) -> int | None:
        return register.choose("X-1", day("2023-01-01"), area, entity_class).period.length

    assert (length(), length("31"), length("440300"), length("440114"), length("44")) == (5, 5, 6, 7, 6)
    assert (length(None, "IND"), length("31", "IND"), length("440300", "IND")) == (8, 8, 9)
    assert length("440114", "IND") == 7
    assert length("440300", "ENT") == 6


@pytest.mark.parametrize(
    ("versions", "reason"),
    [
        ([{}, {}], "日期重叠"),
        ([{"last": "2020-12-31"}, {"first": "2020-12-31"}], "日期重叠"),
        ([{"more": 'areas: ["31", "44"]'}, {"more": 'areas: ["44"]'}], "日期重叠"),
        ([{"first": "2020-02-30"}], "“2020-02-30”不是日期"),
        ([{"first": "2021-01-01", "last": "2020-01-01"}], "2020-01-01 早于 2021-01-01"),
        ([{"period": "length: 0, unit: wd"}], "“length”应大于零"),
        ([{"period": "length: -3, unit: wd"}], "“length”应大于零"),
        ([{"period": "length: 1.5, unit: wd"}], "应为整数"),
        ([{"period": "length: 3, unit: weeks"}], "不在选项内"),
        ([{"period": "length: 3"}], "应写明 length 和 unit"),
        ([{"period": "unit: wd"}], "应写明 length 和 unit"),
        ([{"period": "fixed: {month: 2, day: 29, years_after: 1}"}], "没有 2 月 29 日，或不是每年都有"),
        ([{"period": "length: 3, fixed: {month: 6, day: 30, years_after: 1}"}], "固定的日子没有长度"),
        ([{"period": "length: 3, unit: wd, earliest: 3"}], "满 3 才可以办"),
        ([{"period": "length: 3, unit: wd, direction: sideways"}], "不在选项内"),
        ([{"period": "length: 3, unit: wd, colour: red"}], "没有名为“colour”的字段"),
        ([{"more": "main: other"}], "没有名为“other”的期限"),
        ([{"more": "areas: [广东]"}], "“广东”不是区划代码"),
        (
            [{"more": "notices: [{year: 2022, month: 9, day: 30, source: {evidence: public}}]"}],
            "只有固定的日子可以由通知移动",
        ),
    ],
)
def test_a_definition_that_contradicts_itself_is_refused(versions: list[dict[str, str]], reason: str) -> None:
    assert any(reason in each for each in _read(*versions)[1])


def test_everything_wrong_is_said_at_once() -> None:
    node, _ = parse_yaml("code: X-1\nversions: [{periods: [{name: '1 a'}]}]\nsurprise: 1\n", "X-1.yaml")
    assert node is not None
    rule, problems = read_deadline_rule(node)
    assert rule is None
    assert len(problems) >= 9
    assert all(each.place.file == "X-1.yaml" for each in problems)

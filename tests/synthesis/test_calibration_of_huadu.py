"""The generated records give the printed figures of Huadu 2023. Plain SQL, written beside the definitions of indicators, not from them.

Every expected value is read off the report.
"""

import pytest
from printed_figures import AT_END, BEFORE, EXECUTION, PASSED, PLEDGED, RATE, Printed, check
from tests.synthesis.conftest import Maker

_LINES = (
    "SELECT (SELECT sum(p.amount) FROM payment p JOIN budget_line l ON l._id = p.line_id WHERE {which}) * 100.0 / "
    "((SELECT sum(initial) FROM budget_line l WHERE {which}) + "
    "coalesce((SELECT sum(c.amount) FROM budget_change c JOIN budget_line l ON l._id = c.line_id WHERE {which}), 0))"
)
_DECIDED = "SELECT count(*) FROM case_file WHERE year(decision_on) = {year} AND discretion = '{which}'"

_PUBLIC = _LINES.replace("{which}", "l.kind = 'BASIC_PUBLIC'")

HUADU = (
    Printed("stock", AT_END, "248506", scales=True),
    Printed("stock growth", f"SELECT (({AT_END}) * 1.0 / ({BEFORE}) - 1) * 100", "11.97", 2),
    Printed(
        "new",
        "SELECT count(*) FROM registration_event WHERE kind = 'ESTABLISH' AND year(decided_at) = {year}",
        "49343",
        scales=True,
    ),
    Printed(
        "new growth",
        "SELECT (count(*) FILTER (WHERE year(decided_at) = {year}) * 1.0 / "
        "count(*) FILTER (WHERE year(decided_at) = {before}) - 1) * 100 FROM registration_event WHERE kind = 'ESTABLISH'",
        "53.58",
        2,
    ),
    Printed(
        "capital",
        "SELECT sum(registered_capital) FROM market_entity WHERE reg_status IN ('LIVE', 'SUSPENDED')",
        "5090.28",
        2,
        10_000_000_000,
        scales=True,
    ),
    Printed("annual reports", RATE, "94.68", 2),
    Printed("seals of a set", "SELECT min(len(list_distinct(kinds))) FROM seal_set WHERE free", "5"),
    Printed("cases", "SELECT count(*) FROM case_file WHERE year(filed_on) = {year}", "1291"),
    Printed(
        "handled cases",
        "SELECT count(*) FROM case_file WHERE procedure = 'GENERAL' AND year(decision_on) = {year}",
        "1270",
    ),
    Printed(
        "penalties",
        "SELECT sum(coalesce(fine, 0) + coalesce(confiscated_gain, 0)) FROM case_file",
        "1768.4",
        1,
        1_000_000,
    ),
    Printed("lighter", _DECIDED.replace("{which}", "LIGHTER"), "480"),
    Printed("reduced", _DECIDED.replace("{which}", "REDUCED"), "93"),
    Printed("exempt", _DECIDED.replace("{which}", "EXEMPT"), "100"),
    Printed("repairs", "SELECT count(*) FROM credit_repair WHERE result = 'GRANTED'", "33875", scales=True),
    Printed("white list", "SELECT count(*) FROM white_list WHERE out_on IS NULL", "2342", scales=True),
    Printed(
        "cooperatives", "SELECT count(*) FROM coop_profile WHERE operating AND risk_level IS NOT NULL", "119"
    ),
    Printed("recovered", "SELECT sum(recovered_amount) FROM complaint", "1362", 0, 1_000_000, scales=True),
    Printed(
        "reliable shops",
        "SELECT count(*) FROM pledge WHERE kind = 'RELIABLE_CONSUMPTION' AND withdrawn_on IS NULL",
        "84",
    ),
    Printed(
        "return shops",
        "SELECT count(*) FROM pledge WHERE kind = 'NO_REASON_RETURN_7D' AND withdrawn_on IS NULL",
        "17",
    ),
    Printed(
        "circulation",
        "SELECT count(*) FROM food_sample WHERE stage = 'CIRCULATION' AND year(report_on) = {year}",
        "628",
    ),
    Printed("pass rate", PASSED, "97.2", 1),
    Printed("destroyed", "SELECT sum(destroyed) FROM rapid_test", "5307.17", 2, 1000),
    Printed(
        "visits of operators",
        "SELECT count(*) * 100.0 / (SELECT count(*) FROM food_operator) FROM food_check",
        "124.26",
        2,
    ),
    Printed("duty visits", "SELECT count(done_on) * 100.0 / count(*) FROM duty_visit", "100"),
    Printed(
        "duty problems",
        "SELECT count(*) FILTER (WHERE problems > 0) * 100.0 / count(*) FROM duty_visit",
        "2.3",
        1,
    ),
    Printed("duty corrected", "SELECT sum(corrected) * 100.0 / sum(problems) FROM duty_visit", "99.9", 1),
    Printed(
        "old elevators",
        "SELECT count(DISTINCT q._id) FROM equip_inspection i JOIN equipment q ON q._id = i.equip_id "
        "WHERE i.kind = 'SPOT' AND q.category = '3000' AND i.done_on >= q.first_use_on + INTERVAL 15 YEAR",
        "287",
    ),
    Printed(
        "rectified",
        "SELECT count(closed_on) * 100.0 / count(*) FROM hidden_danger d JOIN equip_inspection i ON i._id = d.insp_id "
        "WHERE i.kind = 'SPOT' AND closed_on <= '{year}-12-31'",
        "100",
    ),
    Printed("technicians", "SELECT count(DISTINCT person) FROM market_technician", "3"),
    Printed("late upgrades", "SELECT count(*) FROM upgrade_project WHERE actual_end > '{year}-12-10'", "0"),
    Printed(
        "refused upgrades",
        "SELECT count(*) FROM upgrade_project WHERE NOT (acceptance = 'PASS' AND clean AND tidy AND safe AND orderly)",
        "0",
    ),
    Printed(
        "standards", "SELECT count(DISTINCT std_no) FROM std_project WHERE year(counted_on) = {year}", "31"
    ),
    Printed("trademarks", "SELECT count(*) FROM trademark WHERE status = 'LIVE'", "118077", scales=True),
    Printed("pledged", PLEDGED.replace("{which}", "{year}"), "21.56", 2, 10_000_000_000),
    Printed(
        "awards won", "SELECT count(*) FROM ip_award WHERE level = 'NATIONAL' AND due_amount = 15000000", "2"
    ),
    Printed("awards paid", "SELECT sum(paid_amount) FROM ip_award", "0"),
    Printed("execution", EXECUTION, "99.75", 2),
    Printed("spent", "SELECT sum(amount) FROM payment", "22918.66", 2, 1_000_000),
    Printed(
        "budget",
        "SELECT (SELECT sum(initial) FROM budget_line) + (SELECT sum(amount) FROM budget_change)",
        "22975.66",
        2,
        1_000_000,
    ),
    Printed(
        "project spending",
        "SELECT sum(amount) FROM payment p JOIN budget_line l ON l._id = p.line_id WHERE l.kind = 'PROJECT'",
        "4490.28",
        2,
        1_000_000,
    ),
    Printed("projects", "SELECT count(*) FROM budget_line WHERE kind = 'PROJECT'", "27"),
    Printed("public expenses", f"SELECT ({_PUBLIC}) - 100", "-0.88", 2),
    Printed(
        "three public expenses",
        "SELECT sum(amount) FROM payment p JOIN budget_line l ON l._id = p.line_id WHERE l.three_public <> 'NONE'",
        "145.46",
        2,
        1_000_000,
    ),
    Printed("testing money", _LINES.replace("{which}", "name = '检测专项经费'"), "59.85", 2),
    Printed("elevator money", _LINES.replace("{which}", "name = '电梯监督检验抽查经费'"), "3.04", 2),
    Printed("carried over", "SELECT sum(amount) FROM carry_over", "0"),
    Printed("contracts", "SELECT count(contract_filed_on) FROM procurement", "69"),
    Printed(
        "contracts filed late",
        "SELECT count(*) FROM procurement p WHERE (SELECT count(*) FROM calendar c WHERE c.is_workday "
        "AND c.calendar_day > p.contract_signed_on AND c.calendar_day <= p.contract_filed_on) > 7",
        "4",
    ),
    Printed(
        "contracts signed late",
        "SELECT count(*) FROM procurement WHERE contract_signed_on > award_notice_on + 30",
        "0",
    ),
    Printed("assets", "SELECT sum(price) FROM fixed_asset WHERE state = 'IN_USE'", "1952.31", 2, 1_000_000),
    Printed(
        "assets not in use", "SELECT count(*) FROM fixed_asset WHERE state NOT IN ('IN_USE', 'DISPOSED')", "0"
    ),
)


@pytest.mark.parametrize("scale", ["0.01", pytest.param("0.05", marks=pytest.mark.slow)])
@pytest.mark.parametrize("printed", HUADU, ids=lambda each: each.name)
def test_huadu_gives_its_printed_figures(make_city: Maker, printed: Printed, scale: str) -> None:
    check(make_city("huadu-2023", scale), printed, scale)


@pytest.mark.slow
@pytest.mark.parametrize("printed", HUADU, ids=lambda each: each.name)
def test_huadu_at_full_size_is_exact(make_city: Maker, printed: Printed) -> None:
    check(make_city("huadu-2023", "1"), printed, "1")

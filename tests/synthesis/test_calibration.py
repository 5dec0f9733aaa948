"""The generated records give the printed figures. Plain SQL, written beside the definitions of indicators, not from them.

Every expected value is read off the two reports; counts that grow with the city are scaled half-up.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from tests.synthesis.conftest import Made, Maker


@dataclass(frozen=True)
class Printed:
    """A printed figure and the query that must give it.

    Attributes:
        divided_by: what the query's value is divided by to be in the printed unit.
        scales: whether it grows with the city.
    """

    name: str
    sql: str
    value: str
    places: int = 0
    divided_by: int = 1
    scales: bool = False


_LIVE = (
    "SELECT count(*) FROM market_entity WHERE established_on <= DATE '{day}' "
    "AND (reg_status IN ('LIVE', 'SUSPENDED') OR status_on > DATE '{day}')"
)
_AT_END = _LIVE.replace("{day}", "{year}-12-31")
_BEFORE = _LIVE.replace("{day}", "{before}-12-31")
_RATE = (
    "SELECT (SELECT count(DISTINCT r.entity_id) FROM annual_report r JOIN market_entity e ON e._id = r.entity_id "
    "WHERE r.report_year = {before} AND r.version = 1 AND e.entity_class = 'ENT' AND submitted_at < DATE '{year}-07-01')"
    " * 100.0 / (SELECT count(*) FROM annual_report_due d JOIN market_entity e ON e._id = d.entity_id "
    "WHERE d.report_year = {before} AND excluded_reason IS NULL AND e.entity_class = 'ENT')"
)
_EXECUTION = (
    "SELECT (SELECT sum(amount) FROM payment) * 100.0 / "
    "((SELECT sum(initial) FROM budget_line) + (SELECT sum(amount) FROM budget_change))"
)
_LINES = (
    "SELECT (SELECT sum(p.amount) FROM payment p JOIN budget_line l ON l._id = p.line_id WHERE {which}) * 100.0 / "
    "((SELECT sum(initial) FROM budget_line l WHERE {which}) + "
    "coalesce((SELECT sum(c.amount) FROM budget_change c JOIN budget_line l ON l._id = c.line_id WHERE {which}), 0))"
)
_PASSED = (
    "SELECT count(*) FILTER (WHERE final_conclusion = 'PASS') * 100.0 / count(*) FROM food_sample "
    "WHERE nature <> 'RISK' AND report_on BETWEEN '{year}-01-01' AND '{year}-12-31' AND final_conclusion IS NOT NULL"
)
_INVENTIONS = "SELECT count(*) FROM patent WHERE kind = 'INV' AND granted_on <= '{day}' AND (lapsed_on IS NULL OR lapsed_on > '{day}')"
_PLEDGED = "SELECT sum(amount) FROM ip_pledge WHERE year(registered_on) = {which}"
_DECIDED = "SELECT count(*) FROM case_file WHERE year(decision_on) = {year} AND discretion = '{which}'"

_PUBLIC = _LINES.replace("{which}", "l.kind = 'BASIC_PUBLIC'")

GUANGZHOU = (
    Printed("stock", _AT_END, "303.77", 2, 10_000, scales=True),
    Printed("stock growth", f"SELECT (({_AT_END}) * 1.0 / ({_BEFORE}) - 1) * 100", "12.65", 2),
    Printed(
        "new",
        "SELECT count(*) FROM registration_event WHERE kind = 'ESTABLISH'",
        "64.34",
        2,
        10_000,
        scales=True,
    ),
    Printed(
        "new enterprises",
        "SELECT count(*) FROM registration_event v JOIN market_entity e ON e._id = v.entity_id "
        "WHERE kind = 'ESTABLISH' AND e.entity_class = 'ENT'",
        "44.68",
        2,
        10_000,
        scales=True,
    ),
    Printed(
        "out",
        "SELECT count(*) FROM registration_event WHERE kind IN ('DEREGISTER', 'SIMPLE_DEREGISTER', 'REVOKE', 'CANCEL')",
        "30.67",
        2,
        10_000,
        scales=True,
    ),
    Printed(
        "online share",
        "SELECT count(*) FILTER (WHERE channel = 'ONLINE') * 100.0 / count(*) FROM registration_event v "
        "JOIN market_entity e ON e._id = v.entity_id WHERE kind = 'ESTABLISH' AND e.entity_class = 'ENT'",
        "99.52",
        2,
    ),
    Printed(
        "tolerant share",
        "SELECT count(*) FILTER (WHERE tolerant) * 100.0 / count(*) FROM registration_event WHERE kind = 'ESTABLISH'",
        "0.78",
        2,
    ),
    Printed("annual reports", _RATE, "97.65", 2),
    Printed(
        "free seals",
        "SELECT count(DISTINCT entity_id) FROM seal_set WHERE free",
        "27.4",
        1,
        10_000,
        scales=True,
    ),
    Printed("seals of a set", "SELECT min(len(list_distinct(kinds))) FROM seal_set WHERE free", "4"),
    Printed(
        "publicity",
        "SELECT count(*) FROM publicity_item WHERE year(published_at) = {year}",
        "960",
        0,
        10_000,
        scales=True,
    ),
    Printed(
        "drawn",
        "SELECT count(DISTINCT object_id) FROM check_record WHERE cause = 'DRAWN'",
        "45187",
        scales=True,
    ),
    Printed(
        "drawn share",
        "SELECT count(DISTINCT object_id) * 100.0 / (SELECT count(*) FROM frame_row) FROM check_record WHERE cause = 'DRAWN'",
        "3.3",
        1,
    ),
    Printed("fair reviews", "SELECT count(*) FROM fair_review WHERE year(concluded_on) = {year}", "359"),
    Printed(
        "handled",
        "SELECT (SELECT count(*) FROM complaint) + (SELECT count(*) FROM report)",
        "90.1",
        1,
        10_000,
        scales=True,
    ),
    Printed(
        "recovered", "SELECT sum(recovered_amount) FROM complaint", "2.77", 2, 10_000_000_000, scales=True
    ),
    Printed(
        "platform tickets", "SELECT count(*) FROM complaint WHERE national_platform", "190850", scales=True
    ),
    Printed(
        "platform tickets closed",
        "SELECT count(*) FROM complaint WHERE national_platform AND closed_on <= '{year}-12-31'",
        "190850",
        scales=True,
    ),
    Printed(
        "reliable shops",
        "SELECT count(*) FROM pledge WHERE kind = 'RELIABLE_CONSUMPTION' AND withdrawn_on IS NULL",
        "2087",
    ),
    Printed(
        "return shops",
        "SELECT count(*) FROM pledge WHERE kind = 'NO_REASON_RETURN_7D' AND withdrawn_on IS NULL",
        "313",
    ),
    Printed(
        "stations",
        "SELECT count(*) FROM pledge WHERE kind = 'SERVICE_STATION' AND withdrawn_on IS NULL",
        "1007",
    ),
    Printed("odr", "SELECT count(*) FROM pledge WHERE kind = 'ODR' AND withdrawn_on IS NULL", "92"),
    Printed(
        "food samples",
        "SELECT count(*) FROM food_sample WHERE year(report_on) = {year}",
        "9.66",
        2,
        10_000,
        scales=True,
    ),
    Printed(
        "per thousand",
        "SELECT count(*) * 1000.0 / (SELECT persons FROM population p JOIN area a ON a._id = p.area_code "
        "WHERE a.level = 'CITY' AND kind = 'CENSUS') FROM food_sample WHERE year(report_on) = {year}",
        "5.17",
        2,
    ),
    Printed("pass rate", _PASSED, "98.03", 2),
    Printed(
        "rapid tests",
        "SELECT (SELECT count(*) FROM rapid_test) + (SELECT sum(tests) FROM rapid_test_daily)",
        "268.2",
        1,
        10_000,
        scales=True,
    ),
    Printed("destroyed", "SELECT sum(destroyed) FROM rapid_test", "4.58", 2, 10_000_000, scales=True),
    Printed("cold lots", "SELECT count(*) FROM cold_lot WHERE test_result = 'POS'", "20"),
    Printed("cold tonnes", "SELECT sum(weight) FROM cold_lot WHERE test_result = 'POS'", "662.38", 2, 1000),
    Printed(
        "arrival",
        "SELECT avg(epoch(arrive_at) - epoch(alarm_at)) / 60 FROM rescue WHERE kind = 'ENTRAPMENT'",
        "11.1",
        1,
    ),
    Printed(
        "work",
        "SELECT avg(epoch(freed_at) - epoch(arrive_at)) / 60 FROM rescue WHERE kind = 'ENTRAPMENT'",
        "5.4",
        1,
    ),
    Printed(
        "spot checks",
        "SELECT count(*) FROM equip_inspection WHERE kind = 'SPOT' AND done_on IS NOT NULL",
        "5906",
        scales=True,
    ),
    Printed("industrial", "SELECT count(*) FROM product_sample WHERE domain = 'INDUSTRIAL'", "6829"),
    Printed(
        "medical",
        "SELECT count(*) FROM product_sample WHERE domain IN ('DRUG', 'DEVICE', 'COSMETIC')",
        "7898",
    ),
    Printed(
        "physical fails",
        "SELECT count(*) FILTER (WHERE final_verdict = 'FAIL' AND fail_kind IN ('PHYSICAL', 'BOTH')) * 100.0 / count(*) "
        "FROM product_sample WHERE domain = 'INDUSTRIAL'",
        "7.78",
        2,
    ),
    Printed(
        "drugs",
        "SELECT count(DISTINCT approval_no) * 100.0 / (SELECT count(*) FROM essential_drug WHERE in_production) "
        "FROM product_sample WHERE approval_no IS NOT NULL",
        "100",
    ),
    Printed("funded standards", "SELECT count(DISTINCT proj_id) FROM std_grant", "201"),
    Printed("standards money", "SELECT sum(amount) FROM std_grant", "1228.11", 2, 1_000_000),
    Printed("declared standards", "SELECT count(*) FROM std_check WHERE done_on IS NOT NULL", "425"),
    Printed("valid inventions", _INVENTIONS.replace("{day}", "{year}-12-31"), "9.3", 1, 10_000, scales=True),
    Printed(
        "inventions growth",
        f"SELECT (({_INVENTIONS.replace('{day}', '{year}-12-31')}) * 1.0 / "
        f"({_INVENTIONS.replace('{day}', '{before}-12-31')}) - 1) * 100",
        "30.5",
        1,
    ),
    Printed(
        "per ten thousand",
        f"SELECT ({_INVENTIONS.replace('{day}', '{year}-12-31')}) * 10000.0 / persons FROM population p "
        "JOIN area a ON a._id = p.area_code WHERE a.level = 'CITY' AND kind = 'YEAR_END' AND year = {year}",
        "49.5",
        1,
    ),
    Printed(
        "granted",
        "SELECT count(*) FROM patent WHERE kind = 'INV' AND year(granted_on) = {year}",
        "2.4",
        1,
        10_000,
        scales=True,
    ),
    Printed(
        "trademarks", "SELECT count(*) FROM trademark WHERE status = 'LIVE'", "188.2", 1, 10_000, scales=True
    ),
    Printed("pledged", _PLEDGED.replace("{which}", "{year}"), "91.23", 2, 10_000_000_000),
    Printed(
        "pledged growth",
        f"SELECT (({_PLEDGED.replace('{which}', '{year}')}) * 1.0 / ({_PLEDGED.replace('{which}', '{before}')}) - 1) * 100",
        "60.9",
        1,
    ),
    Printed(
        "fund",
        "SELECT sum(amount) FROM ip_fund_investment WHERE year(paid_on) = {year}",
        "3440",
        0,
        1_000_000,
    ),
    Printed(
        "exposures",
        "SELECT sum(exposures) FROM ad_exposure_daily WHERE year(shown_on) = {year}",
        "1322.43",
        2,
        10_000,
        scales=True,
    ),
    Printed(
        "illegal exposures",
        "SELECT sum(exposures) FILTER (WHERE verdict = 'CONFIRMED') * 100.0 / sum(exposures) FROM ad_exposure_daily x "
        "JOIN ad_creative c ON c._id = x.creative_id WHERE year(shown_on) = {year}",
        "0.07",
        2,
    ),
    Printed("tickets", "SELECT count(*) FROM ticket WHERE resolved_at IS NOT NULL", "43403", scales=True),
    Printed(
        "upward",
        "SELECT sum(rows_accepted) FROM exchange_job WHERE partner_level IN ('STATE', 'PROVINCE')",
        "8585",
        0,
        10_000,
        scales=True,
    ),
    Printed(
        "sideways",
        "SELECT sum(rows_accepted) FROM exchange_job WHERE partner_level = 'CITY'",
        "1.97",
        2,
        100_000_000,
        scales=True,
    ),
    Printed("tables", "SELECT sum(table_count) FROM dataset", "2.2", 1, 10_000),
    Printed("rows held", "SELECT sum(row_count) FROM dataset", "79", 0, 100_000_000),
    Printed("execution", _EXECUTION, "99.28", 2),
    Printed("spent", "SELECT sum(amount) FROM payment", "143788.29", 2, 1_000_000),
    Printed("accidents", "SELECT coalesce(sum(dead), 0) FROM accident WHERE year(occurred_at) = {year}", "0"),
)
HUADU = (
    Printed("stock", _AT_END, "248506", scales=True),
    Printed("stock growth", f"SELECT (({_AT_END}) * 1.0 / ({_BEFORE}) - 1) * 100", "11.97", 2),
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
    Printed("annual reports", _RATE, "94.68", 2),
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
    Printed("pass rate", _PASSED, "97.2", 1),
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
    Printed("pledged", _PLEDGED.replace("{which}", "{year}"), "21.56", 2, 10_000_000_000),
    Printed(
        "awards won", "SELECT count(*) FROM ip_award WHERE level = 'NATIONAL' AND due_amount = 15000000", "2"
    ),
    Printed("awards paid", "SELECT sum(paid_amount) FROM ip_award", "0"),
    Printed("execution", _EXECUTION, "99.75", 2),
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

# how near the whole numbers of a small city can come to a ratio: half a record of the denominator
_COARSE = {"0.01": Decimal("0.15"), "0.05": Decimal("0.1")}


def _rounded(value: object, printed: Printed) -> Decimal:
    exact = Fraction(str(value)) / printed.divided_by
    unit = Fraction(1, 10**printed.places)
    return Decimal(int((abs(exact) + unit / 2) / unit)).scaleb(-printed.places) * (1 if exact >= 0 else -1)


def _check(city: Made, printed: Printed, scale: str) -> None:
    value = city.value(printed.sql, before=city.year - 1)
    if not printed.scales:
        found = _rounded(value, printed)
        wanted = Decimal(printed.value)
        is_ratio = "100.0" in printed.sql or "* 100" in printed.sql or "* 1000" in printed.sql
        slack = _COARSE.get(scale, Decimal(0)) if is_ratio else Decimal(0)
        assert abs(found - wanted) <= slack, (printed.name, value)
        return
    whole = Decimal(printed.value) * printed.divided_by * Decimal(scale)
    # what is printed may be rounded; the records have the exact number the profile chose within that
    slack = Decimal(printed.divided_by) * Decimal(scale) / (2 * 10**printed.places) + Decimal("0.5")
    if printed.divided_by == 1:
        assert Decimal(value) == whole.quantize(Decimal(1), ROUND_HALF_UP), printed.name
    else:
        assert abs(Decimal(value) - whole) <= slack + 100, (printed.name, value)


@pytest.mark.parametrize("scale", ["0.01", pytest.param("0.05", marks=pytest.mark.slow)])
@pytest.mark.parametrize("printed", HUADU, ids=lambda each: each.name)
def test_huadu_gives_its_printed_figures(make_city: Maker, printed: Printed, scale: str) -> None:
    _check(make_city("huadu-2023", scale), printed, scale)


@pytest.mark.parametrize("scale", ["0.01", pytest.param("0.05", marks=pytest.mark.slow)])
@pytest.mark.parametrize("printed", GUANGZHOU, ids=lambda each: each.name)
def test_guangzhou_gives_its_printed_figures(make_city: Maker, printed: Printed, scale: str) -> None:
    _check(make_city("guangzhou-2021", scale), printed, scale)


@pytest.mark.slow
@pytest.mark.parametrize("printed", HUADU, ids=lambda each: each.name)
def test_huadu_at_full_size_is_exact(make_city: Maker, printed: Printed) -> None:
    _check(make_city("huadu-2023", "1"), printed, "1")

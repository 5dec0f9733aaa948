"""The generated records give the printed figures of Guangzhou 2021. Plain SQL, written beside the definitions of indicators, not from them.

Every expected value is read off the report.
"""

import pytest
from printed_figures import AT_END, BEFORE, EXECUTION, PASSED, PLEDGED, RATE, Printed, check
from tests.synthesis.conftest import Maker

_INVENTIONS = "SELECT count(*) FROM patent WHERE kind = 'INV' AND granted_on <= '{day}' AND (lapsed_on IS NULL OR lapsed_on > '{day}')"

GUANGZHOU = (
    Printed("stock", AT_END, "303.77", 2, 10_000, scales=True),
    Printed("stock growth", f"SELECT (({AT_END}) * 1.0 / ({BEFORE}) - 1) * 100", "12.65", 2),
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
    Printed("annual reports", RATE, "97.65", 2),
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
    Printed("pass rate", PASSED, "98.03", 2),
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
    Printed("pledged", PLEDGED.replace("{which}", "{year}"), "91.23", 2, 10_000_000_000),
    Printed(
        "pledged growth",
        f"SELECT (({PLEDGED.replace('{which}', '{year}')}) * 1.0 / ({PLEDGED.replace('{which}', '{before}')}) - 1) * 100",
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
    Printed("execution", EXECUTION, "99.28", 2),
    Printed("spent", "SELECT sum(amount) FROM payment", "143788.29", 2, 1_000_000),
    Printed("accidents", "SELECT coalesce(sum(dead), 0) FROM accident WHERE year(occurred_at) = {year}", "0"),
)


@pytest.mark.parametrize("scale", ["0.01", pytest.param("0.05", marks=pytest.mark.slow)])
@pytest.mark.parametrize("printed", GUANGZHOU, ids=lambda each: each.name)
def test_guangzhou_gives_its_printed_figures(make_city: Maker, printed: Printed, scale: str) -> None:
    check(make_city("guangzhou-2021", scale), printed, scale)

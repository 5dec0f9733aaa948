"""The shipped ledgers: readable, complete, consistent with one another, and strict where a record is wrong."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import duckdb
import pytest

from zhunsheng.expressions.evaluation import Surroundings, evaluate
from zhunsheng.expressions.nodes import Column
from zhunsheng.expressions.parsing import Scope, parse
from zhunsheng.expressions.types import Type
from zhunsheng.kernel.citation import Evidence
from zhunsheng.ledgers.definition import LedgerDefinition, field_type
from zhunsheng.ledgers.field import FieldType, Level
from zhunsheng.store.definition_files import definitions_directory, source_titles
from zhunsheng.store.ledger_files import ledger_codes, ledger_of, load_ledger

# chapter by chapter, from the compact schema of the handbook
EXPECTED = {
    0: "area org staff calendar deadline_rule population code_list evidence indicator_def indicator_target"
    " indicator_value",
    1: "market_entity entity_tag registration_event opening_case opening_item seal_set e_licence guide_contact",
    2: "annual_report_due annual_report publicity_item",
    3: "check_item target_frame frame_row conflict check_plan check_task draw_log check_record",
    4: "risk_indicator risk_score abnormal_listing serious_listing penalty_notice_letter credit_repair"
    " white_list coop_profile",
    5: "intake complaint report pledge odr_case",
    6: "lead case_file officer_score reconsideration fair_review pyramid_event",
    7: "food_sample food_sample_item food_disposal rapid_test rapid_test_daily trace_batch trace_event"
    " trace_query cold_lot duty_assignment duty_visit bright_kitchen",
    8: "equipment equip_inspection hidden_danger rescue accident drill exam",
    9: "product_sample product_followup risk_monitoring essential_drug adverse_event major_incident"
    " no_incident_statement",
    10: "std_project std_grant std_declaration std_check std_pilot measuring_instrument verification_task"
    " comparison_project cert_check quality_grade quality_award",
    11: "patent trademark tm_review_task ip_pledge ip_project ip_fund_investment ip_award",
    12: "ad_media ad_creative ad_exposure_daily ad_monitor_day net_subject net_task net_scan net_clue",
    13: "market upgrade_project market_technician",
    14: "system outage ticket exchange_job dataset search_log",
    15: "budget_line budget_change payment carry_over performance_item procurement fixed_asset stocktake"
    " disclosure institution_doc",
    16: "survey survey_response training training_attendance deliverable",
}
# further ledgers that the chapters or the indicators need
MORE = {
    0: "inspector",
    1: "opening_gift",
    7: "obliged_category food_operator food_check",
    10: "cert_body cert_org",
    13: "market_stall market_check",
    15: "performance_filing",
}
CODES = ledger_codes()
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def _ledger(code: str) -> LedgerDefinition:
    found = ledger_of(code)
    assert found is not None, code
    return found


def test_every_ledger_of_the_handbook_is_shipped_in_its_chapter() -> None:
    expected = {code: chapter for chapter, codes in EXPECTED.items() for code in codes.split()}
    expected |= {code: chapter for chapter, codes in MORE.items() for code in codes.split()}
    assert {code: _ledger(code).chapter for code in CODES} == expected
    assert len(CODES) == len(list((definitions_directory() / "ledgers").iterdir()))


@pytest.mark.parametrize("code", CODES)
def test_a_ledger_is_read_without_problems(code: str) -> None:
    ledger, problems = load_ledger(code)
    assert [f"{each.place} {each.what}" for each in problems] == []
    assert ledger is not None
    assert ledger.code == code
    for text in (ledger.label, ledger.description):
        assert _CHINESE.search(text)
    assert ledger.label_en.isascii()


@pytest.mark.parametrize("code", CODES)
def test_references_lead_to_ledgers_with_one_key_of_text(code: str) -> None:
    for field in _ledger(code).references:
        target = ledger_of(field.target)
        assert target is not None, f"{field.name} to {field.target}"
        assert len(target.key) == 1, f"{field.name} to {field.target}"
        assert target.by_name[target.key[0]].type is FieldType.TEXT, f"{field.name} to {field.target}"


@pytest.mark.parametrize("code", CODES)
def test_a_stamped_field_has_the_type_of_what_it_is_read_from(code: str) -> None:
    ledger = _ledger(code)
    for field in ledger.fields:
        if field.stamped:
            source = field_type(ledger, field.stamped, ledger_of)
            assert source == field.value_type, field.name


@pytest.mark.parametrize("code", CODES)
def test_labels_are_chinese_and_lead_to_one_field(code: str) -> None:
    named: dict[str, str] = {}
    for field in _ledger(code).fields:
        assert _CHINESE.search(field.label), field.name
        for member, label in field.members.items():
            assert _CHINESE.search(label), f"{field.name} {member}"
        assert len(set(field.members.values())) == len(field.members), field.name
        for heading in (field.label, field.name, *field.aliases):
            assert heading.lower() not in named, f"{heading}: {named.get(heading.lower())} and {field.name}"
            named[heading.lower()] = field.name


def _sql_words() -> set[str]:
    """Words that an engine does not take as a plain name; the engine is asked."""
    with duckdb.connect() as engine:
        asked = "SELECT keyword_name FROM duckdb_keywords() WHERE keyword_category <> 'unreserved'"
        rows = engine.execute(asked).fetchall()
    return {row[0] for row in rows} | {
        "user",
        "from",
        "to",
        "on",
        "start",
        "end",
        "group",
        "class",
    }


@pytest.mark.parametrize("code", CODES)
def test_every_field_can_stand_in_an_expression(code: str) -> None:
    ledger = _ledger(code)
    words = _sql_words()
    kinds: dict[tuple[str, ...], Type] = {(each.name,): each.value_type for each in ledger.fields}
    scope = Scope(kinds.get)
    for field in ledger.fields:
        assert re.fullmatch(r"[a-z][a-z0-9_]*", field.name), field.name
        assert field.name not in words, field.name
        columns = parse(f"{field.name} IS NOT NULL AND NOT {field.name} IS NULL", scope).columns
        assert columns == (Column((field.name,), field.value_type),)


@pytest.mark.parametrize("code", CODES)
def test_everything_asked_of_a_record_is_said_in_chinese_and_has_a_source(code: str) -> None:
    ledger = _ledger(code)
    titles = source_titles()
    assert ledger.source.document in titles
    for check in ledger.checks:
        assert _CHINESE.search(check.message), check.code
        assert check.remedy.endswith("。"), check.code
        assert not check.message.endswith("。"), check.code
        assert check.fields, check.code
        assert check.source.document in titles, check.code
        assert check.source.evidence is not Evidence.UNKNOWN, check.code
        assert check.holds.columns, check.code


@pytest.mark.parametrize("code", CODES)
def test_a_record_with_only_its_required_fields_breaks_no_check_on_others(code: str) -> None:
    """What is not known is no fault unless a rule says that it must be known."""
    ledger = _ledger(code)
    for check in ledger.checks:
        mentioned = {each.path[0] for each in check.holds.columns}
        if mentioned & {each.name for each in ledger.fields if each.required}:
            continue
        value = evaluate(check.holds.root, {}, Surroundings())
        assert value is not False or check.code == "check_plan.ratio_or_count"


@pytest.mark.parametrize("code", CODES)
def test_deadlines_run_between_dates(code: str) -> None:
    ledger = _ledger(code)
    days = {FieldType.DATE, FieldType.TIME}
    for deadline in ledger.deadlines:
        assert re.fullmatch(r"[A-Z]{3}-\d+", deadline.rule)
        assert ledger.by_name[deadline.start].type in days
        assert ledger.by_name[deadline.done].type in days
        for name in (deadline.pauses, deadline.extensions):
            assert not name or ledger.by_name[name].type is FieldType.JSON


def test_informants_and_complainants_are_protected() -> None:
    assert _ledger("report").by_name["informant"].privacy.value == "P3"
    assert _ledger("complaint").by_name["complainant"].privacy.value == "P2"
    assert _ledger("intake").by_name["text"].privacy.value == "P2"


def test_no_amount_of_money_is_a_plain_number() -> None:
    for code in CODES:
        for field in _ledger(code).fields:
            if field.unit == "元" or field.name in {"amount", "fine", "price", "cost", "initial"}:
                assert field.type is FieldType.MONEY, f"{code}.{field.name}"


def _broken(code: str, record: dict[str, Any]) -> set[str]:
    """The names of the checks that do not hold."""
    ledger = _ledger(code)
    assert set(record) <= set(ledger.by_name), set(record) - set(ledger.by_name)
    around = Surroundings(due=lambda day, _rule: day)
    return {
        check.code.split(".")[1]
        for check in ledger.checks
        if evaluate(check.holds.root, record, around) is False
    }


_DAY = date(2023, 6, 1)
_LATER = date(2023, 6, 20)


def _at(hour: int, minute: int = 0, second: int = 0) -> datetime:
    return datetime(2023, 6, 1, hour, minute, second)  # noqa: DTZ001 - ledgers keep local time


_NOON = _at(12)
_BAD: tuple[tuple[str, dict[str, Any], str], ...] = (
    ("market_entity", {"uscc": "92440114MA9X0002XU", "entity_class": "ENT"}, "class_fits_uscc"),
    ("market_entity", {"established_on": _LATER, "status_on": _DAY}, "status_after_establishment"),
    ("registration_event", {"tolerant": False, "tolerant_missing": ["租赁合同"]}, "missing_only_if_tolerant"),
    ("opening_item", {"selected": True, "started_at": _NOON, "finished_at": _DAY}, "finished_after_started"),
    ("seal_set", {"kinds": ["OFFICIAL"], "delivered_at": _NOON}, "few_seals_delivered"),
    ("annual_report", {"report_year": 2023, "submitted_at": _NOON}, "year_before_submission"),
    ("annual_report", {"report_year": 2021, "established_on": date(2022, 1, 4)}, "entity_existed"),
    (
        "publicity_item",
        {"formed_at": _NOON, "published_at": _at(9)},
        "published_after_formed",
    ),
    ("check_record", {"staff_ids": ["S01"], "result_codes": ["01"]}, "two_inspectors"),
    ("check_record", {"result_codes": ["01", "02"]}, "code_01_alone"),
    ("check_record", {"cause": "DRAWN"}, "drawn_has_task"),
    ("draw_log", {"committed_at": _NOON, "public_known_at": _NOON}, "committed_before_public"),
    ("abnormal_listing", {"in_on": _LATER, "out_on": _DAY}, "out_after_in"),
    ("coop_profile", {"members": 10, "farmer_members": 7}, "four_fifths_farmers"),
    ("complaint", {"decision": "REFUSE"}, "ground_if_refused"),
    ("complaint", {"received_on": _DAY, "decided_on": _LATER, "closed_on": _DAY}, "closed_after_decided"),
    (
        "complaint",
        {"claimed_amount": Decimal("88.00"), "recovered_amount": Decimal("880000.00")},
        "recovered_not_in_other_unit",
    ),
    ("case_file", {"procedure": "GENERAL"}, "general_has_filing"),
    ("case_file", {"notice_on": _LATER, "decision_on": _DAY}, "notice_before_decision"),
    ("case_file", {"officers": ["S01"]}, "two_officers"),
    ("case_file", {"penalty_kinds": ["WARNING"], "published_on": _DAY}, "warning_not_published"),
    ("fair_review", {"issued_on": _DAY}, "issued_after_review"),
    ("food_sample", {"conclusion": "FAIL", "report_on": _DAY}, "fail_names_items"),
    ("food_sample", {"received_on": _LATER, "report_on": _DAY}, "report_after_received"),
    ("food_sample", {"lab_id": "L1", "retest_lab": "L1"}, "retest_in_other_lab"),
    ("food_disposal", {"stock": Decimal("5.000"), "destroyed": Decimal("5.001")}, "destroyed_within_found"),
    ("rapid_test", {"result": "POS", "action": "DESTROY"}, "positive_has_quantity"),
    ("trace_query", {"success": True, "fail_reason": "TIMEOUT"}, "reason_only_on_failure"),
    ("duty_visit", {"problems": 1, "corrected": 2, "done_on": _DAY}, "corrected_within_problems"),
    (
        "equip_inspection",
        {"equip_state": "SCRAPPED", "equip_state_on": _DAY, "done_on": _LATER},
        "not_after_scrapping",
    ),
    ("hidden_danger", {"found_on": _LATER, "closed_on": _DAY}, "closed_after_found"),
    ("rescue", {"alarm_at": _NOON, "arrive_at": _NOON}, "plausible_wait"),
    (
        "rescue",
        {"kind": "ENTRAPMENT", "alarm_at": _NOON, "freed_at": _at(14)},
        "accident_candidate",
    ),
    ("accident", {"dead": 10, "level": "LARGER"}, "ten_dead"),
    ("exam", {"applied": 40, "seated": 41}, "seated_within_applied"),
    ("product_sample", {"verdict": "FAIL", "report_on": _DAY, "sampled_on": _DAY}, "fail_has_kind"),
    ("essential_drug", {"approval_no": "国药准字H4402001"}, "approval_form"),
    ("adverse_event", {"known_on": _DAY, "reported_on": _LATER, "limit_days": 15}, "reported_in_time"),
    ("std_project", {"std_no": "T/GZBC 1-2021", "level": "NAT"}, "level_fits_number"),
    ("measuring_instrument", {"last_verified": _LATER, "next_due": _DAY}, "next_after_last"),
    ("ip_award", {"due_amount": Decimal(300000), "paid_amount": Decimal(0)}, "unpaid_has_reason"),
    ("ad_creative", {"verdict": "CONFIRMED", "severity": "SERIOUS"}, "confirmed_has_clause"),
    ("upgrade_project", {"acceptance": "PASS", "clean": True, "tidy": False}, "pass_on_four_heads"),
    ("market_technician", {"on_site_days": 0}, "has_attendance"),
    ("outage", {"starts_at": _NOON, "ends_at": _NOON}, "ends_after_start"),
    ("exchange_job", {"rows_sent": 10, "rows_accepted": 9, "rows_rejected": 2}, "parts_within_sent"),
    ("budget_change", {"kind": "CUT", "amount": Decimal(3000000)}, "sign_fits_kind"),
    ("payment", {"refund_of": "P1", "amount": Decimal(5)}, "sign_fits_refund"),
    ("procurement", {"contract_signed_on": _LATER, "contract_filed_on": _DAY}, "signed_before_filed"),
    ("procurement", {"intention_on": _DAY, "tender_on": date(2023, 6, 30)}, "intention_thirty_days"),
    ("fixed_asset", {"state": "IN_USE", "disposed_on": _DAY}, "in_use_not_disposed"),
    ("deliverable", {"accepted": True}, "accepted_has_day"),
)


@pytest.mark.parametrize(("code", "record", "name"), _BAD, ids=[f"{each[0]}-{each[2]}" for each in _BAD])
def test_a_wrong_record_is_found(code: str, record: dict[str, Any], name: str) -> None:
    assert name in _broken(code, record)


_GOOD: tuple[tuple[str, dict[str, Any]], ...] = (
    ("market_entity", {"uscc": "91440101MA9X00011C", "entity_class": "ENT", "name": "甲公司"}),
    (
        "check_record",
        {"staff_ids": ["S01", "S02"], "result_codes": ["02", "13"], "cause": "SPECIAL", "problems": 2},
    ),
    ("complaint", {"decision": "REFUSE", "decided_on": _DAY, "received_on": _DAY, "refusal_ground": 6}),
    ("case_file", {"procedure": "SIMPLE", "officers": ["S01", "S02"], "penalty_kinds": ["WARNING"]}),
    (
        "food_sample",
        {"conclusion": "PASS", "report_on": _LATER, "received_on": _DAY, "samplers": ["S01", "S02"]},
    ),
    (
        "rescue",
        {"kind": "ENTRAPMENT", "persons": 1, "alarm_at": _NOON, "arrive_at": _at(12, 11, 6)},
    ),
    ("std_project", {"std_no": "DB4401/T 1-2021", "level": "CITY"}),
    ("essential_drug", {"approval_no": "国药准字H44020001"}),
    ("coop_profile", {"members": 10, "farmer_members": 8}),
    ("payment", {"refund_of": "P1", "amount": Decimal(-5), "paid_on": _DAY, "budget_year": 2023}),
    ("procurement", {"intention_on": _DAY, "tender_on": date(2023, 7, 1), "sme_reserved": False}),
    ("accident", {"dead": 9, "level": "LARGER"}),
)


@pytest.mark.parametrize(("code", "record"), _GOOD, ids=[each[0] for each in _GOOD])
def test_a_right_record_passes(code: str, record: dict[str, Any]) -> None:
    assert _broken(code, record) == set()


def _computed(code: str, name: str, record: dict[str, Any]) -> Any:
    field = _ledger(code).by_name[name]
    assert field.computed is not None
    return evaluate(field.computed.root, record, Surroundings(due=lambda _day, rule: rule))  # type: ignore[arg-type,return-value] # shows which rule is asked


def test_computed_fields() -> None:
    rescue = {
        "alarm_at": _NOON,
        "arrive_at": _at(12, 11, 6),
        "freed_at": _at(12, 16, 30),
    }
    # 11.1 and 5.4 minutes
    assert _computed("rescue", "wait_seconds", rescue) == 666
    assert _computed("rescue", "work_seconds", rescue) == 324
    assert (
        _computed("food_sample", "final_conclusion", {"conclusion": "FAIL", "retest_result": "PASS"})
        == "PASS"
    )
    assert _computed("food_sample", "final_conclusion", {"conclusion": "FAIL"}) == "FAIL"
    assert _computed("product_sample", "final_verdict", {}) is None
    assert _computed("annual_report", "all_zero", {"assets": Decimal(0)}) is True
    assert _computed("annual_report", "all_zero", {"tax": Decimal("0.01")}) is False
    assert _computed("complaint", "accepted_on", {"decision": "REFUSE", "decided_on": _DAY}) is None
    assert _computed("complaint", "accepted_on", {"decision": "ACCEPT", "decided_on": _DAY}) == _DAY
    assert _computed("publicity_item", "due_on", {"info_kind": "PENALTY", "formed_at": _NOON}) == "PEN-1"
    assert _computed("publicity_item", "due_on", {"info_kind": "LICENCE", "formed_at": _NOON}) == "PUB-1"
    assert _computed("publicity_item", "due_on", {"info_kind": "ANNUAL", "formed_at": _NOON}) is None
    assert _computed("seal_set", "kind_count", {"kinds": ["OFFICIAL", "FINANCE"]}) == 2
    assert _computed("survey_response", "satisfied", {"score": 4}) is True
    assert _computed("survey_response", "satisfied", {"score": 3}) is False
    assert _computed("std_project", "standard_key", {"proj_id": "P", "project_no": "20210001"}) == "20210001"


@pytest.mark.parametrize(
    ("domain", "severity", "days"),
    [
        ("COSMETIC", "SOCIAL", 3),
        ("COSMETIC", "SERIOUS", 15),
        ("COSMETIC", "GENERAL", 30),
        ("ADR", "DEATH", 0),
        ("ADR", "NEW", 15),
        ("ADR", "GENERAL", 30),
        ("DEVICE", "DEATH", 7),
        ("DEVICE", "SERIOUS", 20),
        ("DEVICE", "GENERAL", None),
    ],
)
def test_the_time_to_report_a_reaction(domain: str, severity: str, days: int | None) -> None:
    assert _computed("adverse_event", "limit_days", {"domain": domain, "severity": severity}) == days


def test_levels_say_what_happens_to_the_record() -> None:
    """An order of dates is beyond doubt; a size out of proportion is for a person to look at."""
    levels = {check.code: check.level for code in CODES for check in _ledger(code).checks}
    assert levels["procurement.award_before_signing"] is Level.REJECT
    assert levels["rescue.plausible_wait"] is Level.QUARANTINE
    assert levels["annual_report.assets_below_liabilities"] is Level.WARN

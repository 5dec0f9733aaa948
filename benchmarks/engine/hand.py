"""The hand-written script: every query as somebody who knows the ledgers would write it, of the same design.

Integer keys, marks of referred records as bitmaps, one pass over a ledger, different entities by bitmap. Nothing of the
product is used; the list of files and the highest surrogates are handed in.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import duckdb

Values: TypeAlias = dict[tuple[str, str], Any]
"""By indicator and measure; whole numbers of the smallest unit; a mean as (sum, number)."""

LEDGERS = frozenset(
    {
        "ad_exposure_daily",
        "ad_monitor_day",
        "annual_report",
        "annual_report_due",
        "check_record",
        "complaint",
        "credit_repair",
        "equip_inspection",
        "equipment",
        "food_check",
        "food_operator",
        "food_sample",
        "guide_contact",
        "market_entity",
        "net_scan",
        "net_subject",
        "patent",
        "publicity_item",
        "rapid_test",
        "rapid_test_daily",
        "registration_event",
        "report",
        "rescue",
        "seal_set",
        "trace_query",
        "trademark",
    }
)
"""The big ledgers: from 100,000 rows at full scale, and the food samples and rescues."""

Files: TypeAlias = Mapping[str, Sequence[Path]]


def hand_values(files: Files, highest: Mapping[str, int], year: int, memory_limit: str = "1GB") -> Values:
    """All measures of the benchmark for one year.

    Args:
        files: of each ledger.
        highest: the highest surrogate of each ledger that others point to.
        year: calendar year.
        memory_limit: of the engine.
    """
    with duckdb.connect(":memory:", config={"memory_limit": memory_limit, "threads": 2}) as connection:
        return _Script(connection, files, highest, year).all()


class _Script:
    def __init__(
        self, connection: duckdb.DuckDBPyConnection, files: Files, highest: Mapping[str, int], year: int
    ) -> None:
        self.connection = connection
        self.files = files
        self.highest = highest
        self.year = year
        self.values: Values = {}

    def read(self, ledger: str) -> str:
        listed = ", ".join(f"'{each}'" for each in self.files[ledger])
        return f"read_parquet([{listed}], hive_partitioning = false)"

    def row(self, text: str) -> tuple[Any, ...]:
        found = self.connection.execute(text).fetchone()
        if found is None:
            raise ValueError(text)
        return found

    def during(self, column: str, shift: int = 0) -> str:
        year = self.year + shift
        return f"{column} >= DATE '{year}-01-01' AND {column} < DATE '{year + 1}-01-01'"

    def bits(self, column: str, ledger: str) -> str:
        return f"bitstring_agg({column}, 0, {max(self.highest[ledger], 1)})"

    def take(self, indicator: str, **values: object) -> None:
        for name, value in values.items():
            self.values[indicator, name] = value or 0

    def all(self) -> Values:
        self.publicity()
        self.advertisements()
        self.entities()
        self.annual_reports()
        self.registrations()
        self.rapid_tests()
        self.complaints()
        self.checks()
        self.food()
        self.equipment()
        self.patents()
        self.others()
        return self.values

    def publicity(self) -> None:
        (items,) = self.row(
            f"SELECT count(*) FROM {self.read('publicity_item')} WHERE {self.during('published_at')}"
        )
        self.take("publicity_items", items=items)

    def advertisements(self) -> None:
        self.connection.execute(
            f"CREATE TEMP TABLE confirmed AS SELECT {self.bits('_id', 'ad_creative')}"
            f" FILTER (WHERE verdict = 'CONFIRMED') AS marks FROM {self.read('ad_creative')}"
        )
        shown, bits = self.read("ad_exposure_daily"), self.bits("creative_id", "ad_creative")
        exposures, before, creatives = self.row(
            f"SELECT sum(exposures) FILTER (WHERE now), sum(exposures) FILTER (WHERE before),"
            f" bit_count({bits} FILTER (WHERE now))"
            f" FROM (SELECT exposures, creative_id, {self.during('shown_on')} AS now,"
            f" {self.during('shown_on', -1)} AS before FROM {shown})"
        )
        # the confirmed ones are rare, so they get a pass of their own
        illegal, illegal_before, illegal_creatives = self.row(
            f"SELECT sum(exposures) FILTER (WHERE {self.during('shown_on')}),"
            f" sum(exposures) FILTER (WHERE {self.during('shown_on', -1)}),"
            f" bit_count({bits} FILTER (WHERE {self.during('shown_on')}))"
            f" FROM {shown}, confirmed WHERE get_bit(marks, creative_id) = 1"
        )
        self.take("ad_exposures", exposures=exposures)
        self.take("illegal_ad_creative_rate", illegal=illegal_creatives, creatives=creatives)
        self.take("illegal_ad_exposure_rate", illegal=illegal, exposures=exposures)
        self.take(
            "illegal_ad_exposure_rate_change",
            illegal=illegal,
            exposures=exposures,
            illegal_before=illegal_before,
            exposures_before=before,
        )

    def entities(self) -> None:
        gone = "reg_status IN ('DEREGISTERED', 'CANCELLED', 'MIGRATED_OUT', 'REVOKED')"
        after, start = f"DATE '{self.year + 1}-01-01'", f"DATE '{self.year}-01-01'"
        entered, left, entered_before, left_before = self.row(
            f"SELECT count(*) FILTER (WHERE established_on < {after}),"
            f" count(*) FILTER (WHERE gone AND status_on < {after}),"
            f" count(*) FILTER (WHERE established_on < {start}),"
            f" count(*) FILTER (WHERE gone AND status_on < {start})"
            f" FROM (SELECT established_on, status_on, {gone} AS gone FROM {self.read('market_entity')})"
        )
        self.take("live_entities", entered=entered, left=left)
        self.take(
            "live_entities_growth",
            entered=entered,
            left=left,
            entered_before=entered_before,
            left_before=left_before,
        )

    def annual_reports(self) -> None:
        (filed,) = self.row(
            f"SELECT bit_count({self.bits('entity_id', 'market_entity')}) FROM {self.read('annual_report')}"
            f" WHERE submitted_at < DATE '{self.year + 1}-01-01' AND report_year = {self.year - 1} AND version = 1"
            f" AND entity_class = 'ENT' AND NOT coalesce(late, month(submitted_at) > 6)"
        )
        (due,) = self.row(
            f"SELECT count(*) FROM {self.read('annual_report_due')} WHERE report_year = {self.year - 1}"
            f" AND excluded_reason IS NULL AND entity_class = 'ENT'"
        )
        self.take("annual_report_rate", filed=filed, due=due)

    def registrations(self) -> None:
        events = self.read("registration_event")
        established, enterprises, before, online, tolerant = self.row(
            "SELECT count(*) FILTER (WHERE now), count(*) FILTER (WHERE now AND entity_class = 'ENT'),"
            " count(*) FILTER (WHERE before),"
            " count(*) FILTER (WHERE now AND entity_class = 'ENT' AND channel = 'ONLINE'),"
            " count(*) FILTER (WHERE now AND tolerant)"
            f" FROM (SELECT entity_class, channel, tolerant, {self.during('decided_at')} AS now,"
            f" {self.during('decided_at', -1)} AS before FROM {events}"
            " WHERE kind = 'ESTABLISH' AND result = 'GRANTED')"
        )
        (ended,) = self.row(
            f"SELECT bit_count({self.bits('entity_id', 'market_entity')}) FROM {events}"
            " WHERE kind IN ('DEREGISTER', 'SIMPLE_DEREGISTER', 'REVOKE', 'CANCEL') AND result = 'GRANTED'"
            f" AND {self.during('decided_at')}"
        )
        self.take("new_entities", established=established)
        self.take("new_entities_growth", established=established, established_before=before)
        self.take("new_enterprises", established=enterprises)
        self.take("online_establishment_rate", online=online, established=enterprises)
        self.take("tolerant_registration_rate", tolerant=tolerant, established=established)
        self.take("ended_entities", ended=ended)

    def rapid_tests(self) -> None:
        single, positive, handled, uploaded, destroyed = self.row(
            "SELECT count(*), count(*) FILTER (WHERE positive), count(*) FILTER (WHERE positive AND acted),"
            " count(*) FILTER (WHERE same_day), sum(destroyed) FILTER (WHERE positive)"
            " FROM (SELECT result = 'POS' AS positive, action IS NOT NULL AS acted, destroyed,"
            " CAST(uploaded_at AS DATE) = CAST(tested_at AS DATE) AS same_day"
            f" FROM {self.read('rapid_test')} WHERE {self.during('tested_at')})"
        )
        summed, summed_uploaded = self.row(
            f"SELECT sum(tests), sum(tests) FILTER (WHERE uploaded) FROM {self.read('rapid_test_daily')}"
            f" WHERE {self.during('tested_on')}"
        )
        self.take("rapid_tests", single=single, summed=summed)
        self.take("rapid_test_destroyed", destroyed=destroyed)
        self.take("rapid_test_handled_rate", handled=handled, positive=positive)
        self.take(
            "rapid_test_upload_rate",
            single_uploaded=uploaded,
            summed_uploaded=summed_uploaded,
            single=single,
            summed=summed,
        )

    def complaints(self) -> None:
        received, platform, closed, recovered = self.row(
            "SELECT count(*) FILTER (WHERE now), count(*) FILTER (WHERE now AND national_platform),"
            " count(*) FILTER (WHERE now AND national_platform AND closed_on IS NOT NULL),"
            f" sum(recovered_amount) FILTER (WHERE {self.during('closed_on')})"
            f" FROM (SELECT national_platform, closed_on, recovered_amount, {self.during('received_on')} AS now"
            f" FROM {self.read('complaint')})"
        )
        (reports,) = self.row(
            f"SELECT count(*) FROM {self.read('report')} WHERE {self.during('received_on')}"
        )
        self.take("complaints_and_reports", complaints=received, reports=reports)
        self.take("platform_tickets", received=platform)
        self.take("platform_ticket_closing_rate", closed=closed, received=platform)
        self.take("recovered_loss", recovered=recovered)

    def checks(self) -> None:
        drawn, several, repeated = self.row(
            "SELECT count(*) FILTER (WHERE drawn), count(*), count(*) FILTER (WHERE visits >= 2)"
            " FROM (SELECT object_id, bool_or(cause = 'DRAWN') AS drawn,"
            " count(DISTINCT coalesce(joint_visit_id, check_id)) AS visits"
            f" FROM {self.read('check_record')} WHERE {self.during('checked_on')} AND cause IN ('DRAWN', 'SPECIAL')"
            " AND object_id IS NOT NULL GROUP BY object_id)"
        )
        self.take("checked_objects", objects=drawn)
        self.take("repeat_check_rate", repeated=repeated, objects=several)

    def food(self) -> None:
        circulating, passed, judged = self.row(
            "SELECT count(*) FILTER (WHERE stage = 'CIRCULATION' AND level = 'DISTRICT'),"
            " count(*) FILTER (WHERE nature <> 'RISK' AND final_conclusion = 'PASS'),"
            " count(*) FILTER (WHERE nature <> 'RISK' AND final_conclusion IN ('PASS', 'FAIL'))"
            f" FROM {self.read('food_sample')} WHERE {self.during('report_on')}"
        )
        last = f"DATE '{self.year}-12-31'"
        self.connection.execute(
            f"CREATE TEMP TABLE operating AS SELECT {self.bits('_id', 'food_operator')}"
            f" FILTER (WHERE ended_on IS NULL OR ended_on > {last}) AS marks FROM {self.read('food_operator')}"
        )
        visits, checked = self.row(
            f"SELECT count(*), bit_count({self.bits('operator_id', 'food_operator')} & any_value(marks))"
            f" FROM {self.read('food_check')}, operating WHERE {self.during('checked_on')}"
        )
        entered, left = self.row(
            f"SELECT count(*) FILTER (WHERE licensed_on <= {last}), count(*) FILTER (WHERE ended_on <= {last})"
            f" FROM {self.read('food_operator')}"
        )
        self.take("circulation_food_samples", samples=circulating)
        self.take("food_pass_rate", passed=passed, judged=judged)
        self.take("food_check_coverage", visits=visits, entered=entered, left=left)
        self.take("food_check_reach", checked=checked, entered=entered, left=left)

    def equipment(self) -> None:
        done, planned = self.row(
            f"SELECT count(*) FILTER (WHERE done_on <= DATE '{self.year}-12-31'), count(*)"
            f" FROM {self.read('equip_inspection')} WHERE {self.during('due_on')} AND kind = 'SPOT' AND planned"
        )
        (old,) = self.row(
            f"SELECT bit_count({self.bits('equip_id', 'equipment')}) FROM {self.read('equip_inspection')}"
            f" WHERE {self.during('done_on')} AND kind = 'SPOT' AND category = '3000'"
            " AND datesub('year', first_use_on, done_on) >= 15"
        )
        rescues = f"{self.read('rescue')} WHERE {self.during('alarm_at')} AND kind = 'ENTRAPMENT'"
        wait, waits, work, works, in_time, arrived, high = self.row(
            "SELECT sum(wait_seconds), count(wait_seconds), sum(work_seconds), count(work_seconds),"
            " count(*) FILTER (WHERE wait_seconds <= 1800), count(arrive_at), quantile_cont(wait_seconds, 0.95)"
            f" FROM {rescues}"
        )
        self.take("equipment_spot_check_completion", done=done, planned=planned)
        self.take("old_elevator_checks", elevators=old)
        self.take("rescue_arrival_minutes", wait=(wait, waits))
        self.take("rescue_time_saving", wait=(wait, waits))
        self.take("rescue_work_minutes", work=(work, works))
        self.take("rescue_on_time_rate", in_time=in_time, arrived=arrived)
        self.take("rescue_arrival_minutes_p95", wait=high)

    def patents(self) -> None:
        after, start = f"DATE '{self.year + 1}-01-01'", f"DATE '{self.year}-01-01'"
        new, granted, lapsed, granted_before, lapsed_before = self.row(
            f"SELECT count(*) FILTER (WHERE {self.during('granted_on')}),"
            f" count(*) FILTER (WHERE granted_on < {after}), count(*) FILTER (WHERE lapsed_on < {after}),"
            f" count(*) FILTER (WHERE granted_on < {start}), count(*) FILTER (WHERE lapsed_on < {start})"
            f" FROM {self.read('patent')} WHERE kind = 'INV'"
        )
        (marks,) = self.row(
            f"SELECT count(*) FROM {self.read('trademark')} WHERE registered_on < {after}"
            f" AND status <> 'CANCELLED' AND valid_to >= DATE '{self.year}-12-31'"
        )
        self.take("granted_inventions", granted=new)
        self.take("valid_inventions", granted=granted, lapsed=lapsed)
        self.take(
            "valid_invention_growth",
            granted=granted,
            lapsed=lapsed,
            granted_before=granted_before,
            lapsed_before=lapsed_before,
        )
        self.take("valid_trademarks", valid=marks)

    def others(self) -> None:
        contacts, robot, matched = self.row(
            "SELECT count(*), count(*) FILTER (WHERE channel = 'ROBOT'),"
            f" count(*) FILTER (WHERE channel = 'ROBOT' AND matched) FROM {self.read('guide_contact')}"
            f" WHERE {self.during('asked_at')}"
        )
        (granted,) = self.row(
            f"SELECT count(*) FROM {self.read('credit_repair')} WHERE {self.during('decided_on')} AND result = 'GRANTED'"
        )
        kinds = " + ".join(
            f"CAST(list_contains(kinds, '{each}') AS INTEGER)"
            for each in ("OFFICIAL", "FINANCE", "INVOICE", "CONTRACT", "LEGAL_REP")
        )
        entities, smallest = self.row(
            f"SELECT bit_count({self.bits('entity_id', 'market_entity')}), min({kinds})"
            f" FROM {self.read('seal_set')} WHERE free AND {self.during('delivered_at')}"
        )
        queries, successful = self.row(
            f"SELECT count(*), count(*) FILTER (WHERE success) FROM {self.read('trace_query')}"
            f" WHERE {self.during('asked_at')}"
        )
        last = f"DATE '{self.year}-12-31'"
        self.connection.execute(
            f"CREATE TEMP TABLE alive AS SELECT {self.bits('_id', 'net_subject')}"
            f" FILTER (WHERE live OR ended_on > {last}) AS marks,"
            f" count(*) FILTER (WHERE (first_seen IS NULL OR first_seen <= {last}) AND (live OR ended_on > {last}))"
            f" AS subjects FROM {self.read('net_subject')}"
        )
        scanned, subjects = self.row(
            f"SELECT bit_count({self.bits('subject_id', 'net_subject')} & any_value(marks)), any_value(subjects)"
            f" FROM {self.read('net_scan')}, alive WHERE {self.during('scanned_at')}"
        )
        self.take("guide_contacts", contacts=contacts)
        self.take("robot_hit_rate", matched=matched, contacts=robot)
        self.take("credit_repairs", granted=granted)
        self.take("free_seal_entities", entities=entities)
        self.take("free_seal_kinds", smallest=smallest)
        self.take("trace_query_success_rate", queries=queries, successful=successful)
        self.take("online_monitoring_rate", scanned=scanned, subjects=subjects)

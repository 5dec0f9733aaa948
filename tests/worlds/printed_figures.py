"""Printed figures of the two reports and plain SQL that must give them; counts that grow with the city are scaled half-up."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.synthesis.conftest import Made


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
AT_END = _LIVE.replace("{day}", "{year}-12-31")
BEFORE = _LIVE.replace("{day}", "{before}-12-31")
RATE = (
    "SELECT (SELECT count(DISTINCT r.entity_id) FROM annual_report r JOIN market_entity e ON e._id = r.entity_id "
    "WHERE r.report_year = {before} AND r.version = 1 AND e.entity_class = 'ENT' AND submitted_at < DATE '{year}-07-01')"
    " * 100.0 / (SELECT count(*) FROM annual_report_due d JOIN market_entity e ON e._id = d.entity_id "
    "WHERE d.report_year = {before} AND excluded_reason IS NULL AND e.entity_class = 'ENT')"
)
EXECUTION = (
    "SELECT (SELECT sum(amount) FROM payment) * 100.0 / "
    "((SELECT sum(initial) FROM budget_line) + (SELECT sum(amount) FROM budget_change))"
)
PASSED = (
    "SELECT count(*) FILTER (WHERE final_conclusion = 'PASS') * 100.0 / count(*) FROM food_sample "
    "WHERE nature <> 'RISK' AND report_on BETWEEN '{year}-01-01' AND '{year}-12-31' AND final_conclusion IS NOT NULL"
)
PLEDGED = "SELECT sum(amount) FROM ip_pledge WHERE year(registered_on) = {which}"

# how near the whole numbers of a small city can come to a ratio: half a record of the denominator
_COARSE = {"0.01": Decimal("0.15"), "0.05": Decimal("0.1")}


def _rounded(value: object, printed: Printed) -> Decimal:
    exact = Fraction(str(value)) / printed.divided_by
    unit = Fraction(1, 10**printed.places)
    return Decimal(int((abs(exact) + unit / 2) / unit)).scaleb(-printed.places) * (1 if exact >= 0 else -1)


def check(city: "Made", printed: Printed, scale: str) -> None:
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

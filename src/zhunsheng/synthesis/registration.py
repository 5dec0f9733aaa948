"""The register: who exists, since when, until when; the entity rows with their codes."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise

import numpy as np

from zhunsheng.synthesis.amounts import (
    EMPTY,
    Array,
    base_for,
    chosen,
    half_up,
    share_of,
    summing_to,
)
from zhunsheng.synthesis.city import City
from zhunsheng.synthesis.codes import credit_code_columns, credit_code_sql
from zhunsheng.synthesis.columns import Coded, picked
from zhunsheng.synthesis.days import day_number
from zhunsheng.synthesis.entities import CLASSES, COOPERATIVE, ENTERPRISE, FOREIGN_OFFICE, INDIVIDUAL

LIVE, SUSPENDED, REVOKED, DEREGISTERED, CANCELLED, MIGRATED_OUT = range(6)
STATES = ("LIVE", "SUSPENDED", "REVOKED", "DEREGISTERED", "CANCELLED", "MIGRATED_OUT")
_CHUNK = 400_000
_TRADES = (
    "商贸",
    "科技",
    "餐饮管理",
    "服饰",
    "电子商务",
    "建筑工程",
    "物流",
    "美容",
    "食品",
    "信息咨询",
    "皮具",
    "化妆品",
)
_INDUSTRIES = (
    "F5296",
    "F5211",
    "H6210",
    "C1810",
    "I6420",
    "E4813",
    "G5430",
    "O8051",
    "C1411",
    "L7243",
    "C1921",
    "C2682",
)
_TYPES = (np.int8, np.int32, np.int32, np.int8, np.int32, np.int32, np.bool_)
_YUAN_10000 = 1_000_000
"""Ten thousand yuan in fen."""


@dataclass(frozen=True, slots=True)
class Flows:
    """How many entities there are and move.

    `prior + new + back - out - other = stock`; the first three parts of `prior` are by class.
    """

    stock: int
    prior: int
    new: int
    new_enterprises: int
    out: int
    out_enterprises: int
    other: int
    back: int
    due: int
    filed: int
    early_out_enterprises: int

    @property
    def prior_enterprises(self) -> int:
        """Enterprises at the end of the year before: those due to report and those that left before the end of June."""
        return self.due + self.early_out_enterprises


def flows_of(city: City) -> Flows:
    """The numbers of the register at this scale."""
    stock = city.count("registration.stock")
    prior = half_up(Fraction(stock) * 100 / (100 + Fraction(city.share("registration.stock_growth"))))
    new, out = city.count("registration.new_entities"), city.count("registration.out")
    other = city.count("registration.other_out")
    back = stock - prior - new + out + other
    if back < 0:
        # rounding of small scales; a few more leave nobody unexplained
        prior, back = prior + back, 0
    filed = city.count("annual.filed")
    due = base_for(filed, city.share("annual.rate"), 2)
    city.compare("registration.stock_growth", "实有市场主体增长率", (stock - prior, prior))
    city.compare("annual.rate", "企业年报率", (filed, due))
    out_enterprises = city.count("registration.out_enterprises")
    early = share_of(out_enterprises, city.share("registration.out_before_july"))
    return Flows(
        stock,
        prior,
        new,
        city.count("registration.new_enterprises"),
        out,
        out_enterprises,
        other,
        back,
        due,
        filed,
        early,
    )


@dataclass
class Register:
    """The columns of all entities, in the order of their establishment; position 0 is surrogate 1."""

    kind: Array
    office: Array
    founded: Array
    state: Array
    state_on: Array
    ended: Array
    moved: Array
    capital: Array


def make_entities(city: City) -> Flows:
    """Everybody in the register, with a plausible past, and the numbers behind it."""
    flows = flows_of(city)
    random = city.random("market_entity")
    old = _ordered([_past(city, random), _prior(city, flows, random)])
    columns = [
        np.concatenate([a, b]) for a, b in zip(old, _ordered([_fresh(city, flows, random)]), strict=True)
    ]
    del old
    kind, office, founded, state, state_on, ended, moved = columns
    register = Register(kind, office, founded, state, state_on, ended, moved, np.zeros(0, dtype=np.int32))
    _allot_capital(city, register, random)
    entities = city.entities
    entities.office, entities.kind = register.office, register.kind
    entities.founded, entities.ended = register.founded, register.ended
    city.shared["entity_state"] = register.state
    city.shared["moved_in"] = register.moved
    _write(city, register)
    return flows


def _offices(city: City, random: np.random.Generator, size: int) -> Array:
    weights = city.places.office_weights(city.random("office_weights"))
    found: Array = city.places.offices[
        np.searchsorted(np.cumsum(weights), random.random(size) * 0.999999999, side="right")
    ]
    return found


def _founded_before(random: np.random.Generator, size: int, last: int) -> Array:
    """Days of establishment up to a day: more in recent years, on weekdays."""
    ages = np.minimum(random.exponential(6.2 * 365, size), 34 * 365).astype(np.int64)
    days = last - ages
    weekday = (days + 3) % 7
    return np.where(weekday >= 5, days - (weekday - 4), days)


def _past(city: City, random: np.random.Generator) -> list[Array]:
    """Those who left before the year."""
    size = city.count("registration.past_ended")
    ended = city.days.first - 1 - np.minimum(random.exponential(900, size), 4000).astype(np.int64)
    founded = np.minimum(_founded_before(random, size, city.days.first - 40), ended - 30)
    state = np.where(random.random(size) < 0.1, REVOKED, DEREGISTERED)
    kind = np.where(random.random(size) < 0.42, ENTERPRISE, INDIVIDUAL)
    return [kind, _offices(city, random, size), founded, state, ended, ended, np.zeros(size, dtype=bool)]


def _prior(city: City, flows: Flows, random: np.random.Generator) -> list[Array]:
    """The stock at the end of the year before; some of it leaves during the year."""
    size = flows.prior
    cooperatives = min(city.count("registration.cooperatives"), size // 8)
    offices = city.count("registration.foreign_offices")
    enterprises = min(flows.prior_enterprises, size - cooperatives - offices)
    individuals = size - enterprises - cooperatives - offices
    kind = np.repeat(
        [ENTERPRISE, INDIVIDUAL, COOPERATIVE, FOREIGN_OFFICE],
        [enterprises, individuals, cooperatives, offices],
    )
    founded = _founded_before(random, size, city.days.first - 1)
    _fill_year_before(city, random, founded)
    state = np.full(size, LIVE)
    ended = np.full(size, EMPTY)
    state_on = founded.copy()
    _leave_enterprises(city, flows, random, enterprises, (state, ended))
    left = flows.out - flows.out_enterprises
    some = enterprises + random.choice(individuals, min(left, individuals), replace=False)
    state[some] = np.where(random.random(len(some)) < 0.035, REVOKED, DEREGISTERED)
    ended[some] = city.days.draw(random, len(some), city.days.office)[random.permutation(len(some))]
    gone = ended != EMPTY
    state_on[gone] = ended[gone]
    if city.year >= 2022:
        idle = np.flatnonzero(~gone & (random.random(size) < 0.0004))
        state[idle] = SUSPENDED
        state_on[idle] = city.days.draw(random, len(idle), city.days.office)
    return [kind, _offices(city, random, size), founded, state, state_on, ended, np.zeros(size, dtype=bool)]


def established_before(city: City) -> int:
    """How many were established in the year before, by the printed growth; 0 where none is printed."""
    if not city.has("registration.new_growth"):
        return 0
    new = city.count("registration.new_entities")
    return half_up(Fraction(new) * 100 / (100 + Fraction(city.share("registration.new_growth"))))


def _fill_year_before(city: City, random: np.random.Generator, founded: Array) -> None:
    """Enough of the stock come from the year before to be counted as its new ones."""
    start = city.days.first - 365
    missing = established_before(city) - int((founded >= start).sum())
    if missing > 0:
        older = np.flatnonzero(founded < start)
        moved = older[random.permutation(len(older))[:missing]]
        founded[moved] = start + random.integers(0, 360, len(moved))


def _leave_enterprises(
    city: City, flows: Flows, random: np.random.Generator, enterprises: int, into: tuple[Array, Array]
) -> None:
    state, ended = into
    leavers = random.choice(enterprises, flows.out_enterprises + flows.other, replace=False)
    june = city.days.office.copy()
    july = city.days.office.copy()
    turn = city.days.day(7, 1) - city.days.first
    june[turn:], july[:turn] = 0, 0
    early = flows.early_out_enterprises
    late = flows.out_enterprises - early + flows.other
    ended[leavers] = np.concatenate([city.days.draw(random, early, june), city.days.draw(random, late, july)])
    regular = leavers[: flows.out_enterprises]
    online = min(city.count("registration.platform_deregistrations"), flows.out_enterprises)
    state[regular] = np.where(chosen(random, len(regular), online), DEREGISTERED, REVOKED)
    # now and then a registration is annulled; it counts among those revoked
    annulled = regular[state[regular] == REVOKED][::200]
    state[annulled] = CANCELLED
    state[leavers[flows.out_enterprises :]] = MIGRATED_OUT


def _fresh(city: City, flows: Flows, random: np.random.Generator) -> list[Array]:
    """Those established in the year, and those who moved in."""
    cooperatives = min(city.count("registration.new_cooperatives"), flows.new - flows.new_enterprises)
    individuals = flows.new - flows.new_enterprises - cooperatives
    moved = share_of(flows.back, Fraction(7, 10))
    counts = [flows.new_enterprises, individuals, cooperatives, moved, flows.back - moved]
    kind = np.repeat([ENTERPRISE, INDIVIDUAL, COOPERATIVE, ENTERPRISE, INDIVIDUAL], counts)
    size = len(kind)
    founded = city.days.draw(random, size, city.days.office)
    random.shuffle(founded)
    moved_in = np.arange(size) >= flows.new
    return [
        kind,
        _offices(city, random, size),
        founded,
        np.full(size, LIVE),
        founded,
        np.full(size, EMPTY),
        moved_in,
    ]


def _ordered(groups: list[list[Array]]) -> list[Array]:
    # small types: there may be tens of millions of entities
    columns = [
        np.concatenate([each.astype(kind) for each in parts])
        for parts, kind in zip(zip(*groups, strict=True), _TYPES, strict=True)
    ]
    groups.clear()
    order = np.argsort(columns[2], kind="stable")
    return [each[order] for each in columns]


def _allot_capital(city: City, register: Register, random: np.random.Generator) -> None:
    """Registered capital of enterprises, in ten thousand yuan; to a printed total where the report has one."""
    firm = register.kind == ENTERPRISE
    usual = np.array([10, 30, 50, 100, 200, 500, 1000, 3000, 10000], dtype=np.int32)
    bounds = np.cumsum([0.13, 0.11, 0.16, 0.27, 0.1, 0.13, 0.07, 0.02])
    capital = usual[np.searchsorted(bounds, random.random(len(firm)), side="right").astype(np.int8)]
    total = city.count("registration.capital") // 10_000
    if total:
        growth = Fraction(city.share("registration.capital_growth"))
        before = half_up(Fraction(total) * 100 / (100 + growth))
        old = firm & (register.founded < city.days.first)
        ended_before = register.ended < city.days.first
        gone = old & (register.ended != EMPTY) & ~ended_before
        stayed = old & (register.ended == EMPTY)
        fresh = firm & (register.founded >= city.days.first)
        leaving = int(capital[gone].sum())
        staying = before - leaving
        capital[stayed] = summing_to(staying, capital[stayed], least=1)
        capital[fresh] = summing_to(total - staying, capital[fresh], least=1)
    register.capital = np.where(firm, capital, -1).astype(np.int32)


def _write(city: City, register: Register) -> None:
    size = len(register.kind)
    fresh = int(np.searchsorted(register.founded, city.days.first))
    edges = list(range(0, fresh, _CHUNK))
    if size - fresh > _CHUNK // 4:
        starts = np.searchsorted(register.founded, city.days.month_starts)
        edges += [int(each) for each in starts[:12]]
    else:
        edges.append(fresh)
    edges = [*sorted(set(edges)), size]
    for start, end in pairwise(edges):
        _write_part(city, register, slice(start, end))


def _write_part(city: City, register: Register, part: slice) -> None:
    kind, office, founded = (
        register.kind[part],
        register.office[part],
        register.founded[part].astype(np.int64),
    )
    capital = register.capital[part].astype(np.int64)
    size = len(kind)
    random = city.random(f"market_entity/{part.start}")
    draft = city.draft("market_entity", size)
    is_old = founded < day_number(date(2015, 10, 1))
    legacy = (kind == INDIVIDUAL) & is_old & (random.random(size) < 0.06)
    branch = (kind == ENTERPRISE) & (random.random(size) < 0.07)
    nameless = (kind == INDIVIDUAL) & (random.random(size) < 0.03)
    form = _type_codes(random, kind, branch)
    codes = credit_code_columns(draft.ids, kind, city.places.district_code[office], is_old)
    body = np.where(kind == INDIVIDUAL, office, city.places.bureau_of_office[office])
    trade = random.integers(0, len(_TRADES), size)
    draft.put(
        **{f"x_{name}": values for name, values in codes.items()},
        x_legacy=legacy,
        x_trade=trade,
        x_nameless=nameless,
        uscc=f"CASE WHEN x_legacy THEN NULL ELSE {credit_code_sql()} END",
        legacy_reg_no="CASE WHEN x_legacy THEN x_area || lpad((x_id % 1000000000)::VARCHAR, 9, '0') END",
        name=(
            "CASE WHEN x_nameless THEN NULL ELSE '合成' || x_id || "
            f"{picked(_TRADES, 'x_trade')} || {_FORM_NAMES} END"
        ),
        entity_class=Coded(kind, CLASSES),
        is_branch=branch,
        entity_type_code=Coded(form, _TYPE_CODES),
        industry_code=Coded(trade, _INDUSTRIES),
        registered_capital=np.where(capital >= 0, capital * _YUAN_10000, EMPTY),
        currency=f"CASE WHEN registered_capital <> {EMPTY} THEN 'CNY' END",
        domicile_area=city.places.area_of_org[office],
        address="'合成路' || (x_id % 997 + 1) || '号之' || (x_id % 89 + 1)",
        operating_from=founded,
        legal_rep_name="'合成人员' || (x_id % 999983)",
        established_on=founded,
        approved_on=founded,
        reg_org=body,
        reg_status=Coded(register.state[part], STATES),
        status_on=register.state_on[part].astype(np.int64),
        area_code=city.places.area_of_org[office],
        evidence_ids=None,
    )
    city.write(draft)


_TYPE_CODES = ("1100", "1200", "3000", "4500", "5000", "6000", "2000", "9500", "9100", "7000")
_FORM_NAMES = "CASE WHEN x_class = 2 THEN '店' WHEN x_class = 3 THEN '专业合作社' ELSE '有限公司' END"


def _type_codes(random: np.random.Generator, kind: Array, branch: Array) -> Array:
    form = np.searchsorted(np.cumsum([0.86, 0.02, 0.02, 0.06, 0.02]), random.random(len(kind)), side="right")
    form = np.where(branch, 6, form)
    form = np.where(kind == INDIVIDUAL, 7, form)
    form = np.where(kind == COOPERATIVE, 8, form)
    return np.where(kind == FOREIGN_OFFICE, 9, form)

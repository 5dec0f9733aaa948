"""Markets with their stalls, upgrades, technicians and checks."""

import numpy as np

from zhunsheng.synthesis.amounts import EMPTY, Array, split
from zhunsheng.synthesis.city import City
from zhunsheng.synthesis.columns import Coded, picked
from zhunsheng.synthesis.entities import ENTERPRISE, distinct

GROUPS = ("VEG", "FRUIT", "MEAT", "AQUATIC", "EGG", "OTHER")
_FEWEST = 4
_WAN = 1_000_000


def make_markets(city: City) -> None:
    """All that belongs to markets."""
    random = city.random("market")
    markets = max(city.count("food.markets"), _FEWEST)
    supers = max(city.count("markets.supermarkets"), 1)
    rural = city.count("markets.rural_stalls")
    size = markets + supers + rural
    kind = np.concatenate(
        [np.where(np.arange(markets) % 17 == 0, 0, 1), np.full(supers, 2), np.full(rural, 3)]
    )
    duty = np.arange(size) < markets + supers
    key_markets = min(max(city.count("markets.key_markets"), 1), markets)
    labs = min(max(city.count("markets.key_labs"), 1), key_markets)
    is_key = np.arange(size) < key_markets
    opener = distinct(random, city.pool(ENTERPRISE), size).astype(np.int64)
    if len(opener) < size:
        opener = np.resize(opener, size)
    stalls = np.select([kind == 0, kind == 1, kind == 2], [180, 55, 12], 14) + random.integers(0, 9, size)
    opened = city.days.first - random.integers(400, 6000, size)
    draft = city.draft("market", size)
    draft.put(
        opener_id=opener,
        name="'合成' || x_id || " + picked(("农贸市场", "肉菜市场", "综合市场"), "x_id"),
        kind=Coded(kind, ("WHOLESALE", "RETAIL", "SUPERMARKET", "RURAL_STALLS")),
        opened_on=opened,
        stalls=stalls,
        floor_area=stalls * (900 + random.integers(0, 800, size)),
        is_key=is_key,
        self_test_duty=duty,
        lab_accepted_on=np.where(np.arange(size) < labs, city.days.first - 90, EMPTY),
        open_days=np.where(duty, city.days.count, EMPTY),
        org_code=city.office_of(opener),
    )
    city.write(draft)
    city.shared["market_duty"] = np.flatnonzero(duty) + 1
    city.shared["market_office"] = city.office_of(opener)
    city.shared["market_weight"] = stalls.astype(np.float64)
    _write_stalls(city, stalls, opened)
    _write_upgrades(city, markets)
    _write_technicians(city, markets)
    _write_checks(city, size)


def _write_stalls(city: City, stalls: Array, opened: Array) -> None:
    random = city.random("market_stall")
    market = np.repeat(np.arange(len(stalls)), stalls)
    size = len(market)
    city.shared["stall_first"] = np.concatenate([[1], 1 + np.cumsum(stalls)[:-1]])
    city.shared["stall_count"] = stalls
    draft = city.draft("market_stall", size)
    draft.put(
        market_id=market + 1,
        stall_no="'T' || x_id",
        operator_id=np.where(
            random.random(size) < 0.7, city.pool(1)[random.integers(0, len(city.pool(1)), size)], 0
        ),
        product_group=Coded(random.integers(0, 6, size), GROUPS),
        valid_from=opened[market] + random.integers(0, 300, size),
        org_code=city.shared["market_office"][market],
        evidence_ids=None,
    )
    city.write(draft)


def _write_upgrades(city: City, markets: int) -> None:
    """Upgrades of the year: finished before the printed day, accepted on all four heads."""
    random = city.random("upgrade_project")
    size = city.count("markets.upgrades")
    due = city.whole("markets.upgrade_due")
    planned = city.days.day(due // 100 % 100, due % 100)
    actual = planned - random.integers(2, 70, size)
    accepted = np.minimum(actual + random.integers(1, 15, size), city.days.last)
    approved = split(city.fen("markets.subsidy"), 0.5 + random.random(size))
    draft = city.draft("upgrade_project", size)
    draft.put(
        market_id=1 + np.arange(size) % markets,
        year=city.year,
        scope_items=Coded(np.arange(size) % 2, (("给排水", "地面"), ("照明", "档位", "标识"))),
        planned_end=np.full(size, planned),
        actual_end=actual,
        acceptance_on=accepted,
        clean=True,
        tidy=True,
        safe=True,
        orderly=True,
        acceptance="'PASS'",
        cost=(40 + random.integers(0, 300, size)) * _WAN,
        subsidy_approved=approved,
        subsidy_paid=approved,
        org_code=city.shared["market_office"][np.arange(size) % markets],
    )
    city.write(draft)


def _write_technicians(city: City, markets: int) -> None:
    size = city.count("markets.technicians")
    random = city.random("market_technician")
    market = np.arange(size) % markets
    draft = city.draft("market_technician", size)
    required = np.full(size, 250)
    draft.put(
        market_id=market + 1,
        person="'合成技术员' || x_id",
        contract_from=np.full(size, city.days.first),
        contract_to=np.full(size, city.days.last),
        qualification="'食品检验员'",
        required_days=required,
        on_site_days=236 + random.integers(0, 14, size),
        org_code=city.shared["market_office"][market],
    )
    city.write(draft)


def _write_checks(city: City, markets: int) -> None:
    random = city.random("market_check")
    size = max(markets * 4, 24)
    market = random.integers(0, markets, size)
    problems = np.where(random.random(size) < 0.2, 1 + random.integers(0, 3, size), 0)
    draft = city.draft("market_check", size)
    draft.put(
        market_id=market + 1,
        checked_on=city.days.draw(random, size, city.days.office),
        topic=Coded(random.integers(0, 5, size), ("SCALES", "PRICE_TAGS", "HYGIENE", "TESTS", "OTHER")),
        checked_count=10 + random.integers(0, 60, size),
        problems=problems,
        corrected=problems,
        org_code=city.shared["market_office"][market],
    )
    city.write(draft)

"""Rapid tests in markets with their daily counters, the cold chain."""

import numpy as np

from zhunsheng.synthesis.amounts import EMPTY, Array, half_up, split, summing_to
from zhunsheng.synthesis.city import City
from zhunsheng.synthesis.columns import Coded, numbered, picked
from zhunsheng.synthesis.days import DAY_SECONDS
from zhunsheng.synthesis.entities import ENTERPRISE, skewed
from zhunsheng.synthesis.markets import GROUPS

_GROUP_SHARES = (0.46, 0.15, 0.14, 0.14, 0.05, 0.06)
_PRODUCTS = (
    ("合成菜心", "合成豆角", "合成番茄"),
    ("合成苹果", "合成柑橘", "合成香蕉"),
    ("合成猪肉", "合成牛肉", "合成鸡肉"),
    ("合成草鱼", "合成鲫鱼", "合成虾"),
    ("合成鸡蛋", "合成鸭蛋", "合成鹌鹑蛋"),
    ("合成豆腐", "合成干货", "合成米粉"),
)
_TESTS = ("农药残留", "农药残留", "瘦肉精", "孔雀石绿", "氟苯尼考", "二氧化硫")
_LAST_REGULATED_YEAR = 2022
_FIRST_HOUR = 5


def make_rapid_tests(city: City) -> None:
    """Tests of a year: some are kept one by one, others come as sums by market, day and group; none in both.

    Every obliged market reports sums on every day; what is positive is kept one by one. All results are uploaded
    on the day.
    """
    total = city.count("food.rapid_tests")
    counts = city.days.monthly(total, city.days.every_day)
    positives = split(half_up(city.share("food.positive_rate") * total), counts)
    grams = split(city.thousandths("food.destroyed_kg"), positives)
    short = 0
    for month in range(12):
        random = city.random(f"rapid_test/{month}")
        least = int(positives[month])
        market_days = len(city.shared["market_duty"]) * int(np.diff(city.days.month_starts)[month])
        summed = max(half_up(city.share("food.summed_tests") * int(counts[month])), market_days)
        summed = min(summed, int(counts[month]) - least)
        market, day = _places(city, random, summed, month)
        short += max(market_days - summed, 0)
        _write_daily(city, random, market, day)
        singles = int(counts[month]) - summed
        start, end = int(city.days.month_starts[month]), int(city.days.month_starts[month + 1])
        places = (_markets(city, random, singles), start + random.integers(0, end - start, singles))
        _write_singles(city, random, places, least, int(grams[month]))
    if short:
        city.note(f"快检批次太少，有 {short} 个市场日没有自检")


def _markets(city: City, random: np.random.Generator, count: int) -> Array:
    """Obliged markets by size."""
    duty = city.shared["market_duty"]
    weights = city.shared["market_weight"][duty - 1]
    found: Array = duty[
        np.searchsorted(np.cumsum(weights / weights.sum()), random.random(count) * 0.999999999, side="right")
    ]
    return found


def _places(city: City, random: np.random.Generator, count: int, month: int) -> tuple[Array, Array]:
    """Markets and days: each obliged market on each day once, the rest by size."""
    duty = city.shared["market_duty"]
    start, end = int(city.days.month_starts[month]), int(city.days.month_starts[month + 1])
    days = np.arange(start, end)
    market = np.tile(duty, len(days))
    day = np.repeat(days, len(duty))
    if count < len(market):
        keep = np.sort(random.choice(len(market), count, replace=False))
        return market[keep], day[keep]
    extra = count - len(market)
    return (
        np.concatenate([market, _markets(city, random, extra)]),
        np.concatenate([day, start + random.integers(0, end - start, extra)]),
    )


def _groups(random: np.random.Generator, size: int) -> Array:
    return np.searchsorted(np.cumsum(_GROUP_SHARES[:-1]), random.random(size), side="right")


def _write_singles(
    city: City, random: np.random.Generator, places: tuple[Array, Array], positives: int, grams: int
) -> None:
    market, day = places
    size = len(market)
    group = _groups(random, size)
    positive = np.zeros(size, dtype=bool)
    positive[random.choice(size, positives, replace=False)] = True
    destroyed = np.full(size, EMPTY)
    if positives:
        destroyed[positive] = summing_to(grams, random.lognormal(0, 0.9, positives))
    tested = (
        day * DAY_SECONDS + _FIRST_HOUR * 3600 + (random.beta(1.4, 2.6, size) * 12 * 3600).astype(np.int64)
    )
    product = group * 3 + random.integers(0, 3, size)
    stall = city.shared["stall_first"][market - 1] + random.integers(
        0, city.shared["stall_count"][market - 1]
    )
    upload = tested + random.integers(300, 4 * 3600, size)
    draft = city.draft("rapid_test", size)
    draft.put(
        market_id=market,
        x_stall=stall,
        stall_id=city.key("market_stall", "x_stall"),
        product=Coded(product, tuple(each for group_products in _PRODUCTS for each in group_products)),
        product_group=Coded(group, GROUPS),
        test_item=Coded(group, _TESTS),
        kit_batch="'K' || (x_id % 400)",
        tested_at=tested,
        result=Coded(positive.astype(np.int8), ("NEG", "POS")),
        uploaded_at=upload,
        published_at=upload + 600,
        quantity=np.where(positive, destroyed + random.integers(0, 3_000, size), EMPTY),
        action=Coded(np.where(positive, np.where(destroyed > 0, 1, 0), -1), ("STOP_SALE", "DESTROY")),
        destroyed=destroyed,
        org_code=city.shared["market_office"][market - 1],
        evidence_ids=None,
    )
    city.write(draft)


def _write_daily(city: City, random: np.random.Generator, market: Array, day: Array) -> None:
    """Negative tests summed by market, day and group."""
    cells = (market.astype(np.int64) * 100_000 + day) * 8 + _groups(random, len(market))
    found, tests = np.unique(cells, return_counts=True)
    owner = found // 8 // 100_000
    draft = city.draft("rapid_test_daily", len(found))
    draft.put(
        market_id=owner,
        tested_on=found // 8 % 100_000,
        product_group=Coded(found % 8, GROUPS),
        tests=tests,
        positives=0,
        uploaded=True,
        org_code=city.shared["market_office"][owner - 1],
        evidence_ids=None,
    )
    city.write(draft)


def make_cold_chain(city: City) -> None:
    """Imported frozen lots; the positive ones are stopped with the printed weight."""
    random = city.random("cold_lot")
    positives = city.whole("food.cold_positive")
    lots = max(city.count("food.cold_lots"), positives + 20)
    is_positive = np.arange(lots) < positives
    weight = 4_000 + random.integers(0, 24_000, lots)
    if positives:
        grams = half_up(city.share("food.cold_positive_tonnes") * 1000)
        weight[:positives] = summing_to(grams, 0.6 + random.random(positives))
    regulated = city.year <= _LAST_REGULATED_YEAR
    arrived = city.days.draw(random, lots, city.days.every_day)[random.permutation(lots)] * DAY_SECONDS
    arrived += random.integers(6 * 3600, 22 * 3600, lots)
    tested = arrived + random.integers(3600, 20 * 3600, lots)
    importer = skewed(random, city.pool(ENTERPRISE), lots, 6.0).astype(np.int64)
    draft = city.draft("cold_lot", lots)
    draft.put(
        importer_id=importer,
        customs_no=numbered("BG", "x_id", 12),
        container_no=numbered("GX", "x_id", 8),
        product=picked(("合成冻虾", "合成冻牛肉", "合成冻猪脚", "合成冻鱼"), "x_id"),
        weight=weight,
        first_store="'合成集中监管仓'",
        booked_at=arrived - DAY_SECONDS,
        in_at=arrived,
        test_at=np.where(regulated, tested, EMPTY),
        test_result=Coded(np.where(regulated, is_positive, -1), ("NEG", "POS")),
        disinfected=np.where(regulated, weight // 20, EMPTY),
        out_cert=f"CASE WHEN NOT x_positive THEN {numbered('CK', 'x_id', 9)} END",
        x_positive=is_positive,
        out_at=np.where(is_positive, EMPTY, tested + 2 * DAY_SECONDS),
        destination=picked(("合成超市", "合成批发市场", "合成餐饮配送"), "x_id"),
        handling=Coded(np.where(is_positive, 0, -1), ("封存并无害化处理",)),
        org_code=city.office_of(importer),
        evidence_ids=None,
    )
    city.write(draft)

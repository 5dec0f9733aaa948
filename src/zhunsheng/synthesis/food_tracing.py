"""Tracing of farm produce, the two responsibilities, open kitchens."""

from datetime import date

import numpy as np

from zhunsheng.synthesis.amounts import EMPTY, Array, chosen, coded_by_share, half_up, split
from zhunsheng.synthesis.city import City
from zhunsheng.synthesis.codes import trade_item_numbers
from zhunsheng.synthesis.columns import Coded, numbered
from zhunsheng.synthesis.days import any_hour, optional
from zhunsheng.synthesis.entities import ENTERPRISE, skewed

_NAMES = ("叶菜", "瓜果", "根茎", "豆类", "菌菇", "水果", "猪肉", "牛肉", "禽肉", "蛋")
_QUARTERS = 4


def make_tracing(city: City) -> None:
    """Categories, batches, their events, queries."""
    size = city.count("food.categories")
    draft = city.draft("obliged_category", size + 4)
    names = tuple(f"{_NAMES[each % 10]}{each // 10 + 1}" for each in range(size + 4))
    everything = np.arange(size + 4)
    draft.put(
        category=Coded(everything, tuple(f"C{each + 1:02}" for each in everything)),
        name=Coded(everything, names),
        obliged=everything < size,
        valid_from=date(2019, 1, 1),
    )
    city.write(draft)
    _write_batches(city)
    _write_queries(city)


def _write_batches(city: City) -> None:
    random = city.random("trace_batch")
    live = city.count("food.categories_live")
    size = max(city.count("food.trace_batches"), live * 4)
    category = np.concatenate([np.arange(live), random.integers(0, live, size - live)])
    made = city.days.draw(random, size, city.days.every_day)[random.permutation(size)]
    producer = skewed(random, city.pool(ENTERPRISE), size, 5.0).astype(np.int64)
    draft = city.draft("trace_batch", size)
    draft.put(
        gtin="x_gtin::VARCHAR",
        x_gtin=trade_item_numbers(producer),
        lot=numbered("L", "x_id", 8),
        category=category + 1,
        producer_id=producer,
        quantity=random.integers(20_000, 2_000_000, size),
        uom="'公斤'",
        made_on=made,
        valid_to=made + 30 + random.integers(0, 300, size),
        org_code=city.office_of(producer),
        evidence_ids=None,
    )
    city.write(draft)
    events = np.repeat(np.arange(size), 3)
    step = np.tile(np.arange(3), size)
    draft = city.draft("trace_event", len(events))
    draft.put(
        batch_id=events + 1,
        event_type=Coded(np.where(step == 2, 1, 0), ("OBJECT", "TRANSACTION")),
        event_time=any_hour(random, np.minimum(made[events] + step, city.days.last)),
        action=Coded(np.minimum(step, 1), ("ADD", "OBSERVE")),
        biz_step=Coded(step, ("commissioning", "shipping", "receiving")),
        disposition=Coded(step, ("active", "in_transit", "in_progress")),
        read_point=Coded(step, ("合成基地", "合成批发市场", "合成农贸市场")),
        payload="'{}'",
        org_code=city.office_of(producer[events]),
        evidence_ids=None,
    )
    city.write(draft)


def _write_queries(city: City) -> None:
    random = city.random("trace_query")
    size = city.count("food.trace_queries")
    day = city.days.draw(random, size, city.days.online)
    month = city.days.month_of(day)
    success = np.zeros(size, dtype=bool)
    counts = np.bincount(month, minlength=12)
    good = split(half_up(city.share("food.trace_success") * size), counts)
    for each in range(12):
        mine = np.flatnonzero(month == each)
        success[mine[chosen(random, len(mine), int(good[each]))]] = True
    draft = city.draft("trace_query", size)
    draft.put(
        asked_at=any_hour(random, day),
        code=numbered("690", "(x_id * 7919 % 1000000007)", 10),
        category=1 + random.integers(0, city.count("food.categories"), size),
        channel=Coded((random.random(size) < 0.17).astype(np.int8), ("SCAN", "TYPE")),
        success=success,
        fail_reason=Coded(
            np.where(success, -1, coded_by_share(random, size, [0.5, 0.3, 0.18, 0.02])),
            ("UNKNOWN_CODE", "NO_DATA", "TIMEOUT", "COUNTERFEIT"),
        ),
        ms=60 + random.gamma(2.0, 90.0, size).astype(np.int64),
        evidence_ids=None,
    )
    city.write(draft)


def make_duties(city: City) -> None:
    """Officials answer for operators: visits due and done, problems found and corrected."""
    random = city.random("duty_assignment")
    operators = city.shared["food_operator_entity"]
    size = min(max(city.count("food.duty_assignments"), 20), len(operators))
    who = operators[random.permutation(len(operators))[:size]]
    level = coded_by_share(random, size, [0.02, 0.08, 0.4, 0.5])
    draft = city.draft("duty_assignment", size)
    draft.put(
        operator_id=who,
        level=Coded(level, ("A", "B", "C", "D")),
        official="'合成包保干部' || (x_id % 600)",
        valid_from=np.full(size, city.days.first),
        org_code=city.office_of(who),
        evidence_ids=None,
    )
    city.write(draft)
    rounds = np.where(level <= 1, 2, _QUARTERS)
    _write_visits(city, random, np.repeat(np.arange(size), rounds), who)


def _write_visits(city: City, random: np.random.Generator, assignment: Array, operators: Array) -> None:
    size = len(assignment)
    number = np.arange(size) - np.searchsorted(assignment, assignment, side="left")
    total = np.searchsorted(assignment, assignment, side="right") - np.searchsorted(
        assignment, assignment, side="left"
    )
    ends = np.array([city.days.day(month, 28) for month in (3, 6, 9, 12)])
    due = ends[(number + 1) * _QUARTERS // total - 1]
    done = due - random.integers(1, 70, size)
    problem = chosen(random, size, half_up(city.share("food.duty_discovery") * size))
    found = np.flatnonzero(problem)
    fixed = chosen(random, len(found), half_up(city.share("food.duty_corrected") * len(found)))
    corrected = np.zeros(size, dtype=np.int64)
    corrected[found[fixed]] = 1
    draft = city.draft("duty_visit", size)
    draft.put(
        assign_id=assignment + 1,
        due_on=due,
        done_on=done,
        problems=problem.astype(np.int64),
        corrected=corrected,
        corrected_on=optional(np.minimum(done + random.integers(1, 20, size), due), corrected > 0),
        org_code=city.office_of(operators[assignment]),
        evidence_ids=None,
    )
    city.write(draft)


def make_kitchens(city: City) -> None:
    """Open kitchens: schools, central kitchens and caterers."""
    random = city.random("bright_kitchen")
    operators = city.shared["food_operator_entity"]
    size = min(max(city.count("food.kitchens"), 12), len(operators))
    who = operators[random.permutation(len(operators))[:size]]
    kind = coded_by_share(random, size, [0.2, 0.02, 0.03, 0.75])
    draft = city.draft("bright_kitchen", size)
    draft.put(
        operator_id=who,
        kind=Coded(kind, ("SCHOOL", "CENTRAL_KITCHEN", "MEAL_DELIVERY", "CATERING")),
        mode=Coded(random.integers(0, 3, size), ("GLASS", "VIDEO", "INTERNET")),
        obliged=kind < 3,
        camera_points=2 + random.integers(0, 8, size),
        accepted_on=np.where(
            (kind < 3) | (random.random(size) < 0.8), city.days.first + random.integers(0, 300, size), EMPTY
        ),
        online_rate=9_000 + random.integers(0, 1_001, size),
        org_code=city.office_of(who),
        evidence_ids=None,
    )
    city.write(draft)

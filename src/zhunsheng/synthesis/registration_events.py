"""Registration events of the year: establishing, changing, leaving, moving in."""

from datetime import date

import numpy as np

from zhunsheng.synthesis.amounts import EMPTY, Array, chosen, share_of
from zhunsheng.synthesis.city import City
from zhunsheng.synthesis.columns import Coded
from zhunsheng.synthesis.days import DAY_SECONDS, day_number, office_hours, optional
from zhunsheng.synthesis.entities import ENTERPRISE, skewed
from zhunsheng.synthesis.registration import (
    CANCELLED,
    DEREGISTERED,
    MIGRATED_OUT,
    REVOKED,
    Flows,
    established_before,
)

KINDS = (
    "ESTABLISH",
    "CHANGE",
    "DEREGISTER",
    "SIMPLE_DEREGISTER",
    "REVOKE",
    "CANCEL",
    "MIGRATE_IN",
    "MIGRATE_OUT",
)
_ESTABLISH, _CHANGE, _DEREGISTER, _SIMPLE, _REVOKE, _CANCEL, _MOVE_IN, _MOVE_OUT = range(8)
_CHANGED: tuple[tuple[str, ...], ...] = (
    ("住所",),
    ("经营范围",),
    ("法定代表人",),
    ("股东", "注册资本"),
    ("名称",),
    ("经营范围", "住所"),
)
_MISSING: tuple[tuple[str, ...], ...] = (("住所证明",), ("股东会决议",), ("身份证明复印件",))


def make_events(city: City, flows: Flows) -> None:
    """All events, month by month."""
    entities = city.entities
    moved = city.shared["moved_in"]
    fresh = np.flatnonzero(entities.founded >= city.days.first)
    established = fresh[~moved[fresh]]
    month_of = city.days.month_of(entities.founded[established])
    firm = entities.kind[established] == ENTERPRISE
    online = np.zeros(len(established), dtype=bool)
    total = int(firm.sum())
    random = city.random("registration_event")
    online[np.flatnonzero(firm)] = chosen(
        random, total, share_of(total, city.share("registration.online_share") / 100)
    )
    city.compare("registration.online_share", "网办率", (int(online.sum()), total))
    online[~firm] = random.random(len(established) - total) < 0.87
    tolerant = chosen(
        random, len(established), share_of(len(established), city.share("registration.tolerant_share") / 100)
    )
    city.compare("registration.tolerant_share", "容缺登记率", (int(tolerant.sum()), len(established)))
    _write_year_before(city)
    leaving = np.flatnonzero((entities.ended >= city.days.first) & (entities.ended <= city.days.last))
    leaving_month = city.days.month_of(entities.ended[leaving])
    changes = city.days.monthly(city.count("registration.changes"), city.days.office)
    other_changes = city.days.monthly(flows.new // 8, city.days.office)
    pool = entities.living(city.days.first, city.days.last)
    firms = entities.living(city.days.first, city.days.last, ENTERPRISE)
    for month in range(12):
        chance = city.random(f"registration_event/{month}")
        mine = month_of == month
        _write_established(city, chance, established[mine], online[mine], tolerant[mine])
        arrived = fresh[moved[fresh]]
        _write_others(
            city,
            chance,
            np.concatenate(
                [
                    leaving[leaving_month == month],
                    arrived[city.days.month_of(entities.founded[arrived]) == month],
                ]
            ),
        )
        changing = np.concatenate(
            [skewed(chance, firms, int(changes[month])), skewed(chance, pool, int(other_changes[month]))]
        )
        _write_changes(city, chance, changing, int(changes[month]), month)


def _write_established(
    city: City, random: np.random.Generator, who: Array, online: Array, tolerant: Array
) -> None:
    size = len(who)
    decided = office_hours(random, city.entities.founded[who])
    complete = decided - random.integers(600, 5 * 3600, size)
    applied = complete - np.minimum(random.exponential(9000, size), 5 * DAY_SECONDS).astype(np.int64)
    fixed = decided + random.integers(1, 20, size) * DAY_SECONDS
    draft = city.draft("registration_event", size)
    draft.put(
        entity_id=who + 1,
        kind="'ESTABLISH'",
        channel=Coded(np.where(online, 0, 1 + (random.random(size) < 0.3)), ("ONLINE", "WINDOW", "MIXED")),
        applied_at=applied,
        complete_at=complete,
        decided_at=decided,
        result="'GRANTED'",
        tolerant=tolerant,
        tolerant_missing=Coded(np.where(tolerant, random.integers(0, 3, size), -1), _MISSING),
        tolerant_fixed_at=optional(fixed, tolerant),
        org_code=_bodies(city, who),
    )
    city.write(draft)


def _write_year_before(city: City) -> None:
    """The new ones of the year before, where a growth is printed to compare with."""
    wanted = established_before(city)
    if not wanted:
        return
    random = city.random("registration_event/before")
    founded = city.entities.founded
    start = day_number(date(city.year - 1, 1, 1))
    known = np.flatnonzero((founded >= start) & (founded < city.days.first))
    if len(known) < wanted:
        city.note(f"上年新登记 {len(known)} 户，按增长率应为 {wanted} 户")
    who = np.sort(known[random.permutation(len(known))[:wanted]])
    _write_established(city, random, who, random.random(len(who)) < 0.9, np.zeros(len(who), dtype=bool))


def _write_others(city: City, random: np.random.Generator, who: Array) -> None:
    """Leaving and moving in; the state an entity ended in tells which."""
    size = len(who)
    state = city.shared["entity_state"][who]
    ended = city.entities.ended[who].astype(np.int64)
    day = np.where(ended == EMPTY, city.entities.founded[who], ended)
    simple = random.random(size) < 0.62
    kind = np.select(
        [
            ended == EMPTY,
            state == REVOKED,
            state == CANCELLED,
            state == MIGRATED_OUT,
            (state == DEREGISTERED) & simple,
        ],
        [_MOVE_IN, _REVOKE, _CANCEL, _MOVE_OUT, _SIMPLE],
        _DEREGISTER,
    )
    decided = office_hours(random, day)
    complete = decided - random.integers(600, 2 * 3600, size)
    applied = complete - random.integers(60, 3 * DAY_SECONDS, size)
    draft = city.draft("registration_event", size)
    draft.put(
        entity_id=who + 1,
        kind=Coded(kind, KINDS),
        channel=Coded((random.random(size) < 0.22).astype(np.int8), ("ONLINE", "WINDOW")),
        applied_at=applied,
        complete_at=complete,
        decided_at=decided,
        result="'GRANTED'",
        tolerant=False,
        org_code=_bodies(city, who),
    )
    city.write(draft)


def _write_changes(city: City, random: np.random.Generator, who: Array, enterprises: int, month: int) -> None:
    size = len(who)
    who = who.astype(np.int64) - 1
    day = city.days.draw(random, size, city.days.office, month)[random.permutation(size)]
    decided = office_hours(random, day)
    complete = decided - random.integers(600, 2 * 3600, size)
    applied = complete - random.integers(60, 2 * DAY_SECONDS, size)
    # most file within thirty days of the resolution, a few do not
    fact = applied // DAY_SECONDS - np.minimum(random.exponential(9, size), 70).astype(np.int64)
    refused = (np.arange(size) >= enterprises) & (random.random(size) < 0.01)
    draft = city.draft("registration_event", size)
    draft.put(
        entity_id=who + 1,
        kind="'CHANGE'",
        channel=Coded((random.random(size) < 0.35).astype(np.int8), ("ONLINE", "WINDOW")),
        fact_on=fact,
        applied_at=applied,
        complete_at=complete,
        decided_at=decided,
        result=Coded(refused.astype(np.int8), ("GRANTED", "REFUSED")),
        changed_items=Coded(random.integers(0, len(_CHANGED), size), _CHANGED),
        tolerant=False,
        org_code=_bodies(city, who),
    )
    city.write(draft)


def _bodies(city: City, who: Array) -> Array:
    return city.entities.office[who].astype(np.int64)

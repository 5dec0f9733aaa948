"""Opening an enterprise: the one-stop case with its steps, seals, free gifts, electronic licence, advice, tags."""

import numpy as np

from zhunsheng.synthesis.amounts import EMPTY, Array, chosen, coded_by_share, share_of
from zhunsheng.synthesis.city import City
from zhunsheng.synthesis.columns import Coded, numbered
from zhunsheng.synthesis.days import DAY_SECONDS, any_hour, office_hours, optional
from zhunsheng.synthesis.entities import ENTERPRISE, INDIVIDUAL, distinct, skewed

_ITEMS = ("LICENCE", "SEAL", "TAX", "SOCIAL", "FUND", "BANK")
_CHOSEN = (1.0, 0.66, 0.71, 0.42, 0.23, 0.31)
_SEALS = ("OFFICIAL", "FINANCE", "INVOICE", "CONTRACT", "LEGAL_REP")
_HALF_DAY = 4 * 3600


def make_openings(city: City) -> None:
    """Everything that belongs to enterprises established in the year."""
    entities = city.entities
    fresh = np.flatnonzero(
        (entities.founded >= city.days.first) & (entities.kind == ENTERPRISE) & ~city.shared["moved_in"]
    )
    random = city.random("opening")
    with_seals = chosen(random, len(fresh), min(city.count("registration.free_seals"), len(fresh)))
    invoices = chosen(random, len(fresh), min(city.count("registration.free_invoices"), len(fresh)))
    keys = chosen(random, len(fresh), min(city.count("registration.free_keys"), len(fresh)))
    months = city.days.month_of(entities.founded[fresh])
    for month in range(12):
        chance = city.random(f"opening/{month}")
        mine = months == month
        who = fresh[mine]
        done = _write_cases(city, chance, who, with_seals[mine])
        _write_seals(city, chance, who, with_seals[mine], done)
        _write_gifts(city, who, (invoices[mine], keys[mine], chance.random(len(who)) < 0.04))
        _write_licences(city, chance, who)
    _write_individual_licences(city)
    _write_contacts(city)
    _write_tags(city)


def _write_cases(city: City, random: np.random.Generator, who: Array, sealed: Array) -> Array:
    """Cases and their steps; gives the second at which each is done."""
    size = len(who)
    complete = office_hours(random, city.entities.founded[who])
    took = np.maximum(_HALF_DAY * random.lognormal(0.15, 0.75, size), 900).astype(np.int64)
    last = (city.days.last + 1) * DAY_SECONDS - 1
    selected = np.stack([random.random(size) < share for share in _CHOSEN])
    selected[1] |= sealed
    ends = np.stack(
        [complete + (took * (0.25 + 0.75 * random.random(size))).astype(np.int64) for _ in _ITEMS]
    )
    ends = np.minimum(ends, last)
    done: Array = np.where(selected, ends, complete).max(axis=0)
    hours = np.maximum((done - complete) * 100 // 3600, 10)
    draft = city.draft("opening_case", size)
    cases = draft.ids
    draft.put(
        entity_id=who + 1,
        complete_at=complete,
        all_done_at=done,
        hours_worked=hours,
        org_code=city.entities.office[who].astype(np.int64),
    )
    city.write(draft)
    draft = city.draft("opening_item", size * len(_ITEMS))
    flat = selected.reshape(-1)
    begun = np.tile(complete, len(_ITEMS))
    draft.put(
        case_id=np.tile(cases, len(_ITEMS)),
        item=Coded(np.repeat(np.arange(len(_ITEMS)), size), _ITEMS),
        selected=flat,
        started_at=optional(begun, flat),
        finished_at=optional(ends.reshape(-1), flat),
        cost=0,
        org_code=np.tile(city.entities.office[who].astype(np.int64), len(_ITEMS)),
    )
    city.write(draft)
    return done


def _write_seals(city: City, random: np.random.Generator, who: Array, sealed: Array, done: Array) -> None:
    paid = ~sealed & (random.random(len(who)) < 0.06)
    takers = np.flatnonzero(sealed | paid)
    free = sealed[takers]
    count = city.whole("registration.seals_per_set")
    fewer = ~free & (random.random(len(takers)) < 0.3)
    draft = city.draft("seal_set", len(takers))
    draft.put(
        entity_id=who[takers] + 1,
        kinds=Coded(fewer.astype(np.int8), (_SEALS[:count], _SEALS[:2])),
        material=Coded((random.random(len(takers)) < 0.18).astype(np.int8), ("PHYSICAL", "ELECTRONIC")),
        free=free,
        police_record_no=numbered("GA", "x_id", 10),
        delivered_at=done[takers],
        org_code=city.entities.office[who[takers]].astype(np.int64),
    )
    city.write(draft)


def _write_gifts(city: City, who: Array, given: tuple[Array, Array, Array]) -> None:
    takers = np.concatenate([who[each] for each in given])
    item = np.repeat(np.arange(3), [int(each.sum()) for each in given])
    draft = city.draft("opening_gift", len(takers))
    draft.put(
        entity_id=takers + 1,
        item=Coded(item, ("INVOICE", "TAX_UKEY", "MAILING")),
        issued_on=city.entities.founded[takers].astype(np.int64),
        quantity=np.where(item == 0, 25, 1),
        org_code=city.entities.office[takers].astype(np.int64),
    )
    city.write(draft)


def _write_licences(city: City, random: np.random.Generator, who: Array) -> None:
    size = len(who)
    issued = office_hours(random, city.entities.founded[who])
    taken = issued + random.exponential(3 * DAY_SECONDS, size).astype(np.int64)
    draft = city.draft("e_licence", size)
    draft.put(
        entity_id=who + 1,
        issued_at=issued,
        downloaded_at=optional(taken, random.random(size) < 0.81),
        holder_role="'法定代表人'",
        org_code=city.entities.office[who].astype(np.int64),
    )
    city.write(draft)


def _write_individual_licences(city: City) -> None:
    random = city.random("e_licence/individuals")
    entities = city.entities
    fresh = np.flatnonzero((entities.founded >= city.days.first) & (entities.kind == INDIVIDUAL))
    who = fresh[random.random(len(fresh)) < 0.2]
    size = len(who)
    issued = office_hours(random, entities.founded[who])
    draft = city.draft("e_licence", size)
    draft.put(
        entity_id=who + 1,
        issued_at=issued,
        downloaded_at=optional(issued + 3600, random.random(size) < 0.6),
        holder_role="'经营者'",
        org_code=entities.office[who].astype(np.int64),
    )
    city.write(draft)


def _write_contacts(city: City) -> None:
    random = city.random("guide_contact")
    total = city.count("registration.guide_contacts")
    askers = min(city.count("registration.guide_entities"), total)
    pool = distinct(random, city.entities.living(city.days.last, city.days.last - 1), askers)
    named = total - (total - len(pool)) // 12
    who = np.concatenate(
        [
            pool,
            skewed(random, pool, max(named - len(pool), 0)),
            np.zeros(max(total - named, 0), dtype=np.int64),
        ]
    ).astype(np.int64)[:total]
    random.shuffle(who)
    channel = coded_by_share(random, total, [0.86, 0.09, 0.05])
    robots = np.flatnonzero(channel == 0)
    matched = random.random(total) < 0.95
    matched[robots] = chosen(
        random, len(robots), share_of(len(robots), city.share("registration.robot_hits"))
    )
    counts = city.days.monthly(total, city.days.online)
    start = 0
    for month, count in enumerate(counts):
        part = slice(start, start + int(count))
        start += int(count)
        asked = any_hour(random, city.days.draw(random, int(count), city.days.online, month))
        draft = city.draft("guide_contact", int(count))
        mine = who[part]
        draft.put(
            asked_at=asked,
            channel=Coded(channel[part], ("ROBOT", "HUMAN", "5G_MSG")),
            entity_id=mine,
            visitor_hash="CASE WHEN entity_id = 0 THEN md5('访客' || x_id) END",
            matched=matched[part],
            resolved=matched[part] & (random.random(int(count)) < 0.93),
            org_code=np.where(
                mine > 0, city.entities.office[np.maximum(mine, 1) - 1], city.places.root
            ).astype(np.int64),
        )
        city.write(draft)


def _write_tags(city: City) -> None:
    random = city.random("entity_tag")
    firms = city.entities.living(city.days.first, city.days.last, ENTERPRISE)
    tolerant = distinct(random, firms, city.count("registration.tagged"))
    large = distinct(random, firms, len(firms) // 90)
    who = np.concatenate([tolerant, large]).astype(np.int64)
    tag = np.concatenate([np.zeros(len(tolerant)), 1 + np.arange(len(large)) % 3]).astype(np.int64)
    since = np.maximum(
        city.days.first - 200 + random.integers(0, 400, len(who)), city.entities.founded[who - 1] + 30
    )
    draft = city.draft("entity_tag", len(who))
    draft.put(
        entity_id=who,
        tag=Coded(tag, ("包容审慎监管", "规上企业", "高新技术企业", "两新组织")),
        valid_from=np.minimum(since, city.days.last),
        valid_to=np.full(len(who), EMPTY),
        basis="'合成名单'",
        org_code=city.entities.office[who - 1].astype(np.int64),
    )
    city.write(draft)

"""Systems and their outages, tickets, exchange of data, data sets, searches."""

import numpy as np

from zhunsheng.synthesis.amounts import EMPTY, coded_by_share, half_up, split, summing_to
from zhunsheng.synthesis.city import City
from zhunsheng.synthesis.columns import Coded, picked
from zhunsheng.synthesis.days import DAY_SECONDS, any_hour, office_hours

_LIMITS = np.array([4 * 3600, 8 * 3600, 24 * 3600, 72 * 3600])
_RESPONSES = np.array([900, 1800, 3600, 7200])
_OUTAGES_PER_SYSTEM = 10
_DATASETS = 60
_LONGEST = 20 * 3600


def make_systems(city: City) -> None:
    """Systems and outages; planned ones are announced and do not count."""
    random = city.random("outage")
    systems = city.count("it.systems")
    draft = city.draft("system", systems)
    draft.put(
        name="'合成业务系统' || x_id",
        grade=np.full(systems, 3) - (np.arange(systems) % 2),
        in_service_from=np.full(systems, city.days.first - 500),
        service_hours="'7×24'",
        service_minutes=np.full(systems, 1440),
    )
    city.write(draft)
    service = systems * city.days.count * DAY_SECONDS
    down = service - half_up(city.share("it.uptime") / 100 * service)
    count = systems * _OUTAGES_PER_SYSTEM
    seconds = np.minimum(summing_to(down, 0.4 + random.gamma(2.0, 0.6, count), 300), _LONGEST)
    seconds[0] += min(down - int(seconds.sum()), _LONGEST)
    # one outage of a system on a day, so that none overlap
    gap = city.days.count // (_OUTAGES_PER_SYSTEM + 1)
    system = np.tile(np.arange(systems), _OUTAGES_PER_SYSTEM)
    turn = np.repeat(np.arange(_OUTAGES_PER_SYSTEM), systems)
    day = city.days.first + 3 + turn * gap + random.integers(0, gap - 3, count)
    begins = day * DAY_SECONDS + random.integers(0, 3 * 3600, count)
    planned = systems * 4
    planned_day = city.days.first + 10 + np.repeat(np.arange(4), systems) * 85
    planned_start = planned_day * DAY_SECONDS + 4 * DAY_SECONDS // 24
    draft = city.draft("outage", count + planned)
    starts = np.concatenate([begins, planned_start])
    is_planned = np.arange(draft.size) >= count
    draft.put(
        system_id=np.concatenate([system, np.tile(np.arange(systems), 4)]) + 1,
        starts_at=starts,
        ends_at=starts + np.concatenate([seconds, np.full(planned, 7200)]),
        planned=is_planned,
        announced_at=np.where(is_planned, starts - 3 * DAY_SECONDS, EMPTY),
        cause=picked(("合成：网络", "合成：数据库", "合成：电力", "合成：升级"), "x_id"),
    )
    city.write(draft)


def make_tickets(city: City) -> None:
    """Tickets, all answered and solved within the year."""
    random = city.random("ticket")
    size = city.count("it.tickets")
    last = (city.days.last + 1) * DAY_SECONDS - 1
    opened = office_hours(random, city.days.draw(random, size, city.days.office))
    priority = coded_by_share(random, size, [0.01, 0.08, 0.36, 0.55])
    late = random.random(size) < float(city.share("it.tickets_late"))
    limit = _LIMITS[priority]
    took = np.where(late, limit * (1.05 + random.random(size)), limit * random.beta(1.3, 4.0, size)).astype(
        np.int64
    )
    answered = opened + (_RESPONSES[priority] * random.beta(1.5, 3.0, size)).astype(np.int64)
    solved = np.minimum(np.maximum(opened + took, answered + 60), np.maximum(last, answered + 60))
    draft = city.draft("ticket", size)
    fit = np.flatnonzero(city.shared["staff_fit"])[:40]
    draft.put(
        system_id=1 + random.integers(0, city.count("it.systems"), size),
        channel=Coded(
            coded_by_share(random, size, [0.52, 0.31, 0.1, 0.07]), ("PHONE", "WEB", "ONSITE", "AUTO")
        ),
        category=Coded(
            coded_by_share(random, size, [0.44, 0.43, 0.1, 0.03]),
            ("INCIDENT", "REQUEST", "CHANGE", "PROBLEM"),
        ),
        priority=Coded(priority, ("P1", "P2", "P3", "P4")),
        opened_at=opened,
        first_response_at=answered,
        resolved_at=solved,
        reopened=(random.random(size) < 0.02).astype(np.int64),
        satisfaction=np.where(
            random.random(size) < 0.4, 3 + coded_by_share(random, size, [0.1, 0.3, 0.6]), EMPTY
        ),
        handler=fit[random.integers(0, len(fit), size)] + 1,
        evidence_ids=None,
    )
    city.write(draft)


def make_exchange(city: City) -> None:
    """Data sets with the printed tables and rows; a run every day to each partner with the printed totals."""
    random = city.random("exchange_job")
    draft = city.draft("dataset", _DATASETS)
    draft.put(
        title="'合成数据集' || x_id",
        owner=city.places.sections[np.arange(_DATASETS) % len(city.places.sections)],
        sharing=Coded(np.arange(_DATASETS) % 3, ("FREE", "CONDITIONAL", "NONE")),
        update_cycle="'每日'",
        table_count=split(city.count("it.tables"), 0.3 + random.random(_DATASETS)),
        row_count=split(city.count("it.rows_held"), random.lognormal(0, 1.4, _DATASETS)),
        updated_at=np.full(_DATASETS, city.days.last * DAY_SECONDS + 23 * 3600),
    )
    city.write(draft)
    days = np.arange(city.days.first, city.days.last + 1)
    partners = (("合成国家平台", 0, 6), ("合成省平台", 1, 6), ("合成市共享平台", 2, 12))
    upward = split(city.count("it.exchanged_up"), [0.4, 0.6])
    totals = (int(upward[0]), int(upward[1]), city.count("it.exchanged_city"))
    for (name, level, sets), total in zip(partners, totals, strict=True):
        size = len(days) * sets
        accepted = summing_to(total, random.lognormal(0, 0.7, size), min(1, total // size))
        rejected = accepted * random.integers(0, 4, size) // 2000
        run = np.repeat(days, sets) * DAY_SECONDS + 3600 + random.integers(0, 2 * 3600, size)
        draft = city.draft("exchange_job", size)
        draft.put(
            partner=f"'{name}'",
            partner_level=Coded(np.full(size, level), ("STATE", "PROVINCE", "CITY")),
            direction="'OUT'",
            dataset_id=1 + np.tile(np.arange(sets), len(days)) + level * 12,
            run_at=run,
            increment=True,
            rows_sent=accepted + rejected,
            rows_accepted=accepted,
            rows_rejected=rejected,
            evidence_ids=None,
        )
        city.write(draft)


def make_searches(city: City) -> None:
    """Searches of the data centre."""
    random = city.random("search_log")
    size = city.count("it.searches")
    hits = random.geometric(0.02, size) - 1
    draft = city.draft("search_log", size)
    draft.put(
        searched_at=any_hour(random, city.days.draw(random, size, city.days.office)),
        query=picked(("合成企业名称", "合成信用代码", "合成许可证号", "合成处罚文号"), "x_id"),
        hits=hits,
        clicked=(hits > 0) & (random.random(size) < 0.7),
        ms=20 + random.gamma(2.0, 60.0, size).astype(np.int64),
        evidence_ids=None,
    )
    city.write(draft)

"""Monitoring of advertising and of online trade."""

import numpy as np

from zhunsheng.synthesis.amounts import Array, chosen, coded_by_share, half_up, summing_to
from zhunsheng.synthesis.city import City
from zhunsheng.synthesis.columns import Coded, numbered, picked
from zhunsheng.synthesis.days import any_hour, optional
from zhunsheng.synthesis.entities import ENTERPRISE, skewed

_MEDIA = ("TV", "RADIO", "PRINT", "WEB", "APP", "OUTDOOR")
_MEDIA_SHARES = (0.1, 0.06, 0.07, 0.42, 0.25, 0.1)
_CATEGORIES = (
    "DRUG",
    "DEVICE",
    "MEDICAL",
    "HEALTH_FOOD",
    "FOOD",
    "COSMETIC",
    "FINANCE",
    "REAL_ESTATE",
    "EDUCATION",
    "OTHER",
)
_ILLEGAL_SHARE = 0.006
_ROWS_FOR = 0.62
"""Rows for each exposure: one row holds the exposures of one creative in one medium on one day."""


def make_advertising(city: City) -> None:
    """Media, creatives, exposures with the printed total and the printed share of illegal ones."""
    media = _write_media(city)
    creatives = max(city.count("monitoring.creatives"), 600)
    illegal = max(int(creatives * _ILLEGAL_SHARE), 8)
    legal = creatives - illegal
    seen = _write_creatives(city, legal, illegal)
    total = city.count("monitoring.exposures")
    bad = min(city.count("monitoring.illegal"), total // 2)
    city.compare("monitoring.illegal_rate", "广告条次违法率", (bad, total))
    bad_months = city.days.monthly(bad, city.days.every_day)
    months = city.days.monthly(total - bad, city.days.every_day)
    for month in range(12):
        random = city.random(f"ad_exposure_daily/{month}")
        start, end = int(city.days.month_starts[month]), int(city.days.month_starts[month + 1])
        known = max(int(np.searchsorted(seen[:legal], start)), legal // 3)
        _write_exposures(
            city,
            random,
            (start, end),
            (media, known, legal, illegal),
            (int(months[month]), int(bad_months[month])),
        )
    _write_year_before(city, (media, legal // 3, legal, illegal))


def _write_media(city: City) -> int:
    random = city.random("ad_media")
    obliged = city.count("monitoring.media")
    size = obliged + max(obliged // 10, 2)
    draft = city.draft("ad_media", size)
    is_obliged = np.arange(size) < obliged
    draft.put(
        kind=Coded(coded_by_share(random, size, _MEDIA_SHARES), _MEDIA),
        name="'合成媒体' || x_id",
        obliged=is_obliged,
        monitored_from=np.full(size, city.days.first - 700),
    )
    city.write(draft)
    days = np.arange(city.days.first, city.days.last + 1)
    medium = np.tile(np.arange(size) + 1, len(days))
    draft = city.draft("ad_monitor_day", len(medium))
    draft.put(
        media_id=medium,
        monitored_on=np.repeat(days, size),
        planned=True,
        done=(medium <= obliged) | (random.random(len(medium)) < 0.93),
        evidence_ids=None,
    )
    city.write(draft)
    return obliged


def _write_creatives(city: City, legal: int, illegal: int) -> Array:
    """Creatives in the order of their first day, the illegal ones at the end of the list."""
    random = city.random("ad_creative")
    size = legal + illegal
    seen = city.days.first - 200 + np.sort(random.integers(0, 200 + city.days.count - 20, legal))
    # illegal creatives are known from the start, so that each month can have its share
    seen = np.concatenate([seen, city.days.first - 400 + random.integers(0, 30, illegal)])
    is_illegal = np.arange(size) >= legal
    suspected = ~is_illegal & (random.random(size) < 0.02)
    verdict = np.where(is_illegal, 2, np.where(suspected, 1, 0))
    draft = city.draft("ad_creative", size)
    draft.put(
        fingerprint="md5('合成广告' || x_id)",
        advertiser="'合成广告主' || (x_id % 9000)",
        category=Coded(
            coded_by_share(random, size, [0.06, 0.04, 0.08, 0.08, 0.14, 0.11, 0.07, 0.1, 0.08, 0.24]),
            _CATEGORIES,
        ),
        first_seen=seen,
        verdict=Coded(verdict, ("LEGAL", "SUSPECTED", "CONFIRMED")),
        severity=Coded(np.where(is_illegal, random.random(size) < 0.2, -1), ("GENERAL", "SERIOUS")),
        clause=Coded(np.where(is_illegal, 0, -1), ("广告法第九条（合成）",)),
        reviewed_on=seen + random.integers(0, 10, size),
        evidence_ids=None,
    )
    city.write(draft)
    return seen


def _write_exposures(
    city: City,
    random: np.random.Generator,
    span: tuple[int, int],
    sizes: tuple[int, int, int, int],
    totals: tuple[int, int],
) -> None:
    media, known, legal, illegal = sizes
    total, bad = totals
    lawful = _cells(random, span, media, known, max(int(total * _ROWS_FOR), min(total, 1)))
    unlawful = _cells(random, span, media, illegal, max(int(bad * _ROWS_FOR), min(bad, 1)))
    counts = []
    for rows, wanted in ((lawful, total), (unlawful, bad)):
        size = len(rows[0])
        counts.append(
            summing_to(wanted, random.exponential(1.0, size), min(1, wanted // max(size, 1)))
            if size
            else np.zeros(0)
        )
    medium, day, creative = (np.concatenate(pair) for pair in zip(lawful, unlawful, strict=True))
    creative[len(lawful[0]) :] += legal
    draft = city.draft("ad_exposure_daily", len(medium))
    draft.put(
        media_id=medium + 1,
        creative_id=creative + 1,
        shown_on=day,
        exposures=np.concatenate(counts).astype(np.int64),
        evidence_ids=None,
    )
    city.write(draft)


def _cells(
    random: np.random.Generator, span: tuple[int, int], media: int, creatives: int, rows: int
) -> tuple[Array, Array, Array]:
    """Media, days and creatives of so many rows, no combination twice."""
    start, end = span
    cells = media * (end - start)
    if not rows or not creatives:
        return (np.zeros(0, dtype=np.int64),) * 3
    weights = (0.2 + random.pareto(2.2, media)).repeat(end - start)
    sizes = np.minimum(random.multinomial(rows, weights / weights.sum()), creatives)
    sizes = _filled(sizes, rows, creatives)
    cell = np.repeat(np.arange(cells), sizes)
    place = np.arange(len(cell)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    step = max(int(creatives * 0.381966), 1)
    while np.gcd(step, creatives) != 1:
        step += 1
    first = random.integers(0, creatives, cells)[cell]
    return cell // (end - start), start + cell % (end - start), (first + place * step) % creatives


def _filled(sizes: Array, rows: int, most: int) -> Array:
    """Cells that were cut off at the most they can hold give the rest to those with room."""
    missing = rows - int(sizes.sum())
    for place in np.argsort(sizes, kind="stable") if missing > 0 else ():
        taken = min(missing, most - int(sizes[place]))
        sizes[place] += taken
        missing -= taken
        if missing <= 0:
            break
    return sizes


def _write_year_before(city: City, sizes: tuple[int, int, int, int]) -> None:
    """A part of the year before, with its share of illegal exposures, to compare with."""
    random = city.random("ad_exposure_daily/before")
    total = max(city.count("monitoring.exposures") // 20, 2_000)
    bad = half_up(city.share("monitoring.last_illegal_rate") / 100 * total)
    span = (city.days.first - 61, city.days.first)
    _write_exposures(city, random, span, sizes, (total - bad, bad))


def make_online(city: City) -> None:
    """Subjects of online trade, scans of them, clues."""
    random = city.random("net_subject")
    size = max(city.count("monitoring.net_subjects"), 200)
    platforms = min(city.whole("monitoring.platforms"), size // 4)
    gone = size // 25
    kind = np.concatenate(
        [
            np.zeros(platforms),
            1 + coded_by_share(random, size + gone - platforms, [0.62, 0.12, 0.08, 0.1, 0.08]),
        ]
    )
    live = np.arange(size + gone) < size
    owner = skewed(random, city.pool(ENTERPRISE), size + gone, 1.6).astype(np.int64)
    seen = city.days.first - 1 - random.integers(0, 1500, size + gone)
    draft = city.draft("net_subject", size + gone)
    draft.put(
        kind=Coded(kind.astype(np.int64), ("PLATFORM", "SHOP", "SITE", "APP", "MINI", "ACCOUNT")),
        name="'合成网络主体' || x_id",
        url=numbered("https://example.invalid/", "x_id", 8),
        owner_entity=np.where(random.random(size + gone) < 0.6, owner, 0),
        licence_shown=random.random(size + gone) < 0.9,
        first_seen=seen,
        live=live,
        # a subject that ended did so before the year
        ended_on=optional(np.minimum(seen + 30, city.days.first - 1), ~live),
        org_code=city.office_of(owner),
        evidence_ids=None,
    )
    city.write(draft)
    _write_scans(city, size, owner)


def _write_scans(city: City, subjects: int, owner: Array) -> None:
    random = city.random("net_scan")
    tasks = 12
    starts = city.days.month_starts[:12]
    draft = city.draft("net_task", tasks)
    draft.put(
        topic=picked(
            ("合成网络食品专项", "合成网络药品专项", "合成网络广告专项", "合成直播带货专项"), "x_id"
        ),
        starts_on=starts,
        ends_on=city.days.month_starts[1:] - 1,
        planned=np.full(tasks, subjects // 7 + 1),
    )
    city.write(draft)
    scanned = half_up(city.share("monitoring.net_scanned") * subjects)
    first = random.permutation(subjects)[:scanned]
    more = first[random.integers(0, scanned, half_up(city.share("monitoring.net_scans") * scanned) - scanned)]
    who = np.concatenate([first, more])
    size = len(who)
    day = city.days.draw(random, size, city.days.every_day)[random.permutation(size)]
    clues = min(max(city.count("monitoring.net_clues"), 8), size)
    clue = chosen(random, size, clues)
    evidence = city.evidence_of("net_scan")
    draft = city.draft("net_scan", size)
    scans = draft.ids
    offices = city.office_of(owner[who])
    draft.put(
        subject_id=who + 1,
        task_id=city.days.month_of(day) + 1,
        scanned_at=any_hour(random, day),
        result=Coded(clue.astype(np.int8), ("CLEAN", "CLUE")),
        clue_kind=Coded(np.where(clue, random.integers(0, 3, size), -1), ("未亮照", "虚假宣传", "违禁品")),
        evidence_id=np.where(clue, evidence, 0),
        org_code=offices,
        evidence_ids=None,
    )
    city.write(draft)
    mine = np.flatnonzero(clue)
    _write_clues(city, random, scans[mine], day[mine], offices[mine])


def _write_clues(city: City, random: np.random.Generator, scans: Array, day: Array, offices: Array) -> None:
    size = len(scans)
    handled = coded_by_share(random, size, [0.55, 0.3, 0.15])
    due = city.days.workdays_after(day, 10)
    closed = city.days.workdays_after(day, random.integers(1, 10, size))
    draft = city.draft("net_clue", size)
    draft.put(
        scan_id=scans,
        assigned_to=offices,
        due_on=due,
        handled=Coded(handled, ("REMOVED", "CORRECTED", "NONE")),
        closed_on=closed,
        case_id=np.zeros(size, dtype=np.int64),
        org_code=offices,
    )
    city.write(draft)

"""Annual reports: who had to file, who did and when; what is published on the disclosure system."""

import numpy as np

from zhunsheng.synthesis.amounts import EMPTY, Array, chosen, half_up, share_of, split
from zhunsheng.synthesis.city import CHUNK, City
from zhunsheng.synthesis.columns import Coded
from zhunsheng.synthesis.days import DAY_SECONDS, any_hour
from zhunsheng.synthesis.entities import COOPERATIVE, ENTERPRISE, FOREIGN_OFFICE, skewed
from zhunsheng.synthesis.registration import CANCELLED, DEREGISTERED, MIGRATED_OUT, REVOKED, Flows

_REASONS = ("DEREGISTERED_BEFORE_CUTOFF", "REVOKED", "CANCELLED", "MIGRATED_OUT")
_KINDS = (
    "REG",
    "FILING",
    "LICENCE",
    "PENALTY",
    "CHECK",
    "LIST_IN",
    "LIST_OUT",
    "PLEDGE",
    "JUDICIAL",
    "ANNUAL",
)
_KIND_SHARES = (0.19, 0.23, 0.29, 0.01, 0.03, 0.02, 0.03, 0.005, 0.005, 0.19)
_PART = 500_000
_MAXIMUM = 20


def make_reports(city: City, flows: Flows) -> None:
    """The due list of the year and the reports filed in it."""
    entities = city.entities
    random = city.random("annual_report")
    last = city.days.day(6, 30)
    known = np.flatnonzero(
        (entities.founded < city.days.first)
        & ((entities.ended == EMPTY) | (entities.ended >= city.days.first))
        & (entities.kind != FOREIGN_OFFICE)
    )
    excluded = (entities.ended[known] != EMPTY) & (entities.ended[known] <= last)
    _write_due(city, known, excluded)
    due = known[~excluded]
    kinds = entities.kind[due]
    firms = due[kinds == ENTERPRISE]
    filers = [firms[chosen(random, len(firms), min(flows.filed, len(firms)))]]
    rate = city.share("annual.individual_rate") / 100
    for kind in (1, COOPERATIVE):
        others = due[kinds == kind]
        filers.append(others[chosen(random, len(others), share_of(len(others), rate))])
    if len(firms) != flows.due:
        city.note(f"应报企业 {len(firms)} 户，与年报率推算的 {flows.due} 户不同")
    _write_reports(city, random, np.concatenate(filers))


def _write_due(city: City, known: Array, excluded: Array) -> None:
    state = city.shared["entity_state"][known]
    reason = np.select(
        [~excluded, state == DEREGISTERED, state == REVOKED, state == CANCELLED, state == MIGRATED_OUT],
        [-1, 0, 1, 2, 3],
        -1,
    )
    for start in range(0, len(known), _PART):
        part = slice(start, start + _PART)
        who = known[part]
        draft = city.draft("annual_report_due", len(who))
        draft.put(
            entity_id=who + 1,
            report_year=city.year - 1,
            due_from=np.full(len(who), city.days.first),
            due_until=np.full(len(who), city.days.day(6, 30)),
            basis="'企业信息公示暂行条例第八条'",
            excluded_reason=Coded(reason[part], _REASONS),
            org_code=city.entities.office[who].astype(np.int64),
            evidence_ids=None,
        )
        city.write(draft)


def _filing_days(city: City, random: np.random.Generator, size: int) -> Array:
    """Days of filing: a rush in the last weeks before 30 June."""
    length = city.days.day(6, 30) - city.days.first + 1
    place = np.arange(length)
    weights = 0.25 + 2.6 * np.exp((place - length) / 21.0)
    weights *= np.where(city.days.is_workday(place + city.days.first), 1.0, 0.45)
    counts = split(size, weights)
    days = np.repeat(place + city.days.first, counts)
    random.shuffle(days)
    return days


def _write_reports(city: City, random: np.random.Generator, filers: Array) -> None:
    """First versions, their corrections, and late reports for the year before."""
    entities = city.entities
    # nobody files after leaving; those who leave in time are not due and do not file
    days = _filing_days(city, random, len(filers))
    corrected = random.random(len(filers)) < float(city.share("annual.corrected"))
    old = np.flatnonzero((entities.founded < city.days.first - 370) & (entities.ended == EMPTY))
    late = old[random.random(len(old)) < float(city.share("annual.late_of_earlier_year"))]
    late_days = city.days.draw(random, len(late), city.days.online)
    late_days = late_days[random.permutation(len(late))]
    second_days = np.minimum(
        days[corrected] + random.integers(1, 60, int(corrected.sum())), city.days.day(6, 30)
    )
    who = np.concatenate([filers, filers[corrected], late])
    when = np.concatenate([days, second_days, late_days])
    version = np.repeat([1, 2, 1], [len(filers), int(corrected.sum()), len(late)])
    years_back = np.repeat([1, 1, 2], [len(filers), int(corrected.sum()), len(late)])
    months = city.days.month_of(when)
    parts = range(12) if len(who) > CHUNK else (None,)
    for month in parts:
        mine = np.flatnonzero(months == month) if month is not None else np.arange(len(who))
        chance = city.random(f"annual_report/{month}")
        _write_month(city, chance, who[mine], when[mine], version[mine], city.year - years_back[mine])


def _write_month(
    city: City, random: np.random.Generator, who: Array, when: Array, version: Array, year: Array
) -> None:
    size = len(who)
    firm = city.entities.kind[who] == ENTERPRISE
    second = np.where(version > 1, 20 * 3600, 0)
    submitted = any_hour(random, when)
    # a correction comes after the first version even on the same day
    submitted = np.where(
        version > 1,
        when * DAY_SECONDS + second + submitted % 7200,
        np.minimum(submitted, when * DAY_SECONDS + 71999),
    )
    zero = random.random(size) < np.where(firm, 0.13, 0.31)
    assets = np.where(zero, 0, (random.lognormal(13.2, 2.0, size)).astype(np.int64) * 100)
    debts = np.where(zero, 0, (assets * np.minimum(random.gamma(2.0, 0.24, size), 1.6)).astype(np.int64))
    revenue = np.where(zero, 0, (random.lognormal(13.0, 2.1, size)).astype(np.int64) * 100)
    staff = np.where(zero & firm, 0, 1 + np.minimum(random.pareto(1.4, size) * 2, 5000).astype(np.int64))
    staff = np.where(zero, 0, staff)
    due = city.days.day(6, 30) - 365 * (city.year - 1 - year)
    online = random.random(size) < np.where(firm, 0.995, 0.93)
    multiple = firm & (random.random(size) < 0.31)
    draft = city.draft("annual_report", size)
    draft.put(
        entity_id=who + 1,
        report_year=year,
        version=version,
        submitted_at=submitted,
        due_until=due,
        channel=Coded(np.where(multiple, 2, np.where(online, 0, 1)), ("ONLINE", "PAPER", "MULTI_IN_ONE")),
        published=firm | (random.random(size) < 0.7),
        employees=staff,
        insured_employees=np.where(firm, (staff * random.random(size)).astype(np.int64), EMPTY),
        assets=assets,
        liabilities=debts,
        revenue=revenue,
        tax=(revenue * 0.012).astype(np.int64),
        all_zero=zero,
        late=submitted // DAY_SECONDS > due,
        org_code=city.entities.office[who].astype(np.int64),
        evidence_ids=None,
    )
    city.write(draft)


def make_publicity(city: City) -> None:
    """What the authorities and enterprises publish; penalties name their cases."""
    total = city.count("annual.publicity")
    penalties = city.shared.get("published_cases", np.zeros(0, dtype=np.int64))
    penalty_days = city.shared.get("published_case_days", np.zeros(0, dtype=np.int64))
    decided_days = city.shared.get("decided_case_days", np.zeros(0, dtype=np.int64))
    subjects = city.shared.get("published_case_subjects", np.zeros(0, dtype=np.int64))
    inside = (penalty_days >= city.days.first) & (penalty_days <= city.days.last)
    counts = city.days.monthly(total, city.days.office + 0.08)
    pool = city.entities.living(city.days.first, city.days.last)
    months = city.days.month_of(np.clip(penalty_days, city.days.first, city.days.last))
    for month, count in enumerate(counts):
        mine = np.flatnonzero(inside & (months == month))[: int(count)]
        _write_published(
            city,
            month,
            int(count),
            pool,
            (penalties[mine], penalty_days[mine], decided_days[mine], subjects[mine]),
        )


def _write_published(
    city: City, month: int, count: int, pool: Array, cases: tuple[Array, Array, Array, Array]
) -> None:
    random = city.random(f"publicity_item/{month}")
    numbers, case_days, decided, subjects = cases
    rest = count - len(numbers)
    weights = np.array(_KIND_SHARES)
    weights[3] = 0.0
    kind = np.concatenate(
        [np.full(len(numbers), 3), np.repeat(np.arange(len(_KINDS)), split(rest, weights))]
    ).astype(np.int64)
    published_day = np.concatenate(
        [case_days, city.days.draw(random, rest, city.days.office + 0.08, month)[random.permutation(rest)]]
    )
    late = chosen(random, rest, half_up(city.share("annual.publicity_late") * rest))
    # working days from forming to publishing: mostly a few, at most twenty unless late
    waited = np.minimum(random.geometric(0.28, rest) - 1, _MAXIMUM - 1)
    back = np.where(late, 31 + random.integers(0, 30, rest), waited)
    formed_day = np.concatenate([decided, published_day[len(numbers) :] - back])
    published = any_hour(random, published_day)
    formed = np.minimum(
        formed_day * DAY_SECONDS + 8 * 3600 + random.integers(0, 9 * 3600, count), published - 60
    )
    who = np.concatenate([subjects, skewed(random, pool, rest, 1.6)]).astype(np.int64)
    source = np.concatenate(
        [numbers, 1 + random.integers(0, max(city.last_id("registration_event"), 1), rest)]
    )
    due = city.days.workdays_after(formed // DAY_SECONDS, 20)
    draft = city.draft("publicity_item", count)
    event = city.key("registration_event", "x_source")
    draft.put(
        subject_id=who,
        info_kind=Coded(kind, _KINDS),
        x_source=source,
        x_kind=kind,
        source_record=(
            f"CASE WHEN x_kind = 3 THEN {city.key('case_file', 'x_source')} WHEN x_kind <= 1 THEN {event} "
            "ELSE 'HC-' || x_source END"
        ),
        formed_at=formed,
        published_at=published,
        due_on=np.where(kind == _KINDS.index("ANNUAL"), EMPTY, due),
        org_code=city.entities.office[who - 1].astype(np.int64),
        evidence_ids=None,
    )
    city.write(draft)

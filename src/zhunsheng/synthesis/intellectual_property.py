"""Patents and trademarks as stocks, pledges, programmes, the fund, awards."""

from fractions import Fraction
from typing import NamedTuple

import numpy as np

from zhunsheng.synthesis.amounts import EMPTY, Array, chosen, half_up, split, summing_to
from zhunsheng.synthesis.city import City
from zhunsheng.synthesis.codes import patent_numbers
from zhunsheng.synthesis.columns import Coded, picked
from zhunsheng.synthesis.days import optional
from zhunsheng.synthesis.entities import ENTERPRISE, skewed

_BANKS = ("合成银行一", "合成银行二", "合成银行三", "合成银行四")
_TERM = 3653
_PART = 400_000
_WAN = 1_000_000


class _Patents(NamedTuple):
    applied: Array
    granted: Array
    lapsed: Array
    kind: Array


def _before(total: int, growth: Fraction) -> int:
    """The value a year earlier."""
    return half_up(Fraction(total) * 100 / (100 + growth))


def make_patents(city: City) -> None:
    """Inventions with the printed stocks at both year ends and the printed grants; others as background."""
    random = city.random("patent")
    now = city.count("ip.inventions")
    before = _before(now, Fraction(city.share("ip.inventions_growth")))
    city.compare("ip.inventions_growth", "有效发明专利增长率", (now - before, before))
    granted = city.count("ip.inventions_granted")
    granted_before = _before(granted, Fraction(city.share("ip.inventions_granted_growth")))
    gone = before + granted - now
    if gone < 0:
        city.note("发明专利的增加多于当年授权，按授权数补足")
        granted, gone = now - before, 0
    first, last = city.days.first, city.days.last
    old = before - min(granted_before, before)
    parts = [
        _granted(random, granted, first, last),
        _granted(random, min(granted_before, before), first - 365, first - 1),
        _granted(random, old, first - 9 * 365, first - 366),
        _granted(random, before // 12, first - 12 * 365, first - 4 * 365),
    ]
    granted_on = np.concatenate(parts)
    lapsed = np.full(len(granted_on), EMPTY)
    stock = np.arange(granted, granted + before)
    leaving = stock[chosen(random, before, gone)]
    lapsed[leaving] = first + random.integers(0, last - first, len(leaving))
    dead = np.arange(granted + before, len(granted_on))
    lapsed[dead] = np.minimum(granted_on[dead] + random.integers(200, 1200, len(dead)), first - 1)
    applied = granted_on - random.integers(420, 1300, len(granted_on))
    pending = granted * 6 // 10
    background = city.count("ip.other_patents")
    started = last - random.integers(0, 700, pending)
    other_granted = last - random.integers(0, 2500, background)
    patents = _Patents(
        np.concatenate([applied, started, other_granted - random.integers(60, 300, background)]),
        np.concatenate([granted_on, np.full(pending, EMPTY), other_granted]),
        np.concatenate([lapsed, np.full(pending + background, EMPTY)]),
        np.concatenate([np.zeros(len(applied) + pending), 1 + random.integers(0, 2, background)]).astype(
            np.int64
        ),
    )
    order = np.argsort(patents.applied, kind="stable")
    patents = _Patents(*(each[order] for each in patents))
    for start in range(0, len(order), _PART):
        _write_patents(city, _Patents(*(each[start : start + _PART] for each in patents)), start)


def _granted(random: np.random.Generator, size: int, start: int, end: int) -> Array:
    days = random.integers(start, end + 1, size)
    # grants are announced on Tuesdays and Fridays, but never outside the span asked for
    shift = np.where((days + 3) % 7 < 3, (days + 3) % 7 - 1, (days + 3) % 7 - 4)
    return np.clip(days - shift, start, end)


def _write_patents(city: City, patents: _Patents, start: int) -> None:
    random = city.random(f"patent/{start}")
    size = len(patents.applied)
    draft = city.draft("patent", size)
    years = 1970 + np.floor(patents.applied / 365.2425).astype(np.int64)
    body, check = patent_numbers(years, patents.kind, draft.ids * 7 % 10_000_000)
    owner = skewed(random, city.pool(ENTERPRISE), size, 4.0).astype(np.int64)
    live = (patents.lapsed == EMPTY) & (patents.granted != EMPTY)
    draft.put(
        x_body=body,
        x_check=check,
        application_no="x_body || '.' || CASE WHEN x_check = 10 THEN 'X' ELSE x_check::VARCHAR END",
        kind=Coded(patents.kind, ("INV", "UM", "DES")),
        applied_on=patents.applied,
        granted_on=patents.granted,
        lapsed_on=patents.lapsed,
        lapse_reason=Coded(np.where(patents.lapsed == EMPTY, -1, draft.ids % 7 == 0), ("FEE", "ABANDONED")),
        fee_paid_until=optional(city.days.last + 30 + random.integers(0, 330, size), live),
        owner_first="'合成权利人' || owner_entity",
        owner_area=city.places.area_of_org[city.office_of(owner)],
        owner_entity=owner,
        high_value=random.random(size) < 0.2,
        org_code=city.office_of(owner),
        area_code=city.places.area_of_org[city.office_of(owner)],
        evidence_ids=None,
    )
    city.write(draft)


def make_trademarks(city: City) -> None:
    """Live trademarks as printed, expired ones besides."""
    live = city.count("ip.trademarks")
    size = live + live // 12
    parts = max(-(-size // _PART), 1)
    counts, lives = split(size, np.ones(parts)), split(live, np.ones(parts))
    last = city.days.last
    for place in range(parts):
        random = city.random(f"trademark/{place}")
        count, alive = int(counts[place]), np.arange(int(counts[place])) < int(lives[place])
        # later parts hold later registrations; within ten years they live
        age = (1.0 - (place + random.random(count)) / parts) ** 1.6
        registered = np.where(
            alive,
            last - (age * (_TERM - 20)).astype(np.int64),
            last - _TERM - 1 - random.integers(0, 900, count),
        )
        draft = city.draft("trademark", count)
        area = city.places.area_of_org[
            city.places.offices[random.integers(0, len(city.places.offices), count)]
        ]
        draft.put(
            reg_no="(10000000 + x_id)::VARCHAR",
            nice_class=1 + random.integers(0, 45, count),
            owner="'合成商标权利人' || (x_id % 400000)",
            owner_area=area,
            registered_on=registered,
            valid_to=registered + _TERM,
            status=Coded((~alive).astype(np.int8), ("LIVE", "EXPIRED")),
            area_code=area,
            evidence_ids=None,
        )
        city.write(draft)


def make_programmes(city: City) -> None:
    """Review tasks, pledges, projects, the fund, awards."""
    _write_review(city)
    _write_pledges(city)
    _write_projects(city)
    _write_fund(city)
    _write_awards(city)


def _write_review(city: City) -> None:
    reviewed = split(city.count("ip.review_target"), city.days.monthly(1_000_000, city.days.office))
    refused = reviewed * 27 // 100
    draft = city.draft("tm_review_task", 12)
    draft.put(
        month_end=city.days.month_starts[1:] - 1,
        reviewed=reviewed,
        passed=reviewed - refused,
        refused=refused,
    )
    city.write(draft)


def _write_pledges(city: City) -> None:
    random = city.random("ip_pledge")
    total = city.fen("ip.pledge_total") // _WAN
    before = _before(total, Fraction(city.share("ip.pledge_growth")))
    count = city.count("ip.pledges")
    earlier = count * 7 // 10
    amount = np.concatenate(
        [
            summing_to(total, random.lognormal(0, 1.2, count), 10),
            summing_to(before, random.lognormal(0, 1.2, earlier), 10),
        ]
    )
    day = np.concatenate(
        [
            city.days.draw(random, count, city.days.office),
            city.days.first - 1 - random.integers(0, 360, earlier),
        ]
    )
    size = count + earlier
    pledgor = skewed(random, city.pool(ENTERPRISE), size, 2.0).astype(np.int64)
    released = (np.arange(size) >= count) & (random.random(size) < 0.4)
    draft = city.draft("ip_pledge", size)
    draft.put(
        kind=Coded(
            np.searchsorted([0.74, 0.93], random.random(size), side="right"), ("PATENT", "TRADEMARK", "MIXED")
        ),
        pledgor_id=pledgor,
        bank=picked(_BANKS, "x_id"),
        amount=amount * _WAN,
        registered_on=day,
        released_on=optional(day + 365, released),
        org_code=city.office_of(pledgor),
    )
    city.write(draft)


def _write_projects(city: City) -> None:
    """Funded projects, all accepted or on schedule."""
    random = city.random("ip_project")
    size = city.count("ip.projects")
    money = summing_to(city.fen("ip.project_money") // _WAN, 0.4 + random.gamma(2.0, 0.5, size), 1) * _WAN
    finance = np.arange(size) >= size * 32 // 89
    approved = city.days.draw(random, size, city.days.office)[random.permutation(size)]
    agreed = approved - 300
    finished = random.random(size) < 0.62
    due = np.minimum(approved + random.integers(20, 90, size), city.days.last)
    applicant = skewed(random, city.pool(ENTERPRISE), size, 1.5).astype(np.int64)
    batches = city.count("ip.project_batches")
    draft = city.draft("ip_project", size)
    draft.put(
        programme=Coded(finance.astype(np.int8), ("高价值专利培育", "知识产权金融")),
        batch="'第' || (x_id % " + str(batches) + " + 1) || '批'",
        title="'合成知识产权项目' || x_id",
        applicant_id=applicant,
        approved=money,
        approved_on=approved,
        agreement_on=agreed,
        midterm_due=approved - 60,
        midterm_on=approved - 70,
        accept_due=np.where(finished, due, due + 400),
        accepted_on=optional(np.maximum(due - 5, agreed), finished),
        on_schedule=True,
        paid=money,
        recovered=0,
        org_code=city.office_of(applicant),
    )
    city.write(draft)


def _write_fund(city: City) -> None:
    """Investments of the year as printed, one of the year before."""
    random = city.random("ip_fund_investment")
    companies = city.count("ip.fund_companies")
    amount = (
        split(city.fen("ip.fund") // _WAN, 0.5 + random.random(companies)) * _WAN
        if companies
        else np.zeros(0)
    )
    size = companies + 1
    signed = np.concatenate(
        [city.days.draw(random, companies, city.days.office), [city.days.first - 200]]
    ).astype(np.int64)
    paid = np.minimum(signed + 12, np.where(np.arange(size) < companies, city.days.last, city.days.first - 1))
    company = skewed(random, city.pool(ENTERPRISE), size, 1.0).astype(np.int64)
    draft = city.draft("ip_fund_investment", size)
    draft.put(
        fund="'合成知识产权运营基金'",
        company_id=company,
        signed_on=signed,
        paid_on=paid,
        amount=np.concatenate([amount, [5_000 * _WAN // 10]]).astype(np.int64),
        org_code=city.office_of(company),
    )
    city.write(draft)


def _write_awards(city: City) -> None:
    grades = ("GOLD", "SILVER", "MERIT")
    counts = [city.whole(f"ip.award_{each}") for each in ("gold", "silver", "merit")]
    grade = np.repeat(np.arange(3), counts)
    size = len(grade)
    each = city.fen("ip.award_each")
    name = "广东专利奖（合成）" if city.profile.is_city else "中国专利优秀奖（合成）"
    level = "PROVINCE" if city.profile.is_city else "NATIONAL"
    draft = city.draft("ip_award", size)
    draft.put(
        award=f"'{name}'",
        level=f"'{level}'",
        grade=Coded(grade, grades),
        year=city.year,
        awarded_on=np.full(size, city.days.day(7, 20)),
        winner="'合成获奖单位' || x_id",
        due_amount=np.full(size, each),
        paid_amount=0,
        reason=Coded(np.full(size, 0 if each else -1), ("经费全部压减，当年没有支出",)),
    )
    city.write(draft)

"""Complaints, reports, the contacts they came with, pledges of shops, settlement by firms themselves."""

from typing import NamedTuple

import numpy as np

from zhunsheng.synthesis.amounts import EMPTY, Array, chosen, coded_by_share, share_of, split, summing_to
from zhunsheng.synthesis.city import City
from zhunsheng.synthesis.columns import Coded, picked
from zhunsheng.synthesis.days import any_hour, optional
from zhunsheng.synthesis.entities import ENTERPRISE, distinct, skewed

_CHANNELS = ("PHONE", "WEB", "APP", "WECHAT", "ALIPAY", "LETTER", "WINDOW", "12345", "MEDIA", "TRANSFER")
_CHANNEL_SHARES = (0.22, 0.08, 0.09, 0.07, 0.02, 0.02, 0.02, 0.43, 0.01, 0.04)
_ISSUES = ("FOOD_SAFETY", "AFTER_SALES", "QUALITY", "CONTRACT", "PRICE", "ADVERTISING", "FALSE_PROMOTION")
_ISSUE_SHARES = (0.16, 0.29, 0.2, 0.17, 0.07, 0.05, 0.06)
_OUTCOMES = ("AGREED", "SETTLED_PRIVATELY", "FAILED", "WITHDRAWN")
_TEXTS = (
    "合成诉求：商品与描述不符，要求退款",
    "合成诉求：预付卡余额未退",
    "合成诉求：食品变质",
    "合成诉求：售后拖延",
    "合成诉求：标价不实",
)
_MEDIATION_DAYS = 45


class _Numbers(NamedTuple):
    complaints: int
    reports: int
    national: int
    recovered: int


def make_consumer(city: City) -> None:
    """A year of contacts; large ones come month by month."""
    complaints = city.count("consumer.complaints")
    reports = city.count("consumer.handled") - complaints
    weights = city.days.online
    months = city.parts(complaints + reports, weights)
    counts = split(complaints, [each[1] for each in months])
    national = split(city.count("consumer.national_platform"), counts)
    recovered = split(city.fen("consumer.recovered"), counts)
    cases = _Linked(city)
    for place, (month, total) in enumerate(months):
        numbers = _Numbers(
            int(counts[place]), total - int(counts[place]), int(national[place]), int(recovered[place])
        )
        _write_part(city, month, numbers, cases)
    _write_pledges(city)


class _Linked:
    """The cases that reports led to, by the month in which the report came in."""

    def __init__(self, city: City) -> None:
        random = city.random("report/linked")
        self.cases = city.shared["cases/REPORT"]
        self.subjects = city.shared["cases/REPORT/subject"]
        self.filed = city.shared["cases/REPORT/filed"]
        self.received = np.maximum(self.filed - random.integers(1, 18, len(self.filed)), city.days.first)
        self.months = city.days.month_of(self.received)

    def of(self, month: int | None, most: int) -> Array:
        """Positions of the cases of a month, or of all."""
        found = np.arange(len(self.cases)) if month is None else np.flatnonzero(self.months == month)
        return found[:most]


def _write_part(city: City, month: int | None, numbers: _Numbers, linked: _Linked) -> None:
    random = city.random(f"consumer/{month}")
    both = min(numbers.reports // 50, numbers.complaints)
    received = city.days.draw(random, numbers.complaints, city.days.online, month)
    received = received[random.permutation(numbers.complaints)]
    positions = linked.of(month, numbers.reports - both)
    others = numbers.reports - len(positions)
    report_days = city.days.draw(random, others, city.days.online, month)[random.permutation(others)]
    report_days[:both] = received[:both]
    report_days = np.concatenate([report_days, linked.received[positions]])
    contacts = city.draft("intake", numbers.complaints + numbers.reports - both)
    days = np.concatenate([received, report_days[both:]])
    subject = skewed(random, city.pool(), numbers.complaints, 3.0).astype(np.int64)
    offices = np.concatenate(
        [
            city.office_of(subject),
            city.places.offices[random.integers(0, len(city.places.offices), numbers.reports - both)],
        ]
    )
    complaint_first, report_first = city.last_id("complaint") + 1, city.last_id("report") + 1
    shared = np.arange(contacts.size) < both
    is_complaint = np.arange(contacts.size) < numbers.complaints
    number = np.where(
        is_complaint,
        complaint_first + np.arange(contacts.size),
        report_first + both + np.arange(contacts.size) - numbers.complaints,
    )
    intake_ids = contacts.ids
    contacts.put(
        channel=Coded(coded_by_share(random, contacts.size, _CHANNEL_SHARES), _CHANNELS),
        received_at=any_hour(random, days),
        text=picked(_TEXTS, "x_id"),
        x_shared=shared,
        x_complaint=is_complaint,
        x_number=number,
        x_report=np.where(shared, report_first + np.arange(contacts.size), 0),
        split_into=(
            f"CASE WHEN x_shared THEN [{city.key('complaint', 'x_number')}, {city.key('report', 'x_report')}] "
            f"WHEN x_complaint THEN [{city.key('complaint', 'x_number')}] ELSE [{city.key('report', 'x_number')}] END"
        ),
        org_code=offices,
        evidence_ids=None,
    )
    city.write(contacts)
    _write_complaints(city, random, numbers, (intake_ids[: numbers.complaints], received, subject))
    intakes = np.concatenate([intake_ids[:both], intake_ids[numbers.complaints :]])
    _write_reports(city, random, (intakes, report_days), (linked, positions))


def _write_complaints(
    city: City, random: np.random.Generator, numbers: _Numbers, given: tuple[Array, Array, Array]
) -> None:
    intakes, received, subject = given
    size = numbers.complaints
    national = chosen(random, size, numbers.national)
    refused = random.random(size) < float(city.share("consumer.refused"))
    late = random.random(size) < float(city.share("consumer.late_decision"))
    decided = city.days.workdays_after(
        received, np.where(late, random.integers(8, 16, size), random.integers(0, 8, size))
    )
    decided = np.where(national, np.minimum(decided, city.days.last), decided)
    overdue = ~refused & (random.random(size) < float(city.share("consumer.late_closing")))
    wait = np.where(
        overdue,
        random.integers(46, 61, size),
        1 + np.minimum(random.gamma(2.0, 6.0, size), 44).astype(np.int64),
    )
    closed = city.days.workdays_after(
        decided, np.where(refused, 0, np.minimum(wait, np.where(overdue, 60, _MEDIATION_DAYS)))
    )
    closed = np.where(national, np.minimum(closed, city.days.last), closed)
    still_open = ~national & (random.random(size) < 0.004)
    closed = np.where(still_open, EMPTY, closed)
    outcome = np.where(refused | still_open, -1, coded_by_share(random, size, [0.42, 0.16, 0.33, 0.09]))
    # losses are recovered when the mediation ends, and counted in the year in which it does
    paid = np.flatnonzero(((outcome == 0) | (outcome == 1)) & (closed <= city.days.last))
    recovered = np.full(size, EMPTY)
    if len(paid):
        recovered[paid] = summing_to(numbers.recovered, random.lognormal(0, 1.2, len(paid)))
    claimed = np.where(recovered == EMPTY, random.integers(2_000, 400_000, size), recovered * 3 // 2 + 500)
    platform = np.where(random.random(size) < 0.2, skewed(random, city.pool(ENTERPRISE), size, 4.0), 0)
    told = city.days.workdays_after(np.where(closed == EMPTY, decided, closed), random.integers(0, 8, size))
    draft = city.draft("complaint", size)
    draft.put(
        intake_id=intakes,
        national_platform=national,
        received_on=received,
        complainant='\'{"name":"合成消费者","phone":"000","address":"合成地址"}\'',
        respondent_id=np.where(random.random(size) < 0.14, 0, subject),
        respondent_text="'合成经营者' || respondent_id",
        platform_id=platform,
        issue_code=Coded(coded_by_share(random, size, _ISSUE_SHARES), _ISSUES),
        goods_code=picked(("G01", "G02", "G07", "G11", "G23", "S04"), "x_id"),
        claimed_amount=claimed,
        recovered_amount=recovered,
        decision=Coded(refused.astype(np.int8), ("ACCEPT", "REFUSE")),
        decided_on=decided,
        refusal_ground=np.where(refused, 1 + random.integers(0, 6, size), EMPTY),
        outcome=Coded(outcome, _OUTCOMES),
        end_ground=np.where(outcome >= 0, 1 + random.integers(0, 7, size), EMPTY),
        closed_on=closed,
        notified_on=optional(told, closed != EMPTY),
        published_on=optional(told + 10, (closed != EMPTY) & (random.random(size) < 0.9)),
        satisfaction=np.where(
            random.random(size) < 0.3, 2 + coded_by_share(random, size, [0.07, 0.12, 0.31, 0.5]), EMPTY
        ),
        org_code=city.office_of(subject),
        evidence_ids=None,
    )
    city.write(draft)


def _write_reports(
    city: City, random: np.random.Generator, given: tuple[Array, Array], linked: tuple[_Linked, Array]
) -> None:
    intakes, received = given
    known, positions = linked
    size = len(intakes)
    is_filed = np.arange(size) >= size - len(positions)
    extended = random.random(size) < 0.06
    late = random.random(size) < float(city.share("consumer.late_report"))
    limit = np.where(extended, 30, 15)
    wait = np.where(
        late,
        limit + random.integers(1, 9, size),
        1 + np.minimum(random.gamma(2.2, 3.6, size), 14).astype(np.int64),
    )
    decided = city.days.workdays_after(received, wait)
    subject = skewed(random, city.pool(), size, 3.0).astype(np.int64)
    case = np.zeros(size, dtype=np.int64)
    subject[is_filed] = known.subjects[positions]
    decided[is_filed] = known.filed[positions]
    case[is_filed] = known.cases[positions]
    decision = np.where(is_filed, 0, 1 + coded_by_share(random, size, [0.7, 0.19, 0.11]))
    real_name = random.random(size) < 0.72
    draft = city.draft("report", size)
    draft.put(
        intake_id=intakes,
        received_on=received,
        real_name=real_name,
        violation_code=picked(("食品标签", "无照经营", "虚假宣传", "商标侵权", "价格欺诈"), "x_id"),
        subject_id=np.where(~is_filed & (random.random(size) < 0.1), 0, subject),
        decision=Coded(decision, ("FILE", "NO_FILE", "TRANSFER", "DUPLICATE")),
        decided_on=decided,
        extended=extended & ~is_filed,
        informed_on=optional(city.days.workdays_after(decided, random.integers(0, 6, size)), real_name),
        case_id=case,
        reward=np.where(
            is_filed & (random.random(size) < 0.2), random.integers(20_000, 500_000, size), EMPTY
        ),
        org_code=city.office_of(subject),
        evidence_ids=None,
    )
    city.write(draft)


def _write_pledges(city: City) -> None:
    """Live pledges by kind as printed, some withdrawn ones besides, and cases that firms settled online."""
    random = city.random("pledge")
    kinds = ("RELIABLE_CONSUMPTION", "NO_REASON_RETURN_7D", "SERVICE_STATION", "ODR")
    names = ("reliable", "return", "station", "odr")
    counts = [city.count(f"consumer.pledge_{each}") for each in names]
    gone = max(sum(counts) // 25, 2)
    kind = np.concatenate([np.repeat(np.arange(4), counts), np.zeros(gone, dtype=np.int64)])
    size = len(kind)
    pool = city.pool(ENTERPRISE)
    who = distinct(random, pool, size) if size <= len(pool) else skewed(random, pool, size, 1.0)
    withdrawn = np.arange(size) >= size - gone
    signed = city.days.draw(random, size, city.days.office)
    signed[withdrawn] -= 500
    draft = city.draft("pledge", size)
    ids = np.asarray(who, dtype=np.int64)
    draft.put(
        entity_id=ids,
        kind=Coded(kind, kinds),
        signed_on=signed,
        shown_on_site=random.random(size) < 0.96,
        valid_to=signed + 1095,
        withdrawn_on=np.where(withdrawn, signed + 300, EMPTY),
        withdraw_reason=Coded(np.where(withdrawn, 0, -1), ("合成：停业",)),
        org_code=city.office_of(ids),
    )
    city.write(draft)
    firms = ids[kind == 3]
    total = city.count("consumer.odr_cases")
    day = city.days.draw(random, total, city.days.online)
    settled = day + random.integers(0, 20, total)
    escalated = chosen(random, total, share_of(total, city.share("consumer.refused") / 4))
    owner = skewed(random, firms, total, 2.0).astype(np.int64)
    draft = city.draft("odr_case", total)
    draft.put(
        entity_id=owner,
        received_on=day,
        settled_on=optional(settled, ~escalated),
        amount=random.integers(1_000, 200_000, total),
        escalated_to=np.where(escalated, 1 + random.integers(0, max(city.last_id("complaint"), 1), total), 0),
        org_code=city.office_of(owner),
    )
    city.write(draft)

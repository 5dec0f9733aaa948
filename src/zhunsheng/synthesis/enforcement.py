"""Leads, cases with their dates and money, reconsideration, fair-competition review, scores of officers."""

from dataclasses import dataclass

import numpy as np

from zhunsheng.synthesis.amounts import EMPTY, Array, chosen, coded_by_share, split, summing_to
from zhunsheng.synthesis.city import City
from zhunsheng.synthesis.columns import Coded, picked
from zhunsheng.synthesis.days import optional
from zhunsheng.synthesis.entities import skewed
from zhunsheng.synthesis.reference import officers_of

_FIELDS = (
    "FOOD", "TRADEMARK", "QUALITY", "ADVERTISING", "PRICE", "DRUG", "COSMETIC", "DEVICE", "EQUIPMENT",
    "METROLOGY", "COMPETITION", "REGISTRATION", "CONSUMER", "ONLINE", "PATENT", "OTHER",
)  # fmt: skip
_FIELD_SHARES = (
    0.34,
    0.12,
    0.09,
    0.07,
    0.05,
    0.05,
    0.05,
    0.03,
    0.04,
    0.02,
    0.02,
    0.05,
    0.02,
    0.02,
    0.01,
    0.02,
)
_SOURCES = ("REPORT", "COMPLAINT", "CHECK", "SAMPLING", "TRANSFER", "MEDIA", "SUPERIOR")
_FROM_REPORT, _FROM_CHECK, _FROM_SAMPLING = 0, 2, 3
_PENALTIES: tuple[tuple[str, ...], ...] = (
    ("WARNING",),
    ("FINE",),
    ("FINE", "CONFISCATION"),
    ("WARNING", "FINE"),
)
_DISCRETIONS = ("NORMAL", "LIGHTER", "REDUCED", "EXEMPT", "HEAVIER")
_OUTCOMES = ("PENALTY", "NO_PENALTY_SLIGHT", "NO_PENALTY_FIRST", "NO_PENALTY_NO_FAULT")
_MONTHS_3, _YEARS_3 = 92, 1096


@dataclass
class Cases:
    """The cases that were filed, in the order of their surrogates from 1; decided ones have a day of decision."""

    source: Array
    subject: Array
    filed: Array
    decided: Array
    is_penalty: Array
    discretion: Array


def make_cases(city: City) -> None:
    """Filed cases, cases of the simple procedure, and leads."""
    random = city.random("case_file")
    cases = _filed(city, random)
    _write_leads(city, random, cases)
    _write_filed(city, random, cases)
    _write_simple(city)
    for name, source in (("REPORT", _FROM_REPORT), ("CHECK", _FROM_CHECK), ("SAMPLING", _FROM_SAMPLING)):
        mine = np.flatnonzero(cases.source == source)
        city.shared[f"cases/{name}"] = mine + 1
        city.shared[f"cases/{name}/subject"] = cases.subject[mine]
        city.shared[f"cases/{name}/filed"] = cases.filed[mine]


def _filed(city: City, random: np.random.Generator) -> Cases:
    size = city.count("enforcement.filed")
    reports = city.count("consumer.handled") - city.count("consumer.complaints")
    from_reports = min(int(reports * float(city.share("consumer.filed_reports"))), size // 2)
    from_samples = min(int(city.count("food.samples") * 0.012), size // 6)
    rest = split(size - from_reports - from_samples, [0.12, 0.45, 0.2, 0.05, 0.18])
    source = np.repeat(
        np.arange(7), [from_reports, rest[0], rest[1], from_samples, rest[2], rest[3], rest[4]]
    )
    # what a report or a sample of this year led to cannot be filed in its first weeks
    late_start = city.days.office.copy()
    late_start[: city.days.day(2, 25) - city.days.first] = 0
    linked = (source == _FROM_REPORT) | (source == _FROM_SAMPLING) | (source == _FROM_CHECK)
    filed = np.empty(size, dtype=np.int64)
    for mine, weights in ((linked, late_start), (~linked, city.days.office)):
        count = int(mine.sum())
        filed[mine] = city.days.draw(random, count, weights)[random.permutation(count)]
    penalties, exempt = city.count("enforcement.penalty_cases"), city.count("enforcement.exempt")
    decided_count = min(penalties + exempt, size)
    # the latest ones are still open, or decided after the year
    order = np.argsort(filed + random.integers(0, 60, size), kind="stable")
    done = order[:decided_count]
    decided = np.full(size, EMPTY)
    room = city.days.last - 1 - filed[done]
    wait = np.minimum(np.maximum(random.gamma(2.4, 24.0, decided_count), 6).astype(np.int64), 118)
    decided[done] = filed[done] + np.where(wait > room, np.maximum(room * 7 // 10, 0), wait)
    is_exempt = np.zeros(size, dtype=bool)
    is_exempt[random.choice(done, min(exempt, decided_count), replace=False)] = True
    is_penalty = (decided != EMPTY) & ~is_exempt
    discretion = np.where(is_exempt, 3, np.where(is_penalty, 0, -1))
    punished = np.flatnonzero(is_penalty)
    random.shuffle(punished)
    lighter, reduced = city.count("enforcement.lighter"), city.count("enforcement.reduced")
    discretion[punished[:lighter]] = 1
    discretion[punished[lighter : lighter + reduced]] = 2
    heavier = punished[lighter + reduced :]
    discretion[heavier[: len(heavier) // 70]] = 4
    subject = skewed(random, city.pool(), size, 1.7).astype(np.int64)
    return Cases(source, subject, filed, decided, is_penalty, discretion)


def _write_leads(city: City, random: np.random.Generator, cases: Cases) -> None:
    size = len(cases.filed)
    others = max(city.count("enforcement.leads") - size, 3)
    found = city.days.draw(random, others, city.days.office)[random.permutation(others)]
    waited = np.minimum(random.integers(1, 15, others), 14)
    subject = np.concatenate([cases.subject, skewed(random, city.pool(), others, 1.7)]).astype(np.int64)
    day = np.concatenate([cases.filed - random.integers(1, 18, size), found])
    decided = np.concatenate([cases.filed, city.days.workdays_after(found, waited)])
    decision = np.concatenate([np.zeros(size), 1 + (random.random(others) < 0.2)]).astype(np.int8)
    source = np.concatenate(
        [cases.source, np.searchsorted(np.cumsum([0.3, 0.1, 0.2, 0.05, 0.2, 0.05]), random.random(others))]
    )
    draft = city.draft("lead", size + others)
    draft.put(
        source=Coded(source, _SOURCES),
        found_on=day,
        x_subject=subject,
        subject_id=city.key("market_entity", "x_subject"),
        decision=Coded(decision, ("FILE", "NO_FILE", "TRANSFER")),
        decided_on=decided,
        org_code=city.office_of(subject),
        evidence_ids=None,
    )
    city.write(draft)


def _money(city: City, random: np.random.Generator, cases: Cases) -> tuple[Array, Array]:
    """Fines and confiscated gains in fen, together the printed total."""
    punished = np.flatnonzero(cases.is_penalty)
    weight = random.lognormal(0, 1.3, len(punished))
    weight *= np.select([cases.discretion[punished] == 1, cases.discretion[punished] == 2], [0.5, 0.3], 1.0)
    total = city.fen("enforcement.penalty_money")
    amount = summing_to(total, weight, min(20_000, total // (2 * max(len(punished), 1))))
    gain_part = np.where(random.random(len(punished)) < 0.45, amount // 9, 0)
    fine, gain = np.full(len(cases.filed), EMPTY), np.full(len(cases.filed), EMPTY)
    fine[punished] = amount - gain_part
    gain[punished] = gain_part
    return fine, gain


def _write_filed(city: City, random: np.random.Generator, cases: Cases) -> None:
    size = len(cases.filed)
    fine, gain = _money(city, random, cases)
    done = cases.decided != EMPTY
    span = np.where(done, cases.decided - cases.filed, 0)
    notice = cases.filed + span * 7 // 10
    review = cases.filed + span * 5 // 10
    served = cases.decided + random.integers(0, 5, size)
    published = city.days.workdays_after(
        np.where(done, cases.decided, city.days.first), random.integers(2, 19, size)
    )
    published = np.maximum(published, served)
    long = done & (span > 90)
    extension = np.where(long, cases.filed + 80, EMPTY)
    outcome = np.where(~done, -1, np.where(cases.is_penalty, 0, 1 + np.arange(size) % 3))
    epidemic = chosen(random, size, min(city.whole("enforcement.epidemic"), size))
    typical = np.full(size, -1)
    typical[np.flatnonzero(cases.is_penalty)[: city.whole("enforcement.typical")]] = 0
    offices = city.office_of(cases.subject)
    one, other = officers_of(city, offices, random)
    hearing = done & (random.random(size) < 0.01) & (span > 30)
    draft = city.draft("case_file", size)
    draft.put(
        filing_no=f"'合成市监立〔{city.year}〕' || x_id || '号'",
        org_code=offices,
        lead_id=draft.ids,
        filed_on=cases.filed,
        procedure="'GENERAL'",
        x_subject=cases.subject,
        parties=f"[{city.key('market_entity', 'x_subject')}]",
        field_code=Coded(coded_by_share(random, size, _FIELD_SHARES), _FIELDS),
        epidemic_related=epidemic,
        law_items='\'[{"law":"合成法规","article":"\' || (x_id % 60 + 1) || \'"}]\'',
        x_one=one,
        x_other=other,
        officers=f"[{city.key('staff', 'x_one')}, {city.key('staff', 'x_other')}]",
        review_received_on=optional(review - np.minimum(span // 5, 9), done),
        legal_review_on=optional(review, done),
        notice_on=optional(notice, done),
        hearing_on=optional(notice + 2, hearing),
        decision_on=cases.decided,
        decision_no=f"CASE WHEN decision_on <> {EMPTY} THEN '合成市监处罚〔{city.year}〕' || x_id || '号' END",
        outcome=Coded(outcome, _OUTCOMES),
        discretion=Coded(cases.discretion, _DISCRETIONS),
        penalty_kinds=Coded(np.where(cases.is_penalty, np.where(gain > 0, 2, 1), -1), _PENALTIES),
        fine=fine,
        confiscated_gain=gain,
        goods_value=np.where(cases.is_penalty, random.integers(0, 900_000, size), EMPTY),
        served_on=optional(served, done),
        paid_on=optional(served + random.integers(1, 15, size), cases.is_penalty),
        x_extension=extension,
        extensions=(
            f'CASE WHEN x_extension <> {EMPTY} THEN \'[{{"length":30,"approved_on":"\' || '
            "(DATE '1970-01-01' + x_extension::INTEGER) || '\"}]' END"
        ),
        published_on=optional(published, cases.is_penalty),
        publish_until=optional(
            published + np.where(random.random(size) < 0.4, _MONTHS_3, _YEARS_3), cases.is_penalty
        ),
        typical_level=Coded(typical, ("PROVINCE",)),
        typical_batch=Coded(typical, ("铁拳第一批",)),
        evidence_ids=None,
    )
    city.write(draft)
    punished = np.flatnonzero(cases.is_penalty)
    city.shared["published_cases"] = punished + 1
    city.shared["published_case_days"] = published[punished]
    city.shared["decided_case_days"] = cases.decided[punished]
    city.shared["published_case_subjects"] = cases.subject[punished]
    city.shared["served_case_days"] = served[punished]


def _write_simple(city: City) -> None:
    """Penalties on the spot: warnings, not filed and not published."""
    random = city.random("case_file/simple")
    size = city.count("enforcement.simple")
    day = city.days.draw(random, size, city.days.office)
    subject = skewed(random, city.pool(), size, 1.7).astype(np.int64)
    offices = city.office_of(subject)
    one, other = officers_of(city, offices, random)
    draft = city.draft("case_file", size)
    draft.put(
        filing_no=f"'合成市监当罚〔{city.year}〕' || x_id || '号'",
        org_code=offices,
        procedure="'SIMPLE'",
        x_subject=subject,
        parties=f"[{city.key('market_entity', 'x_subject')}]",
        field_code=Coded(coded_by_share(random, size, _FIELD_SHARES), _FIELDS),
        law_items="'[]'",
        x_one=one,
        x_other=other,
        officers=f"[{city.key('staff', 'x_one')}, {city.key('staff', 'x_other')}]",
        decision_on=day,
        decision_no=f"'合成市监当罚〔{city.year}〕' || x_id || '号'",
        outcome="'PENALTY'",
        discretion="'NORMAL'",
        penalty_kinds=Coded(np.zeros(size, dtype=np.int8), _PENALTIES),
        fine=0,
        served_on=day,
        evidence_ids=None,
    )
    city.write(draft)


def make_review(city: City) -> None:
    """Reconsideration, fair-competition review, pyramid selling, scores of officers."""
    _write_reconsiderations(city)
    _write_fair_reviews(city)
    random = city.random("pyramid_event")
    day = city.days.draw(random, 3, city.days.office)
    draft = city.draft("pyramid_event", 3)
    draft.put(
        occurred_on=day,
        level="'GENERAL'",
        dead=0,
        group_size=6 + random.integers(0, 20, 3),
        handled_on=day + 2,
        org_code=city.places.offices[random.integers(0, len(city.places.offices), 3)],
    )
    city.write(draft)
    _write_scores(city)


def _write_reconsiderations(city: City) -> None:
    random = city.random("reconsideration")
    size = max(city.count("enforcement.reconsiderations"), 12)
    weights = city.days.office.copy()
    weights[city.days.day(10, 10) - city.days.first :] *= 0.3
    received = city.days.draw(random, size, weights)
    accepted = city.days.workdays_after(received, random.integers(1, 6, size))
    wait = random.integers(18, 58, size)
    extended = random.random(size) < 0.06
    decided = accepted + np.where(extended, random.integers(61, 86, size), wait)
    draft = city.draft("reconsideration", size)
    draft.put(
        role=Coded((random.random(size) < 0.3).astype(np.int8), ("AUTHORITY", "RESPONDENT")),
        act_ref="'合成行政行为' || x_id",
        applicant="'合成申请人' || x_id",
        received_on=received,
        accepted_on=accepted,
        procedure="'ORDINARY'",
        x_extended=np.where(extended, accepted + 50, EMPTY),
        extensions=(
            f'CASE WHEN x_extended <> {EMPTY} THEN \'[{{"length":30,"approved_on":"\' || '
            "(DATE '1970-01-01' + x_extended::INTEGER) || '\"}]' END"
        ),
        extended_to=optional(city.days.worked_on_or_after(accepted + 90), extended),
        decided_on=decided,
        outcome=Coded(
            coded_by_share(random, size, [0.46, 0.04, 0.07, 0.03, 0.18, 0.04, 0.18]),
            ("MAINTAIN", "CHANGE", "ANNUL", "ILLEGAL", "DISMISS", "MEDIATED", "WITHDRAWN"),
        ),
    )
    city.write(draft)


def _write_fair_reviews(city: City) -> None:
    random = city.random("fair_review")
    size = city.count("enforcement.fair_reviews")
    day = city.days.draw(random, size, city.days.office)
    conclusion = coded_by_share(random, size, [0.94, 0.04, 0.005, 0.015])
    draft = city.draft("fair_review", size)
    draft.put(
        drafting_org=picked(("合成起草部门一", "合成起草部门二", "合成起草部门三"), "x_id"),
        title="'合成政策措施' || x_id",
        kind=Coded(random.integers(1, 4, size), ("LAW", "RULE", "NORMATIVE", "POLICY")),
        affects_entities=True,
        standard_checks='\'{"entry":true,"flow":true,"cost":true,"conduct":true}\'',
        exception_ground=Coded(np.where(conclusion == 3, 0, -1), ("合成例外理由",)),
        exception_until=np.where(conclusion == 3, day + 700, EMPTY),
        opinions_heard=random.random(size) < 0.9,
        conclusion=Coded(conclusion, ("PASS", "REVISE", "FORBID", "EXCEPTION")),
        concluded_on=day,
        issued_on=np.where(conclusion == 2, EMPTY, day + random.integers(0, 40, size)),
    )
    city.write(draft)


def _write_scores(city: City) -> None:
    random = city.random("officer_score")
    fit = np.flatnonzero(city.shared["staff_fit"])
    who = fit[: max(len(fit) // 3, 1)]
    size = len(who)
    quality, speed = random.integers(40, 60, size), random.integers(20, 40, size)
    draft = city.draft("officer_score", size)
    draft.put(
        staff_id=who + 1,
        year=city.year,
        x_quality=quality,
        x_speed=speed,
        points="'{\"quality\":' || x_quality || ',\"on_time\":' || x_speed || '}'",
        total=(quality + speed) * 100,
        org_code=city.shared["staff_org"][who],
    )
    city.write(draft)

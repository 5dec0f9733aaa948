"""Credit: classes, lists, letters with penalties, repair, the white list, cooperatives."""

import numpy as np

from zhunsheng.synthesis.amounts import EMPTY, Array, coded_by_share, half_up, summing_to
from zhunsheng.synthesis.city import City
from zhunsheng.synthesis.columns import Coded, numbered, picked
from zhunsheng.synthesis.days import optional
from zhunsheng.synthesis.entities import COOPERATIVE, ENTERPRISE, INDIVIDUAL, distinct, skewed

_INDICATORS = (
    ("B01", "注册资本", "BASIC"),
    ("B02", "成立年限", "BASIC"),
    ("D01", "变更频次", "DYNAMIC"),
    ("D02", "年报情况", "DYNAMIC"),
    ("S01", "行政处罚", "SUPERVISION"),
    ("S02", "抽查结果", "SUPERVISION"),
    ("S03", "经营异常", "SUPERVISION"),
    ("R01", "关联主体", "RELATION"),
    ("P01", "投诉举报", "SOCIAL"),
    ("P02", "舆情", "SOCIAL"),
)
_MODEL = "'M-1'"
_PART = 400_000


def make_classes(city: City) -> None:
    """The model and the class of everybody in the frame."""
    order = np.arange(len(_INDICATORS))
    draft = city.draft("risk_indicator", len(_INDICATORS))
    draft.put(
        model_version=_MODEL,
        code=Coded(order, tuple(each[0] for each in _INDICATORS)),
        name=Coded(order, tuple(each[1] for each in _INDICATORS)),
        indicator_group=Coded(order, tuple(each[2] for each in _INDICATORS)),
        direction=Coded((order < 2).astype(np.int8), ("HIGHER_RISKIER", "LOWER_RISKIER")),
        weight=np.full(len(_INDICATORS), 1000),
        transform="'分段'",
        source="'合成来源台账'",
    )
    city.write(draft)
    frame, stratum = city.shared["frame"], city.shared["stratum"]
    spans = np.array([0, 300, 600, 800, 1000])
    for start in range(0, len(frame), _PART):
        random = city.random(f"risk_score/{start}")
        who, level = frame[start : start + _PART], stratum[start : start + _PART].astype(np.int64)
        low, high = spans[level], spans[level + 1]
        score = (low * 100 + random.random(len(who)) * (high - low) * 100).astype(np.int64)
        draft = city.draft("risk_score", len(who))
        draft.put(
            entity_id=who,
            model_version=_MODEL,
            scored_on=np.full(len(who), city.days.first + 3),
            score=score,
            risk_class=Coded(level, ("A", "B", "C", "D")),
            hits=picked(('{"S01":30}', '{"D02":25,"S03":40}', '{"P01":12}', '{"B02":8}'), "x_id"),
            org_code=city.office_of(who),
            evidence_ids=None,
        )
        city.write(draft)


def make_lists(city: City) -> None:
    """Abnormal and serious lists, letters, repairs."""
    _write_abnormal(city)
    _write_serious(city)
    _write_letters(city)
    _write_repairs(city)


def _write_abnormal(city: City) -> None:
    """Most are listed within ten working days after 30 June for a missing report."""
    random = city.random("abnormal_listing")
    size = min(city.count("credit.abnormal"), len(city.pool(ENTERPRISE)))
    who = distinct(random, city.pool(ENTERPRISE), size).astype(np.int64)
    cause = coded_by_share(random, size, [0.62, 0.02, 0.05, 0.31])
    july = np.full(size, city.days.day(6, 30))
    listed = np.where(
        cause == 0,
        city.days.workdays_after(july, random.integers(1, 11, size)),
        city.days.draw(random, size, city.days.office)[random.permutation(size)],
    )
    out = city.days.workdays_after(listed, random.integers(5, 90, size))
    gone = random.random(size) < 0.57
    draft = city.draft("abnormal_listing", size)
    draft.put(
        entity_id=who,
        cause=Coded(cause, ("NO_ANNUAL", "NO_INSTANT_INFO", "FALSE_INFO", "UNREACHABLE")),
        ground_on=np.where(cause == 0, july, listed - 5),
        in_on=listed,
        basis_record=numbered("JL", "x_id", 9),
        verified_on=optional(out - 2, gone),
        out_on=optional(out, gone),
        out_cause=Coded(np.where(gone, cause > 0, -1), ("补报年报", "核实地址")),
        org_code=city.office_of(who),
        evidence_ids=None,
    )
    city.write(draft)


def _write_serious(city: City) -> None:
    cases, subjects = city.shared["published_cases"], city.shared["published_case_subjects"]
    days = city.shared["decided_case_days"]
    size = min(city.count("credit.serious"), len(cases) // 20)
    # decisions of the first months: the three years of display end within the working-day calendars
    pick = np.argsort(days, kind="stable")[np.arange(size) * 9]
    draft = city.draft("serious_listing", size)
    who = subjects[pick]
    draft.put(
        x_subject=who,
        subject_id=city.key("market_entity", "x_subject"),
        entity_id=who,
        cause=picked(("食品安全严重违法", "拒不履行处罚", "虚假广告情节严重"), "x_id"),
        penalty_id=cases[pick],
        in_on=days[pick] + 20,
        planned_out=city.days.years_after(days[pick] + 20, 3),
        superior_consent=None,
        org_code=city.office_of(who),
    )
    city.write(draft)


def _write_letters(city: City) -> None:
    """One letter with each penalty decision."""
    random = city.random("penalty_notice_letter")
    cases, served = city.shared["published_cases"], city.shared["served_case_days"]
    size = len(cases)
    opened = random.random(size) < 0.83
    draft = city.draft("penalty_notice_letter", size)
    draft.put(
        case_id=cases,
        sent_on=served,
        channel=picked(("随决定书送达", "短信", "邮寄"), "x_id"),
        opened_on=optional(served + random.integers(0, 9, size), opened),
        reminder_on=served + 90,
        org_code=city.office_of(city.shared["published_case_subjects"]),
        evidence_ids=None,
    )
    city.write(draft)


def _write_repairs(city: City) -> None:
    granted = city.count("credit.repairs")
    refused = half_up(city.share("credit.refused") * granted)
    for month, count in city.parts(granted + refused, city.days.office):
        chance = city.random(f"credit_repair/{month}")
        bad = refused if month is None else refused // 12 + (refused % 12 if month == 0 else 0)
        _write_repair_part(city, chance, month, (count, bad))


def _write_repair_part(
    city: City, random: np.random.Generator, month: int | None, sizes: tuple[int, int]
) -> None:
    count, bad = sizes
    is_refused = np.zeros(count, dtype=bool)
    is_refused[:bad] = True
    decided = city.days.draw(random, count, city.days.office, month)[random.permutation(count)]
    applied = decided - random.integers(1, 21, count)
    accepted = np.minimum(city.days.workdays_after(applied, random.integers(0, 3, count)), decided)
    kind = coded_by_share(random, count, [0.44, 0.47, 0.085, 0.005])
    who = np.where(
        kind == 1,
        skewed(random, city.pool(INDIVIDUAL), count, 1.4),
        skewed(random, city.pool(ENTERPRISE), count, 1.4),
    ).astype(np.int64)
    draft = city.draft("credit_repair", count)
    draft.put(
        entity_id=who,
        kind=Coded(kind, ("ABNORMAL_OUT", "IND_RESTORE", "PENALTY_STOP", "SERIOUS_EARLY_OUT")),
        applied_on=applied,
        accepted_on=accepted,
        verified_on=np.maximum(accepted, decided - 1),
        decided_on=decided,
        result=Coded(is_refused.astype(np.int8), ("GRANTED", "REFUSED")),
        refused_reason=Coded(np.where(is_refused, 0, -1), ("合成：未满最短公示期",)),
        pushed_on=optional(decided + 1, ~is_refused),
        pushed_to=Coded(np.where(is_refused, -1, 0), (("信用中国", "省平台"),)),
        org_code=city.office_of(who),
        evidence_ids=None,
    )
    city.write(draft)


def make_white_list(city: City) -> None:
    """The white list and the profiles of cooperatives."""
    random = city.random("white_list")
    pool = city.pool(ENTERPRISE)
    live = city.count("credit.white_list")
    if live > len(pool):
        city.note(f"白名单 {live} 户多于企业 {len(pool)} 户，只生成 {len(pool) // 2} 户")
        live = len(pool) // 2
    gone = max(live // 40, 1)
    who = distinct(random, pool, live + gone).astype(np.int64)
    size = len(who)
    out = np.arange(size) >= live
    entered = city.days.draw(random, size, city.days.office)
    entered[out] -= 300
    asked = random.integers(0, 4, size)
    draft = city.draft("white_list", size)
    draft.put(
        entity_id=who,
        basis=picked(("规上企业", "两新企业", "守信主体"), "x_id"),
        entered_on=entered,
        reviewed_on=None,
        out_on=np.where(out, entered + 200, EMPTY),
        services_asked=asked,
        services_answered=asked,
        org_code=city.office_of(who),
    )
    city.write(draft)
    _write_cooperatives(city)


def _write_cooperatives(city: City) -> None:
    random = city.random("coop_profile")
    pool = city.pool(COOPERATIVE).astype(np.int64)
    operating = min(city.count("credit.operating_cooperatives"), len(pool))
    if operating < city.count("credit.operating_cooperatives"):
        city.note(f"在营合作社只有 {operating} 家可供分类")
    size = len(pool)
    is_operating = np.arange(size) < operating
    members = 5 + random.geometric(0.12, size)
    loans = np.full(size, EMPTY)
    borrowers = min(city.count("credit.cooperative_loans"), operating)
    loans[:borrowers] = summing_to(city.fen("credit.cooperative_loan_total"), 0.5 + random.random(borrowers))
    draft = city.draft("coop_profile", size)
    draft.put(
        entity_id=pool,
        members=members,
        farmer_members=_at_least_share(members, 0.8),
        operating=is_operating,
        risk_level=Coded(
            np.where(is_operating, _levels(random, size), -1), ("LOW", "MEDIUM", "HIGHER", "HIGH")
        ),
        classified_on=np.where(is_operating, city.days.day(9, 15), EMPTY),
        loan_total=loans,
        org_code=city.office_of(pool),
    )
    city.write(draft)


def _at_least_share(members: Array, share: float) -> Array:
    return np.ceil(members * share).astype(np.int64)


def _levels(random: np.random.Generator, size: int) -> Array:
    return coded_by_share(random, size, [0.61, 0.24, 0.11, 0.04])

"""Standards, grants, declared standards, pilots, instruments, comparisons, certification, quality."""

import numpy as np

from zhunsheng.synthesis.amounts import EMPTY, Array, chosen, coded_by_share, split, summing_to
from zhunsheng.synthesis.city import City
from zhunsheng.synthesis.columns import Coded, numbered, picked
from zhunsheng.synthesis.days import optional
from zhunsheng.synthesis.entities import ENTERPRISE, distinct, skewed

_LEVELS = ("INT", "NAT", "IND", "PROV", "CITY", "GROUP")
_PREFIXES = ("ISO ", "GB/T ", "QB/T ", "DB44/T ", "DB4401/T ", "T/GZ ")
_BATCHES = 3
_CITY_LEVELS = (22, 120, 60, 40, 30, 28)
_DISTRICT_LEVELS = (0, 18, 13, 0, 0, 0)
_YUAN_10000 = 1_000_000


def make_standards(city: City) -> None:
    """Everything about standards."""
    _write_projects(city)
    _write_declarations(city)
    _write_pilots(city)


def _levels(city: City, total: int) -> Array:
    """Level of each standard: enough of each to be funded as printed, the rest spread."""
    funded = [city.count(f"standards.funded_{each}") for each in ("international", "national", "other")]
    counts = np.array(_CITY_LEVELS if city.profile.is_city else _DISTRICT_LEVELS)
    counts = np.maximum(counts, [funded[0], funded[1], funded[2] - int(counts[3:5].sum()), 0, 0, 0])
    counts[5 if city.profile.is_city else 2] += total - int(counts.sum())
    return np.repeat(np.arange(6), counts)


def _write_projects(city: City) -> None:
    random = city.random("std_project")
    total = city.count("standards.counted")
    level = _levels(city, total)
    counted = city.days.draw(random, total, city.days.office)[random.permutation(total)]
    joined = random.choice(total, max(total // 12, 1), replace=False)
    standard = np.concatenate([np.arange(total), joined])
    size = len(standard)
    pool = distinct(random, city.pool(ENTERPRISE), size // 2 + 3).astype(np.int64)
    # two participants of one standard are different bodies
    entity = pool[np.concatenate([np.arange(total) % (len(pool) - 1), np.full(len(joined), len(pool) - 1)])]
    draft = city.draft("std_project", size)
    number = f"lpad((10000 + x_standard)::VARCHAR, 5, '0') || '-{city.year}'"
    draft.put(
        x_standard=standard,
        x_level=level[standard],
        std_no=f"{picked(_PREFIXES, 'x_level')} || {number}",
        title="'合成标准' || x_standard",
        level=Coded(level[standard], _LEVELS),
        kind=Coded((random.random(size) < 0.3).astype(np.int8), ("DRAFT", "REVISE")),
        role=Coded((np.arange(size) >= total).astype(np.int8), ("LEAD", "JOIN")),
        entity_id=entity,
        approved_on=counted[standard] - 400,
        published_on=counted[standard],
        counted_on=counted[standard],
        org_code=city.office_of(entity),
    )
    city.write(draft)
    _write_grants(city, level)


def _write_grants(city: City, level: Array) -> None:
    random = city.random("std_grant")
    order = np.arange(len(level))
    chosen_ones = [
        order[level == 0][: city.count("standards.funded_international")],
        order[level == 1][: city.count("standards.funded_national")],
        order[(level >= 2) & (level <= 4)][: city.count("standards.funded_other")],
    ]
    projects = np.concatenate(chosen_ones)
    size = len(projects)
    weight = np.repeat([4.0, 1.6, 1.0], [len(each) for each in chosen_ones])
    amount = summing_to(city.fen("standards.grant_total") // 10_000, weight) * 10_000
    line = "P5" if city.profile.is_city else "P4"
    payments, days = city.shared[f"payments/{line}"], city.shared[f"payment_days/{line}"]
    paid_by = random.integers(0, len(payments), size)
    draft = city.draft("std_grant", size)
    draft.put(
        proj_id=projects + 1,
        batch=Coded(np.arange(size) % _BATCHES, tuple(f"第{each}批" for each in ("一", "二", "三"))),
        amount=amount,
        approved_on=np.maximum(days[paid_by] - 20, city.days.first),
        paid_on=days[paid_by],
        payment_id=payments[paid_by],
    )
    city.write(draft)


def _write_declarations(city: City) -> None:
    random = city.random("std_declaration")
    planned, done = city.count("standards.check_planned"), city.count("standards.checked")
    size = max(city.count("standards.declarations"), planned + 10)
    bodies = city.count("standards.checked_bodies")
    pool = city.pool(ENTERPRISE)
    firms = distinct(random, pool, bodies).astype(np.int64)
    if len(firms) < bodies:
        city.note(f"抽查自我声明标准的单位只有 {len(firms)} 家，按报告应为 {bodies} 家")
    entity = np.concatenate([np.resize(firms, done), skewed(random, pool, size - done, 3.0)]).astype(np.int64)
    declared = city.days.first - random.integers(0, 1500, size)
    draft = city.draft("std_declaration", size)
    draft.put(
        entity_id=entity,
        std_no="'Q/HC ' || (10000 + x_id) || '-2020'",
        declared_on=declared,
        status=Coded((random.random(size) < 0.03).astype(np.int8), ("LIVE", "WITHDRAWN")),
        org_code=city.office_of(entity),
        evidence_ids=None,
    )
    city.write(draft)
    is_done = np.arange(planned) < done
    due = city.days.draw(random, planned, city.days.office)[random.permutation(planned)]
    when = np.maximum(due - random.integers(0, 30, planned), city.days.first)
    defect = is_done & (random.random(planned) < 0.09)
    draft = city.draft("std_check", planned)
    draft.put(
        decl_id=np.arange(planned) + 1,
        due_on=due,
        done_on=optional(when, is_done),
        indexes_checked=np.where(is_done, 4 + random.integers(0, 12, planned), EMPTY),
        result=Coded(np.where(is_done, defect, -1), ("OK", "DEFECT")),
        corrected_on=optional(when + 20, defect),
        org_code=city.office_of(entity[:planned]),
    )
    city.write(draft)


def _write_pilots(city: City) -> None:
    """Pilots whose milestone of the year is met, and some whose milestone comes later."""
    random = city.random("std_pilot")
    due = city.count("standards.pilots")
    size = due + 6
    this_year = np.arange(size) < due
    midterm = this_year & (np.arange(size) % 3 == 2)
    final = this_year & ~midterm
    day = city.days.draw(random, size, city.days.office)[random.permutation(size)]
    limit = np.minimum(day + random.integers(5, 60, size), city.days.last)
    draft = city.draft("std_pilot", size)
    draft.put(
        level=Coded(np.arange(size) % 3, ("NATIONAL", "PROVINCE", "CITY")),
        name="'合成标准化试点' || x_id",
        carrier="'合成承担单位' || x_id",
        set_up_on=day - 800,
        midterm_due=np.where(midterm, limit, day - 300 + np.where(this_year, 0, 700)),
        midterm_on=np.where(midterm, day, np.where(this_year, day - 310, EMPTY)),
        accept_due=np.where(final, limit, limit + 500),
        accepted_on=optional(day, final),
        result=Coded(np.where(final, 0, -1), ("PASS", "FAIL")),
    )
    city.write(draft)


def make_metrology(city: City) -> None:
    """Instruments under compulsory verification, verifications, comparisons."""
    random = city.random("measuring_instrument")
    size = max(city.count("standards.instruments"), 40)
    user = skewed(random, city.shared["food_operator_entity"], size, 2.0).astype(np.int64)
    verified = city.days.last - random.integers(0, 420, size)
    cycle = np.where(random.random(size) < 0.8, 12, 24)
    draft = city.draft("measuring_instrument", size)
    purpose = coded_by_share(random, size, [0.78, 0.08, 0.12, 0.02])
    draft.put(
        user_id=user,
        kind_code=picked(("电子秤", "加油机", "血压计", "压力表", "出租车计价器"), "x_id"),
        purpose=Coded(purpose, ("TRADE", "SAFETY", "MEDICAL", "ENVIRONMENT")),
        place="'合成档位' || (x_id % 900 + 1)",
        cycle_months=cycle,
        last_verified=verified,
        last_result="'PASS'",
        next_due=verified + cycle * 30,
        in_use=random.random(size) < 0.97,
        org_code=city.office_of(user),
        evidence_ids=None,
    )
    city.write(draft)
    mine = np.flatnonzero(verified >= city.days.first)
    applied = verified[mine] - random.integers(1, 20, len(mine))
    fail = random.random(len(mine)) < 0.03
    draft = city.draft("verification_task", len(mine))
    draft.put(
        inst_id=mine + 1,
        applied_on=applied,
        accepted_on=np.minimum(applied + random.integers(0, 3, len(mine)), verified[mine]),
        done_on=verified[mine],
        body="'合成计量机构'",
        result=Coded(fail.astype(np.int8), ("PASS", "FAIL")),
        x_pass=~fail,
        certificate=f"CASE WHEN x_pass THEN {numbered('JD', 'x_id', 9)} END",
        org_code=city.office_of(user[mine]),
        evidence_ids=None,
    )
    city.write(draft)
    _write_comparisons(city)


def _write_comparisons(city: City) -> None:
    size = city.count("standards.comparisons")
    order = np.arange(size)
    planned = city.days.day(4, 10) + order * 25
    draft = city.draft("comparison_project", size)
    draft.put(
        name="'合成计量比对' || x_id",
        quantity=picked(("长度", "质量", "温度", "压力", "电学"), "x_id"),
        lead_lab="'合成主导实验室'",
        participants=6 + order,
        planned_on=planned,
        finished_on=planned + 60,
        en_values="'[0.31,-0.44,0.72]'",
        conclusion="'满意'",
    )
    city.write(draft)


def make_certification(city: City) -> None:
    """Certification bodies and holders and the checks of them."""
    random = city.random("cert_check")
    planned, done = city.count("standards.cert_planned"), city.count("standards.cert_done")
    bodies, holders = max(planned // 10, 2), planned * 4
    pool = city.pool(ENTERPRISE)
    draft = city.draft("cert_body", bodies)
    draft.put(
        entity_id=skewed(random, pool, bodies, 1.0).astype(np.int64),
        name="'合成认证机构' || x_id",
        approval_no="'CNCA-HC-' || x_id",
        approved_on=np.full(bodies, city.days.first - 900),
        valid_to=np.full(bodies, city.days.last + 500),
    )
    city.write(draft)
    holder = skewed(random, pool, holders, 1.2).astype(np.int64)
    issued = city.days.first - random.integers(0, 900, holders)
    draft = city.draft("cert_org", holders)
    draft.put(
        entity_id=holder,
        body_id=1 + random.integers(0, bodies, holders),
        certificate_no=numbered("RZ", "x_id", 8),
        cert_scope="'合成认证范围'",
        issued_on=issued,
        valid_to=issued + 1095,
        status="'VALID'",
        org_code=city.office_of(holder),
        evidence_ids=None,
    )
    city.write(draft)
    is_done = chosen(random, planned, done)
    is_body = np.arange(planned) < bodies
    due = city.days.draw(random, planned, city.days.office)
    draft = city.draft("cert_check", planned)
    draft.put(
        object_kind=Coded((~is_body).astype(np.int8), ("BODY", "ORG")),
        x_body=is_body,
        x_number=np.where(is_body, np.arange(planned) + 1, np.arange(planned) - bodies + 1),
        object_id=f"CASE WHEN x_body THEN {city.key('cert_body', 'x_number')} ELSE {city.key('cert_org', 'x_number')} END",
        due_on=due,
        done_on=optional(np.maximum(due - random.integers(0, 20, planned), city.days.first), is_done),
        result=Coded(np.where(is_done, random.random(planned) < 0.06, -1), ("OK", "DEFECT")),
    )
    city.write(draft)


def make_quality(city: City) -> None:
    """The grade given by the level above, and the quality award, paid in full."""
    draft = city.draft("quality_grade", 2)
    assessor = "'省政府'" if city.profile.is_city else "'市政府'"
    draft.put(
        year=np.array([city.year - 2, city.year - 1]),
        assessor=assessor,
        grade="'A'",
        published_on=np.array([city.days.day(8, 12, -1), city.days.day(8, 16)]),
    )
    city.write(draft)
    winners = 3
    due = split(city.fen("standards.quality_award_due") // _YUAN_10000, np.ones(winners)) * _YUAN_10000
    line = "P1"
    payments, days = city.shared[f"payments/{line}"], city.shared[f"payment_days/{line}"]
    draft = city.draft("quality_award", winners)
    draft.put(
        award=f"'合成质量奖（{city.year}）'",
        level="'PROVINCE'" if city.profile.is_city else "'DISTRICT'",
        winner="'合成获奖单位' || x_id",
        year=city.year,
        awarded_on=np.maximum(days[:winners] - 10, city.days.first),
        due_amount=due,
        paid_amount=due,
        paid_on=days[:winners],
        payment_id=payments[:winners],
    )
    city.write(draft)

"""Random inspection: items, inspectors, frames, draws, and the checks with their results."""

import numpy as np

from zhunsheng.kernel.hashing import sha256_of
from zhunsheng.synthesis.amounts import EMPTY, Array, base_for, chosen, coded_by_share, share_of
from zhunsheng.synthesis.city import City
from zhunsheng.synthesis.columns import Coded, numbered, picked
from zhunsheng.synthesis.days import DAY_SECONDS, office_hours
from zhunsheng.synthesis.entities import COOPERATIVE, ENTERPRISE, INDIVIDUAL, distinct
from zhunsheng.synthesis.reference import officers_of

_ITEMS = (
    ("登记事项检查", "GENERAL", "ENTITY"),
    ("公示信息检查", "GENERAL", "ENTITY"),
    ("食品经营检查", "KEY", "ENTITY"),
    ("特种设备使用检查", "KEY", "DEVICE"),
    ("产品质量监督检查", "KEY", "PRODUCT"),
    ("计量器具检查", "GENERAL", "PRODUCT"),
    ("广告行为检查", "GENERAL", "ACT"),
    ("价格行为检查", "GENERAL", "ACT"),
    ("网络交易检查", "GENERAL", "ENTITY"),
    ("认证活动检查", "GENERAL", "ACT"),
)
_CODES: tuple[tuple[str, ...], ...] = (
    ("01",), ("02",), ("03",), ("09",), ("10",), ("05",), ("02", "13"), ("13",), ("06",), ("04",), ("14",),
)  # fmt: skip
_PROBLEM_CODES = (1, 3, 6, 7, 9, 10)
_FIELDS = (
    "REGISTRATION",
    "FOOD",
    "EQUIPMENT",
    "PRODUCT",
    "METROLOGY",
    "ADVERTISING",
    "PRICE",
    "ONLINE",
    "DRUG",
    "OTHER",
)
_STRATUM_SHARES = (0.7, 0.2, 0.07, 0.03)
_FRAME_PART = 400_000


def make_frame(city: City) -> None:
    """The frame of the year: everybody who can be drawn, with a stratum by risk class."""
    random = city.random("target_frame")
    drawn = city.count("inspection.objects")
    wanted = base_for(drawn, city.share("inspection.ratio"), 1)
    start = city.days.first
    firms = city.entities.living(start, start, ENTERPRISE)
    others = np.concatenate(
        [city.entities.living(start, start, INDIVIDUAL), city.entities.living(start, start, COOPERATIVE)]
    )
    if wanted <= len(firms):
        frame = np.sort(distinct(random, firms, wanted))
    else:
        frame = np.sort(np.concatenate([firms, distinct(random, others, wanted - len(firms))]))
    if len(frame) != wanted:
        city.note(f"抽查对象名录 {len(frame)} 户，按抽查比例应为 {wanted} 户")
    city.compare("inspection.ratio", "抽查比例", (drawn, len(frame)))
    stratum = coded_by_share(random, len(frame), _STRATUM_SHARES)
    city.shared["frame"], city.shared["stratum"] = frame.astype(np.int64), stratum
    draft = city.draft("target_frame", 1)
    draft.put(
        built_at=np.array([start * DAY_SECONDS + 2 * DAY_SECONDS]),
        rule="'合成名录：年初在册主体，按信用风险分为四层'",
        n_rows=np.array([len(frame)]),
        frame_hash=f"sha256('{city.profile.code}-{city.seed}-frame')",
        frozen=True,
    )
    city.write(draft)
    for first in range(0, len(frame), _FRAME_PART):
        part = slice(first, first + _FRAME_PART)
        rows = city.draft("frame_row", len(frame[part]))
        rows.put(
            frame_id=np.ones(rows.size, dtype=np.int64),
            x_object=city.shared["frame"][part],
            object_id=city.key("market_entity", "x_object"),
            stratum=Coded(stratum[part], ("A", "B", "C", "D")),
            org_code=city.office_of(city.shared["frame"][part]),
            evidence_ids=None,
        )
        city.write(rows)


def make_rolls(city: City) -> None:
    """Items, inspectors, conflicts, plans, tasks, draws."""
    order = np.arange(len(_ITEMS))
    draft = city.draft("check_item", len(_ITEMS))
    general = np.array([each[1] == "GENERAL" for each in _ITEMS])
    draft.put(
        name=Coded(order, tuple(each[0] for each in _ITEMS)),
        basis="'合成依据：抽查事项清单'",
        grade=Coded((~general).astype(np.int8), ("GENERAL", "KEY")),
        object_kind=Coded(order, tuple(each[2] for each in _ITEMS)),
        methods=Coded(order % 3, (("SITE",), ("DOCUMENT", "SITE"), ("NETWORK",))),
        cap_ratio=np.where(general, 500, EMPTY),
    )
    city.write(draft)
    _write_inspectors(city)
    _write_plans(city)


def _write_inspectors(city: City) -> None:
    random = city.random("inspector")
    fit = np.flatnonzero(city.shared["staff_fit"])
    draft = city.draft("inspector", len(fit))
    draft.put(
        staff_id=fit + 1,
        listed_on=np.full(len(fit), city.days.first - 30),
        qualifications=Coded(random.integers(0, 3, len(fit)), (("食品",), ("特种设备",), ("综合",))),
        yearly_load=np.full(len(fit), 60),
        org_code=city.shared["staff_org"][fit],
    )
    city.write(draft)
    size = max(len(fit) // 12, 2)
    who = np.sort(random.choice(fit, size, replace=False)) + 1
    draft = city.draft("conflict", size)
    draft.put(
        staff_id=who,
        entity_id=distinct(random, city.pool(ENTERPRISE), size).astype(np.int64),
        kind=Coded(
            random.integers(0, 5, size), ("KIN", "FORMER_EMPLOYEE", "SHARES", "SELF_DECLARED", "RECUSED")
        ),
        valid_from=city.days.first - random.integers(0, 600, size),
        org_code=city.shared["staff_org"][who - 1],
    )
    city.write(draft)


def _write_plans(city: City) -> None:
    size = city.count("inspection.plans")
    sections = city.places.sections
    lead = sections[np.arange(size) % len(sections)]
    quarter = np.arange(size) * 4 // size + 1
    published = np.array([city.days.day(int(each) * 3 - 2, 8) for each in quarter])
    published = city.days.worked_on_or_after(published)
    draft = city.draft("check_plan", size)
    draft.put(
        year=city.year,
        quarter=quarter,
        items=f"[{city.key('check_item', '(x_id % 10 + 1)')}, {city.key('check_item', '((x_id + 3) % 10 + 1)')}]",
        planned_ratio=np.full(size, 330),
        planned_count=np.full(size, city.count("inspection.objects") // size + 1),
        lead_org=lead,
        joint_orgs=Coded(np.where(np.arange(size) % 3 == 0, 0, -1), (("合成税务部门", "合成人社部门"),)),
        published_at=published * DAY_SECONDS + 10 * 3600,
        org_code=lead,
    )
    city.write(draft)
    draft = city.draft("check_task", size)
    draft.put(
        plan_id=np.arange(size) + 1,
        frame_id=np.ones(size, dtype=np.int64),
        rates='\'{"A":0.01,"B":0.02,"C":0.10,"D":0.30}\'',
        status="'DONE'",
        org_code=lead,
    )
    city.write(draft)
    nonces = tuple(
        sha256_of(f"{city.profile.code}/{city.seed}/nonce/{each}".encode()) for each in range(size)
    )
    commits = tuple(sha256_of(each.encode()) for each in nonces)
    order = np.arange(size)
    draft = city.draft("draw_log", size)
    draft.put(
        task_id=order + 1,
        commit_hash=Coded(order, commits),
        committed_at=(published + 2) * DAY_SECONDS + 9 * 3600,
        public_value="'合成公开值-' || x_id",
        public_known_at=(published + 3) * DAY_SECONDS + 21 * 3600,
        nonce=Coded(order, nonces),
        seed="sha256('合成种子-' || x_id)",
        org_code=lead,
    )
    city.write(draft)
    city.shared["task_days"] = published + 4


def make_checks(city: City) -> None:
    """Each drawn object once, a few twice; checks for a cause besides."""
    random = city.random("check_record")
    frame = city.shared["frame"]
    wanted = min(city.count("inspection.objects"), len(frame))
    subjects = np.unique(city.shared["cases/CHECK/subject"])
    alive = city.entities.ended[frame - 1]
    usable = frame[(alive == EMPTY) | (alive > city.days.last)]
    first = np.intersect1d(subjects, usable)[: wanted // 4]
    rest = np.setdiff1d(usable, first)
    drawn = np.concatenate([first, distinct(random, rest, wanted - len(first))])
    again = drawn[chosen(random, len(drawn), share_of(len(drawn), city.share("inspection.repeated")))]
    caused = drawn[random.integers(0, len(drawn), len(drawn) // 9)]
    who = np.concatenate([drawn, again, caused])
    nth = np.repeat([1, 2, 2], [len(drawn), len(again), len(caused)])
    cause = np.repeat([0, 0, 1], [len(drawn), len(again), len(caused)])
    cause[cause == 1] += np.array([0, 1, 3])[np.arange(len(caused)) % 3]
    size = len(who)
    tasks = city.shared["task_days"]
    task = random.integers(0, len(tasks), size)
    task[len(drawn) : len(drawn) + len(again)] = len(tasks) - 1
    room = city.days.day(12, 5) - tasks[task]
    day = tasks[task] + (random.random(size) * np.minimum(room, 100)).astype(np.int64)
    day = np.minimum(city.days.worked_on_or_after(day), city.days.day(12, 8))
    _write_checks(city, random, (who.astype(np.int64), nth, cause, task, day), len(first))


def _write_checks(
    city: City, random: np.random.Generator, given: tuple[Array, Array, Array, Array, Array], with_cases: int
) -> None:
    who, nth, cause, task, day = given
    size = len(who)
    has_case = np.arange(size) < with_cases
    problems = float(city.share("inspection.problems"))
    shares = [
        1 - problems - 0.05,
        problems * 0.5,
        0.02,
        problems * 0.2,
        0.02,
        0.01,
        problems * 0.1,
        problems * 0.15,
    ]
    code = coded_by_share(random, size, [*shares, 0.005, problems * 0.03, problems * 0.02])
    code[has_case] = 3
    bad = np.isin(code, _PROBLEM_CODES)
    action = np.select([has_case, bad & (code == 1), bad], [3, 1, 2], 0)
    offices = city.office_of(who)
    one, other = officers_of(city, offices, random)
    published = city.days.workdays_after(day, random.integers(1, 19, size))
    draft = city.draft("check_record", size)
    draft.put(
        task_id=np.where(cause == 0, task + 1, 0),
        cause=Coded(cause, ("DRAWN", "COMPLAINT", "TRANSFER", "SPECIAL", "FOLLOWUP")),
        field_code=Coded(
            coded_by_share(random, size, [0.3, 0.25, 0.05, 0.1, 0.05, 0.05, 0.05, 0.08, 0.04, 0.03]), _FIELDS
        ),
        object_id=city.key("market_entity", "entity_id"),
        entity_id=who,
        x_one=one,
        x_other=other,
        staff_ids=f"[{city.key('staff', 'x_one')}, {city.key('staff', 'x_other')}]",
        checked_on=day,
        nth_in_year=nth,
        result_codes=Coded(code, _CODES),
        problems=np.where(bad, 1 + random.integers(0, 3, size), 0),
        action=Coded(action, ("NONE", "CORRECT_NOW", "CORRECT_BY", "CASE", "LIST", "TRANSFER")),
        published_at=office_hours(random, published),
        due_on=city.days.workdays_after(day, 20),
        joint_visit_id=f"CASE WHEN x_id % 9 = 0 THEN {numbered('LH', 'x_id', 8)} END",
        org_code=offices,
        evidence_ids=None,
    )
    city.write(draft)


def make_food_checks(city: City) -> None:
    """Visits to food operators: a check record and its food part for each."""
    random = city.random("food_check")
    operators = city.shared["food_operator_entity"]
    visits = share_of(len(operators), city.share("food.check_visits"))
    for month, count in city.parts(visits, city.days.office):
        chance = city.random(f"food_check/{month}")
        operator = _visited(chance, random, len(operators), count, month)
        day = city.days.draw(chance, count, city.days.office, month)
        _write_food_checks(city, chance, operator, day)


def _visited(
    chance: np.random.Generator, whole: np.random.Generator, operators: int, count: int, month: int | None
) -> Array:
    """Positions of operators: nearly all once, some again."""
    if month is None:
        order = whole.permutation(operators)
        extra = max(count - operators, 0)
        return np.concatenate([order[: count - extra], chance.integers(0, operators, extra)])
    start = month * operators // 12
    order = start + np.arange(min(count, operators // 12))
    return np.concatenate([order % operators, chance.integers(0, operators, count - len(order))])


def _write_food_checks(city: City, random: np.random.Generator, operator: Array, day: Array) -> None:
    size = len(operator)
    who = city.shared["food_operator_entity"][operator]
    offices = city.office_of(who)
    one, other = officers_of(city, offices, random)
    result = coded_by_share(random, size, [0.86, 0.125, 0.015])
    bad = result > 0
    draft = city.draft("check_record", size)
    records = draft.ids
    draft.put(
        # routine visits are neither drawn nor special: they do not count as repeated checks
        cause="'FOLLOWUP'",
        field_code="'FOOD'",
        object_id=city.key("market_entity", "entity_id"),
        entity_id=who,
        x_one=one,
        x_other=other,
        staff_ids=f"[{city.key('staff', 'x_one')}, {city.key('staff', 'x_other')}]",
        checked_on=day,
        result_codes=Coded(bad.astype(np.int8), _CODES),
        problems=np.where(bad, 1 + random.integers(0, 4, size), 0),
        action=Coded(bad.astype(np.int8), ("NONE", "CORRECT_NOW")),
        published_at=office_hours(random, city.days.workdays_after(day, random.integers(1, 19, size))),
        due_on=city.days.workdays_after(day, 20),
        org_code=offices,
        evidence_ids=None,
    )
    city.write(draft)
    draft = city.draft("food_check", size)
    draft.put(
        check_id=records,
        operator_id=operator + 1,
        checked_on=day,
        kind=Coded((random.random(size) < 0.04).astype(np.int8), ("DAILY", "FLIGHT")),
        risk_grade=picked(("A", "A", "B", "B", "C", "D"), "x_id"),
        items_checked=8 + random.integers(0, 30, size),
        result=Coded(result, ("CONFORM", "BASIC", "NOT")),
        full_inspection=random.random(size) < 0.5,
        org_code=offices,
        evidence_ids=None,
    )
    city.write(draft)

"""Special equipment: devices, inspections, dangers, rescues, drills, examinations."""

from typing import NamedTuple

import numpy as np

from zhunsheng.synthesis.amounts import EMPTY, Array, chosen, coded_by_share, half_up, split, summing_to
from zhunsheng.synthesis.city import City
from zhunsheng.synthesis.columns import Coded, numbered, picked
from zhunsheng.synthesis.days import any_hour, office_hours, optional
from zhunsheng.synthesis.entities import ENTERPRISE, skewed

_CATEGORIES = ("3000", "1000", "2000", "4000", "5000", "6000", "8000", "9000")
_VARIETIES = ("3110", "1110", "2110", "4110", "5110", "6110", "8110", "9110")
_OTHER_SHARES = (0.06, 0.5, 0.13, 0.25, 0.01, 0.049, 0.001)
_CAUSES = ("EXTERNAL", "HUMAN", "DOOR", "CONTROL", "TRACTION", "SAFETY", "POWER", "OTHER")
_OLD = 15 * 366
_PART = 300_000


class _Devices(NamedTuple):
    category: Array
    first_use: Array
    user: Array
    in_use: Array


def make_equipment(city: City) -> None:
    """The register of devices and all that happens to them."""
    random = city.random("equipment")
    spots = city.count("equipment.spot")
    elevators = max(city.count("equipment.elevators"), 3 * max(spots, city.count("equipment.old_spot")))
    others = max(city.count("equipment.units") - city.count("equipment.elevators"), 40)
    if elevators > city.count("equipment.elevators"):
        city.note(f"电梯 {elevators} 台，多于按比例的 {city.count('equipment.elevators')} 台，够抽查的台数")
    category = np.concatenate(
        [np.zeros(elevators, dtype=np.int64), 1 + coded_by_share(random, others, _OTHER_SHARES)]
    )
    size = len(category)
    age = np.minimum(random.exponential(2900, size), 30 * 365).astype(np.int64)
    # enough old elevators to draw from, at every scale
    aged = city.count("equipment.old_spot") * 4 // 3
    age[:aged] = np.minimum(_OLD + 400 + age[:aged], 30 * 365)
    first_use = city.days.last - age
    state = np.searchsorted([0.94, 0.965, 0.985], random.random(size), side="right")
    user = skewed(random, city.pool(ENTERPRISE), size, 3.0).astype(np.int64)
    devices = _Devices(category, first_use, user, state == 0)
    for start in range(0, size, _PART):
        _write_devices(city, devices, state, slice(start, start + _PART))
    _write_inspections(city, devices)
    _write_spots(city, devices, elevators)
    _write_rescues(city, devices, elevators)
    _write_drills(city)


def _write_devices(city: City, devices: _Devices, state: Array, part: slice) -> None:
    random = city.random(f"equipment/{part.start}")
    category, first_use = devices.category[part], devices.first_use[part]
    user, kind = devices.user[part], state[part]
    size = len(category)
    ended = kind >= 2
    state_on = np.where(
        kind == 0, first_use, np.maximum(first_use + 200, city.days.last - random.integers(0, 900, size))
    )
    state_on = np.minimum(state_on, city.days.last)
    state_on = np.maximum(state_on, first_use)
    offices = city.office_of(user)
    draft = city.draft("equipment", size)
    draft.put(
        x_maker=random.integers(0, 400, size),
        equip_code=(
            f"{picked(_VARIETIES, 'x_category')} || lpad((x_id // 100000)::VARCHAR, 5, '0') || "
            "(year(DATE '1970-01-01' + first_use_on::INTEGER)) || lpad((x_id % 100000)::VARCHAR, 5, '0')"
        ),
        x_category=category,
        use_cert_no=numbered("TS", "x_id", 9),
        category=Coded(category, _CATEGORIES),
        variety=Coded(category, _VARIETIES),
        maker="'合成制造厂' || x_maker",
        made_on=first_use - random.integers(40, 400, size),
        first_use_on=first_use,
        registered_on=first_use + np.minimum(random.exponential(12, size), 90).astype(np.int64),
        user_id=user,
        maintainer_id=np.where(category == 0, skewed(random, city.pool(ENTERPRISE), size, 8.0), 0),
        address="'合成路' || (x_id % 997 + 1) || '号'",
        area_code=city.places.area_of_org[offices],
        public_place=random.random(size) < 0.22,
        next_inspect_on=np.where(ended, EMPTY, city.days.last + random.integers(10, 360, size)),
        state=Coded(kind, ("IN_USE", "STOPPED", "SCRAPPED", "CANCELLED")),
        state_on=state_on,
        org_code=offices,
        evidence_ids=None,
    )
    city.write(draft)


def _write_inspections(city: City, devices: _Devices) -> None:
    """Periodic, supervisory and own inspections of devices in use."""
    random = city.random("equip_inspection")
    usable = np.flatnonzero(devices.in_use & (devices.first_use < city.days.first - 300))
    periodic = usable[random.random(len(usable)) < 0.6]
    for month, count in city.parts(len(periodic), city.days.office):
        chance = city.random(f"equip_inspection/{month}")
        first = 0 if month is None else len(periodic) * month // 12
        mine = (
            periodic[first : first + count]
            if month is None
            else periodic[first : len(periodic) * (month + 1) // 12]
        )
        _write_kind(city, chance, (mine + 1, devices.user[mine]), ("PERIODIC", 0.985), month)
    for kind, share in (("SUPERVISION", 0.012), ("SELF", 0.02)):
        mine = usable[random.random(len(usable)) < share]
        _write_kind(city, random, (mine + 1, devices.user[mine]), (kind, 1.0), None)


def _write_kind(
    city: City,
    random: np.random.Generator,
    whom: tuple[Array, Array],
    how: tuple[str, float],
    month: int | None,
) -> None:
    kind, share = how
    who, users = whom
    size = len(who)
    due = city.days.draw(random, size, city.days.office, month)[random.permutation(size)]
    done = random.random(size) < share
    when = np.maximum(due - random.integers(0, 25, size), city.days.first)
    result = np.where(done, coded_by_share(random, size, [0.955, 0.015, 0.03]), -1)
    draft = city.draft("equip_inspection", size)
    draft.put(
        equip_id=who,
        kind=f"'{kind}'",
        planned=True,
        due_on=due,
        done_on=optional(when, done),
        body="'合成检验机构'",
        result=Coded(result, ("PASS", "FAIL", "REPAIR")),
        org_code=city.office_of(users),
        evidence_ids=None,
    )
    city.write(draft)


def _write_spots(city: City, devices: _Devices, elevators: int) -> None:
    """The spot check of elevators, old ones among them, and the dangers found."""
    random = city.random("equip_inspection/spot")
    planned, done_count = city.count("equipment.spot_planned"), city.count("equipment.spot")
    old_wanted = city.count("equipment.old_spot")
    is_lift = devices.in_use & (np.arange(len(devices.category)) < elevators)
    start = city.days.day(3, 1)
    old = np.flatnonzero(is_lift & (devices.first_use <= start - _OLD))
    young = np.flatnonzero(
        is_lift & (devices.first_use > city.days.last - _OLD + 500) & (devices.first_use < city.days.first)
    )
    taken_old = old[random.permutation(len(old))[:old_wanted]]
    if len(taken_old) < old_wanted:
        city.note(f"使用满 15 年的电梯只有 {len(taken_old)} 台")
    rest = young[random.permutation(len(young))[: done_count - len(taken_old)]]
    done = np.concatenate([taken_old, rest])
    missed = young[random.permutation(len(young))[: max(planned - len(done), 0)]]
    missed = np.setdiff1d(missed, rest)
    while len(missed) < planned - len(done):
        missed = np.append(missed, young[random.integers(0, len(young))])
    who = np.concatenate([done, missed]) + 1
    is_done = np.arange(len(who)) < len(done)
    room = city.days.office.copy()
    room[: start - city.days.first + 10] = 0
    due = city.days.draw(random, len(who), room)[random.permutation(len(who))]
    when = np.maximum(due - random.integers(0, 9, len(who)), start)
    dangers = min(city.count("equipment.dangers"), len(done))
    bad = np.zeros(len(who), dtype=bool)
    bad[:dangers] = True
    draft = city.draft("equip_inspection", len(who))
    inspections = draft.ids
    draft.put(
        equip_id=who,
        kind="'SPOT'",
        planned=True,
        due_on=due,
        done_on=optional(when, is_done),
        body="'合成检验机构'",
        result=Coded(np.where(is_done, np.where(bad, 2, 0), -1), ("PASS", "FAIL", "REPAIR")),
        org_code=city.office_of(devices.user[who - 1]),
        evidence_ids=None,
    )
    city.write(draft)
    _write_dangers(city, random, (inspections[:dangers], who[:dangers], when[:dangers]), devices)


def _write_dangers(
    city: City, random: np.random.Generator, found: tuple[Array, Array, Array], devices: _Devices
) -> None:
    """Each danger is reported, checked again and closed within the year."""
    inspections, who, day = found
    size = len(who)
    last = city.days.last
    report = np.minimum(day + random.integers(2, 25, size), last)
    checked = np.minimum(city.days.workdays_after(report, random.integers(1, 10, size)), last)
    serious = random.random(size) < 0.06
    draft = city.draft("hidden_danger", size)
    draft.put(
        insp_id=inspections,
        equip_id=who,
        level=Coded(serious.astype(np.int8), ("GENERAL", "SERIOUS")),
        found_on=day,
        order_no=numbered("ZL", "x_id", 7),
        due_on=day + 30,
        report_on=report,
        rechecked_on=checked,
        closed_on=checked,
        org_code=city.office_of(devices.user[who - 1]),
    )
    city.write(draft)


def _write_rescues(city: City, devices: _Devices, elevators: int) -> None:
    """Entrapments with the printed mean times; false alarms and people who freed themselves besides."""
    random = city.random("rescue")
    real, false = city.count("equipment.rescues"), city.count("equipment.false_alarms")
    size = real + false
    usable = (
        np.flatnonzero(devices.in_use[:elevators] & (devices.first_use[:elevators] < city.days.first)) + 1
    )
    who = skewed(random, usable, size, 1.8).astype(np.int64)
    alarm = any_hour(random, city.days.draw(random, size, city.days.every_day))
    is_real = chosen(random, size, real)
    wait, work = np.full(size, EMPTY), np.full(size, EMPTY)
    for column, name, shape, least in ((wait, "arrival_minutes", 4.0, 60), (work, "work_minutes", 2.6, 30)):
        total = half_up(city.share(f"equipment.{name}") * 60 * real)
        column[is_real] = summing_to(total, random.gamma(shape, 1.0, real), least)
    kind = np.where(is_real, 0, 1 + (random.random(size) < 0.5))
    draft = city.draft("rescue", size)
    draft.put(
        equip_id=who,
        alarm_at=alarm,
        dispatch_at=alarm + random.integers(15, 60, size),
        dispatch_level=Coded(
            np.searchsorted([0.93, 0.99], random.random(size), side="right"), ("FIRST", "SECOND", "THIRD")
        ),
        arrive_at=np.where(is_real, alarm + wait, EMPTY),
        freed_at=np.where(is_real, alarm + wait + work, EMPTY),
        persons=np.where(is_real, 1 + np.minimum(random.geometric(0.5, size), 8), 0),
        injured=0,
        cause=Coded(coded_by_share(random, size, [0.14, 0.2, 0.31, 0.16, 0.03, 0.05, 0.08, 0.03]), _CAUSES),
        kind=Coded(kind, ("ENTRAPMENT", "FALSE", "SELF_RESOLVED")),
        org_code=city.office_of(devices.user[who - 1]),
        evidence_ids=None,
    )
    city.write(draft)


def _write_drills(city: City) -> None:
    """Drills all held, examinations; accidents only of earlier years."""
    random = city.random("drill")
    size = city.count("equipment.drills")
    planned = city.days.draw(random, size, city.days.office)
    draft = city.draft("drill", size)
    draft.put(
        kind=Coded(np.arange(size) % 2, ("DRILL", "TEAM")),
        planned_on=planned,
        done_on=np.minimum(planned + random.integers(0, 15, size), city.days.last),
        persons=12 + random.integers(0, 80, size),
    )
    city.write(draft)
    size = city.count("equipment.exams")
    planned = city.days.draw(random, size, city.days.office)
    people = 200 + random.integers(0, 900, size)
    applied = people + random.integers(0, 60, size)
    seated = people * 97 // 100
    draft = city.draft("exam", size)
    draft.put(
        item=picked(("电梯修理", "起重机指挥", "锅炉司炉", "叉车司机", "压力容器操作"), "x_id"),
        planned_on=planned,
        planned=people,
        applied=applied,
        seated=seated,
        passed=seated * 81 // 100,
        certified_on=planned + 25,
    )
    city.write(draft)
    before = np.array([city.days.first - 520, city.days.first - 300, city.days.first - 90])
    draft = city.draft("accident", 3)
    draft.put(
        equip_id=np.array([1, 2, 3]),
        occurred_at=office_hours(random, before),
        level="'GENERAL'",
        dead=np.array([1, 0, 0]),
        injured=np.array([0, 1, 2]),
        loss=split(90_000_000, [3, 2, 1]),
        is_equipment=True,
    )
    city.write(draft)

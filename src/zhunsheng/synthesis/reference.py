"""Reference ledgers: areas, bodies, staff, the calendar, population, code lists, targets, evidence."""

from datetime import date

import numpy as np

from zhunsheng.synthesis.amounts import EMPTY, Array, scaled
from zhunsheng.synthesis.city import City
from zhunsheng.synthesis.columns import Coded, numbered, picked, text
from zhunsheng.synthesis.days import DAY_SECONDS

_FROM = date(2000, 1, 1)
_QUALIFICATIONS: tuple[tuple[str, ...], ...] = (
    ("行政执法",),
    ("行政执法", "食品检查员"),
    ("行政执法", "特种设备B证"),
    ("行政执法", "药品检查员"),
    ("行政执法", "计量"),
)
_RULES = (
    ("CMP-1", "wd", 7, 0, "市场监督管理投诉举报处理暂行办法第十四条"),
    ("CMP-2", "wd", 45, 0, "市场监督管理投诉举报处理暂行办法第二十一条"),
    ("RPT-1", "wd", 15, 15, "市场监督管理投诉举报处理暂行办法第三十一条"),
    ("CAS-1", "cd", 90, 30, "行政处罚法第六十条"),
    ("INS-1", "wd", 20, 0, "企业信息公示暂行条例第六条"),
    ("FIN-6", "wd", 7, 0, "政府采购法第四十七条"),
)


def make_places(city: City) -> None:
    """Areas and bodies."""
    areas = city.places.areas
    numbers = city.places.area_number
    draft = city.draft("area", len(areas))
    draft.put(
        area_code=Coded(np.arange(len(areas)), tuple(each.code for each in areas)),
        level=Coded(np.arange(len(areas)), tuple(each.level for each in areas)),
        name=Coded(np.arange(len(areas)), tuple(each.name for each in areas)),
        parent=np.array([numbers.get(each.parent, 0) for each in areas]),
        valid_from=_FROM,
    )
    city.write(draft)
    units = city.places.units
    bodies = city.places.number_of
    draft = city.draft("org", len(units))
    order = np.arange(len(units))
    draft.put(
        org_code=Coded(order, tuple(each.code for each in units)),
        name=Coded(order, tuple(each.name for each in units)),
        kind=Coded(order, tuple(each.kind for each in units)),
        parent=np.array([bodies.get(each.parent, 0) for each in units]),
        area_code=np.array([numbers[each.area] for each in units]),
        budget_unit=np.array([each.is_budget_unit for each in units]),
    )
    city.write(draft)


def make_staff(city: City) -> None:
    """Staff of every body; those of offices and sections hold licences."""
    office = city.count("inspection.staff_per_office")
    section = city.count("inspection.staff_per_section")
    sizes = {"SUO": office, "SECTION": section, "AFFILIATE": section, "BUREAU": 6, "SUBBUREAU": 12}
    orgs = np.repeat(
        np.arange(1, len(city.places.units) + 1), [sizes[each.kind] for each in city.places.units]
    )
    random = city.random("staff")
    size = len(orgs)
    licensed = random.random(size) < 0.93
    kind = random.integers(0, len(_QUALIFICATIONS), size)
    active = random.random(size) < 0.98
    ends = city.days.day(6, 30, 1) + random.integers(0, 4, size) * 365
    draft = city.draft("staff", size)
    draft.put(
        org_code=orgs,
        name="'合成人员' || x_id",
        licence_no=f"CASE WHEN x_licensed THEN {numbered('ZF', 'x_id', 8)} END",
        licence_valid_to=np.where(licensed, ends, EMPTY),
        qualifications=Coded(np.where(licensed, kind, -1), _QUALIFICATIONS),
        active=active,
        x_licensed=licensed,
    )
    city.shared["staff_org"] = orgs
    city.shared["staff_fit"] = licensed & active
    city.write(draft)


def officers_of(city: City, orgs: Array, random: np.random.Generator) -> tuple[Array, Array]:
    """Two different licensed members of staff for each body in a column; of the whole bureau where it has none."""
    staff_org = city.shared["staff_org"]
    fit = np.flatnonzero(city.shared["staff_fit"])
    order = fit[np.argsort(staff_org[fit], kind="stable")]
    bodies = staff_org[order]
    first = np.searchsorted(bodies, orgs, side="left")
    count = np.searchsorted(bodies, orgs, side="right") - first
    few = count < 2
    first = np.where(few, 0, first)
    count = np.where(few, len(order), count)
    one = (random.random(len(orgs)) * count).astype(np.int64)
    other = (one + 1 + (random.random(len(orgs)) * (count - 1)).astype(np.int64)) % count
    return order[first + one] + 1, order[first + other] + 1


def make_calendar(city: City) -> None:
    """Every day of the year, worked or not."""
    days = np.arange(city.days.first, city.days.last + 1)
    draft = city.draft("calendar", len(days))
    city.write(draft.put(calendar_day=days, is_workday=city.days.is_workday(days)))


def make_population(city: City) -> None:
    """Residents of the area and of its districts; scaled like the ledgers, which the source says."""
    profile = city.profile
    top = {"city": "440100"}.get(profile.level, profile.districts[0].code)
    names = city.places.area_number
    rows = []
    mark = "" if city.scale == 1 else f"（合成：按比例 {float(city.scale):g} 缩放）"
    total = sum(each.persons for each in profile.districts)
    for each in profile.populations:
        persons = scaled(each.persons, city.scale)
        rows.append((names[top], each.year, each.kind, persons, each.source + mark))
        if profile.is_city:
            rows += [
                (
                    names[one.code],
                    each.year,
                    each.kind,
                    persons * one.persons // total,
                    "按普查比重推算" + mark,
                )
                for one in profile.districts
            ]
    order = np.arange(len(rows))
    draft = city.draft("population", len(rows))
    draft.put(
        area_code=np.array([each[0] for each in rows]),
        year=np.array([each[1] for each in rows]),
        kind=Coded(order, tuple(each[2] for each in rows)),
        persons=np.array([each[3] for each in rows]),
        source=Coded(order, tuple(each[4] for each in rows)),
    )
    city.write(draft)


def make_lists(city: City) -> None:
    """The first lines of the code lists and deadline rules, as a bureau would exchange them."""
    codes = (
        ("check_result_code", "01", "未发现问题"),
        ("check_result_code", "02", "发现问题经责令已改正"),
        ("check_result_code", "05", "注销"),
        ("entity_class", "ENT", "企业"),
        ("entity_class", "IND", "个体工商户"),
    )
    order = np.arange(len(codes))
    draft = city.draft("code_list", len(codes))
    draft.put(
        list_code=Coded(order, tuple(each[0] for each in codes)),
        code=Coded(order, tuple(each[1] for each in codes)),
        label=Coded(order, tuple(each[2] for each in codes)),
        version="'1'",
        valid_from=_FROM,
    )
    city.write(draft)
    order = np.arange(len(_RULES))
    draft = city.draft("deadline_rule", len(_RULES))
    draft.put(
        rule_id=Coded(order, tuple(each[0] for each in _RULES)),
        unit=Coded(order, tuple(each[1] for each in _RULES)),
        length=np.array([each[2] for each in _RULES]),
        extension=np.array([each[3] for each in _RULES]),
        basis=Coded(order, tuple(each[4] for each in _RULES)),
        valid_from=_FROM,
    )
    city.write(draft)


def make_targets(city: City) -> None:
    """Indicators with their targets and printed values."""
    targets = city.profile.targets
    order = np.arange(len(targets))
    draft = city.draft("indicator_def", len(targets))
    draft.put(
        indicator_id=Coded(order, tuple(each.code for each in targets)),
        name=Coded(order, tuple(each.name for each in targets)),
        direction=Coded(order, tuple(each.direction for each in targets)),
        numerator=Coded(order, tuple(each.numerator for each in targets)),
        denominator=Coded(
            np.array([place if each.denominator else -1 for place, each in enumerate(targets)]),
            tuple(each.denominator for each in targets),
        ),
        unit=Coded(order, tuple(each.unit for each in targets)),
        version=1,
    )
    city.write(draft)
    draft = city.draft("indicator_target", len(targets))
    draft.put(
        indicator_id=order + 1,
        year=city.year,
        threshold=Coded(order, tuple(each.threshold for each in targets)),
        weight=np.full(len(targets), 300),
        score_rule="'达到目标得满分'",
    )
    city.write(draft)
    stated = tuple(each for each in targets if each.stated)
    numbers = [place + 1 for place, each in enumerate(targets) if each.stated]
    draft = city.draft("indicator_value", len(stated))
    draft.put(
        indicator_id=np.array(numbers, dtype=np.int64),
        year=city.year,
        as_known_at=np.full(len(stated), city.days.day(3, 31, 1) * DAY_SECONDS),
        stated=Coded(np.arange(len(stated)), tuple(each.stated for each in stated)),
    )
    city.write(draft)


def make_evidence(city: City) -> None:
    """One file for each ledger whose records may name evidence."""
    size = len(city.evidence)
    order = np.arange(size)
    draft = city.draft("evidence", size)
    draft.put(
        sha256=f"sha256({text(city.profile.code)} || '-' || x_id)",
        media=picked(("application/pdf", "image/jpeg", "application/vnd.ms-excel"), "x_id"),
        locator=Coded(order, tuple(f"合成佐证/{each}.pdf 第 1 页" for each in city.evidence)),
        captured_at=np.full(size, city.days.day(1, 15, 1) * DAY_SECONDS + 9 * 3600),
    )
    city.write(draft)

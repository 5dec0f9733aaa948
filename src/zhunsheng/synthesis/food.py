"""Food: operators, samples with their items, what was done about the failed ones."""

from typing import NamedTuple

import numpy as np

from zhunsheng.synthesis.amounts import Array, chosen, coded_by_share, half_up, scaled, share_of, split
from zhunsheng.synthesis.city import City
from zhunsheng.synthesis.columns import Coded, numbered, picked
from zhunsheng.synthesis.days import optional
from zhunsheng.synthesis.entities import ENTERPRISE, INDIVIDUAL, distinct, skewed
from zhunsheng.synthesis.reference import officers_of

_STAGES = ("PRODUCTION", "CIRCULATION", "CATERING", "FARM_PRODUCE", "ONLINE")
_PRODUCTS = (
    "合成青菜",
    "合成猪肉",
    "合成鲜鱼",
    "合成糕点",
    "合成饮料",
    "合成酱油",
    "合成米粉",
    "合成面条",
    "合成茶叶",
    "合成白酒",
)
_ITEMS = ("毒死蜱", "菌落总数", "山梨酸", "铅", "恩诺沙星", "过氧化值")
_LIMITS = (50_000, 10_000_000, 500_000, 200_000, 100_000, 250_000)
_UNITS = ("mg/kg", "CFU/g", "g/kg", "mg/kg", "mg/kg", "g/100g")
_CITY, _DISTRICT = 0, 1
_FARM = 3


class _Samples(NamedTuple):
    unit: Array
    producer: Array
    report: Array
    failed: Array
    case: Array


def make_operators(city: City) -> None:
    """Food operators: individuals and firms with a licence."""
    random = city.random("food_operator")
    total = city.count("food.operators")
    firms = distinct(random, city.pool(ENTERPRISE), min(total // 4, len(city.pool(ENTERPRISE))))
    others = distinct(random, city.pool(INDIVIDUAL), total - len(firms))
    who = np.concatenate([firms, others]).astype(np.int64)
    random.shuffle(who)
    size = len(who)
    if size < total:
        city.note(f"食品经营主体 {size} 户，少于 {total} 户")
    city.shared["food_operator_entity"] = who
    draft = city.draft("food_operator", size)
    founded = city.entities.founded[who - 1].astype(np.int64)
    draft.put(
        entity_id=who,
        licence_no=numbered("JY", "x_id", 12),
        kind=Coded(
            coded_by_share(random, size, [0.01, 0.55, 0.4, 0.03, 0.01]),
            ("PRODUCER", "SALES", "CATERING", "CANTEEN", "WORKSHOP"),
        ),
        licensed_on=np.minimum(founded + random.integers(10, 60, size), city.days.first - 1),
        risk_grade=Coded(coded_by_share(random, size, [0.3, 0.45, 0.2, 0.05]), ("A", "B", "C", "D")),
        org_code=city.office_of(who),
        evidence_ids=None,
    )
    city.write(draft)


def make_samples(city: City) -> None:
    """Samples reported in the year; the failing ones give the printed rate over supervision and evaluation."""
    random = city.random("food_sample")
    size = city.count("food.samples")
    if city.has("food.per_thousand"):
        census = next(each for each in city.profile.populations if each.kind == "CENSUS")
        residents = scaled(census.persons, city.scale)
        city.compare("food.per_thousand", "食品检验量", (size, residents), 1000, "批次/千人")
    district = min(city.count("food.district_samples"), size)
    level = np.repeat([_CITY, _DISTRICT], [size - district, district])
    stage = _stages(city, random, level)
    risk = np.zeros(size, dtype=bool)
    for each in (_CITY, _DISTRICT):
        mine = np.flatnonzero(level == each)
        # samples of the circulation stage are all supervision: the count of the plan is theirs
        usable = mine[stage[mine] != 1] if city.has("food.circulation") else mine
        wanted = min(share_of(len(mine), city.share("food.risk_samples")), len(usable))
        risk[usable[chosen(random, len(usable), wanted)]] = True
    judged = np.flatnonzero(~risk)
    fails = len(judged) - half_up(city.share("food.pass_rate") / 100 * len(judged))
    city.compare("food.pass_rate", "食品抽检合格率", (len(judged) - fails, len(judged)))
    final_fail = np.zeros(size, dtype=bool)
    counts = [int((level[judged] == each).sum()) for each in (_CITY, _DISTRICT)]
    for each, wanted in enumerate(split(fails, counts)):
        mine = judged[level[judged] == each]
        final_fail[mine[chosen(random, len(mine), int(wanted))]] = True
    report, unit, case = _linked(city, random, final_fail)
    samples = _write_samples(city, random, (level, stage, risk, final_fail), (report, unit, case))
    _write_items(city, random, final_fail)
    _write_disposals(city, random, samples)
    _write_running(city)


def _stages(city: City, random: np.random.Generator, level: Array) -> Array:
    size = len(level)
    if not city.has("food.circulation"):
        return coded_by_share(random, size, [0.12, 0.44, 0.21, 0.17, 0.06])
    stage = np.where(level == _CITY, np.array([0, 2, 3, 4])[random.integers(0, 4, size)], 2)
    mine = np.flatnonzero(level == _DISTRICT)
    circulation = city.count("food.circulation")
    rest = len(mine) - circulation
    stage[mine] = np.concatenate([np.full(circulation, 1), np.resize([0, 2, 3, 2, 3, 3], rest)])
    return stage


def _linked(city: City, random: np.random.Generator, failed: Array) -> tuple[Array, Array, Array]:
    """Days of report and units sampled; the first failed samples are those that led to cases."""
    size = len(failed)
    report = city.days.draw(random, size, city.days.office)[random.permutation(size)]
    operators = city.shared["food_operator_entity"]
    unit = skewed(random, operators, size, 1.8).astype(np.int64)
    case = np.zeros(size, dtype=np.int64)
    places = np.flatnonzero(failed)
    count = min(len(places), len(city.shared["cases/SAMPLING"]))
    mine = places[:count]
    case[mine] = city.shared["cases/SAMPLING"][:count]
    unit[mine] = city.shared["cases/SAMPLING/subject"][:count]
    filed = city.shared["cases/SAMPLING/filed"][:count]
    earlier = np.maximum(filed - random.integers(4, 40, count), city.days.day(1, 4))
    report[mine] = earlier
    return report, unit, case


def _write_samples(
    city: City,
    random: np.random.Generator,
    kinds: tuple[Array, Array, Array, Array],
    given: tuple[Array, Array, Array],
) -> _Samples:
    level, stage, risk, final_fail = kinds
    report, unit, case = given
    size = len(report)
    received = report - random.integers(6, 27, size)
    sampled = received - random.integers(0, 5, size)
    # a few fail first and pass at the second laboratory
    reversed_ = ~final_fail & ~risk & (random.random(size) < 0.0006)
    confirmed = final_fail & (case == 0) & (random.random(size) < 0.03)
    retest = np.where(reversed_, 0, np.where(confirmed, 1, -1))
    problem = risk & (random.random(size) < 0.035)
    conclusion = np.where(problem, 2, np.where(final_fail | reversed_, 1, 0))
    informed = city.days.workdays_after(report, random.integers(0, 3, size))
    applied = city.days.workdays_after(informed, random.integers(1, 7, size))
    producers = skewed(random, city.pool(ENTERPRISE), size, 2.5).astype(np.int64)
    producer = np.where(random.random(size) < 0.4, producers, 0)
    nature = np.where(risk, 1, np.where(random.random(size) < 0.08, 2, 0))
    item = random.integers(0, len(_ITEMS), size)
    city.shared["sample_item"] = item
    offices = city.office_of(unit)
    one, other = officers_of(city, offices, random)
    lab = random.integers(0, 5, size)
    draft = city.draft("food_sample", size)
    draft.put(
        plan_id=Coded(level, (f"合成市级计划{city.year}", f"合成区级计划{city.year}")),
        level=Coded(level, ("CITY", "DISTRICT")),
        nature=Coded(nature, ("SUPERVISION", "RISK", "EVALUATION")),
        stage=Coded(stage, _STAGES),
        category=Coded(random.integers(0, 33, size), tuple(f"{each:02}" for each in range(1, 34))),
        sampled_unit_id=unit,
        producer_id=producer,
        product=picked(_PRODUCTS, "x_id"),
        batch_no="'B' || (x_id * 7 % 100000)",
        made_on=sampled - random.integers(0, 200, size),
        sampled_on=sampled,
        x_one=one,
        x_other=other,
        samplers=f"[{city.key('staff', 'x_one')}, {city.key('staff', 'x_other')}]",
        lab_id=Coded(lab, tuple(f"合成检验机构{each}" for each in range(1, 6))),
        received_on=received,
        report_on=report,
        conclusion=Coded(conclusion, ("PASS", "FAIL", "PROBLEM")),
        failing_items=Coded(np.where(conclusion == 0, -1, item), tuple((each,) for each in _ITEMS)),
        notified_on=optional(informed, conclusion > 0),
        conclusion_received_on=optional(informed, conclusion == 1),
        retest_applied_on=optional(applied, retest >= 0),
        retest_accepted_on=optional(city.days.workdays_after(applied, 2), retest >= 0),
        retest_body_on=optional(city.days.workdays_after(applied, 5), retest >= 0),
        retest_lab=Coded(np.where(retest >= 0, 0, -1), ("合成复检机构",)),
        retest_result=Coded(retest, ("PASS", "FAIL")),
        purchase_cost=random.integers(500, 20_000, size),
        test_cost=80_000 + random.integers(0, 150_000, size),
        org_code=offices,
        evidence_ids=None,
    )
    city.write(draft)
    return _Samples(unit, producer, report, final_fail, case)


def _write_items(city: City, random: np.random.Generator, failed: Array) -> None:
    """One item of every sample, a second one of the failed ones."""
    size = len(failed)
    item = city.shared["sample_item"]
    more = np.flatnonzero(failed)
    sample = np.concatenate([np.arange(size), more]) + 1
    what = np.concatenate([item, (item[more] + 1) % len(_ITEMS)])
    verdict = np.concatenate([failed, np.zeros(len(more), dtype=bool)])
    limit = np.array(_LIMITS)[what]
    ratio = np.where(verdict, 1.05 + random.gamma(1.2, 0.8, len(sample)), random.random(len(sample)) * 0.9)
    draft = city.draft("food_sample_item", len(sample))
    draft.put(
        sample_no=sample,
        item=Coded(what, _ITEMS),
        method=picked(("GB 5009合成", "GB 4789合成", "GB 23200合成"), "x_id"),
        limit_text="'≤' || (limit_value / 1000000)",
        limit_value=limit,
        unit=Coded(what, _UNITS),
        value=(limit * ratio).astype(np.int64),
        verdict=Coded(verdict.astype(np.int8), ("PASS", "FAIL")),
        evidence_ids=None,
    )
    city.write(draft)


def _write_disposals(city: City, random: np.random.Generator, samples: _Samples) -> None:
    """One row for the unit sampled and one for the producer where it is another one; all closed in the year."""
    failed = np.flatnonzero(samples.failed)
    made = failed[(samples.producer[failed] > 0) & (samples.producer[failed] != samples.unit[failed])]
    sample = np.concatenate([failed, made])
    unit = np.concatenate([samples.unit[failed], samples.producer[made]])
    size = len(sample)
    last = city.days.last
    received = np.minimum(samples.report[sample] + random.integers(0, 3, size), last)
    started = np.minimum(received + random.integers(0, 3, size), last)
    rectified = np.minimum(started + random.integers(5, 60, size), last)
    checked = np.minimum(rectified + random.integers(1, 12, size), last)
    stock = random.integers(0, 90_000, size)
    recalled = random.integers(0, 30_000, size)
    role = np.repeat([1, 0], [len(failed), len(made)])
    draft = city.draft("food_disposal", size)
    draft.put(
        sample_no=sample + 1,
        unit_id=unit,
        role=Coded(role, ("PRODUCER", "SELLER")),
        received_on=received,
        started_on=started,
        stock=stock,
        sealed=stock,
        recalled=recalled,
        destroyed=(stock + recalled) * 9 // 10,
        cause=picked(("合成：原料把关不严", "合成：储存不当", "合成：超量使用添加剂"), "x_id"),
        rectified_on=rectified,
        rechecked_on=checked,
        case_id=np.where(role == 1, samples.case[sample], 0),
        closed_on=checked,
        org_code=city.office_of(unit),
        evidence_ids=None,
    )
    city.write(draft)


def _write_running(city: City) -> None:
    """Samples taken at the end of the year whose report is not there yet."""
    random = city.random("food_sample/running")
    size = max(city.count("food.samples") // 200, 2)
    unit = skewed(random, city.shared["food_operator_entity"], size, 1.8).astype(np.int64)
    sampled = city.days.last - random.integers(0, 9, size)
    offices = city.office_of(unit)
    one, other = officers_of(city, offices, random)
    draft = city.draft("food_sample", size)
    draft.put(
        plan_id=f"'合成市级计划{city.year}'",
        level="'CITY'",
        nature="'SUPERVISION'",
        stage=Coded(np.full(size, _FARM), _STAGES),
        category="'16'",
        sampled_unit_id=unit,
        product=picked(_PRODUCTS, "x_id"),
        sampled_on=sampled,
        x_one=one,
        x_other=other,
        samplers=f"[{city.key('staff', 'x_one')}, {city.key('staff', 'x_other')}]",
        lab_id="'合成检验机构1'",
        received_on=sampled + 1,
        org_code=offices,
        evidence_ids=None,
    )
    city.write(draft)

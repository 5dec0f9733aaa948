"""Product samples and their follow-up, risk monitoring, drugs, adverse reactions, incidents."""

import numpy as np

from zhunsheng.synthesis.amounts import EMPTY, Array, chosen, coded_by_share, half_up
from zhunsheng.synthesis.city import City
from zhunsheng.synthesis.columns import Coded, picked
from zhunsheng.synthesis.days import optional
from zhunsheng.synthesis.entities import ENTERPRISE, skewed

_DOMAINS = ("INDUSTRIAL", "FOOD_CONTACT", "DRUG", "DEVICE", "COSMETIC")
_INDUSTRIAL, _, _DRUG, _DEVICE, _COSMETIC = range(5)
_STAGES = ("PRODUCTION", "CIRCULATION", "USE", "ONLINE")
_KINDS = ("PHYSICAL", "LABEL")
_DUE_DAYS = 60


def make_products(city: City) -> None:
    """Samples of the year and everything around them."""
    _write_drugs(city)
    random = city.random("product_sample")
    industrial, medical = city.count("products.industrial"), city.count("products.medical")
    drugs = medical * 6 // 10
    devices = medical * 15 // 100
    domain = np.repeat(
        [_INDUSTRIAL, _DRUG, _DEVICE, _COSMETIC], [industrial, drugs, devices, medical - drugs - devices]
    )
    physical = half_up(city.share("products.physical_rate") / 100 * industrial)
    label = half_up(city.share("products.label_only") * industrial)
    kind = np.full(len(domain), -1)
    bad = random.permutation(industrial)[: physical + label]
    kind[bad[:physical]] = 0
    kind[bad[physical:]] = 1
    kind[industrial + random.permutation(medical)[: city.count("products.medical_fails")]] = 0
    _write_samples(city, random, domain, kind)
    _write_monitoring(city)
    _write_reactions(city)
    _write_incidents(city)


def _write_drugs(city: City) -> None:
    random = city.random("essential_drug")
    size, made = city.count("products.drugs"), city.count("products.drugs_made")
    maker = skewed(random, city.pool(ENTERPRISE), size, 8.0).astype(np.int64)
    in_production = np.arange(size) < made
    draft = city.draft("essential_drug", size)
    draft.put(
        approval_no="'国药准字' || (['H', 'Z', 'S'])[(x_id % 3)::INTEGER + 1] || lpad((10000000 + x_id)::VARCHAR, 8, '0')",
        name="'合成基本药物' || x_id",
        maker_id=maker,
        in_production=in_production,
        stopped_on=np.where(in_production, EMPTY, city.days.first - 400),
        org_code=city.office_of(maker),
    )
    city.write(draft)


def _write_samples(city: City, random: np.random.Generator, domain: Array, kind: Array) -> None:
    size = len(domain)
    failed = kind >= 0
    unit = skewed(random, city.pool(ENTERPRISE), size, 2.0).astype(np.int64)
    report = city.days.draw(random, size, city.days.office)[random.permutation(size)]
    sampled = report - random.integers(8, 30, size)
    due = np.clip(report + random.integers(-5, 30, size), city.days.first, city.days.last)
    drug = np.zeros(size, dtype=np.int64)
    mine = np.flatnonzero(domain == _DRUG)
    made = city.count("products.drugs_made")
    # every essential drug that is made here is sampled at least once
    drug[mine[: made * 2]] = 1 + np.arange(min(made * 2, len(mine))) % made
    told = city.days.workdays_after(report, random.integers(0, 4, size))
    objection = failed & (random.random(size) < 0.03)
    draft = city.draft("product_sample", size)
    draft.put(
        plan_id=f"'合成抽查计划{city.year}'",
        domain=Coded(domain, _DOMAINS),
        stage=Coded(coded_by_share(random, size, [0.35, 0.4, 0.13, 0.12]), _STAGES),
        product_code="'P' || (x_id % 300 + 100)",
        product=picked(
            ("合成电动自行车", "合成燃气灶", "合成童装", "合成口罩", "合成面霜", "合成片剂"), "x_id"
        ),
        approval_no=drug,
        unit_id=unit,
        producer_id=np.where(random.random(size) < 0.5, skewed(random, city.pool(ENTERPRISE), size, 3.0), 0),
        batch_no="'B' || x_id",
        due_on=due,
        sampled_on=sampled,
        report_on=report,
        verdict=Coded(failed.astype(np.int8), ("PASS", "FAIL")),
        fail_kind=Coded(kind, _KINDS),
        failing_items=Coded(kind, (("强度", "防火"), ("标识",))),
        rights_notified_on=optional(told, failed),
        objection_on=optional(told + 9, objection),
        org_code=city.office_of(unit),
        evidence_ids=None,
    )
    city.write(draft)
    _write_followups(city, random, (np.flatnonzero(failed), unit, told))


def _write_followups(city: City, random: np.random.Generator, given: tuple[Array, Array, Array]) -> None:
    """Orders to correct; all but a few are corrected and checked again within the year."""
    sample, unit, told = given
    size = len(sample)
    last = city.days.last
    ordered = np.minimum(told[sample] + random.integers(0, 10, size), last)
    corrected = np.minimum(ordered + random.integers(5, 55, size), last)
    checked = np.minimum(corrected + random.integers(1, 15, size), last)
    undone = chosen(random, size, size // 60)
    draft = city.draft("product_followup", size)
    draft.put(
        sample_no=sample + 1,
        subject_id=unit[sample],
        ordered_on=ordered,
        corrected_on=optional(corrected, ~undone),
        rechecked_on=optional(checked, ~undone),
        recheck=Coded(np.where(undone, -1, 0), ("PASS", "FAIL")),
        closed_on=optional(checked, ~undone),
        correct_by=city.days.worked_on_or_after(ordered + _DUE_DAYS),
        org_code=city.office_of(unit[sample]),
        evidence_ids=None,
    )
    city.write(draft)


def _write_monitoring(city: City) -> None:
    random = city.random("risk_monitoring")
    size, done = city.count("products.risk_planned"), city.count("products.risk_finished")
    due = city.days.draw(random, size, city.days.office)
    finished = np.arange(size) < done
    sampled = due - random.integers(40, 90, size)
    draft = city.draft("risk_monitoring", size)
    draft.put(
        product=picked(("合成儿童用品", "合成电器附件", "合成充电器", "合成家具"), "x_id"),
        planned=True,
        due_on=due,
        sampled_on=sampled,
        finished_on=optional(np.maximum(due - random.integers(0, 20, size), sampled), finished),
        level=Coded(np.where(finished, random.integers(0, 3, size), -1), ("LOW", "MEDIUM", "HIGH")),
        measure=Coded(np.where(finished, 0, -1), ("合成：发布提示",)),
    )
    city.write(draft)


def _write_reactions(city: City) -> None:
    random = city.random("adverse_event")
    size = max(city.count("products.adverse"), 30)
    domain = coded_by_share(random, size, [0.8, 0.14, 0.06])
    severity = coded_by_share(random, size, [0.0005, 0.08, 0.06, 0.8595])
    limit = np.select(
        [severity == 0, (severity == 1) & (domain == 1), severity == 1, severity == 2], [0, 20, 15, 15], 30
    )
    limit = np.where((severity == 0) & (domain == 1), 7, limit)
    late = random.random(size) < 0.01
    wait = np.where(
        late, limit + 1 + random.integers(0, 12, size), (limit * random.random(size)).astype(np.int64)
    )
    reported = city.days.draw(random, size, city.days.office)
    known = reported - wait
    draft = city.draft("adverse_event", size)
    draft.put(
        domain=Coded(domain, ("ADR", "DEVICE", "COSMETIC")),
        reporter_kind=Coded(
            coded_by_share(random, size, [0.82, 0.06, 0.09, 0.03]), ("HOSPITAL", "HOLDER", "DEALER", "PERSON")
        ),
        product=picked(("合成注射液", "合成片剂", "合成导管", "合成面膜"), "x_id"),
        event_on=known - random.integers(0, 6, size),
        known_on=known,
        reported_on=reported,
        severity=Coded(severity, ("DEATH", "SERIOUS", "NEW", "GENERAL")),
        outcome=picked(("好转", "痊愈", "未知"), "x_id"),
        assessed_on=city.days.workdays_after(reported, random.integers(1, 15, size)),
        causality=picked(("很可能", "可能", "待评价"), "x_id"),
        org_code=city.places.offices[random.integers(0, len(city.places.offices), size)],
        evidence_ids=None,
    )
    city.write(draft)


def _write_incidents(city: City) -> None:
    """No incident in the year, which a signed statement says; lesser ones of earlier years are kept."""
    area = city.places.area_of_org[1]
    draft = city.draft("major_incident", 3)
    draft.put(
        domain=Coded(np.array([0, 1, 2]), ("FOOD", "INDUSTRIAL", "EQUIPMENT")),
        occurred_on=city.days.first - np.array([700, 410, 200]),
        level="'GENERAL'",
        dead=0,
        ill=np.array([4, 0, 0]),
        area_code=np.full(3, area),
    )
    city.write(draft)
    domains = ("INDUSTRIAL", "FOOD", "DRUG", "COSMETIC", "DEVICE", "EQUIPMENT", "PYRAMID")
    order = np.arange(len(domains))
    draft = city.draft("no_incident_statement", len(domains))
    draft.put(
        org_code=np.full(len(domains), city.places.root),
        year=city.year,
        domain=Coded(order, domains),
        signed_by=order + 1,
        signed_on=np.full(len(domains), city.days.last),
    )
    city.write(draft)

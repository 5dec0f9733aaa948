"""Procurement, assets, stocktaking, disclosure, rules in force, performance filings."""

from typing import NamedTuple

import numpy as np

from zhunsheng.synthesis.amounts import EMPTY, Array, chosen, summing_to
from zhunsheng.synthesis.city import City
from zhunsheng.synthesis.columns import Coded, picked

_METHODS = ("OPEN", "NEGOTIATION", "CONSULTATION", "INQUIRY", "SINGLE", "FRAMEWORK", "E_SHOP")
_METHOD_SHARES = (0.16, 0.04, 0.14, 0.05, 0.02, 0.09, 0.5)
_ASSETS = ("计算机", "打印机", "办公桌", "执法记录仪", "快检设备", "公务车辆", "空调", "服务器")
_YUAN_1000 = 100_000


class _Dates(NamedTuple):
    intention: Array
    tender: Array
    evaluated: Array
    confirmed: Array
    noticed: Array
    signed: Array
    announced: Array
    filed: Array


def make_procurement(city: City) -> None:
    """Contracts of the year; the late ones are filed after the seventh working day."""
    random = city.random("procurement")
    size = city.count("finance.contracts")
    late = np.zeros(size, dtype=bool)
    late[: city.count("finance.contracts_late")] = True
    method = np.searchsorted(np.cumsum(_METHOD_SHARES[:-1]), random.random(size), side="right")
    method[late] = 0
    dates = _contract_dates(city, random, late)
    amount = summing_to(size * 380_000 * 100, random.lognormal(0, 1.1, size), 500_000)
    eligible = random.random(size) < 0.84
    lines = random.integers(0, 6, size)
    projects = [int(city.shared[f"line/P{each + 1}"][0]) for each in range(4)]
    projects += [int(city.shared[f"line/J{each}"][0]) for each in (5, 6)]
    draft = city.draft("procurement", size)
    draft.put(
        line_id=np.array(projects)[lines],
        item="'合成采购项目' || x_id",
        method=Coded(method, _METHODS),
        budget_amount=amount + amount // 20,
        intention_due=True,
        intention_on=dates.intention,
        tender_on=dates.tender,
        evaluation_received_on=dates.evaluated,
        supplier_confirmed_on=dates.confirmed,
        award_notice_on=dates.noticed,
        contract_signed_on=dates.signed,
        contract_announced_on=dates.announced,
        contract_filed_on=dates.filed,
        amount=amount,
        sme_eligible=eligible,
        sme_reserved=eligible,
        complaints_upheld=0,
    )
    city.write(draft)


def _contract_dates(city: City, random: np.random.Generator, late: Array) -> _Dates:
    size = len(late)
    days = city.days
    room = days.office.copy()
    # signed and, unless late, filed within the year: the last contracts are of early December
    room[days.day(12, 5) - days.first :] = 0
    room[: days.day(3, 15) - days.first] = 0
    signed = days.draw(random, size, room)[random.permutation(size)]
    noticed = signed - random.integers(2, 29, size)
    noticed = np.where(days.is_workday(noticed), noticed, noticed - 2)
    confirmed = noticed - random.integers(0, 2, size)
    evaluated = confirmed - random.integers(1, 4, size)
    tender = evaluated - random.integers(8, 24, size)
    intention = tender - random.integers(31, 60, size)
    announced = days.workdays_after(signed, random.integers(0, 3, size))
    waited = np.where(late, random.integers(9, 16, size), random.integers(1, 8, size))
    filed = days.workdays_after(signed, waited)
    return _Dates(intention, tender, evaluated, confirmed, noticed, signed, announced, filed)


def make_assets(city: City) -> None:
    """Asset cards with the printed value, and the yearly stocktaking of them."""
    random = city.random("fixed_asset")
    size = city.count("finance.assets")
    total = city.fen("finance.asset_value")
    price = summing_to(total, random.lognormal(0, 1.2, size), min(_YUAN_1000, total // (2 * size)))
    idle = random.random(size) < float(city.share("finance.assets_idle"))
    bought = city.days.last - random.integers(20, 3200, size)
    gone = max(size // 60, 2)
    draft = city.draft("fixed_asset", size + gone)
    state = np.concatenate([np.where(idle, 1 + random.integers(0, 3, size) // 2 * 2, 0), np.full(gone, 5)])
    disposed = city.days.draw(random, gone, city.days.office)
    income_due = np.minimum(city.days.workdays_after(disposed, 10), city.days.last)
    kind = random.integers(0, len(_ASSETS), draft.size)
    everything = np.concatenate([price, 300_000 + random.integers(0, 900_000, gone)])
    draft.put(
        class_code=picked(("A02010104", "A02010601", "A05010201", "A02091001"), "x_kind"),
        x_kind=kind,
        name=Coded(kind, _ASSETS),
        bought_on=np.concatenate([bought, disposed - 2600]),
        price=everything,
        place="'合成办公楼' || (x_id % 9 + 1) || '层'",
        user_org=1 + random.integers(0, len(city.places.units), draft.size),
        state=Coded(state, ("IN_USE", "IDLE", "LENT", "REPAIR", "TO_SCRAP", "DISPOSED")),
        above_standard=False,
        disposed_on=np.concatenate([np.full(size, EMPTY), disposed]),
        income=np.concatenate([np.full(size, EMPTY), random.integers(1_000, 60_000, gone)]),
        income_due_on=np.concatenate([np.full(size, EMPTY), income_due]),
        income_paid_on=np.concatenate([np.full(size, EMPTY), income_due - random.integers(0, 3, gone)]),
    )
    city.write(draft)
    _write_stocktake(city, size, total)


def _write_stocktake(city: City, size: int, total: int) -> None:
    places = 9
    counts = np.array([size // places + (1 if each < size % places else 0) for each in range(places)])
    values = summing_to(total, counts)
    day = city.days.workdays_after(np.full(places, city.days.day(11, 20)), np.arange(places) + 1)
    draft = city.draft("stocktake", places)
    draft.put(
        taken_on=day,
        place="'合成办公楼' || x_id || '层'",
        book_count=counts,
        real_count=counts,
        book_value=values,
        finance_value=values,
        real_value=values,
        approved_on=city.days.workdays_after(day, 6),
    )
    city.write(draft)


def make_rules(city: City) -> None:
    """Rules in force, disclosure, filings and targets of performance management."""
    topics = ("FINANCE", "PERFORMANCE", "PROCUREMENT", "ASSET", "PRE_ASSESSMENT", "LINK_TO_BUDGET")
    order = np.arange(len(topics))
    draft = city.draft("institution_doc", len(topics))
    draft.put(
        topic=Coded(order, topics),
        title="'合成制度' || x_id",
        version="'1.0'",
        valid_from=city.days.first - 400 - order * 30,
        findings=0,
    )
    city.write(draft)
    _write_disclosure(city)
    _write_filings(city)
    _write_items(city)


def _write_disclosure(city: City) -> None:
    days = city.days
    approved = np.array([days.day(1, 25), days.day(8, 20), days.day(2, 8), days.day(5, 20, 1)])
    published = approved + np.array([9, 12, 7, 15])
    draft = city.draft("disclosure", 4)
    draft.put(
        kind=Coded(np.array([0, 1, 2, 2]), ("BUDGET", "ACCOUNTS", "PERFORMANCE")),
        year=np.array([city.year, city.year - 1, city.year, city.year]),
        approved_on=approved,
        published_on=published,
        url="'https://example.invalid/gk/' || x_id",
        complete=True,
        defects=0,
    )
    city.write(draft)


def _write_filings(city: City) -> None:
    days = city.days
    owners = [each for each in city.places.units if each.is_budget_unit][1:]
    due = [days.day(10, 31, -1), days.day(8, 15), days.day(4, 30, 1)] + [days.day(3, 31, 1)] * len(owners)
    kinds = ("TARGET", "MONITORING", "SELF_EVALUATION", "UNIT_SELF_EVALUATION")
    units = [0, 0, 0] + [city.places.number_of[each.code] for each in owners]
    size = len(due)
    draft = city.draft("performance_filing", size)
    draft.put(
        year=city.year,
        kind=Coded(np.minimum(np.arange(size), 3), kinds),
        unit_code=np.array(units),
        due_on=np.array(due),
        filed_on=np.array(due) - 3 - np.arange(size) % 6,
        returned=False,
        warnings=0,
        warnings_cleared=0,
    )
    city.write(draft)


def _write_items(city: City) -> None:
    size = city.last_id("indicator_def")
    random = city.random("performance_item")
    targets = city.profile.targets
    draft = city.draft("performance_item", size)
    linked = chosen(random, size, max(size // 2, 1))
    draft.put(
        line_id=1 + np.arange(size) % 3,
        year=city.year,
        indicator_id=np.arange(size) + 1,
        target=Coded(np.arange(size), tuple(each.threshold for each in targets)),
        weight=np.full(size, 300),
        actual=Coded(
            np.array([place if each.stated else -1 for place, each in enumerate(targets)]),
            tuple(each.stated for each in targets),
        ),
        returned=False,
        warned=False,
        linked_to_budget=linked,
    )
    city.write(draft)

"""Budget lines, changes and payments that add up to the printed totals."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from zhunsheng.synthesis.amounts import Array, half_up, share_of, split, summing_to
from zhunsheng.synthesis.city import City
from zhunsheng.synthesis.columns import Coded

_STAFF, _PUBLIC, _PROJECT = range(3)
_KINDS = ("BASIC_STAFF", "BASIC_PUBLIC", "PROJECT")
_THREE = ("NONE", "ABROAD", "VEHICLE_BUY", "VEHICLE_RUN", "RECEPTION")
_WAN = 1_000_000
"""Ten thousand yuan in fen."""


@dataclass(frozen=True, slots=True)
class Line:
    """A budget line with what became of it; amounts in fen.

    Attributes:
        changes: (kind, amount, month) each.
        project: the project code as records carry it, where it differs from `code`.
    """

    code: str
    name: str
    kind: int
    initial: int
    paid: int
    changes: tuple[tuple[str, int, int], ...] = ()
    three_public: int = 0
    is_new: bool = False
    is_recurring: bool = True
    project: str = ""

    @property
    def adjusted(self) -> int:
        """The budget after changes."""
        return self.initial + sum(amount for _, amount, _ in self.changes)


def make_budget(city: City) -> None:
    """Lines, changes, payments, what is carried over."""
    lines = _lines(city)
    _write_lines(city, lines)
    _write_changes(city, lines)
    _write_payments(city, lines)
    _write_carried(city, lines)


def _named_projects(city: City) -> tuple[Line, ...]:
    """The projects that the report names, with their printed amounts."""
    return tuple(
        Line(
            each.code,
            each.name,
            _PROJECT,
            half_up(each.initial * 100),
            half_up(each.paid * 100),
            tuple((change.kind, half_up(change.amount * 100), change.month) for change in each.changes),
            is_new=each.is_new,
            is_recurring=each.is_recurring,
            project=each.project,
        )
        for each in city.profile.projects
    )


def _lines(city: City) -> tuple[Line, ...]:
    random = city.random("budget_line")
    budget, paid = city.fen("finance.budget"), city.fen("finance.paid")
    named = _named_projects(city)
    if city.has("finance.project_paid"):
        project_paid = city.fen("finance.project_paid")
        under = 0
    else:
        project_paid = share_of(paid, city.share("finance.project_share"))
        under = share_of(budget - paid, city.share("finance.project_share")) * 2
    count = max(city.whole("finance.projects") - len(named), 1)
    rest_paid = summing_to(
        project_paid - sum(each.paid for each in named), random.lognormal(0, 0.9, count), _WAN
    )
    rest_under = split(under, random.random(count))
    projects = [
        Line(f"P{len(named) + 1 + place}", f"合成专项{place + 1}", _PROJECT, int(spent + left), int(spent))
        for place, (spent, left) in enumerate(zip(rest_paid, rest_under, strict=True))
    ]
    public = _public_lines(city)
    used = (*named, *projects, *public)
    staff_budget = budget - sum(each.adjusted for each in used)
    staff_paid = paid - sum(each.paid for each in used)
    if staff_paid > staff_budget:
        city.note(
            f"按报告所列各项，人员经费支出比预算多 {(staff_paid - staff_budget) / 100 / 10_000:.2f} 万元"
            "：报告的总额与重点项目数字不能同时相平，差额放在人员经费"
        )
    return (*named, *projects, *public, *_staff_lines(staff_budget, staff_paid, random))


def _public_lines(city: City) -> tuple[Line, ...]:
    """Public expenses; the three public expenses are part of them."""
    three = city.fen("finance.three_public_budget")
    three_paid = city.fen("finance.three_public_paid")
    parts = split(three, [0.0, 0.0, 0.86, 0.14])
    paid = split(three_paid, [0.0, 0.0, 0.93, 0.07])
    names = ("因公出国（境）费", "公务用车购置费", "公务用车运行维护费", "公务接待费")
    lines = [
        Line(f"J{place + 1}", name, _PUBLIC, int(parts[place]), int(paid[place]), three_public=place + 1)
        for place, name in enumerate(names)
    ]
    rest = split(city.fen("finance.public_budget") - three, [0.3, 0.25, 0.2, 0.15, 0.1])
    spent = split(city.fen("finance.public_paid") - three_paid, [0.3, 0.25, 0.2, 0.15, 0.1])
    others = ("办公费", "物业管理费", "水电费", "维修费", "其他商品和服务支出")
    return (
        *lines,
        *(
            Line(f"J{place + 5}", name, _PUBLIC, int(rest[place]), int(spent[place]))
            for place, name in enumerate(others)
        ),
    )


def _staff_lines(budget: int, paid: int, random: np.random.Generator) -> tuple[Line, ...]:
    names = ("基本工资", "津贴补贴", "绩效工资", "社会保障缴费", "住房公积金", "离退休费")
    weights = np.array([0.24, 0.27, 0.14, 0.17, 0.12, 0.06])
    initial = split(budget - half_up(budget * 3 // 100), weights)
    added = split(budget - int(initial.sum()), weights[::-1])
    spent = split(paid, weights * (0.98 + 0.04 * random.random(len(weights))))
    return tuple(
        Line(
            f"R{place + 1}",
            name,
            _STAFF,
            int(initial[place]),
            int(spent[place]),
            (("ADD", int(added[place]), 6 + place),) if added[place] > 0 else (),
        )
        for place, name in enumerate(names)
    )


def _write_lines(city: City, lines: Sequence[Line]) -> None:
    order = np.arange(len(lines))
    draft = city.draft("budget_line", len(lines))
    draft.put(
        year=city.year,
        project_code=Coded(order, tuple(each.project or each.code for each in lines)),
        name=Coded(order, tuple(each.name for each in lines)),
        kind=Coded(np.array([each.kind for each in lines]), _KINDS),
        recurring=np.array([each.is_recurring for each in lines]),
        new_project=np.array([each.is_new for each in lines]),
        pre_assessed=np.array([each.is_new for each in lines]),
        three_public=Coded(np.array([each.three_public for each in lines]), _THREE),
        fund_source="'GENERAL'",
        function_code=Coded(np.array([each.kind for each in lines]), ("2013801", "2013801", "2013899")),
        economic_code=Coded(np.array([each.kind for each in lines]), ("301", "302", "302")),
        initial=np.array([each.initial for each in lines]),
    )
    for place, each in enumerate(lines):
        city.shared[f"line/{each.code}"] = np.array([place + 1])
    city.write(draft)


def _write_changes(city: City, lines: Sequence[Line]) -> None:
    rows = [(place + 1, *change) for place, each in enumerate(lines) for change in each.changes]
    order = np.arange(len(rows))
    draft = city.draft("budget_change", len(rows))
    draft.put(
        line_id=np.array([each[0] for each in rows], dtype=np.int64),
        changed_on=np.array([city.days.day(each[3], 15) for each in rows]),
        amount=np.array([each[2] for each in rows], dtype=np.int64),
        kind=Coded(order, tuple(str(each[1]) for each in rows)),
        document_no=Coded(
            order, tuple(f"合成财预〔{city.year}〕{place + 1}号" for place in range(len(rows)))
        ),
    )
    city.write(draft)


def _write_payments(city: City, lines: Sequence[Line]) -> None:
    """Payments of each line over the year; now and then one comes back and is paid again."""
    random = city.random("payment")
    line_ids: list[Array] = []
    amounts: list[Array] = []
    days: list[Array] = []
    for place, each in enumerate(lines):
        if not each.paid:
            continue
        count = 12 if each.kind == _STAFF else int(np.clip(each.paid // (30 * _WAN), 3, 60))
        begins = max((month for _, _, month in each.changes), default=1) if not each.initial else 1
        start = city.days.day(begins, 20) - city.days.first
        weights = np.where(np.arange(city.days.count) >= start, city.days.office, 0)
        line_ids.append(np.full(count, place + 1))
        amounts.append(summing_to(each.paid, 0.3 + random.gamma(2.0, 1.0, count), 1))
        days.append(city.days.draw(random, count, weights))
    ids, values, when = np.concatenate(line_ids), np.concatenate(amounts), np.concatenate(days)
    again = np.flatnonzero(random.random(len(ids)) < 0.012)
    wrong = np.maximum(values[again] // 7, 1)
    size = len(ids)
    draft = city.draft("payment", size + 2 * len(again))
    everything = np.concatenate([values, wrong, -wrong])
    back = np.concatenate([np.zeros(size + len(again), dtype=np.int64), draft.ids[size : size + len(again)]])
    later = np.minimum(city.days.workdays_after(when[again], 5), city.days.last)
    draft.put(
        line_id=np.concatenate([ids, ids[again], ids[again]]),
        budget_year=np.full(draft.size, city.year),
        paid_on=np.concatenate([when, when[again], later]),
        amount=everything,
        payee="'合成收款人' || (x_id % 211 + 1)",
        method=Coded(random.integers(0, 2, draft.size), ("DIRECT", "AUTHORISED")),
        voucher="'凭' || lpad(x_id::VARCHAR, 6, '0')",
        refund_of=back,
    )
    for place, each in enumerate(lines):
        mine = draft.ids[:size][ids == place + 1]
        if len(mine):
            city.shared[f"payments/{each.code}"] = mine
            city.shared[f"payment_days/{each.code}"] = when[ids == place + 1]
    city.write(draft)


def _write_carried(city: City, lines: Sequence[Line]) -> None:
    """What is carried over: nothing where the report says so, otherwise what projects did not use."""
    projects = [
        (place + 1, each.adjusted - each.paid if city.profile.is_city else 0)
        for place, each in enumerate(lines)
        if each.kind == _PROJECT
    ][:20]
    draft = city.draft("carry_over", len(projects))
    draft.put(
        line_id=np.array([each[0] for each in projects]),
        year=city.year,
        amount=np.array([each[1] for each in projects]),
        kind="'CARRY'",
        reason="'合成：项目未完'",
    )
    city.write(draft)

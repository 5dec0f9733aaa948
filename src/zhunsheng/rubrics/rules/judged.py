"""Rules for what is not a plain number: tiers, yes/no, dates, conditions met, a person's judgement."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from itertools import pairwise
from types import MappingProxyType

from zhunsheng.kernel.citation import UNSOURCED, Citation
from zhunsheng.kernel.interval import Interval
from zhunsheng.kernel.rounding import exact_decimal
from zhunsheng.kernel.unknown import Absence, Unknown
from zhunsheng.rubrics.curve import Curve, Direction, Flaw, Piece
from zhunsheng.rubrics.judgement import Basis, Judgement, Question, Wanted, missing
from zhunsheng.rubrics.rules.achievement import percent

_ZERO, _ONE = Fraction(0), Fraction(1)
# the tiers a case may name, best first
TIER_CODES = ("reached", "partly", "missed")


@dataclass(frozen=True, slots=True)
class TierBand:
    """One tier of a qualitative result and the shares a person may give within it."""

    code: str
    name: str
    range: Interval


@dataclass(frozen=True, slots=True)
class Tiers:
    """A qualitative result: the tier limits the score, a person gives it with a reason."""

    tiers: tuple[TierBand, ...]
    source: Citation = UNSOURCED
    type = "tiers"
    label = "分档评判"
    names = ("tier",)
    wants = MappingProxyType({"tier": Wanted.TIER})

    def judge(self, question: Question) -> Judgement:
        """Never computes a share; says between which shares the person's score must lie."""
        absent = missing(question, self.names)
        if absent is not None:
            return absent
        chosen = question.inputs["tier"].value
        found = self.within(str(chosen))
        if found is None:
            return Judgement(None, Basis.INPUT_MISSING, reason=f"不认识的档次“{chosen}”")
        tier, step = found
        reason = "" if tier.code == TIER_CODES[0] else tier.name
        return Judgement(None, Basis.MANUAL, (step,), reason, None, _ends(tier))

    def within(self, code: str) -> tuple[TierBand, str] | None:
        """The tier with a code, and the words for the shares it allows."""
        tier = next((each for each in self.tiers if each.code == code), None)
        if tier is None:
            return None
        low, high, included = _ends(tier)
        end = "" if included else "（不含）"
        return tier, f"档次“{tier.name}”，得分比例应在 {percent(low)}～{percent(high)}{end}"

    def flaws(self, points: Fraction) -> Iterator[Flaw]:  # noqa: ARG002
        """The tiers must be those a case can name, better ones higher, and cover all shares once."""
        codes = [tier.code for tier in self.tiers]
        if sorted(codes) != sorted(TIER_CODES):
            listed, wanted = "、".join(codes), "、".join(TIER_CODES)
            yield Flaw("order", f"档次编码为 {listed}，应恰为 {wanted}，各一次")
        else:
            ranked = sorted(self.tiers, key=lambda tier: TIER_CODES.index(tier.code))
            for better, worse in pairwise(ranked):
                if not worse.range.left_of(better.range):
                    yield Flaw("order", f"档次“{better.name}”的比例不高于“{worse.name}”")
        pieces = tuple(Piece(tier.range, known=False) for tier in self.tiers)
        yield from Curve(pieces, Interval(_ZERO, _ONE), Direction.ANY, "得分比例").flaws()
        for tier in self.tiers:
            if (tier.range.low or _ZERO) < 0 or tier.range.high is None or tier.range.high > 1:
                yield Flaw("bounds", f"档次“{tier.name}”的比例 {tier.range} 超出 0～100%")

    def unknowns(self) -> Iterator[str]:
        """Nothing."""
        yield from ()


def _ends(tier: TierBand) -> tuple[Fraction, Fraction, bool]:
    """The least and the greatest share of a tier, and whether the greatest is included."""
    low, high = tier.range.low, tier.range.high
    return low or _ZERO, _ONE if high is None else high, tier.range.high_closed


@dataclass(frozen=True, slots=True)
class Boolean:
    """Yes → all points, no → none; an indicator's actual is held against its target, which may be no."""

    fact: str = "actual"
    source: Citation = UNSOURCED
    type = "boolean"
    label = "是否判断"

    @property
    def names(self) -> tuple[str, ...]:
        """The fact asked for; with an indicator its target too."""
        return ("target", "actual") if self.fact == "actual" else (self.fact,)

    @property
    def wants(self) -> Mapping[str, Wanted]:
        """A plain yes or no."""
        return dict.fromkeys(self.names, Wanted.YES_NO)

    def judge(self, question: Question) -> Judgement:
        """See the class."""
        absent = missing(question, self.names)
        if absent is not None:
            return absent
        given = question.inputs[self.fact]
        if not isinstance(given.value, bool):
            return Judgement(None, Basis.INPUT_MISSING, reason=f"“{given.label}”应为是或否")
        word = "是" if given.value else "否"
        step, reason, met = f"{given.label}：{word}", f"{given.label}：{word}", given.value
        if self.fact == "actual":
            target = question.inputs["target"].value
            if not isinstance(target, bool):
                return Judgement(None, Basis.INPUT_MISSING, reason="目标值应为是或否")
            met = given.value is target
            step = f"目标：{'是' if target else '否'}，完成：{word}"
            reason = f"{step}，未达目标"
        return Judgement(
            _ONE if met else _ZERO, Basis.COMPUTED, (step,), "" if met else reason, found=given.shown
        )

    def flaws(self, points: Fraction) -> Iterator[Flaw]:  # noqa: ARG002
        """Always sound."""
        yield from ()

    def unknowns(self) -> Iterator[str]:
        """Nothing."""
        yield from ()


@dataclass(frozen=True, slots=True)
class Deadline:
    """On time → all points; late → zero, a share less per day, or a person's tier.

    Attributes:
        late: "zero", "per_day", "tiers" (the tier reached limits a person's score) or "manual".
        per_day: share lost per calendar day late, for "per_day".
        tiers: the tiers, for "tiers".
    """

    late: str = "zero"
    per_day: Fraction | None = None
    source: Citation = UNSOURCED
    tiers: Tiers | None = None
    type = "deadline"
    label = "按期完成"

    @property
    def names(self) -> tuple[str, ...]:
        """Target and actual date; the tier reached where it limits the score of what is late."""
        return ("target", "actual", "tier") if self.late == "tiers" else ("target", "actual")

    @property
    def wants(self) -> Mapping[str, Wanted]:
        """Dates, and a tier."""
        return {name: Wanted.TIER if name == "tier" else Wanted.DATE for name in self.names}

    def curve(self) -> Curve:
        """Share over whole days late; negative means early."""
        pieces = [Piece(Interval(None, _ZERO, False, True), _ONE)]
        if self.late == "per_day" and self.per_day:
            end = 1 / self.per_day
            pieces.append(Piece(Interval(_ZERO, end, False, False), _ONE, -self.per_day))
            pieces.append(Piece(Interval(end, None, True, False)))
        else:
            pieces.append(Piece(Interval(_ZERO, None, False, False), known=self.late == "zero"))
        return Curve(tuple(pieces), Interval(None, None, False, False), Direction.FALLING, "逾期天数")

    def judge(self, question: Question) -> Judgement:
        """See the class; with a strict sign the last day in time is the day before the target."""
        absent = missing(question, ("target", "actual"))
        if absent is not None:
            return absent
        target, actual = question.inputs["target"], question.inputs["actual"]
        if not isinstance(target.value, date) or not isinstance(actual.value, date):
            return Judgement(None, Basis.INPUT_MISSING, reason="时限指标的目标值和完成值都应是日期")
        days = (actual.value - target.value).days + (1 if question.strict else 0)
        step = f"要求{'早于' if question.strict else ''} {target.shown}，完成 {actual.shown}：" + (
            "按期" if days <= 0 else f"逾期 {days} 天"
        )
        piece = self.curve().piece_at(Fraction(days))
        if piece is None or not piece.known:
            return self._late(question, days, step)
        share = piece.at(Fraction(days))
        return Judgement(share, Basis.COMPUTED, (step,), "" if days <= 0 else f"逾期 {days} 天")

    def _late(self, question: Question, days: int, step: str) -> Judgement:
        """What a person may give when no rule says the share: less than everything, or what a tier allows."""
        reason = f"逾期 {days} 天"
        given = question.inputs.get("tier")
        found = None if self.tiers is None or given is None else self.tiers.within(str(given.value))
        if found is None:
            asked = "，须评定完成档次并人工评分" if self.tiers is not None else "，须人工评分"
            return Judgement(None, Basis.RULE_UNKNOWN, (step,), reason + asked, None, (_ZERO, _ONE, False))
        tier, words = found
        low, high, included = _ends(tier)
        # what is late does not earn what being in time earns
        bounds = (low, high, included and high < 1)
        return Judgement(None, Basis.MANUAL, (step, words), f"{reason}，{tier.name}", None, bounds)

    def flaws(self, points: Fraction) -> Iterator[Flaw]:
        """A daily share of 0 or less would never reach zero, one above 1 takes more than there is."""
        if self.late not in {"zero", "per_day", "tiers", "manual"}:
            yield Flaw("mode", f"不认识的方式“{self.late}”")
        if (self.late == "tiers") != (self.tiers is not None):
            yield Flaw("unused", f"方式“{self.late}”与是否写有档次（tiers）不符")
        if self.tiers is not None:
            yield from self.tiers.flaws(points)
        if self.late == "per_day" and (self.per_day is None or self.per_day <= 0):
            yield Flaw("division", "每日扣减比例必须大于 0")
        elif self.per_day is not None and self.per_day > 1:
            yield Flaw("bounds", f"每日扣减比例 {percent(self.per_day)} 超过 100%")
        elif self.per_day is not None and self.late != "per_day":
            yield Flaw("unused", f"方式“{self.late}”不按日扣减，却写有每日扣减比例")
        else:
            yield from self.curve().flaws()

    def unknowns(self) -> Iterator[str]:
        """The share when late, if a person decides it."""
        if self.late == "manual":
            yield "逾期时的得分"


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """A condition: the fact that says whether it is met, and its share of the points (None: unknown).

    Attributes:
        not_applicable_full: whether the condition counts as met when it has no object this year.
    """

    fact: str
    name: str
    share: Fraction | None
    not_applicable_full: bool = False


@dataclass(frozen=True, slots=True)
class Checklist:
    """Several conditions; those met earn their shares, those without an object count as met if the rubric says so."""

    items: tuple[ChecklistItem, ...]
    source: Citation = UNSOURCED
    type = "checklist"
    label = "逐项核对"

    @property
    def names(self) -> tuple[str, ...]:
        """The facts asked for."""
        return tuple(item.fact for item in self.items)

    @property
    def wants(self) -> Mapping[str, Wanted]:
        """Each a yes or no."""
        return dict.fromkeys(self.names, Wanted.YES_NO)

    def judge(self, question: Question) -> Judgement:
        """All met → full, whatever the split; otherwise the shares must be known."""
        steps: list[str] = []
        lost: list[ChecklistItem] = []
        for item in self.items:
            given = question.inputs.get(item.fact)
            if given is None or (
                isinstance(given.value, Unknown) and given.value.absence is not Absence.NOT_APPLICABLE
            ):
                return Judgement(None, Basis.INPUT_MISSING, tuple(steps), f"缺少数据：{item.name}")
            if isinstance(given.value, Unknown) and not item.not_applicable_full:
                words = f"“{item.name}”填“不适用”，评分体系没有规定不适用视为满足"
                return Judgement(None, Basis.INPUT_MISSING, tuple(steps), words)
            if not isinstance(given.value, bool | Unknown):
                return Judgement(None, Basis.INPUT_MISSING, tuple(steps), f"“{item.name}”应为是或否")
            met = isinstance(given.value, Unknown) or given.value
            word = "不适用，视为满足" if isinstance(given.value, Unknown) else ("满足" if met else "不满足")
            steps.append(f"{item.name}：{word}")
            if not met:
                lost.append(item)
        if not lost:
            return Judgement(_ONE, Basis.COMPUTED, tuple(steps), found="各项均满足")
        reason = f"不满足：{'、'.join(item.name for item in lost)}"
        shares = [item.share for item in lost]
        if any(share is None for share in shares):
            return Judgement(None, Basis.RULE_UNKNOWN, tuple(steps), f"{reason}；该项占分未知", found=reason)
        share = _ONE - sum((each for each in shares if each is not None), _ZERO)
        return Judgement(share, Basis.COMPUTED, tuple(steps), reason, found=reason)

    def flaws(self, points: Fraction) -> Iterator[Flaw]:  # noqa: ARG002
        """Known shares must be within bounds and sum to 1; no fact may count twice."""
        for fact in dict.fromkeys(self.names):
            if self.names.count(fact) > 1:
                yield Flaw("unused", f"事实“{fact}”核对了 {self.names.count(fact)} 次")
        shares = [item.share for item in self.items]
        known = [share for share in shares if share is not None]
        for share in known:
            if not 0 <= share <= 1:
                yield Flaw("bounds", f"占比 {percent(share)} 超出 0～100%")
        total = sum(known, _ZERO)
        if not self.items:
            yield Flaw("empty", "没有任何核对项")
        elif len(known) == len(shares) and total != 1:
            yield Flaw("sum", f"各项占比合计 {percent(total)}，应为 100%")
        elif total > 1:
            yield Flaw("sum", f"已知占比合计 {percent(total)}，超过 100%")

    def unknowns(self) -> Iterator[str]:
        """Items whose share is null."""
        for item in self.items:
            if item.share is None:
                yield f"“{item.name}”的占分"


@dataclass(frozen=True, slots=True)
class Manual:
    """A person's judgement with a reason; nothing is known that could be computed."""

    source: Citation = UNSOURCED
    type = "manual"
    label = "人工评分"
    names: tuple[str, ...] = ()
    wants = MappingProxyType[str, Wanted]({})

    def judge(self, question: Question) -> Judgement:  # noqa: ARG002
        """Always asks for a person."""
        return Judgement(None, Basis.RULE_UNKNOWN, (), "没有可计算的评分标准", None, (_ZERO, _ONE, True))

    def flaws(self, points: Fraction) -> Iterator[Flaw]:  # noqa: ARG002
        """Always sound: the person's score is held to its bounds."""
        yield from ()

    def unknowns(self) -> Iterator[str]:
        """The whole standard."""
        yield "评分标准"


@dataclass(frozen=True, slots=True)
class PerCase:
    """A count of faults: 0 → full; each costs `deduct` points, or any costs everything.

    Attributes:
        cases: the fact that counts the faults.
        of: the fact that counts all cases, for the text; "" for none.
        deduct: points per fault; None when unknown.
        all_or_nothing: any fault costs all points; None when unknown.
        candidates: standards somebody proposes (points per fault, None meaning all-or-nothing); used only
            where all of them agree.
    """

    cases: str
    of: str = ""
    deduct: Fraction | None = None
    all_or_nothing: bool = False
    candidates: tuple[Fraction | None, ...] = ()
    source: Citation = UNSOURCED
    type = "per_case"
    label = "按例扣分"

    @property
    def names(self) -> tuple[str, ...]:
        """The counts asked for."""
        return (self.cases, self.of) if self.of else (self.cases,)

    @property
    def wants(self) -> Mapping[str, Wanted]:
        """Counts."""
        return dict.fromkeys(self.names, Wanted.COUNT)

    def curve(self, points: Fraction) -> Curve:
        """Share over the number of faults."""
        return _fault_curve(points, self.deduct, self.all_or_nothing)

    def judge(self, question: Question) -> Judgement:
        """See the class."""
        absent = missing(question, self.names)
        if absent is not None:
            return absent
        given = question.inputs[self.cases]
        if not isinstance(given.value, Fraction):
            return Judgement(None, Basis.INPUT_MISSING, reason=f"“{given.label}”应为数字")
        cases = given.value
        whole = f"（共 {question.inputs[self.of].shown} {question.inputs[self.of].unit}）" if self.of else ""
        steps = [f"{given.label} {given.shown} {given.unit}{whole}"]
        reason = "" if cases == 0 else steps[0]
        if (
            self.of
            and isinstance(whole_given := question.inputs[self.of].value, Fraction)
            and cases > whole_given
        ):
            words = f"“{given.label}”{given.shown} 多于“{question.inputs[self.of].label}”{question.inputs[self.of].shown}"
            return Judgement(None, Basis.INPUT_MISSING, tuple(steps), f"{words}，请核对")
        piece = self.curve(question.points).piece_at(cases)
        if piece is None:
            return Judgement(None, Basis.INPUT_MISSING, tuple(steps), f"“{given.label}”不能小于 0")
        if piece.known:
            return Judgement(
                piece.at(cases),
                Basis.COMPUTED,
                tuple(steps),
                reason,
                found=f"{given.shown}{given.unit}{whole}",
            )
        answer = self._by_candidates(question.points, cases, steps, reason)
        return replace(answer, found=f"{given.shown}{given.unit}{whole}")

    def _by_candidates(self, points: Fraction, cases: Fraction, steps: list[str], reason: str) -> Judgement:
        shares = set()
        for candidate in self.candidates:
            piece = _fault_curve(points, candidate, candidate is None).piece_at(cases)
            if piece is None:
                continue
            share = piece.at(cases)
            shares.add(share)
            words = (
                "只要发生即不得分" if candidate is None else f"每例扣 {exact_decimal(candidate)} 分，扣完为止"
            )
            steps.append(f"候选规则“{words}”：得 {exact_decimal(share * points)} 分")
        # a single candidate agrees with nobody
        if len(shares) == 1 and len(set(self.candidates)) > 1:
            steps.append("扣分标准未知，但各候选规则结果一致")
            return Judgement(shares.pop(), Basis.CANDIDATES_AGREE, tuple(steps), reason)
        return Judgement(None, Basis.RULE_UNKNOWN, tuple(steps), f"{reason}；每例扣分未知")

    def flaws(self, points: Fraction) -> Iterator[Flaw]:
        """A deduction must be positive and there must be one standard only; the curve must be sound."""
        if self.all_or_nothing and (self.deduct is not None or self.candidates):
            yield Flaw("unused", "只要发生即不得分，又写有每例扣分或候选规则")
        if self.deduct is not None and self.candidates:
            yield Flaw("unused", "每例扣分已知，又写有候选规则")
        if self.candidates and len(set(self.candidates)) < 2:
            yield Flaw("unused", "候选规则应有两种以上，只有一种不能相互印证")
        for deduct in (self.deduct, *self.candidates):
            if deduct is not None and deduct <= 0:
                yield Flaw("direction", f"每例扣 {exact_decimal(deduct)} 分，应大于 0")
                return
        yield from self.curve(points).flaws()

    def unknowns(self) -> Iterator[str]:
        """The deduction per fault."""
        if self.deduct is None and not self.all_or_nothing:
            yield "每例扣分"


def _fault_curve(points: Fraction, deduct: Fraction | None, all_or_nothing: bool) -> Curve:
    pieces = [Piece(Interval.point(0), _ONE)]
    if all_or_nothing or deduct is None or points == 0:
        pieces.append(Piece(Interval(_ZERO, None, False, False), known=all_or_nothing or points == 0))
    else:
        end = points / deduct
        pieces.append(Piece(Interval(_ZERO, end, False, False), _ONE, -deduct / points))
        pieces.append(Piece(Interval(end, None, True, False)))
    return Curve(tuple(pieces), Interval(_ZERO, None, True, False), Direction.FALLING, "例数")

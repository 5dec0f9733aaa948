"""What a rule is given and what it answers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Protocol, TypeAlias

from zhunsheng.kernel.citation import Citation
from zhunsheng.kernel.grade import Grade
from zhunsheng.kernel.unknown import Unknown
from zhunsheng.rubrics.curve import Flaw

GivenValue: TypeAlias = Fraction | bool | date | Grade | str | Unknown


@dataclass(frozen=True, slots=True)
class Given:
    """An input of a rule.

    Attributes:
        value: exact value; `Unknown` when there is none.
        shown: as printed, without unit.
        unit: its unit.
        label: Chinese name.
        source: where it comes from, for the trace.
    """

    value: GivenValue
    shown: str
    unit: str = ""
    label: str = ""
    source: str = ""


class Basis(StrEnum):
    """How a score came about."""

    COMPUTED = "computed"
    KNOWN_CASE = "known_case"
    CANDIDATES_AGREE = "candidates_agree"
    NOT_APPLICABLE = "not_applicable"
    MANUAL = "manual"
    EXCLUDED = "excluded"
    NOT_DUE = "not_due"
    CLAIMED = "claimed"
    NO_ACTUAL = "no_actual"
    RULE_UNKNOWN = "rule_unknown"
    INPUT_MISSING = "input_missing"
    SUMMED = "summed"

    @property
    def label(self) -> str:
        """The Chinese words shown to users."""
        return _LABELS[self]


_LABELS = {
    Basis.COMPUTED: "按规则计算",
    Basis.KNOWN_CASE: "与已知实例相同",
    Basis.CANDIDATES_AGREE: "各候选规则结果一致",
    Basis.NOT_APPLICABLE: "不适用，得满分",
    Basis.EXCLUDED: "不适用，不参与评分",
    Basis.NOT_DUE: "未到期，待评",
    Basis.MANUAL: "人工评分",
    Basis.CLAIMED: "无完成值，自报得分",
    Basis.NO_ACTUAL: "无完成值",
    Basis.RULE_UNKNOWN: "规则未知，待人工评分",
    Basis.INPUT_MISSING: "缺少数据，待补",
    Basis.SUMMED: "汇总",
}


@dataclass(frozen=True, slots=True)
class Judgement:
    """A rule's answer.

    Attributes:
        share: share of the points in [0, 1]; None when the rule cannot say.
        basis: how it came about, or why it could not.
        steps: the calculation, one line each, in Chinese.
        reason: why points are lost or no score is possible; "" at full share.
        ratio: degree of achievement (1 = target met exactly), where there is one.
        found: what the rule looked at came to, short enough for a table cell.
        bounds: allowed shares for a manual score, where the rule limits them: low, high, high included.
    """

    share: Fraction | None
    basis: Basis
    steps: tuple[str, ...] = ()
    reason: str = ""
    ratio: Fraction | None = None
    bounds: tuple[Fraction, Fraction, bool] | None = None
    found: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of a rule: its inputs by name and the points at stake.

    Attributes:
        strict: whether the target's sign is ＞ or ＜, so that reaching the target exactly is a miss.
    """

    inputs: Mapping[str, Given]
    points: Fraction
    strict: bool = False


class Wanted(StrEnum):
    """What an input must be for a rule to use it."""

    NUMBER = "number"
    COUNT = "count"
    MONEY = "money"
    YES_NO = "yes_no"
    DATE = "date"
    TIER = "tier"
    MEASURED = "measured"

    @property
    def label(self) -> str:
        """The Chinese words shown to users."""
        return _WANTED_LABELS[self]


_WANTED_LABELS = {
    Wanted.NUMBER: "数字",
    Wanted.COUNT: "个数",
    Wanted.MONEY: "金额",
    Wanted.YES_NO: "是或否",
    Wanted.DATE: "日期",
    Wanted.TIER: "完成档次",
    Wanted.MEASURED: "数字或等级",
}


class Rule(Protocol):
    """A rule type with its parameters."""

    @property
    def type(self) -> str:
        """Name of the rule type in rubric files."""

    @property
    def label(self) -> str:
        """Chinese name of the rule type."""

    @property
    def source(self) -> Citation:
        """Where the rule comes from."""

    @property
    def names(self) -> tuple[str, ...]:
        """Inputs the rule asks for."""

    @property
    def wants(self) -> Mapping[str, Wanted]:
        """What each of these inputs must be."""

    def judge(self, question: Question) -> Judgement:
        """The share of the points for some inputs."""

    def flaws(self, points: Fraction) -> Iterator[Flaw]:
        """What is unsound; silence is a proof."""

    def unknowns(self) -> Iterator[str]:
        """The parameters that are null, in words."""


@dataclass(frozen=True, slots=True)
class KnownCase:
    """An observed result: with these inputs, this share was given."""

    inputs: Mapping[str, Fraction]
    share: Fraction
    source: Citation = field(default_factory=Citation)


def missing(question: Question, names: tuple[str, ...]) -> Judgement | None:
    """The answer when an input is absent or unknown; None when all are there."""
    absent = []
    for name in names:
        given = question.inputs.get(name)
        if given is None or isinstance(given.value, Unknown):
            absent.append(name if given is None else given.label or name)
    if not absent:
        return None
    return Judgement(None, Basis.INPUT_MISSING, reason=f"缺少数据：{'、'.join(absent)}")

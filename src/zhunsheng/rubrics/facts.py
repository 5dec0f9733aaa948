"""Management facts: what a rubric may ask about a body's management, defined once, one file each."""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from zhunsheng.kernel.citation import Citation
from zhunsheng.kernel.located import Fields, Located
from zhunsheng.kernel.problem import Problem, Problems


class FactKind(StrEnum):
    """What a fact's value is."""

    YES_NO = "yes_no"
    COUNT = "count"
    MONEY = "money"
    RATE = "rate"


@dataclass(frozen=True, slots=True)
class FactDefinition:
    """A management fact.

    Attributes:
        code: file name and identifier in formulas.
        label: Chinese name.
        kind: yes/no, count, money (in 万元) or rate (in percent).
        unit: unit of the value; "" for yes/no.
        most: the greatest value that makes sense, such as 100 for a rate of what was due; None for none.
        computed_by: code of the indicator that gives the value from records; "" for none.
        part_of: the fact whose value this one is a part of and cannot exceed; "" for none.
    """

    code: str
    label: str
    kind: FactKind
    unit: str
    description: str
    source: Citation
    most: Fraction | None = None
    part_of: str = ""
    computed_by: str = ""
    label_en: str = ""


def read_fact(node: Located) -> tuple[FactDefinition | None, tuple[Problem, ...]]:
    """Read a fact definition from its file."""
    problems = Problems()
    fields = Fields(node, problems, "管理事实定义")
    label_en = fields.text("label_en", required=True)
    kind = fields.choice("kind", [each.value for each in FactKind], required=True)
    most = fields.decimal("most")
    definition = FactDefinition(
        fields.text("code", required=True),
        fields.text("label", required=True),
        FactKind(kind) if kind else FactKind.COUNT,
        fields.text("unit"),
        fields.text("description", required=True),
        fields.citation(required=True),
        None if most is None else Fraction(most),
        fields.text("part_of"),
        fields.text("computed_by"),
        label_en,
    )
    fields.finish()
    return (None if problems.has_errors else definition), problems.as_tuple()

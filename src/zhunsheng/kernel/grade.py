"""Grades on an ordered list: 优 > 良 > 中 > 差, A > B > C > D; never numbers."""

from dataclasses import dataclass
from functools import total_ordering

SCALES: dict[str, tuple[str, ...]] = {
    "letters": ("E", "D", "C", "B", "A", "AA", "AAA"),
    "evaluation": ("差", "中", "良", "优"),
    "conduct": ("不合格", "基本合格", "合格", "良好", "优秀"),
}


@total_ordering
@dataclass(frozen=True, slots=True)
class Grade:
    """A grade of one scale; comparable only within that scale.

    Attributes:
        name: the grade as written, such as "A" or "优秀".
        scale: key of `SCALES`.
    """

    name: str
    scale: str

    @classmethod
    def parse(cls, text: str) -> "Grade | None":
        """Read `A级`, `优`, `优秀等次`; None when it is not a known grade.

        >>> Grade.parse("A级") == Grade("A", "letters")
        True
        """
        bare = text.strip().upper()
        for suffix in ("等次", "等级", "级", "等"):
            bare = bare.removesuffix(suffix)
        for scale, names in SCALES.items():
            if bare in names:
                return cls(bare, scale)
        return None

    def __lt__(self, other: "Grade") -> bool:
        if self.scale != other.scale:
            raise ValueError(f"{self} and {other} are of different scales")
        names = SCALES[self.scale]
        return names.index(self.name) < names.index(other.name)

    def __str__(self) -> str:
        return f"{self.name}级" if self.scale == "letters" else self.name

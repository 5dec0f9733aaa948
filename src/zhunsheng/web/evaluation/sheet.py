"""The scoring sheet as the pages show it, made from the kept evaluation."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse

from zhunsheng.rubrics.judgement import Basis
from zhunsheng.store.database.models import StoredCase, StoredEvaluation
from zhunsheng.web.language import shown
from zhunsheng.workflow.evaluating import kinds

_TONES: Mapping[str, str] = {
    # which shape of the interface's states stands for which status of a score
    "scored": "done",
    "manual": "draft",
    "no_actual": "not_collected",
    "unscored": "unscored",
    "not_applicable": "not_applicable",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A node, task or indicator of the sheet.

    Attributes:
        data: of the node in the documented JSON.
        leaf: whether it carries a score of its own.
        risk: points a reviewer could take; None for none.
        place: number on the page, for identifiers.
    """

    data: Mapping[str, Any]
    leaf: bool
    risk: Decimal | None
    place: int

    @property
    def basis(self) -> str:
        """How the score came about, in words."""
        return shown(Basis(self.data["basis"]))

    @property
    def tone(self) -> str:
        """The shape of its state."""
        return _TONES.get(str(self.data["status"]), "")

    @property
    def is_plain(self) -> bool:
        """Whether nothing need be said about how the score came about."""
        return self.data["basis"] in {Basis.COMPUTED.value, Basis.SUMMED.value}

    @property
    def lost(self) -> Decimal:
        """Points lost; 0 while there is no score."""
        score = self.data["score"]
        return Decimal(0) if score is None else Decimal(self.data["points"]) - Decimal(score)

    @property
    def unexplained(self) -> bool:
        """Whether points are lost and nobody said why."""
        return self.leaf and self.lost > 0 and not self.data["deviation"]

    @property
    def printed_differs(self) -> bool:
        """Whether the report printed something else."""
        printed = self.data["printed"]
        return printed is not None and bool(printed["explanation"])


def lines_of(found: StoredEvaluation) -> list[Line]:
    """All lines of the sheet, parents before children."""
    nodes: Sequence[Mapping[str, Any]] = found.content["nodes"]
    parents = {each["parent"] for each in nodes}
    risks: Mapping[str, str] = found.content["review"]["items"]
    return [
        Line(
            each,
            each["code"] not in parents and each["basis"] != Basis.SUMMED.value,
            Decimal(risks[each["code"]]) if each["code"] in risks else None,
            place,
        )
        for place, each in enumerate(nodes)
    ]


def line_of(found: StoredEvaluation, code: str) -> Line | None:
    """One of them, or None."""
    return next((each for each in lines_of(found) if each.data["code"] == code), None)


_FEW = 3


def findings_about(found: StoredEvaluation, code: str) -> Iterator[Mapping[str, Any]]:
    """What a reviewer would say about an item; what is said of nearly all items is left to the whole list."""
    return (
        each
        for each in found.content["review"]["findings"]
        if code in each["items"] and (each["items"][0] == code or len(each["items"]) <= _FEW)
    )


def ways_to_mend(case: StoredCase, problems: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """Where what keeps the evaluation from being submitted is put right: address and name of each item, once.

    Args:
        problems: as plain data; their place names the item.
    """
    found: dict[str, str] = {}
    for each in problems:
        words = str(each["place"].get("field", "")).split()
        if not words:
            continue
        is_value = each["code"] == kinds.NO_VALUE.code
        code = words[-1] if is_value else words[0]
        address = reverse("collect_item" if is_value else "evaluation_item", args=[case.code, code])
        found.setdefault(address, " ".join(words))
    return list(found.items())

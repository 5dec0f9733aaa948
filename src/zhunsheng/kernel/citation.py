"""Where a rule or a figure comes from, and how well that is known."""

from dataclasses import dataclass
from enum import StrEnum


class Evidence(StrEnum):
    """How a parameter or statement is known (证据等级)."""

    SEED = "seed"
    LAW = "law"
    PUBLIC = "public"
    PRACTICE = "practice"
    INFERRED = "inferred"
    UNVERIFIED = "unverified"
    PROPOSAL = "proposal"
    UNKNOWN = "unknown"

    @property
    def label(self) -> str:
        """The Chinese word shown to users."""
        return _LABELS[self]

    @property
    def citable(self) -> bool:
        """Whether a generated document may print this as a citation without a person's check."""
        return self in {Evidence.SEED, Evidence.LAW, Evidence.PUBLIC, Evidence.PRACTICE}


_LABELS = {
    Evidence.SEED: "报告原文",
    Evidence.LAW: "法律法规",
    Evidence.PUBLIC: "公开资料",
    Evidence.PRACTICE: "在用系统做法",
    Evidence.INFERRED: "由报告数字反推",
    Evidence.UNVERIFIED: "业内通行、原文待核",
    Evidence.PROPOSAL: "本产品建议",
    Evidence.UNKNOWN: "尚不清楚",
}


@dataclass(frozen=True, slots=True)
class Citation:
    """A document, a clause in it, and how well the statement is known.

    Attributes:
        document: code of a file in `definitions/sources/`, or a case's own source code; may be
            empty when nothing is known.
        clause: article, line or item inside the document.
        evidence: the evidence tag.
        title: the document's title for people; "" where only its code is known.
    """

    document: str = ""
    clause: str = ""
    evidence: Evidence = Evidence.UNKNOWN
    title: str = ""

    def __str__(self) -> str:
        named = "：".join(part for part in (self.title or self.document, self.clause) if part)
        return f"{named}（{self.evidence.label}）" if named else self.evidence.label

    def as_data(self) -> dict[str, str]:
        """The citation as plain data."""
        return {"document": self.document, "clause": self.clause, "evidence": self.evidence.value}


UNSOURCED = Citation()

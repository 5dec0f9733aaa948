"""The frozen year: the version that was locked, the evaluation that belongs to it, the report written from it."""

from dataclasses import dataclass

from zhunsheng.plans.case import Case
from zhunsheng.store.database.models import CaseVersion, ReportVersion, StoredCase, StoredEvaluation
from zhunsheng.workflow.action import Invalid
from zhunsheng.workflow.planning import versions

FROZEN = "frozen"
"""Why a version was made that a release may be made from."""


@dataclass(frozen=True, slots=True)
class FrozenYear:
    """What a release is made from.

    Attributes:
        version: the content as it was locked.
        evaluation: of that content; None when it was not kept.
        report: the newest report written from that content; None while there is none.
    """

    version: CaseVersion
    evaluation: StoredEvaluation | None
    report: ReportVersion | None


def frozen_year(stored: StoredCase) -> FrozenYear | None:
    """The year as it was last locked, or None while it never was."""
    version = CaseVersion.objects.filter(case=stored, why=FROZEN).order_by("number").last()
    if version is None:
        return None
    evaluation = StoredEvaluation.objects.filter(case=stored, version=version).order_by("moment").last()
    report = None
    if evaluation is not None:
        report = (
            ReportVersion.objects.filter(case=stored, revision=evaluation.revision)
            .select_related("audited", "who")
            .order_by("number")
            .last()
        )
    return FrozenYear(version, evaluation, report)


def case_of_version(version: CaseVersion) -> Case:
    """The content of a version.

    Raises:
        LookupError: the kept content is not what was locked, or cannot be read; it was damaged.
    """
    try:
        return versions.case_of_version(version)
    except Invalid as error:
        raise LookupError("；".join(each.what for each in error.problems[:3])) from error

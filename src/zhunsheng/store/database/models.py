"""All tables, where Django looks for them."""

from zhunsheng.store.database.accounts import ApiToken, Grant, User
from zhunsheng.store.database.case_rows import ROW_MODELS, CaseRow
from zhunsheng.store.database.evidence import Evidence, StoredFile
from zhunsheng.store.database.jobs import AskedOnce, Job, JobState
from zhunsheng.store.database.organisations import Organisation, OrganisationKind
from zhunsheng.store.database.results import (
    Acceptance,
    AuditedDocument,
    ComputedFigures,
    Release,
    ReportVersion,
    StoredEvaluation,
)
from zhunsheng.store.database.trail import TrailEntry, TrailHead
from zhunsheng.store.database.years import Assignment, CaseVersion, Engagement, Remark, StoredCase

__all__ = [
    "ROW_MODELS",
    "Acceptance",
    "ApiToken",
    "AskedOnce",
    "Assignment",
    "AuditedDocument",
    "CaseRow",
    "CaseVersion",
    "ComputedFigures",
    "Engagement",
    "Evidence",
    "Grant",
    "Job",
    "JobState",
    "Organisation",
    "OrganisationKind",
    "Release",
    "Remark",
    "ReportVersion",
    "StoredCase",
    "StoredEvaluation",
    "StoredFile",
    "TrailEntry",
    "TrailHead",
    "User",
]

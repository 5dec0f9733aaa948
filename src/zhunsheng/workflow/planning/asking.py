"""Asking for the workbook of a year, and for one that comes back to be checked; asked for twice, once is enough."""

from typing import Any

from zhunsheng.store.database.models import Job, StoredCase, StoredFile
from zhunsheng.workflow.actor import Actor
from zhunsheng.workflow.jobs import AlreadyAsked, enqueue_once


def ask_for_workbook(case: StoredCase, actor: Actor) -> Job:
    """Ask for the workbook of a year as it stands."""
    return _asked("plan.workbook", f"生成工作簿 {case}", {}, case, actor)


def ask_to_check(case: StoredCase, file: StoredFile, name: str, actor: Actor) -> Job:
    """Ask what a workbook would change.

    Args:
        name: of the file, as its owner calls it.
    """
    return _asked("plan.check", f"核对工作簿 {name}", {"file": file.sha256, "name": name}, case, actor)


def _asked(kind: str, label: str, parameters: dict[str, Any], case: StoredCase, actor: Actor) -> Job:
    """The job; the one that is not over yet when the year has not changed since it was asked for."""
    given = {**parameters, "revision": case.revision}
    try:
        return enqueue_once(kind, label, given, actor, case=case)
    except AlreadyAsked as earlier:
        return earlier.job

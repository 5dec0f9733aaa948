"""Long work of planning: writing the workbook of a year, checking one that comes back."""

import json
from typing import Any

from zhunsheng.documents.case_workbook import read_case_workbook, write_case_workbook
from zhunsheng.plans.differences import differences
from zhunsheng.store.case_directory import files_of
from zhunsheng.store.database.case_content import case_of
from zhunsheng.store.database.file_store import content_of, keep
from zhunsheng.store.database.models import StoredCase, StoredFile
from zhunsheng.store.definition_files import load_facts
from zhunsheng.workflow.action import Refused
from zhunsheng.workflow.jobs import Work
from zhunsheng.workflow.planning.replacing import replacement_faults

MOST_SHOWN = 2000
"""Differences that are kept for the page; all of them are applied."""


def write_workbook(work: Work) -> dict[str, Any]:
    """Write the workbook of a year as it stands and keep it."""
    stored = _case(work)
    work.progress(20, "整理档案")
    facts, _ = load_facts()
    data = write_case_workbook(case_of(stored), tuple(facts.values()))
    work.progress(90, "保存")
    file = keep((data,))
    return {"file": file.sha256, "name": f"{stored.code}.xlsx", "revision": stored.revision}


def check_workbook(work: Work) -> dict[str, Any]:
    """Read a workbook and say what it would change, without changing anything.

    Returns:
        differences and problems; `checked` names the file to apply, absent when there are errors.
    """
    stored = _case(work)
    file = StoredFile.objects.get(sha256=work.parameters["file"])
    revision = stored.revision
    work.progress(10, "读取工作簿")
    case, problems = read_case_workbook(content_of(file), work.parameters["name"])
    result: dict[str, Any] = {"revision": revision, "differences": [], "count": 0, "checked": ""}
    if case is not None:
        work.progress(70, "比较差异")
        faults = replacement_faults(stored, case)
        found = differences(case_of(stored), case)
        result["count"] = len(found)
        result["differences"] = [
            {**each.as_data(), "label": each.column_label} for each in found[:MOST_SHOWN]
        ]
        problems = (*faults, *problems)
        if not faults:
            kept = json.dumps(files_of(case), ensure_ascii=False, sort_keys=True).encode()
            result["checked"] = keep((kept,)).sha256
    result["problems"] = [each.as_data() for each in problems]
    return result


def _case(work: Work) -> StoredCase:
    if work.job.case is None:
        raise Refused("没有指明年度档案")
    return work.job.case

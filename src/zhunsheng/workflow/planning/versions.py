"""Frozen versions of a year: its whole content as it stood, kept as the files of its directory form."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

from django.utils.translation import gettext_noop as noop

from zhunsheng.kernel.hashing import sha256_of_parts
from zhunsheng.kernel.place import Place
from zhunsheng.plans.case import Case
from zhunsheng.store.case_directory import files_of, read_case_directory
from zhunsheng.store.database.case_content import case_of
from zhunsheng.store.database.models import CaseVersion, StoredCase
from zhunsheng.workflow.action import Invalid, Setting
from zhunsheng.workflow.planning.kinds import UNREADABLE_VERSION

WHY = {
    "submitted": noop("送审"),
    "approved": noop("批复"),
    "adjusted": noop("调整后批复"),
    "frozen": noop("自评锁定"),
    "released": noop("公开"),
}
"""What a version was made for, in Chinese."""


def digest_of(files: Mapping[str, str]) -> str:
    """The hash of a version's content: that of the same files as a directory, as evaluations name their input."""
    return sha256_of_parts({name: text.encode() for name, text in files.items()})


def freeze(setting: Setting, why: str, note: str = "", case: Case | None = None) -> CaseVersion:
    """Keep the content of the year as it stands. Only inside the transaction of an action.

    Args:
        why: one of `WHY`.
        case: the content, when it has been read already.
    """
    stored = setting.year
    files = files_of(case or case_of(stored))
    last = CaseVersion.objects.filter(case=stored).order_by("number").last()
    return CaseVersion.objects.create(
        case=stored,
        number=1 if last is None else last.number + 1,
        why=why,
        moment=setting.moment,
        who=setting.actor.user,
        note=note,
        content=files,
        sha256=digest_of(files),
    )


def case_of_files(files: Mapping[str, str]) -> Case:
    """The case that the files of a directory form hold.

    Raises:
        Invalid: they hold no sound case.
    """
    with tempfile.TemporaryDirectory(prefix="case-") as directory:
        root = Path(directory)
        for file, text in files.items():
            path = root / file
            if not path.resolve().is_relative_to(root.resolve()):
                what = f"内容中有“{file[:60]}”"
                raise Invalid((UNREADABLE_VERSION.at(Place("版本内容"), what, value=file[:60]),))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")
        found, problems = read_case_directory(root)
    if found is None:
        raise Invalid(problems)
    return found


def case_of_version(version: CaseVersion) -> Case:
    """The case as it stood.

    Raises:
        Invalid: its content is not what was kept, or cannot be read.
    """
    if digest_of(version.content) != version.sha256:
        what = f"第 {version.number} 版的内容与保存时的校验值不符"
        raise Invalid((UNREADABLE_VERSION.at(Place(f"第 {version.number} 版"), what),))
    return case_of_files(version.content)


def last_approved(stored: StoredCase) -> CaseVersion | None:
    """The targets as they were approved last, or None while they never were."""
    return CaseVersion.objects.filter(case=stored, why__in=("approved", "adjusted")).order_by("number").last()

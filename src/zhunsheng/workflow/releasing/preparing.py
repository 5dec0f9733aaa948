"""Preparing a release: the public copy of the locked year, its report and its open data."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from zhunsheng.assembly.cases import hashed_case
from zhunsheng.assembly.evaluating import evaluate_case
from zhunsheng.assembly.reporting import make_report
from zhunsheng.kernel.hashing import sha256_of
from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Problem
from zhunsheng.plans.case import Case
from zhunsheng.plans.roles import Role
from zhunsheng.scores.evaluation import Evaluation
from zhunsheng.store.database.models import CaseVersion, Organisation, StoredCase, User
from zhunsheng.workflow.planning.versions import digest_of
from zhunsheng.workflow.releasing import readiness as kinds
from zhunsheng.workflow.releasing.content import (
    LICENCES,
    Inconsistent,
    Licence,
    ReleaseFacts,
    public_content,
)
from zhunsheng.workflow.releasing.frozen import FrozenYear, case_of_version
from zhunsheng.workflow.releasing.open_data import open_data_files
from zhunsheng.workflow.releasing.personal import personal_traces
from zhunsheng.workflow.releasing.public_columns import personal_values, public_case

REPORT_KINDS = ("html", "docx", "pdf")
"""Forms in which the report may be public."""
_ENTERING = (Role.FILLER, Role.DIVISION_HEAD, Role.FINANCE)
_MARKUP = re.compile(r"<svg.*?</svg>|<style.*?</style>|<[^>]*>", re.DOTALL)
_MOST_TRACES = 20
_REMEMBERED = 8
"""Locked years a process keeps evaluated."""
Progress = Callable[[int, str], None]


@dataclass(frozen=True, slots=True)
class Prepared:
    """A release ready to be made, or what stands in its way."""

    content: dict[str, Any]
    files: dict[str, bytes]
    problems: tuple[Problem, ...]


def licence_of(code: str) -> Licence | None:
    """A licence by its code, or None."""
    return next((each for each in LICENCES if each.code == code), None)


def publisher_of(body: Organisation) -> dict[str, str]:
    """What the public sees of the body."""
    return {"code": body.code, "name": body.name, "short_name": body.short_name, "area": body.area}


def prepare(
    stored: StoredCase,
    year: FrozenYear,
    *,
    number: int,
    today: date,
    kinds_of_report: Sequence[str],
    licence: Licence,
    progress: Progress = lambda _percent, _step: None,
) -> Prepared:
    """Make the public copy of a locked year with its report and open data.

    Args:
        year: with an evaluation and a report.
        kinds_of_report: of `REPORT_KINDS`.
    """
    progress(5, "读取锁定的版本，按公开范围整理数据")
    copy, problems = _public_copy(stored, year, number, today, licence)
    if copy is None:
        return Prepared({}, {}, problems)
    formats = tuple(dict.fromkeys((*kinds_of_report, "html")))
    done = 0

    def step(name: str) -> None:
        nonlocal done
        progress(min(20 + 5 * done, 80), f"生成公开版{name}")
        done += 1

    written = make_report(hashed_case(copy.shown), None, formats, step)
    reports = {kind: _main(written.files, kind) for kind in formats}
    progress(82, "检查个人信息")
    problems = _personal(stored, copy, _MARKUP.sub("\n", reports["html"].decode()))
    if written.draft:
        problems += (kinds.DRAFT.at(Place(field="自评报告"), "按公开范围生成的报告是草稿"),)
    progress(88, "生成开放数据")
    files = {f"report.{kind}": reports[kind] for kind in REPORT_KINDS if kind in kinds_of_report}
    files |= open_data_files(copy.content)
    content = {
        **copy.content,
        "files": [
            {"name": name, "size": len(data), "sha256": sha256_of(data)}
            for name, data in sorted(files.items())
        ],
    }
    return Prepared(content, files, problems)


def preview(stored: StoredCase, year: FrozenYear, number: int, today: date) -> Prepared:
    """The public content without report and files, for looking at it before it is made."""
    copy, problems = _public_copy(stored, year, number, today, LICENCES[0])
    if copy is None:
        return Prepared({}, {}, problems)
    return Prepared(copy.content, {}, _personal(stored, copy, ""))


@dataclass(frozen=True, slots=True)
class _Copy:
    whole: Case
    shown: Case
    content: dict[str, Any]


def _public_copy(
    stored: StoredCase, year: FrozenYear, number: int, today: date, licence: Licence
) -> tuple[_Copy | None, tuple[Problem, ...]]:
    assert year.evaluation is not None  # noqa: S101 - readiness has asked
    try:
        whole, shown, evaluation = _evaluated(_Locked(digest_of(year.version.content), year.version))
    except LookupError as error:
        what = f"第 {year.version.number} 版读不出来：{error}"
        return None, (kinds.DAMAGED.at(Place(field="锁定的版本"), what),)
    facts = ReleaseFacts(
        publisher_of(stored.organisation), number, today, year.version.number, year.version.sha256, licence
    )
    try:
        content = public_content(shown, evaluation, year.evaluation.content, facts)
    except Inconsistent as error:
        what = f"重新计算与锁定时不一致的评分项：{'、'.join(error.items[:10])}"
        return None, (kinds.DIFFERENT_SCORES.at(Place(field="得分"), what),)
    return _Copy(whole, shown, content), ()


@dataclass(frozen=True, slots=True)
class _Locked:
    """A locked version, known by the hash of what is really kept, not by the one written beside it."""

    digest: str
    version: CaseVersion = field(compare=False)


@lru_cache(maxsize=_REMEMBERED)
def _evaluated(locked: _Locked) -> tuple[Case, Case, Evaluation]:
    """The whole year, the public one and its evaluation, remembered: a page that shows them is opened again and again.

    Raises:
        LookupError: the kept content is damaged.
    """
    whole = case_of_version(locked.version)
    shown = public_case(whole)
    return whole, shown, evaluate_case(shown)


def _main(files: dict[str, bytes], kind: str) -> bytes:
    return next(data for name, data in files.items() if name.endswith(f"-自评报告.{kind}"))


def names_to_hide(stored: StoredCase, whole: Case) -> tuple[str, ...]:
    """Names and numbers of people who filled the year in, which must not stand in any public text."""
    people = User.objects.filter(
        grants__role__in=[each.value for each in _ENTERING],
        grants__organisation__path__startswith=stored.organisation.path,
    )
    names = people.values_list("name", flat=True).distinct()
    return tuple(dict.fromkeys((*personal_values(whole), *(each.strip() for each in names))))


def _personal(stored: StoredCase, copy: _Copy, report: str) -> tuple[Problem, ...]:
    # the publisher and what the program says of itself are no text of the body
    own = {"publisher", "provenance", "licence"}
    texts = {**{key: value for key, value in copy.content.items() if key not in own}, "report": report}
    found = personal_traces(texts, names_to_hide(stored, copy.whole))
    return tuple(
        kinds.PERSONAL.at(Place(field=each.where), f"文字中有{each.kind}：“{each.around}”")
        for each in found[:_MOST_TRACES]
    )

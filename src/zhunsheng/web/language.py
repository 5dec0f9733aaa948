"""The names that the core has for its things, in the language of the reader.

The core speaks Chinese. What it calls a state, a role, a column or a part of a year is translated here and nowhere
else: `shown` says it, and `labels` lists all of it for the catalogue of translations. Texts of documents, of problems
and of the trail are not names and stay Chinese.
"""

from collections.abc import Iterator
from enum import Enum
from importlib import import_module

from django.apps import apps
from django.conf import settings
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_noop as noop

from zhunsheng.assembly.importing import FATES
from zhunsheng.audit.rule import Subject
from zhunsheng.indicators.definition import Direction, ResultKind
from zhunsheng.kernel.problem import Severity
from zhunsheng.ledgers.chapters import CHAPTERS
from zhunsheng.ledgers.field import FieldType, Level, Privacy
from zhunsheng.measures.figure import FigureStatus
from zhunsheng.measures.stated import Verdict
from zhunsheng.plans import choices
from zhunsheng.plans.choices import Labelled
from zhunsheng.plans.roles import EvaluationState, Role, TargetState
from zhunsheng.plans.sections import NARRATIVE_SECTIONS, SECTIONS
from zhunsheng.rubrics.judgement import Basis
from zhunsheng.scores.review.rule import RuleGroup
from zhunsheng.store.database.models import Job
from zhunsheng.store.records.entries import CommitKind, HoldReason, HoldState
from zhunsheng.web.trail.wording import action_labels
from zhunsheng.workflow.catalogue import RIGHTS
from zhunsheng.workflow.releasing.open_data import TABLES

_ENUMERATIONS: tuple[type[Enum], ...] = (
    *(each for each in vars(choices).values() if isinstance(each, type) and issubclass(each, Labelled)),
    Role,
    TargetState,
    EvaluationState,
    Severity,
    FieldType,
    Privacy,
    Level,
    ResultKind,
    Direction,
    FigureStatus,
    Verdict,
    Basis,
    RuleGroup,
    Subject,
    CommitKind,
    HoldReason,
    HoldState,
)
_JOBS = {
    "plan.workbook": noop("生成工作簿"),
    "plan.check": noop("核对工作簿"),
    "records.check": noop("核对台账文件"),
    "records.import": noop("导入台账"),
    "records.undo": noop("撤销批次"),
    "records.export": noop("导出记录"),
    "indicators.compute": noop("计算指标"),
    "evaluation.compute": noop("由台账计算完成值"),
    "audit.document": noop("核对文件"),
    "report.write": noop("生成报告"),
    "release.make": noop("公开"),
    "trail.export": noop("导出操作记录"),
}
"""What each kind of work does. The name of a job itself is kept as it was asked for, in Chinese."""


def in_chinese() -> bool:
    """Whether the reader reads the language in which everything is kept."""
    return (get_language() or "zh").startswith("zh")


def job_name(job: Job) -> str:
    """The name of a job, after what it does in the reader's language where that is another."""
    kind = _JOBS.get(getattr(job, "kind", ""))
    return job.label if kind is None or in_chinese() else f"{gettext(kind)} ({job.label})"


def shown(thing: object) -> str:
    """The name of a thing: its own English one where it has one, the translated one otherwise.

    Args:
        thing: something with a `label`, or the label itself; None gives "".
    """
    english = getattr(thing, "label_en", "")
    if english and get_language() == "en":
        return str(english)
    label = str(getattr(thing, "label", thing) or "")
    return gettext(label) if label else ""


def labels() -> Iterator[tuple[str, str]]:
    """Every name to be translated, with the English identifier of where it comes from. A name may come twice."""
    import_module(settings.ROOT_URLCONF)  # with its pages every action is loaded
    for kind in _ENUMERATIONS:
        for member in kind:
            yield str(getattr(member, "label", member.value)), kind.__name__
    yield from _of_models()
    yield from _of_cases()
    yield from ((each.label, f"rights.{each.code}") for each in RIGHTS.values())
    yield from ((label, f"actions.{code}") for code, label in action_labels().items())
    yield from ((label, "ledgers.chapters") for label in CHAPTERS.values())
    yield from ((label, "import") for label in FATES.values())
    yield from _of_open_data()


def _of_models() -> Iterator[tuple[str, str]]:
    for model in apps.get_app_config("database").get_models():
        for field in model._meta.fields:
            yield from ((str(label), f"{model.__name__}.{field.name}") for _value, label in field.flatchoices)


def _of_open_data() -> Iterator[tuple[str, str]]:
    for table in TABLES:
        yield table.title, f"open data.{table.name}"
        yield table.description, f"open data.{table.name}"
        for column in table.columns:
            yield column.title, f"open data.{table.name}.{column.name}"
            yield column.note, f"open data.{table.name}.{column.name}"


def _of_cases() -> Iterator[tuple[str, str]]:
    for section in SECTIONS:
        yield section.label, f"sections.{section.name}"
        for column in section.columns:
            yield column.label, f"sections.{section.name}.{column.name}"
            if column.note:
                yield column.note, f"sections.{section.name}.{column.name}"
    yield from ((label, "narrative") for label in NARRATIVE_SECTIONS.values())

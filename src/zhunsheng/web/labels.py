"""Every name that the core has for its things, for the catalogue of translations; `language` shows them."""

from collections.abc import Iterator
from enum import Enum
from importlib import import_module

from django.apps import apps
from django.conf import settings

from zhunsheng.assembly.importing import FATES
from zhunsheng.audit.rule import Subject
from zhunsheng.indicators.definition import Direction, ResultKind
from zhunsheng.kernel.citation import Evidence
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
from zhunsheng.store.engines.rows import Part
from zhunsheng.store.records.entries import CommitKind, HoldReason, HoldState
from zhunsheng.web.language import APART
from zhunsheng.web.trail.wording import action_labels
from zhunsheng.workflow.catalogue import RIGHTS
from zhunsheng.workflow.indicators.beside import Standing
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
    Evidence,
    Part,
    Standing,
)


def labels() -> Iterator[tuple[str, str, str | None]]:
    """Every name to be translated, where it comes from, and its context where it needs one. A name may come twice."""
    import_module(settings.ROOT_URLCONF)  # with its pages every action is loaded
    for kind in _ENUMERATIONS:
        for member in kind:
            context = kind.__name__ if issubclass(kind, APART) else None
            yield str(getattr(member, "label", member.value)), kind.__name__, context
    yield from ((label, where, None) for label, where in _plain())


def _plain() -> Iterator[tuple[str, str]]:
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
        yield table.title, f"open-data.{table.name}"
        yield table.description, f"open-data.{table.name}"
        for column in table.columns:
            yield column.title, f"open-data.{table.name}.{column.name}"
            yield column.note, f"open-data.{table.name}.{column.name}"


def _of_cases() -> Iterator[tuple[str, str]]:
    for section in SECTIONS:
        yield section.label, f"sections.{section.name}"
        for column in section.columns:
            yield column.label, f"sections.{section.name}.{column.name}"
            if column.note:
                yield column.note, f"sections.{section.name}.{column.name}"
    yield from ((label, "narrative") for label in NARRATIVE_SECTIONS.values())

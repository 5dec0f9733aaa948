"""The evaluation of a year at a revision by a rubric: computed once, kept, never computed again while nothing changes."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from zhunsheng import __version__
from zhunsheng.assembly.cases import LoadedCase
from zhunsheng.assembly.evaluating import evaluate_loaded, load_sound_rubric, review_of
from zhunsheng.kernel.rounding import plain
from zhunsheng.plans.case import Case
from zhunsheng.plans.sections import SECTIONS
from zhunsheng.plans.writing import rows_of
from zhunsheng.rubrics.rubric import Rubric
from zhunsheng.scores.comparison import compare, comparison_data
from zhunsheng.scores.evaluation import Evaluation, InputFile, evaluation_data
from zhunsheng.scores.review.review import review_data
from zhunsheng.store.database.case_content import case_of
from zhunsheng.store.database.case_rows import ROW_MODELS
from zhunsheng.store.database.models import CaseVersion, StoredCase, StoredEvaluation
from zhunsheng.workflow.evaluating.hindrances import hindrances

_MOST_TRIES = 3


@dataclass(frozen=True)
class Evaluated:
    """A case with its evaluation by one rubric."""

    case: Case
    evaluation: Evaluation
    rubric: Rubric

    @cached_property
    def content(self) -> dict[str, Any]:
        """The documented JSON of the evaluation with the review beside it, as `zhunsheng evaluate --json`."""
        reviewed = review_data(review_of(self.case, self.evaluation))
        return {**evaluation_data(self.evaluation), "review": reviewed}


def evaluated(case: Case, origin: InputFile, rubric: str = "") -> Evaluated:
    """Evaluate a case.

    Args:
        origin: name and hash of the content it came from.
        rubric: another rubric than its own.

    Raises:
        Rejected: the rubric or the rules of the package cannot be used.
    """
    evaluation, used = evaluate_loaded(LoadedCase(case, (origin,), ()), rubric or None)
    return Evaluated(case, evaluation, used)


def origin_of(stored: StoredCase, case: Case) -> InputFile:
    """The content of the rows with its hash."""
    content = {section.name: list(rows_of(case, section)) for section in SECTIONS}
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, default=str)
    return InputFile(f"年度档案 {stored.code} 修订 {stored.revision}", sha256(text.encode()).hexdigest())


def rubric_of(stored: StoredCase) -> str:
    """Code of the rubric of a year."""
    about = ROW_MODELS["about"]._default_manager.get(case=stored)
    return str(about.f_rubric)  # type: ignore[attr-defined] # made from the columns


def evaluation_of(stored: StoredCase, rubric: str = "") -> StoredEvaluation:
    """The evaluation of a year as it stands, from what is kept where it can be.

    Beside the documented JSON the content of an open year has `hindrances`, which keep it from being submitted.

    Args:
        rubric: another rubric than the year's own; then the comparison with its own is kept in the content.

    Raises:
        Rejected: the rubric cannot be used.
    """
    own = rubric_of(stored)
    code = rubric or own
    for _ in range(_MOST_TRIES):
        kept = StoredEvaluation.objects.filter(case=stored, revision=stored.revision, rubric=code).first()
        if kept is not None and (kept.version_id is not None or _is_current(kept.content, code)):
            return kept
        case = case_of(stored)
        revision = StoredCase.objects.values_list("revision", flat=True).get(pk=stored.pk)
        if revision == stored.revision:
            break
        # somebody changed the rows while they were read
        stored.revision = revision
    found = evaluated(case, origin_of(stored, case), code)
    more = _hindered(found) if code == own else {"comparison": _compared(found, own)}
    content = {**found.content, **more}
    return _keep(stored, found.evaluation, content)


def _is_current(content: Mapping[str, Any], rubric: str) -> bool:
    """Whether it was computed by this program with this state of the rubric."""
    sound = load_sound_rubric(rubric)
    known = {each["name"]: each["sha256"] for each in content["inputs"]}
    return content["program"] == __version__ and known.get(f"{sound.code}.yaml") == sound.sha256


def _hindered(found: Evaluated) -> dict[str, Any]:
    return {"hindrances": [each.as_data() for each in hindrances(found.case, found.evaluation)]}


def _compared(other: Evaluated, own: str) -> dict[str, object]:
    origin = other.evaluation.inputs[0]
    mine = evaluated(other.case, origin, own)
    return comparison_data(compare(mine.evaluation, other.evaluation, mine.rubric, other.rubric))


def _keep(stored: StoredCase, evaluation: Evaluation, content: dict[str, Any]) -> StoredEvaluation:
    """Keep an evaluation in the place of those of earlier revisions, except frozen ones."""
    identity: dict[str, Any] = {"case": stored, "revision": stored.revision, "rubric": evaluation.rubric}
    values = {
        "moment": timezone.now(),
        "total": plain(evaluation.total),
        "grade": evaluation.grade,
        "content": content,
    }
    try:
        with transaction.atomic():
            made, _ = StoredEvaluation.objects.update_or_create(**identity, defaults=values)
            StoredEvaluation.objects.filter(
                case=stored, rubric=evaluation.rubric, revision__lt=stored.revision, version=None
            ).delete()
    except IntegrityError:
        # two looked at the same moment; both computed the same
        return StoredEvaluation.objects.get(**identity)
    return made


def keep_frozen(stored: StoredCase, version: CaseVersion, found: Evaluated) -> StoredEvaluation:
    """Keep the evaluation of a frozen version. Only inside an action."""
    made, _ = StoredEvaluation.objects.update_or_create(
        case=stored,
        revision=stored.revision,
        rubric=found.evaluation.rubric,
        defaults={
            "moment": version.moment,
            "total": plain(found.evaluation.total),
            "grade": found.evaluation.grade,
            "content": found.content,
            "version": version,
        },
    )
    return made

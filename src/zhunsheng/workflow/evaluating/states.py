"""The way of an evaluation: opened, submitted, agreed, frozen; sent back or unfrozen with a reason."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from zhunsheng.kernel.place import Place
from zhunsheng.plans.roles import EvaluationState
from zhunsheng.scores.evaluation import InputFile
from zhunsheng.store.database.case_content import case_of
from zhunsheng.store.database.models import Organisation, Remark, StoredCase, TrailEntry
from zhunsheng.store.records.faults import StoreFault
from zhunsheng.store.records.record_store import RecordStore
from zhunsheng.workflow.action import Action, Change, Invalid, Refused, Setting, Stale
from zhunsheng.workflow.evaluating import kinds
from zhunsheng.workflow.evaluating.evaluated import evaluated, keep_frozen, origin_of
from zhunsheng.workflow.evaluating.hindrances import hindrances
from zhunsheng.workflow.planning.versions import freeze

STAGE = "evaluation"
FROZEN = "frozen"
_LONGEST = 3_000


@dataclass(frozen=True)
class _StateAction(Action):
    """An action on the state of the evaluation.

    Attributes:
        seen: revision of the year the person has seen.
    """

    case: StoredCase
    seen: int

    def case_id(self) -> int:
        """The year."""
        return self.case.pk

    def _as_seen(self, year: StoredCase) -> None:
        """What is decided on is what was looked at."""
        if year.revision != self.seen:
            raise Stale("您打开页面以后，年度档案的内容有改动；请刷新，核对后再办理")


def _move(setting: Setting, to: EvaluationState) -> Change:
    before = setting.year.evaluation
    setting.year.evaluation_state = to.value
    return Change("evaluation", before.value, to.value)


def _words(text: str, what: str) -> str:
    """A reason that must be there.

    Raises:
        Invalid: it is empty or too long.
    """
    found = text.strip()
    place = Place(field=what)
    if not found:
        raise Invalid((kinds.NO_WORDS.at(place, f"没有写{what}"),))
    if len(found) > _LONGEST:
        raise Invalid((kinds.TOO_LONG.at(place, f"{what}有 {len(found):,} 字"),))
    return found


def _not_submitter(setting: Setting, what: str) -> None:
    """Who submitted does not decide on it.

    Raises:
        Refused: the actor submitted it.
    """
    user = setting.actor.user
    if user is not None and setting.year.scored_by_id == user.pk:
        raise Refused(f"自评由您送审，{what}须由别人办理")


def _remark(setting: Setting, text: str) -> None:
    assert setting.actor.user is not None  # noqa: S101 - no right of these is public
    Remark.objects.create(
        case=setting.year, stage=STAGE, text=text, who=setting.actor.user, moment=setting.moment
    )


@dataclass(frozen=True)
class OpenEvaluation(_StateAction):
    """Begins the self-evaluation."""

    code = "evaluation.open"
    label = "开始自评"
    right = "evaluation.open"

    def carry_out(self, setting: Setting) -> Iterator[Change]:
        """Open."""
        yield _move(setting, EvaluationState.OPEN)


@dataclass(frozen=True)
class SubmitEvaluation(_StateAction):
    """Sends the self-evaluation to the leader, if nothing is missing."""

    code = "evaluation.submit"
    label = "送审自评"
    right = "evaluation.submit"

    def carry_out(self, setting: Setting) -> Iterator[Change]:
        """Submit."""
        self._as_seen(setting.year)
        case = case_of(setting.year)
        found = evaluated(case, origin_of(setting.year, case)).evaluation
        missing = hindrances(case, found)
        if missing:
            raise Invalid(missing)
        setting.year.scored_by = setting.actor.user
        yield _move(setting, EvaluationState.SCORED)


@dataclass(frozen=True)
class ReviewEvaluation(_StateAction):
    """The leader agrees, or returns it with the reason."""

    code = "evaluation.review"
    label = "审核自评"
    right = "evaluation.review"

    agreed: bool
    why: str = ""

    def reason(self) -> str:
        """Why it is returned, or what is said with the agreement."""
        return self.why.strip()

    def carry_out(self, setting: Setting) -> Iterator[Change]:
        """Agree or return."""
        self._as_seen(setting.year)
        _not_submitter(setting, "审核")
        if self.agreed:
            yield _move(setting, EvaluationState.REVIEWED)
            return
        _remark(setting, _words(self.why, "退回原因"))
        yield _move(setting, EvaluationState.OPEN)


@dataclass(frozen=True)
class SendBackEvaluation(_StateAction):
    """The finance bureau returns it with the reason instead of freezing it."""

    code = "evaluation.send_back"
    label = "退回自评"
    right = "evaluation.freeze"

    why: str = ""

    def reason(self) -> str:
        """Why."""
        return self.why.strip()

    def carry_out(self, setting: Setting) -> Iterator[Change]:
        """Return."""
        self._as_seen(setting.year)
        _not_taken_part(setting)
        _remark(setting, _words(self.why, "退回原因"))
        yield _move(setting, EvaluationState.OPEN)


@dataclass(frozen=True)
class FreezeEvaluation(_StateAction):
    """The finance bureau locks the year: its content, its evaluation and the records it came from are kept."""

    code = "evaluation.freeze"
    label = "锁定自评"
    right = "evaluation.freeze"

    def carry_out(self, setting: Setting) -> Iterator[Change]:
        """Freeze."""
        year = setting.year
        self._as_seen(year)
        _not_taken_part(setting)
        case = case_of(year)
        version = freeze(setting, FROZEN, case=case)
        origin = InputFile(f"年度档案 {year.code} 第 {version.number} 版", version.sha256)
        found = evaluated(case, origin)
        kept = keep_frozen(year, version, found)
        keep_records(year, f"{year} 自评锁定，第 {version.number} 版", setting.actor.name)
        yield _move(setting, EvaluationState.FROZEN)
        after = {"number": version.number, "sha256": version.sha256}
        after |= {"total": kept.total, "snapshot": year.snapshot}
        yield Change(f"versions/{version.number}", None, after)


def _not_taken_part(setting: Setting) -> None:
    """Who submitted or reviewed it in the body does not decide on it from above.

    Raises:
        Refused: the actor did.
    """
    _not_submitter(setting, "复核")
    last = TrailEntry.objects.filter(case=setting.year.code, action=ReviewEvaluation.code).last()
    user = setting.actor.user
    if last is not None and user is not None and last.who == user.username:
        raise Refused("自评由您审核同意，复核须由别人办理")


def store_path(organisation: Organisation) -> Path | None:
    """Where the record store of a body lies; None when it has none."""
    if not organisation.store:
        return None
    root: Path = settings.STORES_DIRECTORY
    return root / organisation.store


def keep_records(year: StoredCase, why: str, who: str) -> None:
    """Protect the records that computed values came from against retention; nothing to do when none were used.

    Raises:
        Invalid: the store or its snapshot is not there any more.
    """
    path = store_path(year.organisation)
    if path is None or not year.snapshot:
        return
    try:
        with RecordStore.open(path) as store:
            store.keep(store.snapshot_of(year.snapshot), who, why, wait_seconds=5)
    except StoreFault as fault:
        raise Invalid((fault.problem,)) from fault


@dataclass(frozen=True)
class UnfreezeEvaluation(_StateAction):
    """The finance bureau opens a locked year again, with the reason. What was frozen is kept."""

    code = "evaluation.unfreeze"
    label = "解除锁定"
    right = "evaluation.unfreeze"
    touches_content = True  # the next freezing gets an evaluation of its own

    why: str = ""

    def reason(self) -> str:
        """Why."""
        return self.why.strip()

    def carry_out(self, setting: Setting) -> Iterator[Change]:
        """Open again."""
        self._as_seen(setting.year)
        _remark(setting, _words(self.why, "解除锁定的原因"))
        setting.year.scored_by = None
        yield _move(setting, EvaluationState.OPEN)

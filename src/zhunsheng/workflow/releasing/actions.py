"""What a leader does: make the locked year public, take it back."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Problem
from zhunsheng.plans.roles import EvaluationState
from zhunsheng.store.database.models import CaseVersion, Job, Release, StoredCase
from zhunsheng.workflow.action import Action, Change, Invalid, Setting, Stale
from zhunsheng.workflow.releasing import readiness as kinds

_LONGEST = 2000


def latest_release(case: StoredCase) -> Release | None:
    """The newest release of a year, withdrawn or not."""
    return Release.objects.filter(case=case).order_by("number").last()


def correction_problems(case: StoredCase, correction: str) -> tuple[Problem, ...]:
    """What is wrong with the text of a correction; the first release needs none."""
    place = Place(field="correction")
    if latest_release(case) is not None and not correction.strip():
        return (kinds.NO_CORRECTION.at(place, "没有写更正说明"),)
    if len(correction) > _LONGEST:
        return (kinds.LONG_CORRECTION.at(place, f"更正说明有 {len(correction)} 字"),)
    return ()


@dataclass(frozen=True)
class MakeRelease(Action):
    """Makes the year public: keeps a copy that is never read from the year again.

    Attributes:
        version: the locked content the copy was made from.
        content: what is shown, with the number of the release in it.
        files: by file name the hash of the stored file.
        correction: what was corrected, for a release that is not the first.
        job: the work that made it.
    """

    code = "release.make"
    label = "公开"
    right = "release.make"

    case: StoredCase
    version: CaseVersion
    content: Mapping[str, Any]
    files: Mapping[str, str]
    correction: str = ""
    job: Job | None = None

    def case_id(self) -> int:
        """The year."""
        return self.case.pk

    def reason(self) -> str:
        """The text of the correction."""
        return self.correction.strip()

    def carry_out(self, setting: Setting) -> Iterator[Change]:
        """Keep the copy; a job that is begun again finds its release made."""
        if self.job is not None and Release.objects.filter(job=self.job).exists():
            return
        ready = kinds.readiness(setting.year)
        problems = (*ready.blocks, *correction_problems(setting.year, self.correction))
        if problems:
            raise Invalid(problems)
        last = latest_release(setting.year)
        number = 1 if last is None else last.number + 1
        if ready.year is None or ready.year.version.pk != self.version.pk or self.content["number"] != number:
            raise Stale("这个年度在准备公开期间被重新锁定或公开；请刷新页面，看清内容后再公开")
        assert setting.actor.user is not None  # noqa: S101 - the right asks for a person
        Release.objects.create(
            case=setting.year,
            number=number,
            moment=setting.moment,
            who=setting.actor.user,
            content=dict(self.content),
            files=dict(self.files),
            correction=self.reason(),
            version=self.version,
            job=self.job,
        )
        before = setting.year.evaluation_state
        setting.year.evaluation_state = EvaluationState.RELEASED.value
        yield Change(f"release/{number}", None, {"version": self.version.number, "files": dict(self.files)})
        yield Change("evaluation_state", before, setting.year.evaluation_state)


@dataclass(frozen=True)
class WithdrawRelease(Action):
    """Takes the year back from the public; its addresses then say that it was withdrawn."""

    code = "release.withdraw"
    label = "撤下公开内容"
    right = "release.withdraw"

    case: StoredCase
    why: str

    def case_id(self) -> int:
        """The year."""
        return self.case.pk

    def reason(self) -> str:
        """The reason."""
        return self.why.strip()

    def carry_out(self, setting: Setting) -> Iterator[Change]:
        """Withdraw every release that is still shown."""
        if not self.reason():
            raise Invalid((kinds.NO_REASON.at(Place(field="why"), "没有写撤下的原因"),))
        shown = list(Release.objects.filter(case=setting.year, withdrawn__isnull=True))
        if not shown:
            raise Invalid((kinds.NOTHING_PUBLIC.at(Place(field="why"), "这个年度没有公开，或已经撤下"),))
        for each in shown:
            each.withdrawn, each.why_withdrawn = setting.moment, self.reason()
            each.save()
            yield Change(f"release/{each.number}", {"withdrawn": None}, {"withdrawn": setting.moment})
        before = setting.year.evaluation_state
        if before == EvaluationState.RELEASED:
            setting.year.evaluation_state = EvaluationState.FROZEN.value
            yield Change("evaluation_state", before, setting.year.evaluation_state)

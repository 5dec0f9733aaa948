"""Taking the trail out of the system: recorded like everything else."""

from collections.abc import Iterator
from dataclasses import dataclass

from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Kind, Severity
from zhunsheng.store.database.models import TrailEntry
from zhunsheng.workflow.action import Action, Change, Invalid, Setting
from zhunsheng.workflow.jobs import enqueue_once
from zhunsheng.workflow.trail_export import years
from zhunsheng.workflow.trail_reading import seen_by

NO_YEAR = Kind("TRAIL-001", Severity.ERROR, "只能导出有操作记录的年度", "从列出的年度中选择。")
NO_FORM = Kind("TRAIL-002", Severity.ERROR, "操作记录可以导出为 CSV 或 JSON 行", "从列出的格式中选择。")


@dataclass(frozen=True)
class ExportTrail(Action):
    """Asks for the lines of a year, those the actor may see, as a file."""

    code = "trail.export"
    label = "导出操作记录"
    right = "self.use"

    year: int
    form: str

    def carry_out(self, setting: Setting) -> Iterator[Change]:
        """Enqueue it, once while the same export of the same person is not over.

        Raises:
            Invalid: there is no such year or form.
            AlreadyAsked: the same export waits or is being written.
        """
        today = setting.moment.date()
        problems = []
        if self.year not in years(seen_by(setting.actor, today)):
            problems.append(NO_YEAR.at(Place(field="year"), f"{self.year} 年没有您可以查看的操作记录"))
        if self.form not in {"csv", "jsonl"}:
            problems.append(NO_FORM.at(Place(field="form"), "没有这种格式"))
        if problems:
            raise Invalid(problems)
        # once somebody has done something more, the same question has another answer; having asked is nothing more
        latest = (
            TrailEntry.objects.exclude(action=self.code).order_by("-pk").values_list("pk", flat=True).first()
        )
        job = enqueue_once(
            "trail.export",
            f"导出 {self.year} 年操作记录",
            {"year": self.year, "form": self.form, "latest": latest},
            setting.actor,
        )
        yield Change(f"trail/{self.year}", None, {"form": self.form, "job": job.pk})

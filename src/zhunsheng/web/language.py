"""The names that the core has for its things, in the language of the reader.

The core speaks Chinese. What it calls a state, a role, a column or a part of a year is translated here and nowhere
else; `labels` lists all such names for the catalogue of translations. Texts of documents, of problems and of the trail
are not names and stay Chinese.
"""

from django.utils.translation import get_language, gettext, pgettext
from django.utils.translation import gettext_noop as noop

from zhunsheng.ledgers.field import Level, Privacy
from zhunsheng.store.database.models import Job

APART = (Privacy, Level)
"""Their words say something else elsewhere: 公开 is a class of privacy and what one does with a year."""

_JOBS = {
    "plan.workbook": noop("生成工作簿"),
    "plan.check": noop("核对工作簿"),
    "records.check": noop("核对台账文件"),
    "records.import": noop("导入台账"),
    "records.undo": noop("撤销批次"),
    "records.settle": noop("处理待核行"),
    "records.discard": noop("弃用待核行"),
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
    kind = getattr(job, "kind", "")
    return job.label if kind not in _JOBS or in_chinese() else f"{kind_name(kind)} ({job.label})"


def kind_name(kind: str) -> str:
    """What a kind of work does; the code of the kind where that is not known."""
    return gettext(_JOBS[kind]) if kind in _JOBS else kind


def shown(thing: object) -> str:
    """The name of a thing: its own English one where it has one, the translated one otherwise.

    Args:
        thing: something with a `label`, or the label itself; None gives "".
    """
    english = getattr(thing, "label_en", "")
    if english and get_language() == "en":
        return str(english)
    label = str(getattr(thing, "label", thing) or "")
    if isinstance(thing, APART):
        return pgettext(type(thing).__name__, label)
    return gettext(label) if label else ""

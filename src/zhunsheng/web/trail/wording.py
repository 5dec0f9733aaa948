"""Lines of the trail in words: what was done, to what, from what to what."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from zhunsheng.plans.roles import EvaluationState, Role, TargetState
from zhunsheng.plans.sections import NARRATIVE_SECTIONS, SECTIONS
from zhunsheng.store.database.models import JobState, OrganisationKind
from zhunsheng.workflow.action import Action

_COMMANDS = {
    "demonstration.set_up": noop("装入演示"),
    "organisation.add": noop("新增单位"),
    "people.create": noop("新建用户"),
    "people.grant": noop("授予角色"),
    "people.take": noop("收回角色"),
    "people.password": noop("重置密码"),
}
"""Acts of the command line, which are no actions."""

_SUBJECTS = {
    "assignment": noop("任务分派"),
    "audit": noop("核对文件"),
    "cases": noop("年度档案"),
    "evaluation_state": noop("自评状态"),
    "evaluation": noop("自评"),
    "evidence": noop("佐证材料"),
    "jobs": noop("后台任务"),
    "organisations": noop("单位"),
    "people": noop("用户"),
    "release": noop("公开版次"),
    "records": noop("业务台账"),
    "remarks": noop("意见"),
    "report": noop("报告版次"),
    "targets": noop("目标"),
    "tokens": noop("接口令牌"),
    "trail": noop("操作记录"),
    "versions": noop("档案版本"),
}
_FIELDS = {
    "accepted": noop("已接受"),
    "batches": noop("批次"),
    "cancel_asked": noop("要求取消"),
    "document": noop("文件编号"),
    "evidence_status": noop("佐证状态"),
    "failed": noop("未能读取的原因"),
    "files": noop("文件"),
    "findings": noop("问题数"),
    "form": noop("格式"),
    "grant": noop("授权"),
    "is_active": noop("在用"),
    "job": noop("后台任务编号"),
    "kind": noop("类别"),
    "must_change": noop("下次登录须改密码"),
    "must_change_password": noop("下次登录须改密码"),
    "name": noop("名称"),
    "organisation": noop("单位"),
    "outcome": noop("处理结果"),
    "overseer": noop("财政部门"),
    "parent": noop("上级"),
    "password": noop("密码"),
    "person": noop("责任人"),
    "due": noop("期限"),
    "reminded": noop("催报时间"),
    "role": noop("角色"),
    "sha256": noop("文件哈希"),
    "state": noop("状态"),
    "status": noop("状态"),
    "total": noop("总分"),
    "until": noop("有效期至"),
    "version": noop("版本"),
    "withdrawn": noop("撤下时间"),
}
_VALUES: dict[str, str] = {
    **{each.value: each.label for each in (*Role, *TargetState, *EvaluationState)},
    **dict(OrganisationKind.choices),
    **dict(JobState.choices),
}
_CODED = frozenset({"", "state", "status", "role", "kind", "evaluation_state", "target_state"})
"""Fields whose values are codes."""
_SECTION = {each.name: each for each in SECTIONS}


def _kinds(kind: type[Action]) -> Iterator[type[Action]]:
    for each in kind.__subclasses__():
        yield each
        yield from _kinds(each)


_OURS = __name__.partition(".")[0] + "."
"""Begins the names of our own modules."""


@cache
def action_labels() -> Mapping[str, str]:
    """What the acts are called, by code; every action of the site is loaded with its pages."""
    found = {
        each.code: each.label
        for each in _kinds(Action)  # type: ignore[type-abstract] # its subclasses are wanted
        if hasattr(each, "code") and hasattr(each, "label") and each.__module__.startswith(_OURS)
    }
    return {**_COMMANDS, **found}


def action_words(code: str) -> str:
    """What was done."""
    return _(action_labels().get(code, code))


def subject_words(subject: str) -> str:
    """To what it was done."""
    first, _slash, rest = subject.partition("/")
    if first == "narrative" and rest in NARRATIVE_SECTIONS:
        return f"{_(_SECTION[first].label)} {_(NARRATIVE_SECTIONS[rest])}"
    section = _SECTION.get(first)
    word = section.label if section is not None else _SUBJECTS.get(first)
    if word is None:
        return subject
    rest = {"state": _("状态")}.get(rest, rest)
    if section is not None and rest:
        key, _slash, column = rest.rpartition("/")
        labels = {each.name: each.label for each in section.columns} | {"position": noop("次序")}
        rest = f"{key} {_(labels[column])}" if key and column in labels else rest
    return f"{_(word)} {rest}".strip()


@dataclass(frozen=True, slots=True)
class Difference:
    """A field before and after, in words."""

    label: str
    before: str
    after: str

    @property
    def changed(self) -> bool:
        """Whether it differs."""
        return self.before != self.after


def differences(subject: str, before: Any, after: Any) -> list[Difference]:  # noqa: ANN401 - any JSON
    """What was before and what is after, field by field."""
    first = subject.partition("/")[0]
    labels = {each.name: each.label for each in _SECTION[first].columns} if first in _SECTION else {}
    old, new = dict(_flat(before)), dict(_flat(after))
    return [
        Difference(
            _label(path, labels),
            _value(path, old.get(path)) if path in old else "",
            _value(path, new.get(path)) if path in new else "",
        )
        for path in dict.fromkeys((*old, *new))
    ]


def _flat(content: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:  # noqa: ANN401
    if isinstance(content, dict):
        for name, each in content.items():
            yield from _flat(each, (*path, str(name)))
    elif content is not None or path:
        yield path, content


def _label(path: tuple[str, ...], labels: Mapping[str, str]) -> str:
    if not path:
        return _("内容")
    return " › ".join(_(labels.get(each) or _FIELDS.get(each) or each) for each in path)


def _value(path: tuple[str, ...], value: Any) -> str:  # noqa: ANN401 - any JSON
    match value:
        case None | "" | []:
            return _("（空）")
        case bool():
            return _("是") if value else _("否")
        case list():
            return "、".join(_value(path, each) for each in value)
        case str():
            name = path[-1] if path else ""
            if name in _CODED and value in _VALUES:
                return _(_VALUES[value])
            return moment_words(value) if _is_moment(value) else value
        case _:
            return str(value)


def _is_moment(text: str) -> bool:
    return len(text) >= 20 and text[4:5] == "-" and text[10:11] == "T"


def moment_words(text: str) -> str:
    """A moment as in China; the text itself when it is none."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    if moment.tzinfo is None:
        return text
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M:%S}"

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
from zhunsheng.plans.sections import SECTIONS
from zhunsheng.store.database.models import JobState, OrganisationKind
from zhunsheng.web.naming import RUBRICS, Names, beside, rubric_words
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

_FIELDS = {
    "accepted": noop("已接受"),
    "answer": noop("答复"),
    "answers": noop("针对的问题"),
    "batch": noop("批次"),
    "batches": noop("批次"),
    "cancel_asked": noop("要求取消"),
    "commit": noop("提交号"),
    "copied": noop("复制自"),
    "document": noop("文件编号"),
    "due": noop("期限"),
    "evidence_status": noop("佐证状态"),
    "expires": noop("有效期至"),
    "failed": noop("未能读取的原因"),
    "file": noop("文件"),
    "files": noop("文件"),
    "findings": noop("问题数"),
    "fiscal_year": noop("年度"),
    "form": noop("格式"),
    "given_up": noop("弃用的行"),
    "grant": noop("授权"),
    "hidden": noop("不再计入的行"),
    "indicator": noop("指标"),
    "is_active": noop("在用"),
    "item": noop("评分项"),
    "job": noop("后台任务编号"),
    "kind": noop("类别"),
    "language": noop("语言"),
    "large_type": noop("大字"),
    "must_change": noop("下次登录须改密码"),
    "must_change_password": noop("下次登录须改密码"),
    "name": noop("名称"),
    "new_versions": noop("新增版本"),
    "number": noop("编号"),
    "organisation": noop("单位"),
    "outcome": noop("处理结果"),
    "overseer": noop("财政部门"),
    "parent": noop("上级"),
    "password": noop("密码"),
    "person": noop("责任人"),
    "personal": noop("含个人信息"),
    "quarantined": noop("待核的行"),
    "read": noop("读取的行"),
    "rejected": noop("退回的行"),
    "reminded": noop("催报时间"),
    "revoked": noop("停用时间"),
    "role": noop("角色"),
    "rubric": noop("评分体系"),
    "rows": noop("行号"),
    "scope": noop("范围"),
    "second_factor": noop("二次验证"),
    "settled": noop("了结时间"),
    "sha256": noop("文件哈希"),
    "short_name": noop("简称"),
    "snapshot": noop("记录库状态"),
    "state": noop("状态"),
    "status": noop("状态"),
    "store": noop("记录库"),
    "stored": noop("入库的行"),
    "text": noop("意见"),
    "title": noop("报告标题"),
    "tokens_revoked": noop("停用的接口令牌"),
    "total": noop("总分"),
    "unchanged": noop("未变的行"),
    "undone": noop("已撤销"),
    "until": noop("有效期至"),
    "version": noop("版本"),
    "waiting": noop("等待引用的行"),
    "what": noop("内容"),
    "why": noop("原因"),
    "withdrawn": noop("撤下时间"),
    "year": noop("年度"),
}
_VALUES: dict[str, str] = {
    **{each.value: each.label for each in (*Role, *TargetState, *EvaluationState)},
    **dict(OrganisationKind.choices),
    **dict(JobState.choices),
}
_CODED = frozenset({"", "state", "status", "role", "kind", "evaluation_state", "target_state"})
"""Fields whose values are codes."""
_CODES = {
    "copied": "cases",
    "organisation": "organisations",
    "overseer": "organisations",
    "parent": "organisations",
    "person": "people",
}
"""Of what kind the codes are that stand in a field."""
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


def codes_told(*contents: Any) -> set[tuple[str, str]]:  # noqa: ANN401 - any JSON
    """The codes that stand in what was before and what is after, with their kind, so that they can be named."""
    return {
        (_CODES[path[-1]], value)
        for content in contents
        for path, value in _flat(content)
        if path and path[-1] in _CODES and isinstance(value, str) and value
    }


def differences(
    subject: str,
    before: Any,  # noqa: ANN401 - any JSON
    after: Any,  # noqa: ANN401 - any JSON
    names: Names | None = None,
) -> list[Difference]:
    """What was before and what is after, field by field.

    Args:
        names: of the codes that stand there.
    """
    known: Names = {} if names is None else names
    first = subject.partition("/")[0]
    labels = {each.name: each.label for each in _SECTION[first].columns} if first in _SECTION else {}
    old, new = dict(_flat(before)), dict(_flat(after))
    return [
        Difference(
            _label(path, labels),
            _value(path, old.get(path), known) if path in old else "",
            _value(path, new.get(path), known) if path in new else "",
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


def _value(path: tuple[str, ...], value: Any, known: Names) -> str:  # noqa: ANN401 - any JSON
    match value:
        case None | "" | []:
            return _("（空）")
        case bool():
            return _("是") if value else _("否")
        case list():
            return "、".join(_value(path, each, known) for each in value)
        case str():
            name = path[-1] if path else ""
            if name in _CODED and value in _VALUES:
                return _(_VALUES[value])
            if name in RUBRICS:
                return rubric_words(value)
            if name in _CODES:
                return beside(known.get((_CODES[name], value), ""), value)
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

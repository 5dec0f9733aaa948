"""The baseline of an audit: findings somebody has looked at and accepts, each with a reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml

from zhunsheng.kernel.located import Fields
from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Kind, Problem, Problems, Severity
from zhunsheng.store.yaml_files import read_yaml

NO_REASON = Kind(
    "AUDIT-001", Severity.ERROR, "接受一条问题须写明理由", "在基线文件该条的 reason 中写明为什么可以接受。"
)


@dataclass(frozen=True, slots=True)
class Accepted:
    """A finding that is accepted.

    Attributes:
        key: the finding's key as printed by the audit.
        rule, message: for people who read the file.
        reason: why it may stand.
    """

    key: str
    rule: str
    message: str
    reason: str


def read_baseline(path: Path) -> tuple[dict[str, Accepted], tuple[Problem, ...]]:
    """Read a baseline file; a file that does not exist is an empty baseline."""
    if not path.exists():
        return {}, ()
    problems = Problems()
    node, found = read_yaml(path, path.name)
    problems.extend(found)
    accepted: dict[str, Accepted] = {}
    if node is None:
        return {}, problems.as_tuple()
    fields = Fields(node, problems, "审核基线")
    for entry in fields.items("accepted"):
        item = Fields(entry, problems, "已接受的问题")
        one = Accepted(
            item.text("key", required=True),
            item.text("rule"),
            item.text("message"),
            item.text("reason"),
        )
        item.finish()
        if not one.reason.strip():
            problems.add(NO_REASON.at(Place(path.name, entry.place.line), f"“{one.key}”没有理由"))
        else:
            accepted[one.key] = one
    fields.finish()
    return accepted, problems.as_tuple()


def baseline_text(accepted: Mapping[str, Accepted]) -> str:
    """The file's text, in the order of rules and keys."""
    entries = [
        {"key": each.key, "rule": each.rule, "message": each.message, "reason": each.reason}
        for each in sorted(accepted.values(), key=lambda one: (one.rule, one.key))
    ]
    return yaml.safe_dump({"accepted": entries}, allow_unicode=True, sort_keys=False, width=110)

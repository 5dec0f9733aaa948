"""An empty case directory that explains itself: every field with its meaning as a comment."""

from collections.abc import Iterator, Sequence

from zhunsheng.plans.columns import Column, Holds
from zhunsheng.plans.sections import SECTIONS, Section
from zhunsheng.rubrics.facts import FactDefinition

_NARRATIVE = """这里放报告的文字段落，每段一个文件：
annual_work.md 年度总体工作，income_note.md 收支说明（可不写），targets_set.md 目标设定，monitoring.md 监控，
adjustment.md 目标调整，result_use.md 结果运用，achievements.md 主要工作成效。
数字写成引用，如 {{ indicator.O1.actual }}；以 ## 开头的行是小标题。
"""


def template_files(facts: Sequence[FactDefinition] = ()) -> dict[str, str]:
    """The files of an empty case, by relative name.

    Args:
        facts: the management facts to list for those who fill in.
    """
    files: dict[str, str] = {"README.md": _NARRATIVE}
    for section in SECTIONS:
        if section.file.endswith(".yaml"):
            files[section.file] = files.get(section.file, "") + "\n".join(_yaml(section)) + "\n\n"
        elif section.file.endswith(".csv"):
            files[section.file] = ",".join(column.name for column in section.columns) + "\n"
    if facts:
        files["management.yaml"] += "\n".join(_fact_list(facts)) + "\n"
    return files


def _fact_list(facts: Sequence[FactDefinition]) -> Iterator[str]:
    yield "# 可用的事实编码（yes_no 填 true 或 false，rate 填百分号前的数）："
    for fact in facts:
        yield f"#   {fact.code}  {fact.label}；{'；'.join(part for part in (fact.kind.value, fact.unit) if part)}"


def _yaml(section: Section) -> Iterator[str]:
    yield f"# {section.label}：{section.note}"
    if section.shape == "record":
        yield f"{section.name}:"
        for column in section.columns:
            yield f"  {column.name}:  # {_meaning(column)}"
        return
    yield "# 每项的字段："
    for column in section.columns:
        yield f"#   {column.name}  {_meaning(column)}"
    yield f"{section.name}: []"


def _meaning(column: Column) -> str:
    parts = [column.label, "必填" if column.required else ""]
    if column.holds is Holds.CHOICE and column.choices is not None:
        parts.append(
            "可选 " + "、".join(f"{each.value}（{getattr(each, 'label', '')}）" for each in column.choices)
        )
    elif column.holds is not Holds.TEXT:
        parts.append(column.holds.value)
    parts.append(column.note)
    parts.append(f"例 {column.example}" if column.example else "")
    return "；".join(part for part in parts if part)

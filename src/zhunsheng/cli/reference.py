"""The reference documents that are made from the code, so that they cannot be out of date."""

import json
import os
import pkgutil
from importlib import import_module

import zhunsheng
from zhunsheng.assembly.evaluating import facts
from zhunsheng.kernel.problem import Kind
from zhunsheng.plans.format_document import case_format_markdown, case_json_schema


def problem_kinds() -> dict[str, tuple[Kind, str]]:
    """Every declared kind of problem by code, with the module that declares it.

    Raises:
        ValueError: a code is declared twice.
    """
    _ready_for_the_site()
    found: dict[str, tuple[Kind, str]] = {}
    for module_info in pkgutil.walk_packages(zhunsheng.__path__, "zhunsheng."):
        if module_info.name.endswith("__main__"):
            continue
        module = import_module(module_info.name)
        for value in vars(module).values():
            if not isinstance(value, Kind):
                continue
            known = found.get(value.code)
            if known is not None and known[0] != value:
                raise ValueError(f"{value.code} is declared twice: {known[1]} and {module_info.name}")
            if known is None:
                found[value.code] = (value, module_info.name)
    return dict(sorted(found.items()))


def problem_codes_markdown() -> str:
    """docs/problem-codes.md."""
    lines = [
        "# 问题编码",
        "",
        "编码固定不变，不重复使用。本页由 `zhunsheng docs write` 生成。",
        "",
        "| 编码 | 级别 | 含义 | 怎么办 |",
        "| --- | --- | --- | --- |",
    ]
    for code, (kind, _) in problem_kinds().items():
        remedy = kind.remedy.replace("|", "\\|")
        lines.append(f"| {code} | {kind.severity.label} | {kind.title} | {remedy} |")
    return "\n".join(lines) + "\n"


def fact_codes_markdown() -> str:
    """docs/fact-codes.md."""
    lines = [
        "# 管理事实编码",
        "",
        "评分体系可能用到的管理事实，填在 `management.yaml` 或工作表“管理事实”中。",
        "`yes_no` 填是或否，`rate` 填百分号前的数，`money` 以万元为单位。",
        "定义在 `src/zhunsheng/definitions/facts/`；本页由 `zhunsheng docs write` 生成。",
        "",
        "| 编码 | 名称 | 类型 | 单位 | 含义 |",
        "| --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| `{fact.code}` | {fact.label} | {fact.kind.value} | {fact.unit} | {fact.description} |"
        for fact in facts().values()
    ]
    return "\n".join(lines) + "\n"


def reference_documents() -> dict[str, str]:
    """All generated documents by file name."""
    return {
        "problem-codes.md": problem_codes_markdown(),
        "case-format.md": case_format_markdown(),
        "fact-codes.md": fact_codes_markdown(),
        "rights.md": _rights_markdown(),
        "case.schema.json": json.dumps(case_json_schema(), ensure_ascii=False, indent=2) + "\n",
    }


def _rights_markdown() -> str:
    """docs/rights.md."""
    _ready_for_the_site()
    from zhunsheng.cli.rights_reference import rights_markdown  # noqa: PLC0415 - needs the models

    return rights_markdown()


def _ready_for_the_site() -> None:
    """The modules of the site can only be imported when it has its settings."""
    import django  # noqa: PLC0415 - slow, and needed here only
    from django.apps import apps  # noqa: PLC0415

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhunsheng.web.settings")
    if not apps.ready:
        django.setup()

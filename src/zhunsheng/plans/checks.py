"""Checks on the relations inside a case that need no rubric: keys, references, values, sums."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

from zhunsheng.indicators.target import parse_target
from zhunsheng.kernel.grade import Grade
from zhunsheng.kernel.located import Located
from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Kind, Problem, Severity
from zhunsheng.kernel.quantity import Quantity, multiplier_of
from zhunsheng.kernel.rounding import plain
from zhunsheng.kernel.written import parse_date, parse_decimal
from zhunsheng.plans.case import Actual, Indicator
from zhunsheng.plans.choices import ActualStatus, Nature, Sign
from zhunsheng.plans.columns import Column, Holds
from zhunsheng.plans.sections import NARRATIVE_SECTIONS, SECTIONS, Section

# a code can be told from its neighbours in a list of codes
_CODE = re.compile(r"[^\s、,，;；]{1,60}")
_FILE_CODE = re.compile(r"(?!\.)[^\s、,，;；/\\:*?\"<>|]{1,60}")

CaseRows: TypeAlias = dict[str, list[tuple[Any, Located]]]

DUPLICATE_KEY = Kind(
    "CASE-010", Severity.ERROR, "同一部分中编码不能重复", "改成不同的编码，或删除重复的一行。"
)
DANGLING = Kind("CASE-011", Severity.ERROR, "引用的编码必须存在", "改成已有的编码，或先补上被引用的一行。")
POINTS_DO_NOT_ADD_UP = Kind(
    "CASE-012", Severity.ERROR, "下级分值之和应等于上级分值", "调整分值，使各指标分值之和等于任务分值。"
)
BAD_TARGET = Kind(
    "CASE-013",
    Severity.ERROR,
    "目标值与指标性质不符",
    "按指标性质填写：数字、日期（2023-12-10）或等级（A）。",
)
VALUE_WITHOUT_STATUS = Kind(
    "CASE-014", Severity.ERROR, "完成值与完成值状态必须一致", "没有完成值就选“无完成值”；有值就填写采用值。"
)
BAD_ACTUAL = Kind(
    "CASE-015", Severity.ERROR, "完成值与目标值的类型不符", "按目标值的类型填写：数字、日期或等级。"
)
TARGET_TEXT_DIFFERS = Kind(
    "CASE-016", Severity.WARNING, "目标值原文与拆分后的符号、数值不一致", "核对目标值原文，改正其中之一。"
)
NEGATIVE_POINTS = Kind("CASE-017", Severity.ERROR, "分值必须大于 0", "填写大于 0 的分值。")
BAD_YEAR = Kind("CASE-018", Severity.ERROR, "年度应在 2000 到 2100 之间", "填写四位年份，如 2023。")
BAD_SHARE = Kind("CASE-019", Severity.ERROR, "扣减比例应在 0 到 1 之间", "填写 0 到 1 之间的小数，如 0.15。")
BAD_CODE = Kind(
    "CASE-020",
    Severity.ERROR,
    "编码不能含有空格、分隔符等字符，且不超过 60 个字",
    "编码只用文字、字母、数字、点和短横线，如 1.1 或 huadu-2023。",
)

UNKNOWN_NARRATIVE = Kind(
    "CASE-021",
    Severity.WARNING,
    "文字段落只有规定的几段",
    "改成列出的段落编码，否则不会印进报告。",
)

HAS_VALUE = frozenset({ActualStatus.REPORTED, ActualStatus.IMPLIED, ActualStatus.PARTIAL, ActualStatus.PROXY})


def check_case(rows: CaseRows, unread: frozenset[str] = frozenset()) -> Iterator[Problem]:
    """All problems in the relations of the rows; works on partly read rows too.

    Args:
        unread: sections whose file could not be read; references into them are not judged.
    """
    for section in SECTIONS:
        if section.shape == "table":
            yield from _duplicates(section, rows[section.name])
        yield from _bad_codes(section, rows[section.name])
        yield from _dangling(section, rows, unread)
    yield from _years(rows)
    yield from _points(rows)
    yield from _targets(rows)
    yield from _actuals(rows)
    for paragraph, row in rows["narrative"]:
        if paragraph.section not in NARRATIVE_SECTIONS and _FILE_CODE.fullmatch(paragraph.section):
            known = "、".join(NARRATIVE_SECTIONS)
            what = f"没有名为“{paragraph.section}”的文字段落（可用：{known}）"
            yield UNKNOWN_NARRATIVE.at(_at(row, "section"), what, value=paragraph.section)
    for reduction, row in rows["reductions"]:
        if reduction.share is not None and not 0 <= reduction.share <= 1:
            yield BAD_SHARE.at(
                _at(row, "share"), f"扣减比例为 {plain(reduction.share)}", value=reduction.share
            )


def _at(row: Located, name: str) -> Place:
    if isinstance(row.value, Mapping) and name in row.value:
        return row.value[name].place
    return row.place


def _duplicates(section: Section, found: list[tuple[Any, Located]]) -> Iterator[Problem]:
    seen: dict[tuple[object, ...], Place] = {}
    for record, row in found:
        key = tuple(getattr(record, name) for name in section.key)
        if any(part in ("", None) for part in key):
            continue
        place = _at(row, section.key[0])
        if key in seen:
            shown = " ".join(str(part) for part in key)
            yield DUPLICATE_KEY.at(place, f"“{section.label}”中“{shown}”已在{seen[key]}出现过", value=shown)
        else:
            seen[key] = place


def _bad_codes(section: Section, found: list[tuple[Any, Located]]) -> Iterator[Problem]:
    """Codes that could not stand in a list of codes or, where they name files, be a file name."""
    names_file = section.file.endswith("/") or section.name == "about"
    for column in section.columns:
        if column.holds not in {Holds.CODE, Holds.CODES}:
            continue
        allowed = _FILE_CODE if names_file else _CODE
        for record, row in found:
            for code in _codes(column, getattr(record, column.name)):
                if code and allowed.fullmatch(code) is None:
                    what = f"“{section.label}”的“{column.label}”不能写成“{code}”"
                    yield BAD_CODE.at(_at(row, column.name), what, value=code)


def _dangling(section: Section, rows: CaseRows, unread: frozenset[str]) -> Iterator[Problem]:
    for column in section.columns:
        if not column.refers or column.refers in unread:
            continue
        target = next(each for each in SECTIONS if each.name == column.refers)
        known = {getattr(record, target.key[0]) for record, _ in rows[column.refers]}
        for record, row in rows[section.name]:
            for code in _codes(column, getattr(record, column.name)):
                if code and code not in known:
                    yield DANGLING.at(
                        _at(row, column.name),
                        f"“{section.label}”的“{column.label}”引用了不存在的“{code}”（{target.label}中没有）",
                        value=code,
                    )


def _codes(column: Column, value: Any) -> Iterable[str]:  # noqa: ANN401 - str or tuple by column
    return value if column.holds is Holds.CODES else (value,)


def _years(rows: CaseRows) -> Iterator[Problem]:
    for about, row in rows["about"]:
        if about.fiscal_year is not None and not 2000 <= about.fiscal_year <= 2100:
            yield BAD_YEAR.at(_at(row, "fiscal_year"), f"年度为 {about.fiscal_year}", value=about.fiscal_year)


def _points(rows: CaseRows) -> Iterator[Problem]:
    by_task: dict[str, list[Decimal]] = {}
    for indicator, row in rows["indicators"]:
        if indicator.points is None:
            continue
        if indicator.points <= 0:
            yield NEGATIVE_POINTS.at(
                _at(row, "points"), f"{indicator.name}的分值为 {plain(indicator.points)}"
            )
        by_task.setdefault(indicator.task, []).append(indicator.points)
    for task, row in rows["tasks"]:
        listed = by_task.get(task.code)
        if task.points is not None and listed and sum(listed) != task.points:
            yield POINTS_DO_NOT_ADD_UP.at(
                _at(row, "points"),
                f"任务 {task.code} 分值 {plain(task.points)}，其 {len(listed)} 个指标合计 {plain(sum(listed, Decimal(0)))}",
                value=task.points,
            )


def _targets(rows: CaseRows) -> Iterator[Problem]:
    for indicator, row in rows["indicators"]:
        value = target_value(indicator)
        if indicator.nature not in {Nature.QUALITATIVE, Nature.YES_NO, ""} and indicator.target_value:
            wanted = "日期" if indicator.nature is Nature.DEADLINE else "数字或等级"
            if value is None or isinstance(value, date) != (indicator.nature is Nature.DEADLINE):
                yield BAD_TARGET.at(
                    _at(row, "target_value"),
                    f"指标 {indicator.code} 的目标值“{indicator.target_value}”不是{wanted}",
                    value=indicator.target_value,
                )
        yield from _target_text(indicator, row, value)


def _target_text(
    indicator: Indicator, row: Located, value: Decimal | date | Grade | None
) -> Iterator[Problem]:
    written = parse_target(indicator.target_text) if indicator.target_text else None
    if written is None or value is None:
        return
    same = written.value == value
    if isinstance(written.value, Quantity) and isinstance(value, Decimal):
        # 1亿元 and 10,000万元 are the same target
        same = written.value.value == value or written.value.amount == value * multiplier_of(
            indicator.target_unit
        )
    sign_differs = (
        indicator.target_sign not in {"", written.comparison.value} and written.comparison.value != "="
    )
    if not same or sign_differs:
        yield TARGET_TEXT_DIFFERS.at(
            _at(row, "target_text"),
            f"指标 {indicator.code} 的目标原文“{indicator.target_text}”读作“{written}”，"
            f"拆分值为“{indicator.target_sign}{indicator.target_value}{indicator.target_unit}”",
            value=indicator.target_text,
        )


def target_value(indicator: Indicator) -> Decimal | date | Grade | None:
    """The target value as a decimal, date or grade; None for qualitative, empty or unreadable ones."""
    if indicator.nature is Nature.QUALITATIVE or indicator.target_sign is Sign.QUALITATIVE:
        return None
    return read_value(indicator.target_value)


def read_value(text: str) -> Decimal | date | Grade | None:
    """A decimal, date or grade from its canonical text; None when it is none of them."""
    if not text:
        return None
    number = parse_decimal(text)
    if number is not None:
        return number
    return parse_date(text.removesuffix("前")) or Grade.parse(text)


def _actuals(rows: CaseRows) -> Iterator[Problem]:
    indicators = {indicator.code: indicator for indicator, _ in rows["indicators"]}
    for actual, row in rows["actuals"]:
        has_status = actual.status in HAS_VALUE
        has_value = bool(actual.value or actual.tier)
        if actual.status and has_status != has_value:
            yield VALUE_WITHOUT_STATUS.at(
                _at(row, "value" if has_value else "status"),
                f"指标 {actual.indicator} 的状态是“{actual.status.label}”，"
                + (f"却填有采用值“{actual.value}”" if has_value else "却没有采用值"),
                value=actual.value or None,
            )
        indicator = indicators.get(actual.indicator)
        if indicator is not None and actual.value:
            yield from _actual_type(indicator, actual, row)


def _actual_type(indicator: Indicator, actual: Actual, row: Located) -> Iterator[Problem]:
    wanted = target_value(indicator)
    if wanted is None:
        return
    value = read_value(actual.value)
    if value is None or type(value) is not type(wanted):
        yield BAD_ACTUAL.at(
            _at(row, "value"),
            f"指标 {indicator.code} 的目标值是“{indicator.target_value}”，完成值“{actual.value}”无法与之比较",
            value=actual.value,
        )

"""Which column of a file is which field: exact names first, then what a person says, suggestions last."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Problem
from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.ledgers.field import FieldDefinition, FieldType
from zhunsheng.ledgers.value_texts import compatible
from zhunsheng.store.intake import kinds
from zhunsheng.store.records.entries import Json

LOOKED_AT: Final = 30
"""Rows at the beginning of a table among which the header row is looked for."""

IGNORED: Final = frozenset({"原行号", "退回原因", "处理办法", "问题", "序号"})
"""Headings that are no fields: those of our own lists of faulty rows, and the running number of a form."""

_REMARK: Final = re.compile(r"[（(\[【][^）)\]】]*[）)\]】]")
_MARKS: Final = re.compile(r"[*＊:：_\-—·.。]")
_ALIKE: Final = 0.6
_ALIKE_WITH_AFFIX: Final = 0.5
_AFFIX: Final = 2
_SCALES: Final = {"千": 3, "万": 4, "百万": 6, "千万": 7, "亿": 8}


@dataclass(frozen=True, slots=True)
class Mapped:
    """The columns of a table.

    Attributes:
        columns: the position of each field's column, by the name of the field.
        scales: tens by which a column is larger than its field, where it is.
        problems: unknown, doubled, missing columns.
        suggestions: headings that look like a field, with the name of the field.
    """

    columns: Mapping[str, int]
    scales: Mapping[str, int]
    problems: tuple[Problem, ...]
    suggestions: Mapping[str, str]

    def as_data(self, headings: Sequence[str]) -> dict[str, Json]:
        """What was mapped, as plain data for the record of the import."""
        return {headings[place]: name for name, place in self.columns.items()}


def map_headings(
    ledger: LedgerDefinition,
    headings: Sequence[str],
    place: Place,
    *,
    said: Mapping[str, str] | None = None,
    remembered: Mapping[str, str] | None = None,
    given: Sequence[str] = (),
) -> Mapped:
    """Find the column of every field.

    Args:
        said: heading to field, as the user says now.
        remembered: heading to field, as it was said for the same source earlier.
        given: fields whose value is given for the whole file, so that they need no column.
    """
    chosen = {**(remembered or {}), **(said or {})}
    explicit = {compatible(heading): name for heading, name in chosen.items()}
    known = {compatible(each) for each in headings}
    problems = [
        kinds.BAD_MAP.at(place, f"文件没有列“{heading}”", value=heading)
        for heading in said or {}
        if compatible(heading) not in known
    ]
    columns: dict[str, int] = {}
    scales: dict[str, int] = {}
    unknown: list[tuple[int, str]] = []
    by_word = _words(ledger)
    for position, heading in enumerate(headings):
        if not heading.strip() or heading.strip() in IGNORED:
            continue
        name = explicit.get(compatible(heading))
        if name is None:
            field = next((by_word[word] for word in _forms(heading) if word in by_word), None)
        else:
            field = field_named(ledger, name)
        wrong = _refused(field, heading, name, headings, columns, place)
        if wrong is not None:
            problems.append(wrong)
        elif field is None:
            unknown.append((position, heading))
        else:
            columns[field.name] = position
            scale = _scale(heading, field)
            if scale:
                scales[field.name] = scale
    suggestions = _suggestions(ledger, unknown, columns)
    problems += _unknown(ledger, unknown, suggestions, place)
    problems += _missing(ledger, columns, given, suggestions, place)
    return Mapped(columns, scales, tuple(problems), suggestions)


def _refused(
    field: FieldDefinition | None,
    heading: str,
    name: str | None,
    headings: Sequence[str],
    columns: Mapping[str, int],
    place: Place,
) -> Problem | None:
    """Why a column cannot be taken for the field it names."""
    if field is None:
        return None if name is None else kinds.BAD_MAP.at(place, f"台账没有字段“{name}”", value=name)
    if field.is_computed or field.stamped:
        return kinds.NOT_ENTERED.at(place, f"列“{heading}”没有导入", value=heading)
    if field.name in columns and name is None:
        first = headings[columns[field.name]]
        return kinds.TWO_COLUMNS.at(place, f"列“{first}”和“{heading}”都是“{field.label}”", value=heading)
    return None


def header_row(ledger: LedgerDefinition, rows: Sequence[Sequence[str]]) -> int | None:
    """The position of the header among the first rows: the one with most names of fields; None without any."""
    words = set(_words(ledger))
    best, most = None, 0
    for position, row in enumerate(rows[:LOOKED_AT]):
        found = len({form for cell in row if cell for form in _forms(cell) if form in words})
        if found > most:
            best, most = position, found
    return best


def field_named(ledger: LedgerDefinition, name: str) -> FieldDefinition | None:
    """A field by its name, label or alias."""
    if name in ledger.by_name:
        return ledger.by_name[name]
    return _words(ledger).get(compatible(name))


def _words(ledger: LedgerDefinition) -> dict[str, FieldDefinition]:
    """Every name of a field, normalised; labels before aliases, so that an alias never takes a label away."""
    words: dict[str, FieldDefinition] = {}
    for names in (
        lambda each: (each.name,),
        lambda each: (each.label,),
        lambda each: each.aliases,
    ):
        for field in ledger.fields:
            for name in names(field):
                words.setdefault(compatible(name), field)
    return words


def _forms(heading: str) -> tuple[str, ...]:
    """The heading as it is, then without remarks, then without marks of required columns."""
    whole = compatible(heading)
    bare = compatible(_REMARK.sub("", heading))
    return (whole, bare, _MARKS.sub("", bare) or bare)


def _scale(heading: str, field: FieldDefinition) -> int:
    """Tens by which a heading such as 金额（万元） is larger than the field."""
    unit = "元" if field.type is FieldType.MONEY else field.unit
    if field.type not in {FieldType.MONEY, FieldType.INTEGER, FieldType.DECIMAL} or not unit:
        return 0
    for remark in _REMARK.findall(heading):
        for part in re.split(r"[，,；;：:、\s]|单位", remark[1:-1]):
            word = part.strip()
            if word.endswith(unit) and word[: -len(unit)] in _SCALES:
                return _SCALES[word[: -len(unit)]]
    return 0


def _likeness(one: str, other: str) -> float:
    """How alike two names are; 0 when they are not alike enough to be worth a question.

    Names of four characters of which two at one end are the same, such as 开业时间 and 开业日期, are worth one.
    """
    alike = SequenceMatcher(None, one, other).ratio()
    has_affix = one[:_AFFIX] == other[:_AFFIX] or one[-_AFFIX:] == other[-_AFFIX:]
    return alike if alike > _ALIKE or (has_affix and alike >= _ALIKE_WITH_AFFIX) else 0.0


def _suggestions(
    ledger: LedgerDefinition, unknown: Sequence[tuple[int, str]], columns: Mapping[str, int]
) -> dict[str, str]:
    free = [each for each in ledger.entered if each.name not in columns]
    found: dict[str, str] = {}
    for _, heading in unknown:
        best, most = None, 0.0
        for field in free:
            for name in (field.name, field.label, *field.aliases):
                alike = _likeness(_forms(heading)[-1], compatible(name))
                if alike > most and field.name not in found.values():
                    best, most = field.name, alike
        if best is not None:
            found[heading] = best
    return found


def _unknown(
    ledger: LedgerDefinition, unknown: Sequence[tuple[int, str]], suggestions: Mapping[str, str], place: Place
) -> list[Problem]:
    problems = []
    for _, heading in unknown:
        if heading in suggestions:
            field = ledger.by_name[suggestions[heading]]
            what = f"列“{heading}”可能是“{field.label}”，没有导入"
            remedy = f"若是，请加 --map {heading}={field.name}。"
            problems.append(kinds.SUGGESTED.at(place, what, value=heading, remedy=remedy))
        else:
            problems.append(kinds.UNKNOWN_COLUMN.at(place, f"列“{heading}”没有导入", value=heading))
    return problems


def _missing(
    ledger: LedgerDefinition,
    columns: Mapping[str, int],
    given: Sequence[str],
    suggestions: Mapping[str, str],
    place: Place,
) -> list[Problem]:
    missing = [
        each
        for each in ledger.entered
        if each.required and each.name not in columns and each.name not in given
    ]
    problems = []
    for field in missing:
        near = next((heading for heading, name in suggestions.items() if name == field.name), None)
        remedy = f"若列“{near}”就是，请加 --map {near}={field.name}。" if near else ""
        if field.name == "org_code" and not near:
            remedy = "补上该列，或用 --org 编码 为整个文件指明责任单位。"
        problems.append(
            kinds.MISSING_COLUMN.at(place, f"缺少必填的列“{field.label}”", value=field.label, remedy=remedy)
        )
    return problems

"""A field as SQL over its text: the physical value, and a condition under which it certainly is right.

Conservative throughout: a text that is not in one of the plainest forms is not certain, and its row is read by
`ledgers.row_checks`, which also says what is wrong.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from zhunsheng.ledgers.field import FieldDefinition, FieldType
from zhunsheng.ledgers.value_times import EARLIEST, FOR_EVER, LATEST
from zhunsheng.ledgers.values import NO, PLAIN_ANSWERS, YES, member_of
from zhunsheng.store.intake.validator_sql import VALIDATOR_SQL
from zhunsheng.store.records.physical import literal

_MOST_DIGITS: Final = 18
_LONGEST_TEXT: Final = 32_000
_DEEPEST: Final = 100
_SIGNS: Final = ("、", "；", ";", "，", ",")


@dataclass(frozen=True, slots=True)
class FieldSql:
    """The SQL of one field.

    Attributes:
        value: the physical value, an expression over the text.
        sure: the condition, over the text and the value; never asked of an empty cell.
        plain: the condition that the text is in its canonical form, so that nothing was changed.
    """

    value: str
    sure: str
    plain: str = "TRUE"


def literals(texts: Mapping[str, str] | tuple[str, ...]) -> str:
    """Text constants parted by commas."""
    return ", ".join(literal(each) for each in texts)


def field_sql(
    field: FieldDefinition, text: str, value: str, listed: Mapping[str, str] | None, scale: int
) -> FieldSql:
    """The SQL of a field.

    Args:
        text: the column with the text, without outer blanks, NULL when empty; `value` the column of the value. An
            engine may work out again whatever stands behind a name, so the text should be a plain column.
        listed: the codes it must be from, None without a list.
        scale: tens by which the column is larger than the field.
    """
    match field.type:
        case FieldType.TEXT:
            return FieldSql(text, _text(field, text, listed))
        case FieldType.INTEGER | FieldType.DECIMAL | FieldType.MONEY:
            return _number(field, text, value, scale)
        case FieldType.BOOLEAN:
            answers = dict.fromkeys(_forms(YES, PLAIN_ANSWERS), "TRUE")
            answers |= dict.fromkeys(_forms(NO, PLAIN_ANSWERS), "FALSE")
            first = {each: answers[each] for each in ("是", "否")}
            return FieldSql(
                _choice(text, first | answers), f"{value} IS NOT NULL", _one_of(text, sorted(PLAIN_ANSWERS))
            )
        case FieldType.DATE:
            return _date(text, value)
        case FieldType.TIME:
            return _time(text, value)
        case FieldType.ENUM:
            plain = list(dict.fromkeys([*field.members, *field.members.values()]))
            return FieldSql(member_case(field, text), f"{value} IS NOT NULL", _one_of(text, plain))
        case FieldType.REFERENCE:
            return FieldSql(text, f"length({text}) <= {_LONGEST_TEXT}")
        case FieldType.LIST:
            return _list(field, text, value)
        case FieldType.JSON:
            return FieldSql(text, _json(text))


def member_case(field: FieldDefinition, text: str) -> str:
    """The code of an option written as code or label, in the usual cases of letters; NULL for anything else."""
    members = field.members
    written = _forms([*members, *members.values()], [])
    # what two options could mean is what the row checks take it for
    known = {each: literal(code) for each in written if (code := member_of(each, members)) is not None}
    return _choice(text, known)


def _choice(text: str, known: Mapping[str, str]) -> str:
    """The SQL that stands for a text; what is met most often should stand first."""
    branches = " ".join(f"WHEN {literal(each)} THEN {sql}" for each, sql in known.items())
    return f"CASE {text} {branches} END"


def _one_of(text: str, known: Iterable[str]) -> str:
    # of a long IN the engine makes a join, which costs more than the few texts that are compared here
    return f"coalesce({_choice(text, dict.fromkeys(known, 'TRUE'))}, FALSE)"


def _forms(words: Iterable[str], first: Iterable[str]) -> tuple[str, ...]:
    """Words as they are, those that are met most often first, then in small, capital and mixed letters."""
    own = sorted(words) if isinstance(words, frozenset) else list(words)
    begin = [each for each in first if each in own]
    others = [form(each) for form in (str.lower, str.upper, str.title, str.capitalize) for each in own]
    return tuple(dict.fromkeys([*begin, *own, *others]))


def _text(field: FieldDefinition, text: str, listed: Mapping[str, str] | None) -> str:
    conditions = [f"length({text}) {'=' if field.exact_length else '<='} {field.length or _LONGEST_TEXT}"]
    if field.exact_length and not field.length:
        conditions = ["FALSE"]
    if field.validator:
        made = VALIDATOR_SQL.get(field.validator)
        conditions.append("FALSE" if made is None else made(text))
    if listed is not None:
        conditions.append(f"{text} IN ({literals(tuple(listed))})" if listed else "FALSE")
    return " AND ".join(conditions)


def _number(field: FieldDefinition, text: str, value: str, scale: int) -> FieldSql:
    places = field.places + scale
    least = "" if field.least is None else f" AND {value} >= {field.least * 10**field.places}"
    if places >= _MOST_DIGITS:
        return FieldSql("CAST(NULL AS BIGINT)", "FALSE")
    form = f"-?(?:0|[1-9][0-9]{{0,{_MOST_DIGITS - places - 1}}})"
    if not places:
        found = f"TRY_CAST({text} AS BIGINT)"
    else:
        # the form allows no more places than are kept, so nothing is rounded
        form += rf"(?:\.[0-9]{{1,{places}}})?"
        found = f"TRY_CAST(replace(CAST(TRY_CAST({text} AS DECIMAL({_MOST_DIGITS}, {places})) AS VARCHAR), '.', '') AS BIGINT)"
    return FieldSql(found, f"regexp_full_match({text}, '{form}') AND {value} IS NOT NULL{least}")


def _date(text: str, value: str) -> FieldSql:
    # a day with a clock at midnight is how spreadsheets and databases often hand over a day
    compact = f"{text}[1:4] || '-' || {text}[5:6] || '-' || {text}[7:8]"
    # only asked where the plain forms gave nothing
    other = f"TRY_CAST(translate(rtrim(split_part({text}, ' ', 1), '日号'), '年月.', '---') AS DATE)"
    found = (
        f"coalesce(CASE length({text}) WHEN 8 THEN coalesce(TRY_CAST({compact} AS DATE), TRY_CAST({text} AS DATE))"
        f" WHEN 19 THEN TRY_CAST({text}[1:10] AS DATE) ELSE TRY_CAST({text} AS DATE) END, {other})"
    )
    two = "[0-9]{1,2}"
    form = (
        f"(?:[0-9]{{4}}-{two}-{two}|[0-9]{{4}}/{two}/{two})(?: 0{{1,2}}:00(?::00)?)?|[0-9]{{8}}"
        rf"|[0-9]{{4}}\.{two}\.{two}|[0-9]{{4}}年{two}月{two}[日号]?"
    )
    sure = f"{_within(value)} AND regexp_full_match({text}, '{form}')"
    return FieldSql(found, sure, f"regexp_full_match({text}, '[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}')")


def _time(text: str, value: str) -> FieldSql:
    found = f"TRY_CAST(replace({text}, 'T', ' ') AS TIMESTAMP)"
    day = "(?:[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}|[0-9]{4}/[0-9]{1,2}/[0-9]{1,2})"
    # the engine takes 24:00 for the day after
    clock = r"(?:[01]?[0-9]|2[0-3]):[0-5][0-9](?::[0-5][0-9](?:\.[0-9]{1,6})?)?"
    sure = f"{_within(value)} AND regexp_full_match({text}, '{day}(?:[ T]{clock})?')"
    plain = (
        f"regexp_full_match({text}, '[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}[ T][0-9]{{2}}:[0-9]{{2}}:[0-9]{{2}}')"
    )
    return FieldSql(found, sure, plain)


def _within(value: str) -> str:
    return (
        f"(CAST({value} AS DATE) BETWEEN DATE '{EARLIEST}' AND DATE '{LATEST}'"
        f" OR CAST({value} AS DATE) = DATE '{FOR_EVER}')"
    )


def _list(field: FieldDefinition, text: str, value: str) -> FieldSql:
    # one kind of sign, no blanks, no brackets, no empty element: then every way of taking it apart is the same
    part = r"[^、；;，,|（）()\[ ]+"
    form = "|".join(f"(?:{part}(?:{sign}{part})*)" for sign in _SIGNS)
    branches = " ".join(f"WHEN contains({text}, '{sign}') THEN '{sign}'" for sign in _SIGNS[1:])
    parts = f"string_split({text}, CASE {branches} ELSE '{_SIGNS[0]}' END)"
    sure = (
        f"regexp_full_match({text}, '{form}')"
        # few elements are compared with each other: to make a list distinct costs ten times as much
        f" AND CASE len({value}) WHEN 1 THEN TRUE WHEN 2 THEN {value}[1] <> {value}[2] WHEN 3 THEN {value}[1] <> {value}[2]"
        f" AND {value}[1] <> {value}[3] AND {value}[2] <> {value}[3]"
        f" ELSE len(list_distinct({value})) = len({value}) END"
    )
    if field.members:
        # an element that is no option is NULL, which counts for the length and not among the distinct ones
        parts = f"list_transform({parts}, lambda x: ({member_case(field, 'x')}))"
        sure += f" AND {value}[1] IS NOT NULL"
    return FieldSql(parts, sure)


def _json(text: str) -> str:
    brackets = f"length({text}) - length(translate({text}, '[{{', ''))"
    return (
        f"json_valid({text}) AND {text}[1] IN ('{{', '[') AND length({text}) < 4000"
        f" AND {brackets} < {_DEEPEST} AND NOT regexp_matches({text}, 'NaN|Inf')"
    )

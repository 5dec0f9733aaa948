"""What is an expression of the language and what is not; whatever is not is refused in words, soon, and for its own reason."""

import random
import time

import pytest

from zhunsheng.expressions.nodes import Column, Literal, Operation, Parameter
from zhunsheng.expressions.parsing import Refused, Scope, parse
from zhunsheng.expressions.types import BOOLEAN, DATE, INTEGER, TEXT, TIME, Kind, Type

TYPES = {
    "yes": BOOLEAN,
    "no": BOOLEAN,
    "n": INTEGER,
    "money": Type(Kind.DECIMAL, places=2),
    "weight": Type(Kind.DECIMAL, places=3),
    "name": TEXT,
    "on": DATE,
    "at": TIME,
    "items": Type(Kind.LIST, members=("A", "B")),
    "grade": Type(Kind.ENUM, members=("A", "B")),
    "entity": Type(Kind.REFERENCE, target="market_entity"),
    "area": Type(Kind.REFERENCE, target="area"),
    "entity.grade": Type(Kind.ENUM, members=("A", "B")),
    "content": Type(Kind.JSON),
    "年份": INTEGER,
    # names that are words of SQL
    "from": DATE,
    "group": TEXT,
    "current_date": DATE,
    "comment": TEXT,
    "date": DATE,
    "year": INTEGER,
}
SCOPE = Scope(lambda path: TYPES.get(".".join(path)), {"end": DATE, "count": INTEGER}, ["n", "money"])


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("yes AND NOT no OR yes", Kind.BOOLEAN),
        ("n - -1 = 2", Kind.BOOLEAN),
        ("on < :end", Kind.BOOLEAN),
        ("on<:end", Kind.BOOLEAN),
        ("on <= at", Kind.BOOLEAN),
        ("on BETWEEN DATE '2021-01-01' AND date '2021-12-31' AND yes", Kind.BOOLEAN),
        ("from < current_date AND date IS NULL", Kind.BOOLEAN),
        ("group = 'x' OR comment <> 'y' OR \"from\" IS NOT NULL", Kind.BOOLEAN),
        ("year(on) = year", Kind.BOOLEAN),
        ("年份 >= 2021", Kind.BOOLEAN),
        ("entity.grade IN ('A', 'B')", Kind.BOOLEAN),
        ("grade NOT IN ('A')", Kind.BOOLEAN),
        ("name = 'it''s -- ; /* '", Kind.BOOLEAN),
        ("content IS NULL", Kind.BOOLEAN),
        ("entity = 'E1' AND starts_with(entity, 'E')", Kind.BOOLEAN),
        ("contains(items, 'A') AND size(items) > 1", Kind.BOOLEAN),
        ("COALESCE(n, 0) + 1", Kind.INTEGER),
        ("CASE WHEN yes THEN 1 WHEN no THEN 0.5 ELSE NULL END", Kind.DECIMAL),
        ("least(n, money, 3)", Kind.DECIMAL),
        ("n / 3", Kind.DECIMAL),
        ("years(on, at) + days(on, at) + seconds(at, at)", Kind.INTEGER),
        ("coalesce(on, at)", Kind.TIME),
        ("CASE WHEN yes THEN on ELSE at END", Kind.TIME),
        ("day(at)", Kind.DATE),
        ("due(at, 'CMP-1')", Kind.DATE),
        ("coalesce(grade, name)", Kind.TEXT),
        ("coalesce(grade, entity.grade)", Kind.ENUM),
    ],
)
def test_what_is_read(text: str, kind: Kind) -> None:
    assert parse(text, SCOPE).type.kind is kind
    assert parse(text, SCOPE, kind).text == text


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        # not in the language
        ("", "空的"),
        ("  ", "空的"),
        ("yes AND", "读不懂"),
        ("(yes", "读不懂"),
        ("yes)", "读不懂"),
        ("()", "不在表达式的语言之内"),
        ("CASE END", "读不懂"),
        ("END", "不在表达式的语言之内"),
        ("yes; no", "“;”不在表达式的语言之内"),
        ("yes;", "“;”不在表达式的语言之内"),
        ("yes -- no", "不能写注释"),
        ("yes /* no */", "不能写注释"),
        ("/* no */ yes", "不能写注释"),
        ("n--1", "不能写注释"),
        ("n = 1 -- x\n OR 1 = 1", "不能写注释"),
        ("SELECT 1", "“SELECT”之后不能接“1”"),
        ("(SELECT 1)", "“SELECT”之后不能接“1”"),
        ("n IN (SELECT n)", "“SELECT”之后不能接“n”"),
        ("EXISTS(SELECT 1)", "没有函数“EXISTS”"),
        ("name LIKE 'x'", "“name”之后不能接“LIKE”"),
        ("n BETWEEN SYMMETRIC 2 AND 1", "“SYMMETRIC”之后不能接“2”"),
        ("yes no", "“yes”之后不能接“no”"),
        ("'a' 'b'", "之后不能接"),
        ("name || 'x' = 'y'", "“||”不在"),
        ("n % 2 = 0", "“%”不在"),
        ("n == 2", "“==”不在"),
        ("n::text = '1'", "“::”不在"),
        ("items[1] = 'A'", "“[”不在"),
        ("{'a': 1}", "“{”不在"),
        ("n -> n", "“->”不在"),
        ("n = ?", "“?”不在"),
        ("n = $1", "“$”不在"),
        ("`n` = 1", "“`”不在"),
        ("name = E'a'", "不在表达式的语言之内"),
        ("name = $$a$$", "不在表达式的语言之内"),
        ("name = 'a", "引号可能没有配对"),
        ("name = 'a\x00b'", "控制字符"),
        ("name = '\ud800'", "控制字符"),
        ("yes IS TRUE", "IS 之后只能是 NULL"),
        ("n NOT NULL", "IS NULL 或 IS NOT NULL"),
        ("CASE n WHEN 1 THEN 2 END", "CASE 只能写成"),
        ("(n, n) = (1, 1)", "不在表达式的语言之内"),
        ("'a'.n", "只能写在两个字段名之间"),
        ("n IN ()", "IN 之后应是用括号括起的值"),
        ("n IN (n)", "只能是常数"),
        ("n = 1 = yes", "加括号"),
        ("yes = NOT no", "加括号"),
        # numbers, dates
        ("n = 1e5", "不是数的写法"),
        ("n = 1_000", "不是数的写法"),
        ("n = 1.", "不是数的写法"),
        ("n = .5", "只能写在两个字段名之间"),
        ("n = 1234567890123456789", "位数过多"),
        ("money * money * money * money * money * money * money = 0", "小数位数超过 12 位"),
        ("on = DATE '2021-02-30'", "不是日期"),
        ("on = DATE '20210101'", "不是日期"),
        ("CAST(on AS TEXT) = 'x'", "没有函数“CAST”"),
        # names
        ("m = 1", "没有名为“m”的字段（可用：n、money）"),
        ("entity.name = 'x'", "没有名为“entity.name”的字段"),
        ('name = "x"', "没有名为“x”的字段"),
        ("on = :today", "没有参数“:today”（可用：:end、:count）"),
        ("on = : end", "“:”之后应紧接参数名"),
        ("len(name) = 1", "没有函数“len”"),
        ("count(n) = 1", "没有函数“count”"),
        ("name.year(on) = 1", "不在表达式的语言之内"),
        # types
        ("n", "“n”的结果是整数，应为是否"),
        ("n AND yes", "“n”是整数，不是条件"),
        ("n = NULL", "IS NULL"),
        ("n = name", "整数不能与文字比较"),
        ("on = '2021-01-01'", "日期不能与文字比较"),
        ("on - on = 1", "日期相减用 days"),
        ("-name = 'x'", "只有数可以取负"),
        ("grade = 'C'", "“C”不是可选的值（A、B）"),
        ("'C' = grade", "“C”不是可选的值"),
        ("grade IN ('A', 'C')", "“C”不是可选的值"),
        ("contains(items, 'C')", "“C”不是该列表可有的值"),
        ("grade < 'B'", "选项没有大小"),
        ("'A' < grade", "选项没有大小"),
        ("entity = area", "指向不同台账的引用"),
        ("entity < 'x'", "引用没有大小"),
        ("content = content", "结构不能与结构比较"),
        ("CASE WHEN yes THEN 1 ELSE 'x' END = 1", "同一类"),
        ("CASE WHEN yes THEN NULL END IS NULL", "不能都是 NULL"),
        ("coalesce(n, name) IS NULL", "同一类"),
        ("least(n, on) IS NULL", "同一类"),
        ("coalesce(n) IS NULL", "至少有 2 个，现有 1 个"),
        ("days(on) = 1", "应有 2 个，现有 1 个"),
        ("size(name) = 1", "第 1 个参数不能是文字"),
        ("contains(items, NULL)", "第 2 个参数不能是空值"),
        ("seconds(on, at) = 1", "第 1 个参数不能是日期"),
        ("due(on, name) = on", "时限规则的编码"),
    ],
)
def test_what_is_refused_and_why(text: str, reason: str) -> None:
    with pytest.raises(Refused) as refused:
        parse(text, SCOPE, Kind.BOOLEAN)
    assert reason in str(refused.value)


def test_the_tree_says_what_is_written() -> None:
    found = parse("yes AND n = :count AND NOT no", SCOPE)
    yes, no, n = (Column((name,), TYPES[name]) for name in ("yes", "no", "n"))
    same = Operation("=", (n, Parameter("count", INTEGER)), BOOLEAN)
    assert found.root == Operation("and", (yes, same, Operation("not", (no,), BOOLEAN)), BOOLEAN)
    assert found.columns == (yes, n, no)
    assert parse("-1.50", SCOPE).root == Literal(-(parse("1.50", SCOPE).root.value), Type(Kind.DECIMAL, 2))  # type: ignore[union-attr,operator]
    # a product has the places of both, a sum those of the finer side
    assert parse("money * weight", SCOPE).type == Type(Kind.DECIMAL, 5)
    assert parse("money + weight - 0.5", SCOPE).type == Type(Kind.DECIMAL, 3)
    assert parse("n - money / weight", SCOPE).type.places == -1


HOSTILE = [
    "(" * 900 + "yes" + ")" * 900,
    "NOT " * 450 + "yes",
    "- " * 900 + "n",
    "n + " * 480 + "n",
    "case when " * 180 + "yes",
    "least(n, " * 200 + "n" + ")" * 200,
    "years(on, " * 39 + "on" + ")" * 39,
    "n BETWEEN " * 180 + "1",
    # every level would be computed twice
    "CASE WHEN " * 30 + "yes" + " THEN n ELSE n END BETWEEN 1 AND 2" * 30,
    "a." * 900 + "n",
    "n IN (" * 300,
    "'" * 1999,
    '"' * 1999,
    "[" * 1999,
    "/*" * 999,
    "$" * 1999,
    "n = " + "9" * 1900,
    "yes AND " * 3000 + "yes",
    "\x00" * 100,
    "ö" * 1999,
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_refused_soon(text: str) -> None:
    begun = time.perf_counter()
    with pytest.raises(Refused) as refused:
        parse(text, SCOPE)
    assert time.perf_counter() - begun < 1
    assert len(str(refused.value)) < 400


def test_what_an_engine_would_compute_a_million_times_is_refused() -> None:
    """An engine has no `least` that minds nulls, so its arguments are written twice, at every level."""
    assert parse("least(n, " * 8 + "n" + ")" * 8, SCOPE).type == INTEGER
    with pytest.raises(Refused, match="过于复杂"):
        parse("least(n, " * 20 + "n" + ")" * 20, SCOPE)
    nested = "n"
    for _ in range(12):
        nested = f"CASE WHEN {nested} BETWEEN 1 AND 2 THEN 1 ELSE 2 END"
    with pytest.raises(Refused, match="过于复杂"):
        parse(nested, SCOPE)


def test_a_long_chain_of_conditions_is_no_deep_one() -> None:
    found = parse(" AND ".join(["yes"] * 240), SCOPE).root
    assert isinstance(found, Operation)
    assert len(found.operands) == 240


WORDS = [
    *(
        "yes",
        "no",
        "n",
        "money",
        "name",
        "on",
        "at",
        "items",
        "grade",
        "entity",
        "(",
        ")",
        "(",
        ")",
        ",",
        ".",
        ":end",
    ),
    *(
        "AND",
        "OR",
        "NOT",
        "=",
        "<",
        "+",
        "-",
        "*",
        "/",
        "IN",
        "BETWEEN",
        "CASE",
        "WHEN",
        "THEN",
        "ELSE",
        "END",
        "IS",
    ),
    *(
        "NULL",
        "TRUE",
        "'x'",
        "1",
        "0.5",
        "DATE",
        "DATE'2021-01-01'",
        "least(",
        "coalesce(",
        "days(",
        "contains(",
        "due(",
    ),
    *(
        ":",
        ";",
        '"n"',
        "SELECT",
        "LIKE",
        "[",
        "]",
        "--",
        "::",
        "->",
        "\\",
        "$",
        "@",
        "#",
        "?",
        "'",
        "年",
        "0x1",
    ),
]


def test_random_words_are_read_or_refused_and_nothing_else() -> None:
    chance = random.Random(20210101)  # noqa: S311 - no secret
    read = 0
    for _ in range(1500):
        text = " ".join(chance.choices(WORDS, k=chance.choice([1, 2, 3, 5, 8, 30, 300])))
        try:
            parse(text, SCOPE)
            read += 1
        except Refused:
            pass
    assert read > 50


def test_parsing_is_fast() -> None:
    """A hundred conditions of the usual size; the bound is wide, for a busy machine."""
    text = (
        "excluded IS NULL AND coalesce(n, 0) + 1 >= {} AND on BETWEEN DATE '2021-01-01' AND :end "
        "AND (grade = 'A' OR name IN ('x', 'y', 'z')) AND days(on, at) <= 30"
    )
    scope = Scope(lambda path: BOOLEAN if path == ("excluded",) else SCOPE.columns(path), SCOPE.parameters)
    parse(text.format(0), scope)
    begun = time.perf_counter()
    for each in range(100):
        parse(text.format(each), scope)
    assert (time.perf_counter() - begun) / 100 < 0.02

"""What may stand in the text of an expression at all, before anyone asks what it means.

A parser of all SQL reads much that is not in the language, and some of it silently: `a--1` is `a` and a remark.
Such text is refused by its words and signs here. What is left is handed on with every name in quotes, so that a
field may be called `from` or `current_date` and is no word of SQL.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlglot import tokenize
from sqlglot.errors import SqlglotError
from sqlglot.tokenizer_core import Token, TokenType

from zhunsheng.expressions.functions import FUNCTIONS

LONGEST = 2000
_DEEPEST = 40
_MOST_DIGITS = 18
_SIGNS = frozenset({"(", ")", ",", ".", ":", "+", "-", "*", "/", "=", "<>", "!=", "<", "<=", ">", ">="})
_WORD = re.compile(r"[^\W\d]\w*")
_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")
_KEYWORDS = frozenset(
    "and or not in is null between case when then else end true false".split()  # noqa: SIM905 - a sentence of words
)
# these may stand before a parenthesis and are no function
_CONNECTING = frozenset({"and", "or", "not", "in", "between", "when", "then", "else"})
_BREAKS = frozenset("\n\r\t")


class Refused(ValueError):  # noqa: N818 - named by what happened to the expression
    """The text is not an expression of the language; the message says why, in Chinese."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A word or sign.

    Attributes:
        written: as in the text.
        handed_on: as the parser gets it.
        is_operand: whether it stands for a value by itself.
    """

    written: str
    handed_on: str
    is_operand: bool = False


def screened(text: str) -> str:
    """The text with every name in quotes and every parameter as the quoted name `":name"`.

    Raises:
        Refused: it is too long or too deep, or has a remark, a sign or a function that is not in the language.
    """
    if len(text) > LONGEST:
        raise Refused(f"表达式超过 {LONGEST} 个字符")
    if any(_is_control(each) for each in text):
        raise Refused("表达式里有不可见的控制字符")
    try:
        tokens = tokenize(text, read="duckdb")
    except SqlglotError as error:
        raise Refused(f"表达式“{shortened(text)}”读不懂，引号可能没有配对") from error
    depth = 0
    before: _Piece | None = None
    pieces: list[str] = []
    for piece in _pieces(tokens, text):
        depth += {"(": 1, ")": -1}.get(piece.written, 0)
        if depth > _DEEPEST:
            raise Refused("表达式嵌套过深")
        if before is not None and before.is_operand and piece.is_operand:
            raise Refused(f"“{shortened(before.written)}”之后不能接“{shortened(piece.written)}”")
        before = piece
        pieces.append(piece.handed_on)
    if not pieces:
        raise Refused("表达式是空的")
    return " ".join(pieces)


def shortened(text: str) -> str:
    """A text for a message."""
    return text if len(text) <= 80 else f"{text[:80]}…"


def _is_control(character: str) -> bool:
    """Control characters and halves of characters, which no engine can take."""
    return (
        (character < " " and character not in _BREAKS)
        or "\x7f" <= character <= "\x9f"
        or "\ud800" <= character <= "\udfff"
    )


def _pieces(tokens: Sequence[Token], text: str) -> Iterator[_Piece]:
    _check_nothing_between(tokens, text)
    words = [text[token.start : token.end + 1] for token in tokens]
    position = 0
    while position < len(tokens):
        token, written = tokens[position], words[position]
        following = words[position + 1] if position + 1 < len(words) else ""
        position += 1
        if written == ":":
            adjacent = position < len(tokens) and tokens[position].start == token.end + 1
            if not adjacent or not _WORD.fullmatch(following):
                raise Refused("“:”之后应紧接参数名，如 :start")
            position += 1
            yield _Piece(f":{following}", f'":{following}"', is_operand=True)
        elif token.token_type is TokenType.STRING or token.token_type is TokenType.NUMBER:
            yield _constant(token.token_type, written)
        elif written in _SIGNS:
            if written == "." and not (_is_name(words, position - 2) and _is_name(words, position)):
                raise Refused("“.”只能写在两个字段名之间，或在数的整数和小数之间")
            yield _Piece(written, written)
        else:
            before = words[position - 2].lower() if position > 1 else ""
            if written.lower() == "not" and following.lower() == "null" and before != "is":
                raise Refused("是否为空写成 IS NULL 或 IS NOT NULL")
            yield _word(written, following)


def _is_name(words: Sequence[str], position: int) -> bool:
    return 0 <= position < len(words) and _WORD.fullmatch(words[position].strip('"')) is not None


def _check_nothing_between(tokens: Sequence[Token], text: str) -> None:
    """Whatever belongs to no word and no sign was taken for a remark."""
    starts = [*(token.start for token in tokens), len(text)]
    ends = [0, *(token.end + 1 for token in tokens)]
    if any(text[end:start].strip() for end, start in zip(ends, starts, strict=True)):
        raise Refused("表达式里不能写注释（-- 或 /* */）；减去负数写成 a - (-1)")


def _constant(kind: TokenType, written: str) -> _Piece:
    if kind is TokenType.STRING:
        if not written.startswith("'"):
            raise Refused(f"文字要用单引号，不能写成 {shortened(written)}")
    elif not _NUMBER.fullmatch(written):
        raise Refused(f"“{shortened(written)}”不是数的写法，数只写成 12 或 0.5 的样子")
    elif len(written) > _MOST_DIGITS:
        raise Refused(f"数“{shortened(written)}”的位数过多")
    return _Piece(written, written, is_operand=True)


def _word(written: str, following: str) -> _Piece:
    """A name, a function, or a word of the language."""
    folded = written.lower()
    if following == "(" and _WORD.fullmatch(written):
        if folded not in _CONNECTING and folded not in FUNCTIONS:
            raise Refused(f"没有函数“{shortened(written)}”（可用：{'、'.join(FUNCTIONS)}）")
        return _Piece(written, folded)
    if folded in _KEYWORDS or (folded == "date" and following.startswith("'")):
        return _Piece(written, folded)
    name = written[1:-1] if len(written) > 2 and written[0] == written[-1] == '"' else written
    if not _WORD.fullmatch(name):
        raise Refused(f"“{shortened(written)}”不在表达式的语言之内")
    return _Piece(written, f'"{name}"', is_operand=True)

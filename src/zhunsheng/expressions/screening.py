"""What may stand in the text of an expression at all, before anyone asks what it means.

A parser of all SQL reads much that is not in the language, and reads some of it silently: `a--1` is `a` and a
remark. Such text is refused by its words and signs here, so that nothing is left out without a word.
"""

import re
from collections.abc import Sequence

from sqlglot import tokenize
from sqlglot.errors import SqlglotError
from sqlglot.tokenizer_core import Token, TokenType

from zhunsheng.expressions.functions import FUNCTIONS

LONGEST = 2000
_DEEPEST = 40
_SIGNS = frozenset({"(", ")", ",", ".", ":", "+", "-", "*", "/", "=", "<>", "!=", "<", "<=", ">", ">="})
_WORD = re.compile(r"[^\W\d]\w*")
_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")
_MOST_DIGITS = 18
# what may stand before a parenthesis and is no function
_CONNECTING = frozenset({"and", "or", "not", "in", "between", "case", "when", "then", "else"})
_BREAKS = frozenset("\n\r\t")


class Refused(ValueError):  # noqa: N818 - named by what happened to the expression
    """The text is not an expression of the language; the message says why, in Chinese."""


def screened(text: str) -> None:
    """Look at the words and signs of a text.

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
    if not tokens:
        raise Refused("表达式是空的")
    depth = 0
    for position, token in enumerate(tokens):
        _check_token(token, text)
        depth += {"(": 1, ")": -1}.get(_written(token, text), 0)
        if depth > _DEEPEST:
            raise Refused("表达式嵌套过深")
        _check_function(tokens, position, text)


def shortened(text: str) -> str:
    """A text for a message."""
    return text if len(text) <= 80 else f"{text[:80]}…"


def _written(token: Token, text: str) -> str:
    return text[token.start : token.end + 1]


def _is_control(character: str) -> bool:
    """Control characters and halves of characters, which no engine can take."""
    return (
        (character < " " and character not in _BREAKS)
        or "\x7f" <= character <= "\x9f"
        or "\ud800" <= character <= "\udfff"
    )


def _check_token(token: Token, text: str) -> None:
    written = _written(token, text)
    if token.comments:
        raise Refused("表达式里不能写注释（-- 或 /* */）；减去负数写成 a - (-1)")
    if token.token_type is TokenType.STRING:
        if not written.startswith("'"):
            raise Refused(f"文字要用单引号，不能写成 {shortened(written)}")
        return
    if token.token_type is TokenType.IDENTIFIER:
        if not written.startswith('"'):
            raise Refused(f"“{shortened(written)}”不在表达式的语言之内")
        return
    if token.token_type is TokenType.NUMBER:
        if not _NUMBER.fullmatch(written):
            raise Refused(f"“{written}”不是数的写法，数只写成 12 或 0.5 的样子")
        if len(written) > _MOST_DIGITS:
            raise Refused(f"数“{shortened(written)}”的位数过多")
        return
    if written not in _SIGNS and not _WORD.fullmatch(written):
        raise Refused(f"“{shortened(written)}”不在表达式的语言之内")


def _check_function(tokens: Sequence[Token], position: int, text: str) -> None:
    """A word before a parenthesis is a function of the language or connects two conditions."""
    after = position + 1
    if after >= len(tokens) or tokens[after].token_type is not TokenType.L_PAREN:
        return
    written = _written(tokens[position], text)
    if _WORD.fullmatch(written) and written.lower() not in _CONNECTING | FUNCTIONS.keys():
        raise Refused(f"没有函数“{shortened(written)}”（可用：{'、'.join(FUNCTIONS)}）")

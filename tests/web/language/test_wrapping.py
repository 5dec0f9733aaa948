"""What people read goes through translation: no Chinese in templates or pages beside it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from django.template.base import Lexer, Token, TokenType

WEB = Path(__file__).parents[3] / "src/zhunsheng/web"
_HAN = re.compile("[\u4e00-\u9fff]")
_QUOTED = re.compile(r"""_\((?:"[^"]*"|'[^']*')\)|[!=]= (?:"[^"]*"|'[^']*')""")
"""Translated constants, and values that are only compared."""

TRANSLATING = {
    "_",
    "gettext",
    "gettext_lazy",
    "gettext_noop",
    "noop",
    "ngettext",
    "ngettext_lazy",
    "pgettext",
}
KEPT = {
    # texts of problems are Chinese in every language
    "Kind",
    "at",
    "Place",
    # the name of a job is kept in the database as it was asked for
    "enqueue",
}
EXCEPTIONS: dict[str, str] = {
    "api/": "answers of the interface for programs: codes for programs, texts like those of problems",
    "server.py": "said on the command line",
    "starting.py": "said on the command line",
    "start_checks.py": "said on the command line",
    "environment.py": "said on the command line",
    "upgrading.py": "said on the command line",
    "settings.py": "name of the product in authenticators",
    "apps.py": "name of the product",
    "accounts/views.py": "a language is named in its own words",
    "public/catalogue.py": "data: the catalogue of the open data says in which language it is",
    "report/blocks.py": "a line in the report itself",
}
"""Where Chinese may stand, and why."""
VALUES = {
    # written like this in a case's files
    "是",
    "否",
    # the title proposed for an official report
    "年度",
    "部门整体支出绩效自评报告",
}
"""Texts that are data."""


def test_templates_have_no_text_beside_translation() -> None:
    found = [
        f"{path.relative_to(WEB)}:{token.lineno}: {token.contents.strip()[:60]}"
        for path in sorted((WEB / "templates").rglob("*"))
        if path.is_file()
        for token in _untranslated(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def _untranslated(source: str) -> Iterator[Token]:
    inside = False
    for token in Lexer(source).tokenize():
        first = token.contents.split()[0] if token.contents.split() else ""
        if token.token_type is TokenType.BLOCK and first in {"blocktranslate", "endblocktranslate"}:
            inside = first == "blocktranslate"
            continue
        translated = token.token_type is TokenType.BLOCK and first == "translate"
        if inside or translated or token.token_type is TokenType.COMMENT:
            continue
        if _HAN.search(_QUOTED.sub("", token.contents)):
            yield token


def test_pages_have_no_text_beside_translation() -> None:
    found = []
    for path in sorted(WEB.rglob("*.py")):
        name = path.relative_to(WEB).as_posix()
        if not any(name.startswith(each) for each in EXCEPTIONS):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            found += [f"{name}:{line}: {text}" for line, text in _plain_texts(tree) if text not in VALUES]
    assert found == []


def test_every_exception_is_needed() -> None:
    for name in EXCEPTIONS:
        paths = [WEB / name] if name.endswith(".py") else list((WEB / name).rglob("*.py"))
        assert any(list(_plain_texts(ast.parse(each.read_text(encoding="utf-8")))) for each in paths), name


def _plain_texts(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Chinese constants that are neither docstrings nor in a call that translates or keeps them."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Call) and _name(node.func) in TRANSLATING | KEPT:
            continue
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _HAN.search(node.value):
            yield node.lineno, node.value
        yield from _plain_texts(node)


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Name):
        return function.id
    return function.attr if isinstance(function, ast.Attribute) else ""


def test_scripts_have_no_words_of_their_own() -> None:
    own = [each for each in (WEB / "static").rglob("*.js") if "vendor" not in each.parts]
    assert own
    comments = re.compile(r"//[^\n]*|/\*[\s\S]*?\*/")
    assert [
        each.name for each in own if _HAN.search(comments.sub("", each.read_text(encoding="utf-8")))
    ] == []

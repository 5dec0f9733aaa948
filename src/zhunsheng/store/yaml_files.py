"""YAML with places: every value knows its file and line; decimals stay decimals; keys are unique."""

from collections.abc import Hashable
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from zhunsheng.kernel.located import Data, Located
from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Kind, Problem, Problems, Severity
from zhunsheng.kernel.system_errors import reason_of

UNREADABLE = Kind("FILE-001", Severity.ERROR, "文件无法读取", "确认文件存在、未被占用，且为 UTF-8 编码。")
BAD_YAML = Kind("FILE-002", Severity.ERROR, "不是正确的 YAML", "检查该行的缩进、冒号和引号。")
DUPLICATE = Kind("FILE-003", Severity.ERROR, "同一处字段不能重复", "保留其中一个。")
NOT_UTF8 = Kind(
    "FILE-005",
    Severity.ERROR,
    "文件不是 UTF-8 编码",
    "用编辑器另存为 UTF-8 编码（常见的原编码是 GB18030 或 UTF-16）。",
)
ALIAS = Kind("FILE-006", Severity.ERROR, "不支持 YAML 的锚点和别名", "删去 & 和 * 记号，把内容直接写全。")
TOO_DEEP = Kind("FILE-007", Severity.ERROR, "内容嵌套过深", "检查括号和缩进；年度档案不超过 50 层。")
TOO_LARGE = Kind("FILE-004", Severity.ERROR, "文件过大", "年度档案的单个文件不超过 20 MB。")

_LARGEST = 20_000_000
_DEEPEST = 50
_NULLS = {"", "~", "null", "Null", "NULL"}
_TRUE = {"true", "True", "TRUE"}
_FALSE = {"false", "False", "FALSE"}
_COMPLAINTS = (
    ("mapping values are not allowed", "此处不能再有冒号；含冒号的文字要加引号"),
    ("could not find expected ':'", "字段名后缺少冒号和空格"),
    ("did not find expected ',' or ']'", "方括号没有闭合，或缺少逗号"),
    ("did not find expected ',' or '}'", "花括号没有闭合，或缺少逗号"),
    ("did not find expected key", "缩进与上一行不一致，或引号没有闭合"),
    ("did not find expected '-' indicator", "列表项的缩进不一致"),
    ("block sequence entries are not allowed", "此处不能写列表项"),
    ("block mapping entries are not allowed", "此处不能写字段"),
    ("that cannot start any token", "行首有不能使用的字符（如 Tab、@、反引号），缩进请用空格"),
    ("tab character", "缩进不能用 Tab，请用空格"),
    ("unexpected end of stream", "引号或括号没有闭合"),
    ("unexpected document indicator", "引号或括号没有闭合"),
    ("nesting depth", "括号嵌套过深"),
    ("undefined tag handle", "不能使用 ! 记号"),
    ("incompatible YAML document", "不支持该 YAML 版本"),
    ("unknown escape character", "双引号中的反斜杠写法不对；改用单引号"),
    ("another document", "一个文件中不能有用 --- 分开的多份内容"),
    ("undefined alias", "使用了没有定义的别名"),
    ("control characters are not allowed", "含有 YAML 不允许的控制字符"),
)
_Fast: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_Fast):  # type: ignore[misc] # which of the two parsers there is shows at run time
    """The parser without its guesses at types: what a plain word means is decided in `_scalar`."""

    def resolve(self, kind: type[Node], value: object, implicit: object) -> str:  # noqa: ARG002
        """One tag for everything; kinds of nodes are told apart by their classes."""
        return _TAGS[kind]


_TAGS = {
    ScalarNode: "tag:yaml.org,2002:str",
    SequenceNode: "tag:yaml.org,2002:seq",
    MappingNode: "tag:yaml.org,2002:map",
}


def read_text_file(path: Path, shown: str, problems: Problems) -> str | None:
    """The text of a UTF-8 file (a byte-order mark is dropped), or None with a problem."""
    if not path.is_file():
        # a pipe or a broken link would wait for ever or look like nothing
        problems.add(UNREADABLE.at(Place(shown), f"{shown} 不是普通文件，或链接已失效"))
        return None
    try:
        if path.stat().st_size > _LARGEST:
            problems.add(TOO_LARGE.at(Place(shown), f"{shown} 有 {path.stat().st_size:,} 字节"))
            return None
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        problems.add(UNREADABLE.at(Place(shown), f"{shown}：{reason_of(error)}"))
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        problems.add(NOT_UTF8.at(Place(shown, line), f"{shown} 第 {line} 行有不是 UTF-8 的内容"))
    return None


def read_yaml(path: Path, shown: str) -> tuple[Located | None, tuple[Problem, ...]]:
    """Read one YAML document.

    Args:
        path: the file.
        shown: its name in places and messages.
    """
    problems = Problems()
    text = read_text_file(path, shown, problems)
    if text is None:
        return None, problems.as_tuple()
    return parse_yaml(text, shown)


def parse_yaml(text: str, shown: str) -> tuple[Located | None, tuple[Problem, ...]]:
    """Parse one YAML document; aliases and anchors are refused (they are a way to hide a bomb)."""
    problems = Problems()
    try:
        # an alias needs both marks somewhere in the text; most files have neither and are parsed once
        if "*" in text and "&" in text:
            for event in yaml.parse(text, Loader=_Loader):
                if isinstance(event, yaml.AliasEvent):
                    line = event.start_mark.line + 1 if event.start_mark else None
                    problems.add(ALIAS.at(Place(shown, line), f"第 {line} 行使用了别名“*{event.anchor}”"))
                    return None, problems.as_tuple()
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        problems.add(BAD_YAML.at(Place(shown, line), _in_chinese(error.problem or "")))
        return None, problems.as_tuple()
    except RecursionError:
        problems.add(TOO_DEEP.at(Place(shown), f"嵌套超过 {_DEEPEST} 层"))
        return None, problems.as_tuple()
    except yaml.YAMLError as error:
        # the reader stops at a character that no YAML file may hold, and says only its offset
        position = getattr(error, "position", None)
        line = text.count("\n", 0, position) + 1 if isinstance(position, int) else None
        problems.add(BAD_YAML.at(Place(shown, line), "含有 YAML 不允许的控制字符"))
        return None, problems.as_tuple()
    if node is None:
        return Located({}, Place(shown, 1)), ()
    return _located(node, shown, problems), problems.as_tuple()


def _in_chinese(problem: str) -> str:
    """What the parser complains of; it knows only English."""
    return next((words for part, words in _COMPLAINTS if part in problem), "此处不符合 YAML 的写法")


def _located(node: Node, shown: str, problems: Problems, depth: int = 0) -> Located:
    place = Place(shown, node.start_mark.line + 1)
    if depth > _DEEPEST:
        if not any(problem.code == TOO_DEEP.code for problem in problems.found):
            problems.add(TOO_DEEP.at(place, f"嵌套超过 {_DEEPEST} 层"))
        return Located(None, place)
    if isinstance(node, ScalarNode):
        return Located(_scalar(node), place)
    if isinstance(node, SequenceNode):
        return Located([_located(item, shown, problems, depth + 1) for item in node.value], place)
    assert isinstance(node, MappingNode)  # noqa: S101 - YAML has no fourth kind
    found: dict[str, Located] = {}
    for key_node, value_node in node.value:
        key: Hashable = key_node.value if isinstance(key_node, ScalarNode) else "（不是文字的字段名）"
        if key in found:
            problems.add(
                DUPLICATE.at(Place(shown, key_node.start_mark.line + 1), f"字段“{key}”重复", value=key)
            )
        found[str(key)] = _located(value_node, shown, problems, depth + 1)
    return Located(found, place)


def _scalar(node: ScalarNode) -> Data:
    text: str = node.value
    if node.style:  # quoted or block text is text; the two parsers say "plain" as "" or None
        return text
    if text in _NULLS:
        return None
    if text in _TRUE:
        return True
    if text in _FALSE:
        return False
    if text[:1] in "+-.0123456789" and text.strip("+-.") and set(text) <= set("+-.0123456789"):
        try:
            return Decimal(text)
        except InvalidOperation:
            return text
    return text

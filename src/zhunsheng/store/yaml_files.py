"""YAML with places: every value knows its file and line; decimals stay decimals; keys are unique."""

from collections.abc import Hashable
from decimal import Decimal, InvalidOperation
from pathlib import Path

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from zhunsheng.kernel.located import Data, Located
from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Kind, Problem, Problems, Severity

UNREADABLE = Kind("FILE-001", Severity.ERROR, "文件无法读取", "确认文件存在、未被占用，且为 UTF-8 编码。")
BAD_YAML = Kind("FILE-002", Severity.ERROR, "不是正确的 YAML", "检查该行的缩进、冒号和引号。")
DUPLICATE = Kind("FILE-003", Severity.ERROR, "同一处字段不能重复", "保留其中一个。")
TOO_LARGE = Kind("FILE-004", Severity.ERROR, "文件过大", "年度档案的单个文件不超过 20 MB。")

_LARGEST = 20_000_000
_NULLS = {"", "~", "null", "Null", "NULL"}
_TRUE = {"true", "True", "TRUE"}
_FALSE = {"false", "False", "FALSE"}
_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_text_file(path: Path, shown: str, problems: Problems) -> str | None:
    """The text of a UTF-8 file (a byte-order mark is dropped), or None with a problem."""
    try:
        if path.stat().st_size > _LARGEST:
            problems.add(TOO_LARGE.at(Place(shown), f"{shown} 有 {path.stat().st_size:,} 字节"))
            return None
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        problems.add(UNREADABLE.at(Place(shown), f"{shown}：{error.strerror}"))
    except UnicodeDecodeError as error:
        problems.add(UNREADABLE.at(Place(shown), f"{shown} 第 {error.start} 字节不是 UTF-8"))
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
        if (
            "*" in text
            and "&" in text
            and any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, Loader=_Loader))
        ):
            problems.add(BAD_YAML.at(Place(shown), "不支持 YAML 锚点和别名"))
            return None, problems.as_tuple()
        node = yaml.compose(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else None
        problems.add(BAD_YAML.at(Place(shown, line), f"{error.problem or error}"))
        return None, problems.as_tuple()
    except (yaml.YAMLError, RecursionError) as error:
        problems.add(BAD_YAML.at(Place(shown), str(error).split("\n", maxsplit=1)[0]))
        return None, problems.as_tuple()
    if node is None:
        return Located({}, Place(shown, 1)), ()
    return _located(node, shown, problems), problems.as_tuple()


def _located(node: Node, shown: str, problems: Problems) -> Located:
    place = Place(shown, node.start_mark.line + 1)
    if isinstance(node, ScalarNode):
        return Located(_scalar(node), place)
    if isinstance(node, SequenceNode):
        return Located([_located(item, shown, problems) for item in node.value], place)
    assert isinstance(node, MappingNode)  # noqa: S101 - YAML has no fourth kind
    found: dict[str, Located] = {}
    for key_node, value_node in node.value:
        key: Hashable = key_node.value if isinstance(key_node, ScalarNode) else str(key_node)
        if key in found:
            problems.add(
                DUPLICATE.at(Place(shown, key_node.start_mark.line + 1), f"字段“{key}”重复", value=key)
            )
        found[str(key)] = _located(value_node, shown, problems)
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

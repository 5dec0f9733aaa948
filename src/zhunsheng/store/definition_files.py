"""The definition files of the package, read once: rubrics and management facts."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from importlib import resources
from pathlib import Path
from typing import Protocol, TypeVar

from zhunsheng.kernel.hashing import sha256_of
from zhunsheng.kernel.located import Fields, Located
from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Kind, Problem, Problems, Severity
from zhunsheng.rubrics.facts import FactDefinition, read_fact
from zhunsheng.rubrics.reading import read_rubric
from zhunsheng.rubrics.rubric import Rubric
from zhunsheng.store.yaml_files import parse_yaml, read_yaml

NO_SUCH_RUBRIC = Kind(
    "FILE-020",
    Severity.ERROR,
    "没有这个评分体系",
    "用 zhunsheng rubric list 查看可用的评分体系，或给出 .yaml 文件。",
)
NAME_DIFFERS = Kind("FILE-021", Severity.ERROR, "定义文件名应与编码相同", "改文件名或 code。")


def definitions_directory() -> Path:
    """Where the definitions of the package are."""
    return Path(str(resources.files("zhunsheng"))) / "definitions"


def rubric_codes() -> tuple[str, ...]:
    """Codes of all rubrics in the package, in alphabetical order."""
    return tuple(sorted(path.stem for path in (definitions_directory() / "rubrics").glob("*.yaml")))


def case_codes() -> tuple[str, ...]:
    """Codes of all cases in the package, in alphabetical order."""
    return tuple(sorted(path.name for path in (definitions_directory() / "cases").iterdir() if path.is_dir()))


@lru_cache(maxsize=64)
def load_rubric(name: str) -> tuple[Rubric | None, tuple[Problem, ...]]:
    """A rubric by code, or by the path of a YAML file."""
    path = definitions_directory() / "rubrics" / f"{name}.yaml"
    if name.endswith((".yaml", ".yml")):
        path = Path(name)
    if not path.is_file():
        known = "、".join(rubric_codes())
        return None, (
            NO_SUCH_RUBRIC.at(Place(name), f"没有名为“{name}”的评分体系（可用：{known}）", value=name),
        )
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None, read_yaml(path, path.name)[1]
    node, problems = parse_yaml(text, path.name)
    if node is None or problems:
        return None, problems
    rubric, found = read_rubric(_with_titles(node, source_titles()), sha256_of(content))
    if rubric is not None and rubric.code != path.stem:
        found += (NAME_DIFFERS.at(Place(path.name), f"文件名“{path.stem}”与编码“{rubric.code}”不同"),)
        return None, found
    return rubric, found


@lru_cache(maxsize=1)
def source_titles() -> dict[str, str]:
    """What citations call the documents they name, by code: the short title where there is one."""
    titles: dict[str, str] = {}
    for path in sorted((definitions_directory() / "sources").glob("*.yaml")):
        node, _ = read_yaml(path, f"sources/{path.name}")
        if node is not None:
            fields = Fields(node, Problems(), "资料")
            titles[path.stem] = fields.text("short") or fields.text("label")
    return titles


def _with_titles(node: Located, titles: Mapping[str, str]) -> Located:
    """The content of a file with the title written beside the code of every document it cites."""
    if isinstance(node.value, list):
        return Located([_with_titles(each, titles) for each in node.value], node.place)
    if not isinstance(node.value, Mapping):
        return node
    content = {name: _with_titles(each, titles) for name, each in node.value.items()}
    document = content.get("document")
    if document is not None and "title" not in content and document.value in titles:
        content["title"] = Located(titles[str(document.value)], document.place)
    return Located(content, node.place)


@lru_cache(maxsize=1)
def load_facts() -> tuple[dict[str, FactDefinition], tuple[Problem, ...]]:
    """All management facts by code."""
    facts, problems = load_each("facts", read_fact)
    return {each.code: each for each in facts}, problems


class _Coded(Protocol):
    """A definition with a code."""

    @property
    def code(self) -> str: ...


_Definition = TypeVar("_Definition", bound=_Coded)


def load_each(
    folder: str, reader: Callable[[Located], tuple[_Definition | None, tuple[Problem, ...]]]
) -> tuple[tuple[_Definition, ...], tuple[Problem, ...]]:
    """All definitions of a folder, one file each, in the order of their codes, and what is wrong with them."""
    definitions: list[_Definition] = []
    problems: list[Problem] = []
    for path in sorted((definitions_directory() / folder).glob("*.yaml")):
        node, found = read_yaml(path, f"{folder}/{path.name}")
        problems.extend(found)
        if node is None:
            continue
        definition, found = reader(node)
        problems.extend(found)
        if definition is not None:
            definitions.append(definition)
            if definition.code != path.stem:
                problems.append(NAME_DIFFERS.at(Place(path.name), f"文件名与编码“{definition.code}”不同"))
    return tuple(definitions), tuple(problems)

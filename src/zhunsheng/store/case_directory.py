"""A case as a directory of small files people can review: reading and writing."""

import csv
import io
import os
import shutil
import tempfile
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import yaml

from zhunsheng.kernel.located import WRONG_TYPE, Located
from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Kind, Problem, Problems, Severity
from zhunsheng.kernel.rounding import plain
from zhunsheng.plans.case import Case
from zhunsheng.plans.columns import Holds
from zhunsheng.plans.reading import read_case
from zhunsheng.plans.sections import SECTIONS, Section
from zhunsheng.plans.writing import Plain, rows_of
from zhunsheng.store.yaml_files import DUPLICATE, read_text_file, read_yaml

NOT_A_DIRECTORY = Kind("FILE-010", Severity.ERROR, "年度档案是一个目录或一个 .xlsx 工作簿", "检查路径。")
NO_CASE = Kind(
    "FILE-013",
    Severity.ERROR,
    "目录不是年度档案",
    "检查路径；新建档案用 zhunsheng case template。",
)
UNKNOWN_FILE = Kind("FILE-011", Severity.WARNING, "年度档案中有不认识的文件", "删除它，或改成规定的文件名。")
BAD_CSV = Kind("FILE-012", Severity.ERROR, "CSV 表头或行不正确", "第一行写字段名，每行的列数与表头一致。")

_YAML_FILES = tuple(dict.fromkeys(section.file for section in SECTIONS if section.file.endswith(".yaml")))
_IGNORED = {"README.md"}


def read_case_directory(
    directory: Path, rows: dict[str, Located] | None = None
) -> tuple[Case | None, tuple[Problem, ...]]:
    """Read a case directory; None and all problems when anything is wrong.

    Args:
        rows: is filled with the located content by section, for naming places later.
    """
    place = Place(directory.name)
    if not directory.is_dir():
        return None, (NOT_A_DIRECTORY.at(place, f"“{directory.name}”不存在或不是目录"),)
    if not any((directory / section.file).exists() for section in SECTIONS):
        # somebody's desktop: its files are no business of ours
        return None, (NO_CASE.at(place, f"“{directory.name}”中没有 case.yaml 等年度档案文件"),)
    problems = Problems()
    sections: dict[str, Located] = {} if rows is None else rows
    unread: set[str] = set()
    for name in _YAML_FILES:
        path = directory / name
        if not path.exists():
            continue
        node, found = read_yaml(path, name)
        problems.extend(found)
        if node is None or not _take(node, name, sections, problems):
            unread |= {section.name for section in SECTIONS if section.file == name}
    for section in SECTIONS:
        path = directory / section.file
        if section.file.endswith(".csv") and path.exists():
            table = _read_csv(path, section, problems)
            if table is None:
                unread.add(section.name)
            else:
                _take(Located({section.name: table}, Place(section.file)), section.file, sections, problems)
        elif section.file.endswith("/") and path.is_dir():
            sections[section.name] = _read_texts(path, section, problems)
    _unknown_files(directory, problems)
    case, found = read_case(sections, place, frozenset(unread))
    every = problems.as_tuple() + found
    return (None if problems.has_errors else case), every


def content_of(directory: Path) -> dict[str, bytes]:
    """The bytes of every file of a case directory, by relative name, for hashing."""
    return {
        path.relative_to(directory).as_posix(): path.read_bytes()
        for path in sorted(directory.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    }


def content_of_case(directory: Path) -> dict[str, bytes]:
    """The bytes of the files a case is read from, by relative name, for hashing; nothing else is opened."""
    found: dict[str, bytes] = {}
    for name in dict.fromkeys(section.file for section in SECTIONS):
        path = directory / name
        files = sorted(path.glob("*.md")) if name.endswith("/") else [path]
        found |= {
            each.relative_to(directory).as_posix(): each.read_bytes() for each in files if each.is_file()
        }
    return dict(sorted(found.items()))


def _unknown_files(directory: Path, problems: Problems) -> None:
    known = {section.file for section in SECTIONS} | _IGNORED
    for path in sorted(directory.iterdir()):
        name = path.name + ("/" if path.is_dir() else "")
        if name not in known and not name.startswith("."):
            problems.add(UNKNOWN_FILE.at(Place(name), f"“{name}”不属于年度档案，未读取", value=name))


def _take(node: Located, file: str, sections: dict[str, Located], problems: Problems) -> bool:
    """Add what a file holds to the sections; a section stands in one file only.

    Returns:
        Whether the file holds sections at all.
    """
    if not isinstance(node.value, Mapping):
        problems.add(WRONG_TYPE.at(node.place, f"{file} 应由“部分: 内容”组成"))
        return False
    for name, content in node.value.items():
        if name in sections:
            what = f"“{name}”已在{sections[name].place}写过"
            problems.add(DUPLICATE.at(content.place, what, value=name))
        else:
            sections[name] = content
    return True


def _read_csv(path: Path, section: Section, problems: Problems) -> Located | None:
    """The rows of a file, or None when it or its header cannot be read."""
    text = read_text_file(path, section.file, problems)
    whole = Place(section.file)
    rows: list[Located] = []
    if text is None:
        return None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(reader, [])
        labels = {column.label: column.name for column in section.columns}
        names = [labels.get(name.strip(), name.strip()) for name in header]
        if names and not _sound_header(names, section, problems):
            return None
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            line = reader.line_num
            if len(cells) != len(names):
                problems.add(
                    BAD_CSV.at(Place(section.file, line), f"有 {len(cells)} 列，表头有 {len(names)} 列")
                )
                continue
            row = {
                name: Located(cell, Place(section.file, line, field=name))
                for name, cell in zip(names, cells, strict=True)
            }
            rows.append(Located(row, Place(section.file, line)))
    except csv.Error as error:
        problems.add(BAD_CSV.at(Place(section.file, reader.line_num), _csv_complaint(str(error))))
    return Located(rows, whole)


def _sound_header(names: list[str], section: Section, problems: Problems) -> bool:
    """Whether rows can be read under a header; what is wrong with it is said once and not for every row."""
    place = Place(section.file, 1)
    known = {column.name for column in section.columns}
    faults = [f"没有名为“{name}”的列" if name else "有一列没有列名" for name in names if name not in known]
    faults += [f"列“{name}”重复" for name in dict.fromkeys(names) if name in known and names.count(name) > 1]
    faults += [
        f"缺少必填的列“{column.name}”（{column.label}）"
        for column in section.columns
        if column.required and column.name not in names
    ]
    for fault in faults:
        problems.add(BAD_CSV.at(place, f"{section.file} {fault}"))
    return not faults


def _csv_complaint(words: str) -> str:
    """What the CSV reader complains of; it knows only English."""
    if "field larger" in words:
        return "一格的内容过长"
    if "NUL" in words or "new-line" in words:
        return "含有不能使用的控制字符"
    return "引号没有成对，或引号后还有文字"


def _read_texts(directory: Path, section: Section, problems: Problems) -> Located:
    rows = []
    for path in sorted(directory.glob("*.md")):
        shown = f"{section.file}{path.name}"
        text = read_text_file(path, shown, problems)
        if text is not None and text.strip():
            place = Place(shown)
            row = {"section": Located(path.stem, place), "text": Located(text, place)}
            rows.append(Located(row, place))
    return Located(rows, Place(section.file))


def write_case_directory(case: Case, directory: Path) -> None:
    """Write a case as a directory, all of it or nothing.

    The files are written beside the target first and moved into place at the end; an existing
    directory is replaced only then.

    Raises:
        FileExistsError: the target exists and is not a case directory.
    """
    if directory.exists() and (
        not directory.is_dir() or (not (directory / "case.yaml").exists() and any(directory.iterdir()))
    ):
        raise FileExistsError(f"{directory} exists and is not a case")
    directory.parent.mkdir(parents=True, exist_ok=True)
    staging = Path(tempfile.mkdtemp(prefix=f".{directory.name}-", dir=directory.parent))
    try:
        for name, text in files_of(case).items():
            path = staging / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")
        old = directory.with_name(f".{directory.name}-old-{os.getpid()}")
        if directory.exists():
            directory.rename(old)
        staging.rename(directory)
        directory.chmod(0o755)
        if old.exists():
            shutil.rmtree(old)
    finally:
        if staging.exists():
            shutil.rmtree(staging)


def files_of(case: Case) -> dict[str, str]:
    """The files of a case directory as text, by relative name."""
    files: dict[str, str] = {}
    for name in _YAML_FILES:
        content = _yaml_content(case, name)
        if content:
            files[name] = yaml.dump(
                content,
                Dumper=_Dumper,
                allow_unicode=True,
                sort_keys=False,
                width=100,
                default_flow_style=False,
            )
    for section in SECTIONS:
        rows = list(rows_of(case, section))
        if section.file.endswith(".csv") and rows:
            files[section.file] = _csv_text(section, rows)
        elif section.file.endswith("/"):
            for row in rows:
                files[f"{section.file}{row['section']}.md"] = f"{row['text']}\n"
    return files


def _yaml_content(case: Case, file: str) -> dict[str, object]:
    content: dict[str, object] = {}
    for section in SECTIONS:
        if section.file != file:
            continue
        rows = [
            {name: list(value) if isinstance(value, tuple) else value for name, value in row.items()}
            for row in rows_of(case, section)
        ]
        if rows:
            content[section.name] = rows[0] if section.shape == "record" else rows
    return content


def _csv_text(section: Section, rows: list[dict[str, Plain]]) -> str:
    used = [column for column in section.columns if any(column.name in row for row in rows)]
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(column.name for column in used)
    for row in rows:
        writer.writerow(_csv_cell(row.get(column.name, ""), column.holds) for column in used)
    return stream.getvalue()


def _csv_cell(value: Plain, holds: Holds) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, tuple):
        return ("、" if holds is Holds.CODES else "\n").join(value)
    return value.isoformat() if isinstance(value, date) else str(value)


class _Dumper(yaml.SafeDumper):
    """Writes decimals as plain numbers and quotes text that would be read as something else."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002
        super().increase_indent(flow, indentless=False)


def _represent_text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    if any(char in text for char in "\x85\u2028\u2029"):
        # YAML takes these for line breaks; only the escaped form keeps them
        return dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"')
    if "\n" in text:
        return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|")
    numeric = text[:1] in "+-.0123456789" or text in {"true", "false", "null", "~"}
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="'" if numeric else None)


def _represent_decimal(dumper: _Dumper, value: Decimal) -> yaml.ScalarNode:
    text = plain(value)
    # a whole number tagged float would be written as !!float '5'
    kind = "float" if "." in text else "int"
    return dumper.represent_scalar(f"tag:yaml.org,2002:{kind}", text)


_Dumper.add_representer(str, _represent_text)
_Dumper.add_representer(Decimal, _represent_decimal)

"""Loading a case: one of the package, a directory, or a workbook, with everything that is wrong with it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from zhunsheng.assembly.rejections import Rejected, WrongRequest
from zhunsheng.assembly.surroundings import Surroundings
from zhunsheng.kernel.hashing import sha256_of, sha256_of_parts
from zhunsheng.kernel.located import Located
from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Kind, Problem, Severity
from zhunsheng.kernel.system_errors import reason_of
from zhunsheng.plans.case import Case
from zhunsheng.scores.evaluation import InputFile
from zhunsheng.store.case_directory import content_of_case, files_of, read_case_directory
from zhunsheng.store.definition_files import case_codes, definitions_directory

TOO_LARGE = Kind(
    "FILE-008",
    Severity.ERROR,
    "文件过大，不予读取",
    "确认选对了文件；年度档案工作簿一般不到 1 MB，不超过 100 MB。",
)
_LARGEST = 100_000_000


@dataclass(frozen=True, slots=True)
class LoadedCase:
    """A case with what it came from, what was noticed while reading, and where its rows stand.

    Attributes:
        inputs: the files it was read from, with their hashes; none for a case that is no file.
        problems: warnings and notes; a case with errors is not loaded.
        rows: the located content of each section, by its name.
    """

    case: Case
    inputs: tuple[InputFile, ...] = ()
    problems: tuple[Problem, ...] = ()
    rows: Mapping[str, Located] = field(default_factory=dict)


def load_case(named: str) -> LoadedCase:
    """A case by directory, workbook or the code of a shipped case.

    Raises:
        Rejected: the case has errors.
        WrongRequest: there is no such case.
        Surroundings: a file cannot be read.
    """
    path = Path(named)
    if not path.exists() and named in case_codes():
        return load_shipped_case(named)
    if not path.exists():
        shipped = "、".join(case_codes())
        raise WrongRequest(f"“{named}”不存在。给出档案目录、.xlsx 工作簿，或随附档案的编码（{shipped}）。")
    with _reading(named):
        return _from_directory(path) if path.is_dir() else load_case_workbook(_bytes_of(path), path.name)


def load_shipped_case(code: str) -> LoadedCase:
    """A case of the package.

    Raises:
        Rejected: it has errors.
        WrongRequest: the package has none of that code.
        Surroundings: a file cannot be read.
    """
    if code not in case_codes():
        raise WrongRequest(f"没有随附的档案“{code}”（有：{'、'.join(case_codes())}）。")
    return load_case_directory(definitions_directory() / "cases" / code)


def load_case_directory(path: Path) -> LoadedCase:
    """A case from its directory.

    Raises:
        Rejected: it has errors.
        Surroundings: a file cannot be read.
    """
    with _reading(str(path)):
        return _from_directory(path)


def load_case_workbook(data: bytes, name: str) -> LoadedCase:
    """A case from the bytes of its workbook.

    Args:
        name: how the file is called in messages.

    Raises:
        Rejected: it has errors, or is larger than any case.
    """
    from zhunsheng.documents.case_workbook import read_case_workbook  # noqa: PLC0415 - keeps the start fast

    _refuse_large(len(data), name)
    rows: dict[str, Located] = {}
    case, problems = read_case_workbook(data, name, rows)
    if case is None:
        raise Rejected(problems)
    return LoadedCase(case, (InputFile(name, sha256_of(data)),), problems, rows)


def _from_directory(path: Path) -> LoadedCase:
    rows: dict[str, Located] = {}
    case, problems = read_case_directory(path, rows)
    if case is None:
        raise Rejected(problems)
    digest = sha256_of_parts(content_of_case(path))
    return LoadedCase(case, (InputFile(path.name, digest),), problems, rows)


@contextmanager
def _reading(named: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Surroundings(f"无法读取“{named}”：{reason_of(error)}") from error


def _bytes_of(path: Path) -> bytes:
    if not path.is_file():
        # a pipe would wait for ever
        raise WrongRequest(f"“{path}”不是普通文件。")
    _refuse_large(path.stat().st_size, path.name)
    return path.read_bytes()


def _refuse_large(size: int, name: str) -> None:
    if size > _LARGEST:
        what = f"“{name}”有 {size / 1_000_000:,.1f} MB"
        raise Rejected((TOO_LARGE.at(Place(name), what),))


def hashed_case(case: Case) -> LoadedCase:
    """A case with the hashes of the files it would be as a directory, for documents that name their origin."""
    inputs = tuple(InputFile(name, sha256_of(text.encode())) for name, text in sorted(files_of(case).items()))
    return LoadedCase(case, inputs)

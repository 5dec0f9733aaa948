"""Wiring: from what the user names on the command line to cases, rubrics and evaluations."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

import click

from zhunsheng import __version__
from zhunsheng.cli.exits import Surroundings
from zhunsheng.cli.placing import placed
from zhunsheng.kernel.hashing import sha256_of, sha256_of_parts
from zhunsheng.kernel.located import Located
from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Kind, Problem, Severity
from zhunsheng.kernel.system_errors import reason_of
from zhunsheng.plans.case import Case
from zhunsheng.rubrics.facts import FactDefinition
from zhunsheng.rubrics.proof import prove
from zhunsheng.rubrics.rubric import Rubric
from zhunsheng.scores.evaluation import Evaluation, InputFile
from zhunsheng.scores.scoring import evaluate
from zhunsheng.store.case_directory import content_of, content_of_case, read_case_directory
from zhunsheng.store.definition_files import case_codes, definitions_directory, load_facts, load_rubric

TOO_LARGE = Kind(
    "FILE-008",
    Severity.ERROR,
    "文件过大，不予读取",
    "确认选对了文件；年度档案工作簿一般不到 1 MB，不超过 100 MB。",
)
_LARGEST = 100_000_000


class Rejected(Exception):  # noqa: N818 - the input is rejected, the program is fine
    """The input has errors; `problems` lists all of them."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("rejected")
        self.problems = problems


@dataclass(frozen=True, slots=True)
class LoadedCase:
    """A case with the files it came from, what was noticed while reading, and where its rows stand."""

    case: Case
    inputs: tuple[InputFile, ...]
    problems: tuple[Problem, ...]
    rows: Mapping[str, Located] = field(default_factory=dict)


def load_case(named: str) -> LoadedCase:
    """A case by directory, workbook or the code of a shipped case.

    Raises:
        Rejected: the case has errors.
        click.UsageError: there is no such case.
        Surroundings: a file cannot be read.
    """
    path = Path(named)
    if not path.exists() and named in case_codes():
        path = definitions_directory() / "cases" / named
    if not path.exists():
        shipped = "、".join(case_codes())
        raise click.UsageError(
            f"“{named}”不存在。给出档案目录、.xlsx 工作簿，或随附档案的编码（{shipped}）。"
        )
    rows: dict[str, Located] = {}
    try:
        if path.is_dir():
            case, problems = read_case_directory(path, rows)
            digest = "" if case is None else sha256_of_parts(content_of_case(path))
        else:
            data = _bytes_of(path)
            case, problems = _workbook(data, path.name, rows)
            digest = sha256_of(data)
    except OSError as error:
        raise Surroundings(f"无法读取“{named}”：{reason_of(error)}") from error
    if case is None:
        raise Rejected(problems)
    return LoadedCase(case, (InputFile(path.name, digest),), problems, rows)


def _bytes_of(path: Path) -> bytes:
    if not path.is_file():
        # a pipe would wait for ever
        raise click.UsageError(f"“{path}”不是普通文件。")
    size = path.stat().st_size
    if size > _LARGEST:
        what = f"“{path.name}”有 {size / 1_000_000:,.1f} MB"
        raise Rejected((TOO_LARGE.at(Place(path.name), what),))
    return path.read_bytes()


def _workbook(data: bytes, name: str, rows: dict[str, Located]) -> tuple[Case | None, tuple[Problem, ...]]:
    from zhunsheng.documents.case_workbook import read_case_workbook  # noqa: PLC0415 - keeps the start fast

    return read_case_workbook(data, name, rows)


@lru_cache(maxsize=64)
def load_sound_rubric(code: str) -> Rubric:
    """A rubric that has been proved.

    Raises:
        Rejected: the rubric cannot be read or its proof fails.
    """
    rubric, problems = load_rubric(code)
    if rubric is None:
        raise Rejected(problems)
    proof = prove(rubric, facts())
    if not proof.holds:
        raise Rejected(proof.flaws)
    return rubric


def facts() -> dict[str, FactDefinition]:
    """All management facts.

    Raises:
        Rejected: a definition of the package is broken.
    """
    found, problems = load_facts()
    if any(problem.severity is Severity.ERROR for problem in problems):
        raise Rejected(problems)
    return found


def evaluate_loaded(loaded: LoadedCase, rubric_code: str | None = None) -> tuple[Evaluation, Rubric]:
    """Evaluate a loaded case by its own rubric or another one."""
    rubric = load_sound_rubric(rubric_code or loaded.case.about.rubric)
    evaluation = with_inputs(evaluate(loaded.case, rubric, facts()), loaded, rubric)
    found = placed(evaluation.problems, loaded.rows, evaluation)
    return replace(evaluation, problems=(*loaded.problems, *found)), rubric


def with_inputs(evaluation: Evaluation, loaded: LoadedCase, rubric: Rubric) -> Evaluation:
    """The evaluation with the hashes of everything it was made from."""
    inputs = (*loaded.inputs, InputFile(f"{rubric.code}.yaml", rubric.sha256), _shared_definitions())
    return replace(evaluation, inputs=inputs)


@lru_cache(maxsize=1)
def _shared_definitions() -> InputFile:
    """One hash over the definitions that every evaluation uses beside its rubric."""
    parts = {
        f"{kind}/{name}": content
        for kind in ("facts", "review_rules", "sources")
        for name, content in content_of(definitions_directory() / kind).items()
    }
    return InputFile("definitions", sha256_of_parts(parts))


def provenance(evaluation: Evaluation) -> tuple[tuple[str, str], ...]:
    """What a document says about where it came from."""
    pairs = [
        ("评分体系", f"{evaluation.rubric_label}（{evaluation.rubric}，版本 {evaluation.rubric_version}）"),
        ("程序", f"准绳 {__version__}"),
    ]
    pairs += [(f"文件 {each.name}", f"SHA-256 {each.sha256}") for each in evaluation.inputs]
    return tuple(pairs)

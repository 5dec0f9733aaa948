"""From a case to its evaluation and its review, with the hashes of everything they were made from."""

from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

from zhunsheng import __version__
from zhunsheng.assembly.cases import LoadedCase
from zhunsheng.assembly.placing import placed
from zhunsheng.assembly.rejections import Rejected
from zhunsheng.kernel.hashing import sha256_of_parts
from zhunsheng.kernel.problem import Severity
from zhunsheng.plans.case import Case
from zhunsheng.rubrics.facts import FactDefinition
from zhunsheng.rubrics.proof import prove
from zhunsheng.rubrics.rubric import Rubric
from zhunsheng.scores.evaluation import Evaluation, InputFile
from zhunsheng.scores.review.review import Review, review
from zhunsheng.scores.scoring import evaluate
from zhunsheng.store.case_directory import content_of
from zhunsheng.store.definition_files import definitions_directory, load_facts, load_rubric
from zhunsheng.store.review_rule_files import load_review_rules


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


def evaluate_case(case: Case, inputs: Iterable[InputFile] = (), rubric_code: str | None = None) -> Evaluation:
    """Evaluate a case that was not read from files.

    Args:
        inputs: what the case was made from, with hashes.
        rubric_code: another rubric than the case's own.

    Raises:
        Rejected: the rubric cannot be used.
    """
    return evaluate_loaded(LoadedCase(case, tuple(inputs)), rubric_code)[0]


def evaluate_loaded(loaded: LoadedCase, rubric_code: str | None = None) -> tuple[Evaluation, Rubric]:
    """Evaluate a loaded case by its own rubric or another one.

    Raises:
        Rejected: the rubric cannot be used.
    """
    rubric = load_sound_rubric(rubric_code or loaded.case.about.rubric)
    evaluation = with_inputs(evaluate(loaded.case, rubric, facts()), loaded, rubric)
    found = placed(evaluation.problems, loaded.rows, evaluation)
    return replace(evaluation, problems=(*loaded.problems, *found)), rubric


def review_of(case: Case, evaluation: Evaluation) -> Review:
    """What a reviewer would say about the evaluation of a case.

    Raises:
        Rejected: a rule of the package is broken.
    """
    rules, problems = load_review_rules()
    if problems:
        raise Rejected(problems)
    return review(case, evaluation, rules)


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

"""A code list (代码表): what the codes of a field mean, and whether the list names them all."""

from collections.abc import Mapping
from dataclasses import dataclass

from zhunsheng.kernel.citation import UNSOURCED, Citation
from zhunsheng.kernel.located import Fields, Located
from zhunsheng.kernel.problem import Kind, Problem, Problems, Severity

BAD_CODE_LIST = Kind("LEDG-004", Severity.ERROR, "代码表自相矛盾或不完整", "按指出的内容补全或改正代码表。")


@dataclass(frozen=True, slots=True)
class CodeList:
    """Codes and their labels.

    Attributes:
        code: name of the list, also the name of its file; fields name it in `code_list`.
        version: edition of the list, such as the year of its standard; "" when it has none.
        complete: whether every code there is stands in it. A code missing from an incomplete list is no fault.
        codes: code to Chinese label, in the order of the file.
    """

    code: str
    label: str
    label_en: str
    description: str
    version: str
    complete: bool
    codes: Mapping[str, str]
    source: Citation = UNSOURCED


def read_code_list(node: Located) -> tuple[CodeList | None, tuple[Problem, ...]]:
    """Read one code list; None when there is an error."""
    problems = Problems()
    content = Fields(node, problems, "代码表")
    if not content.has("complete"):
        problems.add(BAD_CODE_LIST.at(node.place, "没有写明 complete：是否列全了所有代码"))
    found = CodeList(
        code=content.text("code", required=True),
        label=content.text("label", required=True),
        label_en=content.text("label_en", required=True),
        description=content.text("description", required=True),
        version=content.text("version"),
        complete=content.boolean("complete"),
        codes=_codes(content),
        source=content.citation(required=True),
    )
    content.finish()
    return (None if problems.has_errors else found), problems.as_tuple()


def _codes(content: Fields) -> Mapping[str, str]:
    inner = content.fields("codes")
    if inner is None:
        content.problems.add(BAD_CODE_LIST.at(content.place("codes"), "没有任何代码"))
        return {}
    codes = {code: inner.text(code, required=True) for code in inner.mapping}
    for label in sorted({each for each in codes.values() if list(codes.values()).count(each) > 1}):
        # two codes of one meaning could not be told apart in a drop-down
        content.problems.add(BAD_CODE_LIST.at(content.place("codes"), f"含义“{label}”有两个代码"))
    return codes

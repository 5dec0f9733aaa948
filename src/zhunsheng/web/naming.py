"""Names beside codes: codes stand in addresses, files and the trail and stay; people read names."""

from collections.abc import Collection, Mapping

from django.utils.translation import gettext as _

from zhunsheng.plans.sections import SECTIONS
from zhunsheng.store.database.case_rows import ROW_MODELS, field_of
from zhunsheng.store.definition_files import load_facts, load_rubric
from zhunsheng.web.language import shown

Names = Mapping[tuple[str, ...], str]
"""Names by the kind and the code, or by the code of the year, the section and the key of a row."""
RUBRICS = frozenset({"rubric", "project_rubric"})
"""Columns in which the code of a rubric stands."""
AMOUNTS = ("budget", "projects")
"""Sections whose rows are items under their own name: "budget/<code>"."""
_LONGEST = 30
_SECTION = {each.name: each for each in SECTIONS}
NAMED_BY = {
    "sources": "title",
    "tasks": "name",
    "key_indicators": "name",
    "indicators": "name",
    "budget": "name",
    "projects": "name",
    "shortcomings": "title",
    "remedies": "title",
    "contradictions": "subject",
    "printed_figures": "metric",
}
"""The column that names a row, by section."""
_ABOUT_ITEMS = frozenset(
    {
        "actuals",
        "assignment",
        "deviations",
        "evaluation",
        "evidence",
        "management",
        "manual_scores",
        "printed_scores",
        "reductions",
    }
)
"""What is kept under the code of an item: of an indicator, a fact, an amount, a line of the rubric."""


def beside(name: str, code: str) -> str:
    """A name with the code it stands for; the code alone where nothing has a name."""
    if not name or name == code:
        return code
    return _("%(name)s（%(code)s）") % {"name": name, "code": code}


def shortened(text: str) -> str:
    """The beginning of a text, on one line."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"


def rubric_words(code: str) -> str:
    """A rubric by its name, with its code beside it."""
    rubric, _problems = load_rubric(code)
    return code if rubric is None else beside(shown(rubric), code)


def kept_under(section: str, key: str) -> tuple[str, str]:
    """Where the name of a place is looked for: the section and the key of a row, or "item" and its code."""
    if section not in _ABOUT_ITEMS:
        return section, key
    kind, slash, inner = key.partition("/")
    return (kind, inner) if slash and kind in AMOUNTS else ("item", key)


def row_names(sought: Collection[tuple[str, ...]]) -> dict[tuple[str, ...], str]:
    """Names of rows of years, one query for each section that is asked for.

    Args:
        sought: code of the year, then what `kept_under` says.
    """
    found: dict[tuple[str, ...], str] = {}
    items = {(case, key) for case, section, key in sought if section == "item"}
    wanted = {each for each in sought if each[1] in NAMED_BY} | {
        (case, "indicators", key) for case, key in items
    }
    for section in sorted({each[1] for each in wanted}):
        code, name = field_of(_SECTION[section].key[0]), field_of(NAMED_BY[section])
        places = {(case, key) for case, named, key in wanted if named == section}
        rows = ROW_MODELS[section]._default_manager.filter(
            case__code__in={case for case, _key in places}, **{f"{code}__in": {key for _case, key in places}}
        )
        for case, key, text in rows.values_list("case__code", code, name):
            if (case, str(key)) in places and text:
                found[case, section, str(key)] = shortened(text)
    facts, _problems = load_facts()
    left = set()
    for case, key in items:
        name = found.get((case, "indicators", key)) or (shown(facts[key]) if key in facts else "")
        if name:
            found[case, "item", key] = name
        else:
            left.add((case, key))
    return found | _lines_of_rubrics(left)


def _lines_of_rubrics(sought: set[tuple[str, str]]) -> dict[tuple[str, ...], str]:
    """Names of lines of the rubric by which a year is scored."""
    if not sought:
        return {}
    rows = ROW_MODELS["about"]._default_manager.filter(case__code__in={case for case, _key in sought})
    rubrics = {
        case: load_rubric(code)[0]
        for case, code in rows.values_list("case__code", field_of("rubric"))
        if code
    }
    found: dict[tuple[str, ...], str] = {}
    for case, key in sought:
        rubric = rubrics.get(case)
        node = None if rubric is None else rubric.node(key)
        if node is not None:
            found[case, "item", key] = node.name
    return found

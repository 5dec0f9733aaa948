"""Values given for a whole source instead of a column: read and checked once, before any row is."""

from collections.abc import Mapping, Sequence

from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Problem
from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.ledgers.field import Level
from zhunsheng.ledgers.row_checks import RowChecker
from zhunsheng.store.intake import kinds
from zhunsheng.store.intake.headings import Mapped, field_named


def read_constants(
    checker: RowChecker, said: Mapping[str, str], place: Place
) -> tuple[dict[str, str], list[Problem]]:
    """The texts by the name of the field, and what is wrong with them."""
    ledger = checker.ledger
    found: dict[str, str] = {}
    problems = []
    for name, text in said.items():
        field = field_named(ledger, name)
        if field is None or field.is_computed or field.stamped:
            what = (
                f"台账没有可以填写的字段“{name}”" if field is None else f"“{field.label}”由系统得出，不能指定"
            )
            problems.append(kinds.BAD_CONSTANT.at(place, what, value=name))
            continue
        wrong = [
            each
            for each in checker.check({field.name: text}).faults
            if each.fields == (field.name,) and each.level is not Level.WARN and text.strip()
        ]
        if not text.strip():
            problems.append(kinds.BAD_CONSTANT.at(place, f"“{field.label}”没有给值", value=name))
        elif wrong:
            told = wrong[0].problem
            problems.append(kinds.BAD_CONSTANT.at(place, told.what, value=text, remedy=told.remedy))
        elif field.name in found:
            problems.append(kinds.BAD_CONSTANT.at(place, f"“{field.label}”给了两次", value=name))
        else:
            found[field.name] = text.strip()
    return found, problems


def doubled(
    ledger: LedgerDefinition,
    constants: Mapping[str, str],
    mapped: Mapped,
    headings: Sequence[str],
    place: Place,
) -> list[Problem]:
    """Fields that have a constant and a column: which is meant, only a person can tell."""
    return [
        kinds.BAD_CONSTANT.at(
            place,
            f"“{ledger.by_name[name].label}”已有列“{headings[mapped.columns[name]]}”",
            value=name,
            remedy="去掉 --set，或从文件中删去该列。",
        )
        for name in constants
        if name in mapped.columns
    ]

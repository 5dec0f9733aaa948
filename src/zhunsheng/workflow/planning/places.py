"""How a row and field of a case is named in problems, and found again from there."""

from dataclasses import dataclass
from typing import Any

from zhunsheng.kernel.located import Located
from zhunsheng.kernel.place import Place
from zhunsheng.plans.sections import SECTIONS, Section

SECTION_OF = {section.name: section for section in SECTIONS}
_BY_LABEL = {section.label: section for section in SECTIONS}
NEW = "（新增）"


def key_text(section: Section, record: Any) -> str:  # noqa: ANN401 - one of the record classes
    """What identifies a row, as one text; "" for a section of one record."""
    return " ".join(_shown(getattr(record, name)) for name in section.key)


def _shown(value: object) -> str:
    return "" if value is None else str(getattr(value, "value", value))


def subject_of(section: Section, key: str) -> str:
    """A row in the trail: "indicators/1.1"."""
    return f"{section.name}/{key}"[:200] if key else section.name


def place_of(section: Section, key: str = "", column: str = "", line: int | None = None) -> Place:
    """The place of a row or field: by its key, or by its line on the page where rows have no key yet."""
    label = next((each.label for each in section.columns if each.name == column), None)
    file = section.label if line is not None or not key else f"{section.label} {key}"
    return Place(file=file, line=line, field=label)


def located_row(section: Section, key: str, line: int | None = None) -> Located:
    """An empty row whose fields have their places, for checks that only ask where something stands."""
    fields = {each.name: Located(None, place_of(section, key, each.name, line)) for each in section.columns}
    return Located(fields, place_of(section, key, line=line))


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a place is: section, key of the row, name of the column; "" for what is not known."""

    section: str = ""
    key: str = ""
    column: str = ""
    line: int | None = None


def spot_of(place: Place) -> Spot:
    """The row and field a place names."""
    label, _, key = place.file.partition(" ")
    section = _BY_LABEL.get(label)
    if section is None:
        return Spot()
    column = next((each.name for each in section.columns if each.label == place.field), "")
    return Spot(section.name, "" if key == NEW else key, column, place.line)

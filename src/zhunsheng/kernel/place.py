"""Where something stands: a file and line, a sheet and cell, an object and field."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A position in a source that a person can go to.

    Attributes:
        file: file name as the user gave it, relative to the case where possible.
        line: 1-based line of a text file, or None.
        sheet: worksheet name, or None.
        cell: cell address such as "C7", or None.
        field: path of the field inside an object, such as "indicators[2].points", or None.
    """

    file: str = ""
    line: int | None = None
    sheet: str | None = None
    cell: str | None = None
    field: str | None = None

    def __str__(self) -> str:
        parts = [self.file] if self.file else []
        if self.sheet:
            parts.append(f"工作表“{self.sheet}”")
        if self.cell:
            parts.append(f"单元格 {self.cell}")
        if self.line is not None:
            parts.append(f"第 {self.line} 行")
        if self.field:
            parts.append(self.field)
        return " ".join(parts)

    def as_data(self) -> dict[str, str | int]:
        """The place as plain data, without the parts that are not known."""
        named = {
            "file": self.file or None,
            "line": self.line,
            "sheet": self.sheet,
            "cell": self.cell,
            "field": self.field,
        }
        return {key: value for key, value in named.items() if value is not None}

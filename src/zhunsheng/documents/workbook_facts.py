"""The sheet that lists the management facts a rubric may ask for, so that nobody has to guess their codes."""

from collections.abc import Sequence
from typing import Final

from openpyxl.utils import quote_sheetname
from openpyxl.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidation

from zhunsheng.documents import workbook_styles as styles
from zhunsheng.documents.workbook_columns import FACT_LIST, ROWS
from zhunsheng.plans.sections import SECTIONS
from zhunsheng.rubrics.facts import FactDefinition, FactKind

_COLUMNS: Final = (("事实编码", 34), ("名称", 34), ("填写内容", 16), ("单位", 10), ("含义", 70))
_HOW: Final = {
    FactKind.YES_NO: "是或否",
    FactKind.COUNT: "数量",
    FactKind.MONEY: "金额",
    FactKind.RATE: "比率",
}


def add_fact_list(book: Workbook, facts: Sequence[FactDefinition], first_row: int) -> None:
    """Add the list as the last sheet, and a drop-down of the codes where facts are filled in.

    Args:
        facts: the definitions, in the order to list them; without any, nothing is added.
        first_row: first row of records on the sheet of management facts.
    """
    if not facts:
        return
    sheet = book.create_sheet(FACT_LIST)
    sheet.append([title for title, _ in _COLUMNS])
    for fact in facts:
        sheet.append([fact.code, fact.label, _HOW[fact.kind], fact.unit, fact.description])
    for index, (_, width) in enumerate(_COLUMNS):
        sheet.column_dimensions["ABCDE"[index]].width = width
    for row in sheet.iter_rows():
        for cell in row:
            cell.style = styles.HEADER if cell.row == 1 else styles.BODY
    sheet.freeze_panes = "A2"
    styles.protect(sheet)
    styles.print_layout(sheet)
    section = next(each for each in SECTIONS if each.name == "management")
    column = next(each for each in section.columns if each.name == "fact")
    # a warning only: a bureau's own rubric may ask for facts of its own
    rule = DataValidation(
        type="list", formula1=f"{quote_sheetname(FACT_LIST)}!$A$2:$A${len(facts) + 1}", errorStyle="warning"
    )
    rule.allow_blank = rule.showErrorMessage = True
    rule.errorTitle = column.label
    rule.error = f"请从“{FACT_LIST}”中选择编码。"
    rule.add(f"A{first_row}:A{ROWS + 1}")
    book[section.label].add_data_validation(rule)

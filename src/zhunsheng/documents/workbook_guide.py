"""The first sheet of the case workbook: what each sheet is, how to fill it, every column explained."""

from typing import Final

from openpyxl.worksheet.worksheet import Worksheet

from zhunsheng.documents import workbook_styles as styles
from zhunsheng.documents.workbook_columns import (
    GUIDE,
    NO,
    YES,
    choices_of,
    header_of,
    how_to_fill,
    meaning_of,
)
from zhunsheng.plans.columns import Holds
from zhunsheng.plans.sections import SECTIONS

_RULES: Final = (
    "本工作簿是一个部门一个年度的绩效自评档案，每张工作表对应档案的一部分。没有内容的工作表留空即可，不要改名。",
    "橙色、带 * 的列为必填；表头已锁定，数据区可自由填写、增行、删行、排序。鼠标停在表头上可看到填写要求。",
    "金额一律以万元为单位；比率列填百分号前的数，如 95.91% 填 95.91。",
    "编码用来在各表之间相互引用，同一张表内不能重复；引用其他表的编码可从下拉选项中选择。",
    "没有完成值时，在“完成值状态”中选“无完成值”“未到期”等，不要填 0。",
    "不要合并单元格。单元格中可以用公式，读取的是公式的计算结果，所以填完后请在 Excel 或 WPS 中保存。",
    "“位置”填数据在来源文件中的行号或页码，便于复核时逐项对照。",
)
_SHEETS: Final = ("工作表", "形式", "内容")
_COLUMNS: Final = ("工作表", "列", "填写内容", "必填", "选项", "说明", "示例")
_WIDTHS: Final = (14, 26, 26, 8, 40, 36, 26)


def add_guide(sheet: Worksheet, *, example: bool) -> None:
    """Fill the guide sheet.

    Args:
        sheet: an empty sheet.
        example: whether the examples are shown.
    """
    sheet.title = GUIDE
    for index, width in enumerate(_WIDTHS):
        sheet.column_dimensions["ABCDEFG"[index]].width = width
    _merged(sheet, ("部门整体支出绩效自评年度档案　填写说明",), styles.TITLE)
    sheet.row_dimensions[1].height = 32
    for number, rule in enumerate(_RULES, 1):
        _merged(sheet, (f"{number}．{rule}",), styles.BODY)
    sheet.append([])
    _merged(sheet, _SHEETS, styles.HEADER)
    for section in SECTIONS:
        form = "每行一个项目" if section.shape == "record" else "每行一条记录"
        _merged(sheet, (section.label, form, section.note), styles.BODY)
    sheet.append([])
    _column_list(sheet, example=example)
    styles.protect(sheet)
    styles.print_layout(sheet)


def _column_list(sheet: Worksheet, *, example: bool) -> None:
    _row(sheet, _COLUMNS, styles.HEADER)
    for section in SECTIONS:
        for column in section.columns:
            # 是/否 is said by the kind already
            choices = "" if column.holds is Holds.BOOLEAN else "、".join(choices_of(column))
            required = YES if column.required else NO
            shown = column.example if example else ""
            texts = (section.label, header_of(column), how_to_fill(column), required, choices)
            _row(sheet, (*texts, meaning_of(column), shown), styles.BODY)


def _merged(sheet: Worksheet, texts: tuple[str, ...], style: str) -> None:
    """A row whose last text runs to the right edge of the guide."""
    sheet.append(list(texts))
    row, last = sheet.max_row, len(texts)
    for index in range(1, len(_WIDTHS) + 1):
        sheet.cell(row, index).style = style
    sheet.merge_cells(start_row=row, end_row=row, start_column=last, end_column=len(_WIDTHS))
    sheet.row_dimensions[row].height = styles.height_for([(texts[-1], sum(_WIDTHS[last - 1 :]))]) or 18


def _row(sheet: Worksheet, texts: tuple[str, ...], style: str) -> None:
    sheet.append(list(texts))
    for index in range(1, len(texts) + 1):
        sheet.cell(sheet.max_row, index).style = style
    height = styles.height_for(zip(texts, _WIDTHS, strict=True))
    if height is not None:
        sheet.row_dimensions[sheet.max_row].height = height

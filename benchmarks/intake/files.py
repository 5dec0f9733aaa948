"""Files of invented records with valid codes, the same for the same number of rows."""

import csv
import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from openpyxl import Workbook

from zhunsheng.ledgers.uscc import CHARACTERS, check_character, subject_check_character

HEADINGS = (
    "主体编号", "统一社会信用代码", "原注册号", "名称", "主体类别", "是否分支机构", "类型代码", "行业代码",
    "经营范围条目", "注册资本（元）", "币种", "住所区划", "住所", "法定代表人证件摘要", "成立日期", "登记机关",
    "登记状态", "状态日期",
)  # fmt: skip
_CLASSES = (("企业", "91", "1100"), ("个体工商户", "92", "9500"), ("农民专业合作社", "93", "9100"))
_SCOPES = ("食品销售", "日用百货销售", "软件开发", "餐饮服务", "物业管理", "服装零售", "五金产品批发")
_STATES = ("存续", "存续", "存续", "存续", "歇业", "注销", "吊销")


def market_entities(rows: int, seed: int = 1) -> Iterator[tuple[str, ...]]:
    """Rows of the ledger of market entities as texts."""
    chance = random.Random(seed)
    for number in range(rows):
        label, prefix, kind = _CLASSES[chance.choices((0, 1, 2), (45, 53, 2))[0]]
        subject = "MA" + _in_base(number, 6)
        first = f"{prefix}440114{subject}{subject_check_character(subject)}"
        year, month, day = chance.randint(1995, 2020), chance.randint(1, 12), chance.randint(1, 28)
        yield (
            f"E{number:09d}",
            first + check_character(first),
            "",
            f"广州第{number}号商行有限公司",
            label,
            "否" if chance.random() < 0.9 else "是",
            kind,
            f"F{chance.randint(5100, 5299)}",
            "、".join(chance.sample(_SCOPES, chance.randint(1, 3))),
            f"{chance.randint(1, 5000) * 10_000}.{chance.randint(0, 99):02d}",
            "CNY",
            "440114",
            f"花都区新华街第{chance.randint(1, 900)}号之{chance.randint(1, 40)}",
            "",
            f"{year}-{month:02d}-{day:02d}",
            f"440114-{chance.randint(1, 16):02d}",
            chance.choice(_STATES),
            f"{year + chance.randint(1, 5)}-{month:02d}-{day:02d}",
        )


def write_csv(path: Path, rows: int) -> Path:
    """A UTF-8 file with a byte order mark, as spreadsheets write it."""
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(HEADINGS)
        writer.writerows(market_entities(rows))
    return path


def _in_base(number: int, width: int) -> str:
    letters = CHARACTERS
    found = ""
    for _ in range(width):
        number, rest = divmod(number, len(letters))
        found = letters[rest] + found
    return found


def write_workbook(path: Path, rows: int) -> Path:
    """A workbook as people fill it in: numbers as numbers, days as days."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("市场主体")
    sheet.append(HEADINGS)
    for row in market_entities(rows):
        cells: list[object] = list(row)
        cells[9] = float(row[9])
        cells[14], cells[17] = date.fromisoformat(row[14]), date.fromisoformat(row[17])
        sheet.append(cells)
    book.save(path)
    return path

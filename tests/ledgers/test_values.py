"""From cells to values: the forms people write, the forms programs write, and what is refused."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhunsheng.ledgers.field import FieldDefinition, FieldType
from zhunsheng.ledgers.value_texts import typed_text
from zhunsheng.ledgers.values import Reader, cell_text, read_value

MONEY = FieldDefinition("amount", "金额", FieldType.MONEY, places=2)
COUNT = FieldDefinition("people", "人数", FieldType.INTEGER, unit="人", least=0)
WEIGHT = FieldDefinition("weight", "重量", FieldType.DECIMAL, places=3, unit="公斤")
SHARE = FieldDefinition("share", "比例", FieldType.DECIMAL, places=2, unit="%")
FLAG = FieldDefinition("flag", "是否", FieldType.BOOLEAN)
DAY = FieldDefinition("day", "日期", FieldType.DATE)
MOMENT = FieldDefinition("at", "时间", FieldType.TIME)
STATE = FieldDefinition("state", "状态", FieldType.ENUM, members={"LIVE": "存续", "OUT": "迁出"})
SEALS = FieldDefinition("seals", "印章", FieldType.LIST, members={"A": "公章", "B": "财务章"})
ITEMS = FieldDefinition("items", "事项", FieldType.LIST)
STAFF = FieldDefinition("staff", "人员", FieldType.LIST, target="staff")
ENTITY = FieldDefinition("entity", "主体", FieldType.REFERENCE, target="market_entity")
NAME = FieldDefinition("name", "名称", FieldType.TEXT, length=6)
CODE = FieldDefinition("code", "代码", FieldType.TEXT, length=4, exact_length=True)
DATA = FieldDefinition("data", "结构", FieldType.JSON)


@pytest.mark.parametrize(
    ("field", "given", "value"),
    [
        (MONEY, "1,234.5", Decimal("1234.50")),
        (MONEY, "１２３４．５６", Decimal("1234.56")),
        (MONEY, "12万元", Decimal("120000.00")),
        (MONEY, "1.5亿元", Decimal("150000000.00")),
        (MONEY, "￥3.10", Decimal("3.10")),
        (MONEY, "-0", Decimal("0.00")),
        (MONEY, "-12.30元", Decimal("-12.30")),
        (MONEY, 12.3, Decimal("12.30")),
        (MONEY, 0.1 + 0.2, Decimal("0.30")),
        (MONEY, Decimal("99.10"), Decimal("99.10")),
        (MONEY, "92233720368547758.07", Decimal("92233720368547758.07")),
        (COUNT, "3人", 3),
        (COUNT, "3万", 30000),
        (COUNT, 3.0, 3),
        (COUNT, "12.0", 12),
        (WEIGHT, "5307.17公斤", Decimal("5307.170")),
        (SHARE, "78%", Decimal("78.00")),
        (FLAG, "是", True),
        (FLAG, "否", False),
        (FLAG, "TRUE", True),
        (FLAG, False, False),
        (FLAG, 1, True),
        (DAY, "2021-3-5", date(2021, 3, 5)),
        (DAY, "2021/03/05", date(2021, 3, 5)),
        (DAY, "2021年3月5日", date(2021, 3, 5)),
        (DAY, "20210305", date(2021, 3, 5)),
        (DAY, "2021.3.5", date(2021, 3, 5)),
        (DAY, datetime(2021, 3, 5, 10), date(2021, 3, 5)),  # noqa: DTZ001
        (DAY, date(2021, 3, 5), date(2021, 3, 5)),
        (DAY, "9999-12-31", date(9999, 12, 31)),
        (MOMENT, "2021-03-05 09:05", datetime(2021, 3, 5, 9, 5)),  # noqa: DTZ001
        (MOMENT, "2021-03-05T09:05:07", datetime(2021, 3, 5, 9, 5, 7)),  # noqa: DTZ001
        (MOMENT, "2021-03-05T01:05:00Z", datetime(2021, 3, 5, 9, 5)),  # noqa: DTZ001
        (MOMENT, "2021-03-05 09:05:00.25", datetime(2021, 3, 5, 9, 5, 0, 250_000)),  # noqa: DTZ001
        (MOMENT, "2021年3月5日9时5分", datetime(2021, 3, 5, 9, 5)),  # noqa: DTZ001
        (MOMENT, "2021-03-05", datetime(2021, 3, 5)),  # noqa: DTZ001
        (STATE, "LIVE", "LIVE"),
        (STATE, "存续", "LIVE"),
        (STATE, " 存 续 ", "LIVE"),
        (STATE, "ｌｉｖｅ", "LIVE"),
        (SEALS, "公章、B", ("A", "B")),
        (SEALS, "A;A；财务章", ("A", "B")),
        (SEALS, '["A", "B"]', ("A", "B")),
        (ITEMS, "食品销售（预包装、散装）、餐饮，住宿", ("食品销售（预包装、散装）", "餐饮", "住宿")),
        (ITEMS, "日用品、五金；餐饮", ("日用品、五金", "餐饮")),
        (STAFF, "S１、S2", ("S1", "S2")),
        (ENTITY, " Ｅ00１ ", "E001"),
        (NAME, "　广州\u200b ", "广州"),
        (NAME, "'=1+1", "=1+1"),
        (NAME, 5.0, "5"),
        (NAME, "（甲）", "（甲）"),
        (DATA, '{"a": [1, 2]}', '{"a": [1, 2]}'),
        (NAME, "   ", None),
        (MONEY, None, None),
    ],
)
def test_read(field: FieldDefinition, given: object, value: object) -> None:
    reading = read_value(field, given)
    assert reading.fault is None
    assert reading.value == value
    assert type(reading.value) is type(value)


@pytest.mark.parametrize(
    ("field", "given", "level", "code"),
    [
        (MONEY, "12.345", "Q", "LEDG-104"),
        (MONEY, "78%", "Q", "LEDG-105"),
        (MONEY, "0.78%", "Q", "LEDG-105"),
        (MONEY, "1.2E+05", "Q", "LEDG-124"),
        (MONEY, "12,34", "E", "LEDG-103"),
        (MONEY, "约3", "E", "LEDG-103"),
        (MONEY, "3公斤", "E", "LEDG-103"),
        (MONEY, "-", "E", "LEDG-103"),
        (MONEY, True, "E", "LEDG-103"),
        (MONEY, 1e20, "E", "LEDG-106"),
        (MONEY, 123456789012345678.0, "Q", "LEDG-119"),
        (MONEY, "92233720368547758.08", "E", "LEDG-106"),
        (MONEY, "9" * 5000, "E", "LEDG-103"),
        (COUNT, "-1", "E", "LEDG-107"),
        (COUNT, "3.5", "E", "LEDG-103"),
        (COUNT, "1_000", "E", "LEDG-103"),
        (WEIGHT, "0.0005", "Q", "LEDG-104"),
        (FLAG, "2", "E", "LEDG-112"),
        (FLAG, "也许", "E", "LEDG-112"),
        (DAY, "2021-02-30", "E", "LEDG-108"),
        (DAY, "44260", "E", "LEDG-122"),
        (DAY, 44260, "E", "LEDG-122"),
        (DAY, 44260.5, "E", "LEDG-122"),
        (DAY, "21-3-5", "E", "LEDG-108"),
        (DAY, "1821-03-05", "Q", "LEDG-109"),
        (DAY, time(3, 4), "E", "LEDG-108"),
        (MOMENT, "2021-03-05 25:00", "E", "LEDG-110"),
        (MOMENT, timedelta(hours=3), "E", "LEDG-110"),
        (STATE, "注销", "E", "LEDG-102"),
        (SEALS, "A、C", "E", "LEDG-116"),
        (NAME, "一二三四五六七", "E", "LEDG-113"),
        (CODE, "123", "E", "LEDG-113"),
        (NAME, 1.23e16, "Q", "LEDG-119"),
        (NAME, "#N/A", "E", "LEDG-121"),
        (MONEY, "#DIV/0!", "E", "LEDG-121"),
        (NAME, "乱\ufffd码", "Q", "LEDG-123"),
        (DATA, "{a: 1}", "E", "LEDG-117"),
        (DATA, "[NaN]", "E", "LEDG-117"),
        (DATA, "3", "E", "LEDG-117"),
        (DATA, "[" * 100_000, "E", "LEDG-117"),
    ],
)
def test_refused(field: FieldDefinition, given: object, level: str, code: str) -> None:
    reading = read_value(field, given)
    assert reading.value is None
    assert reading.fault is not None
    assert (reading.fault.level.value, reading.fault.problem.code) == (level, code)
    assert field.label in reading.fault.problem.what
    assert reading.fault.problem.remedy


@pytest.mark.parametrize(
    ("field", "given", "changed"),
    [
        (DAY, "2021-03-05", False),
        (DAY, "2021/3/5", True),
        (MONEY, "12.5", False),
        (MONEY, "1,000", True),
        (NAME, "甲 ", True),
        (NAME, "甲", False),
        (STATE, "存续", False),
        (STATE, "live", True),
        (FLAG, "是", False),
        (FLAG, "Yes", True),
    ],
)
def test_a_changed_form_is_told(field: FieldDefinition, given: str, changed: bool) -> None:
    assert read_value(field, given).changed is changed


def test_code_list_by_code_label_and_other_letters() -> None:
    reader = Reader(CODE, is_code=True, listed={"A100": "甲类", "A200": "乙类"})
    assert reader.read("A100").value == "A100"
    assert reader.read("ａ100").value == "A100"
    assert reader.read("乙类").value == "A200"
    fault = reader.read("A300").fault
    assert fault is not None
    assert (fault.level.value, fault.problem.code) == ("Q", "LEDG-115")


def test_doubtful_values_that_a_person_has_confirmed() -> None:
    assert Reader(CODE, listed={}, confirmed=True).read("A300").value == "A300"
    assert Reader(DAY, confirmed=True).read("1821-03-05").value == date(1821, 3, 5)
    # what has no exact value cannot be confirmed, only corrected
    assert Reader(MONEY, confirmed=True).read("78%").fault is not None


def test_column_in_ten_thousand_yuan() -> None:
    """1,000.5 万元 are 10,005,000 yuan; a figure with another unit of its own is doubtful."""
    reader = Reader(MONEY, scale=4)
    assert reader.read("1,000.5").value == Decimal("10005000.00")
    assert reader.read("3万元").value == Decimal("30000.00")
    fault = reader.read("3亿元").fault
    assert fault is not None
    assert fault.level.value == "Q"


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_of_spreadsheets_keep_every_digit(number: float) -> None:
    text = typed_text(number)
    assert float(text.lstrip("\x1f")) == number
    assert "e" not in text


@given(st.integers(-(2**63) + 1, 2**63 - 1))
def test_money_of_any_size_is_exact(fen: int) -> None:
    text = f"{Decimal(fen).scaleb(-2):f}"
    assert read_value(MONEY, text).value == Decimal(fen).scaleb(-2)


@given(st.lists(st.text('甲乙、，;；（）() ["a', min_size=1, max_size=5), min_size=1, max_size=4))
def test_lists_are_written_so_that_they_read_back(parts: list[str]) -> None:
    reading = read_value(ITEMS, "；".join(parts))
    if reading.value is not None:
        assert read_value(ITEMS, cell_text(ITEMS, reading.value)).value == reading.value


@given(st.text())
def test_no_text_breaks_any_reader(text: str) -> None:
    for field in (
        MONEY,
        COUNT,
        WEIGHT,
        FLAG,
        DAY,
        MOMENT,
        STATE,
        SEALS,
        ITEMS,
        STAFF,
        ENTITY,
        NAME,
        CODE,
        DATA,
    ):
        reading = read_value(field, text)
        assert reading.value is None or reading.fault is None

"""A part named after 其中 is not greater than its whole."""

from collections.abc import Callable

import pytest

from zhunsheng.audit.auditing import Audit


@pytest.mark.parametrize(
    ("text", "faults", "passes"),
    [
        ("全年共备案合同69份，其中超期备案4份。", 0, 1),
        ("全年共备案合同69份，其中超期备案74份。", 1, 0),
        ("新登记企业64.34万户，其中新登记公司44.68万户，实有市场主体303.77万户。", 0, 1),
        # 100 printed without decimals may be 100.4 before rounding
        ("支出100万元，其中培训支出100.4万元。", 0, 1),
        ("支出100万元，其中培训支出101万元。", 1, 0),
        # another unit, or a total again
        ("立案69宗，其中罚没金额120万元。", 0, 0),
        ("新增企业12家，其中，全区企业总量达300家。", 0, 0),
    ],
)
def test_part_of_whole(audited: Callable[..., Audit], text: str, faults: int, passes: int) -> None:
    result = audited("A106", text)
    assert (len(result.findings), sum(each.passed for each in result.obligations)) == (faults, passes)

"""One unit in a column of amounts."""

from collections.abc import Callable

import pytest

from zhunsheng.audit.auditing import Audit


@pytest.mark.parametrize(
    ("text", "findings"),
    [
        ("项目\t支出金额\n甲\t120.50万元\n乙\t88.35万元\n丙\t14.20万元", 0),
        ("项目\t支出金额\n甲\t120.50万元\n乙\t883500元\n丙\t14.20万元", 1),
        ("项目\t支出金额（万元）\n甲\t120.50\n乙\t88.35\n丙\t14.20", 0),
        ("项目\t情况说明\n甲\t支出120.50万元\n乙\t883500元\n丙\t14.20万元", 0),
        ("项目\t支出金额\n甲\t120.50万元\n乙\t883500元", 0),  # two cells show no usual unit
    ],
)
def test_mixed_units(audited: Callable[..., Audit], text: str, findings: int) -> None:
    assert len(audited("A903", text).findings) == findings

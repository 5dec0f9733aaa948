"""Names in brackets and quotation marks, tasks and their order: counted by hand."""

from collections.abc import Callable

import pytest

from zhunsheng.audit.auditing import Audit

Audited = Callable[..., Audit]


def counts(result: Audit) -> tuple[int, int]:
    """Findings and passed checks."""
    return len(result.findings), sum(each.passed for each in result.obligations)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("新增优势企业2家（甲照明、乙智汇）。", (0, 1)),
        ("新增优势企业3家（甲照明、乙智汇）。", (1, 0)),
        ("新增试点项目2个省级标准化项目（甲电器、乙食品）获批。", (0, 1)),
        ("免费刻制印章5枚（包括公章、财务章、发票章、合同章、法人章）。", (0, 1)),
        ("免费刻制印章5枚（包括公章、财务章、发票章、合同章）。", (1, 0)),
        ("新增优势企业9家（甲照明、乙智汇等）。", (0, 1)),  # open list
        ("购置设备12台（套）。", (0, 0)),
        ("设施12处（含分中心、服务站）。", (0, 0)),
        ("做好“消费公示”及“放心承诺”两个专项工作。", (0, 1)),
        ("做好“消费公示”“放心承诺”和“线下退货”两个专项工作。", (1, 0)),
    ],
)
def test_names_beside_their_number(audited: Audited, text: str, expected: tuple[int, int]) -> None:
    assert counts(audited("A501", text)) == expected


TASKS = "任务\t指标\n一、深化登记制度改革。\t甲\n二、强化重点监管执法。\t乙\n三、创新消费维权机制。\t丙\n四、加强特种设备监管。\t丁\n"
ITEM = "{}.“{}”指标完成情况。全部完成。\n"


def analysis(*names: str) -> str:
    lines = [ITEM.format(number, name) for number, name in enumerate(names, start=1)]
    return TASKS + "（二）完成情况\n" + "".join(lines)


REFORM, LAW, RIGHTS, DEVICES = "深化登记制度改革", "强化重点监管执法", "创新消费维权机制", "加强特种设备监管"


@pytest.mark.parametrize(
    ("names", "said"),
    [
        ((REFORM, LAW, RIGHTS, DEVICES), ""),
        ((LAW, REFORM, RIGHTS, DEVICES), "2、1、3、4"),
        ((REFORM, LAW, RIGHTS, "加强特种设备"), "名称"),
        ((REFORM, LAW, RIGHTS), ""),  # three are too few to speak of an order
    ],
)
def test_order_of_tasks(audited: Audited, names: tuple[str, ...], said: str) -> None:
    messages = [each.message for each in audited("A505", analysis(*names)).findings]
    assert len(messages) == (1 if said else 0)
    assert all(said in each for each in messages)

"""Traces of people in texts are found; figures, codes and dates are none."""

import pytest

from zhunsheng.workflow.releasing.personal import personal_traces


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("联系人手机13800138000，欢迎来电", "手机号码"),
        ("电话 020-36898888", "电话号码"),
        ("证件号 11010519491231002X 已核", "身份证号码"),
        ("由陈填报整理", "填报或经办人员的姓名、电话"),
    ],
)
def test_what_is_personal_is_found_without_being_repeated(text: str, kind: str) -> None:
    (trace,) = personal_traces({"tasks": [{"results": [text]}]}, ["陈填报"])
    assert (trace.kind, trace.where) == (kind, "tasks[0].results[0]")
    for secret in ("13800138000", "36898888", "11010519491231002X", "陈填报"):
        assert secret not in trace.around


@pytest.mark.parametrize(
    "text",
    [
        "执行数 22918.66 万元，比上年增加 1,597.97 万元",
        "统一社会信用代码 91440114MA59ABCD12",
        "2023-12-10 前完成，文号〔2013〕53号",
        "SHA-256 54cd3492ae0fc4a3dd77e3cd4d16ec19154169496702402d0e16cf7df0ed873f",
        "立案 1291 宗，罚没 13800138000.5 元",
    ],
)
def test_figures_codes_and_hashes_are_not_personal(text: str) -> None:
    assert personal_traces([text], ["陈填报", "王"]) == []

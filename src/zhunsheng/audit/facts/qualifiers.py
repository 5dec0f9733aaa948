"""What narrows a figure: stage of the budget, place, what is included, budget or outcome."""

import re
from enum import StrEnum


class Stage(StrEnum):
    """Where in the course of a year a figure stands."""

    NONE = ""
    TARGET = "target"
    INITIAL_BUDGET = "initial_budget"
    ADJUSTED_BUDGET = "adjusted_budget"
    BUDGET = "budget"
    ACTUAL = "actual"

    def may_equal(self, other: "Stage") -> bool:
        """Whether two figures of these stages can be the same fact."""
        if self is other or Stage.NONE in {self, other}:
            return Stage.TARGET not in {self, other} or self is other
        budgets = {Stage.INITIAL_BUDGET, Stage.BUDGET}
        return {self, other} <= budgets


_STAGES: tuple[tuple[Stage, re.Pattern[str]], ...] = (
    (
        Stage.TARGET,
        re.compile("目标值|指标值(?!完成)|预期(?:实现|完成)?值|预期目标|计划(?:完成|数|值)|年度指标|预期"),
    ),
    (Stage.ADJUSTED_BUDGET, re.compile("调整后?预算|预算调整|全年预算|调整后")),
    (Stage.INITIAL_BUDGET, re.compile("年初(?:部门|批复)?预算")),
    (Stage.ACTUAL, re.compile("决算|执行数|预算执行|实际|完成情况|完成值|支出数|执行")),
    (
        Stage.BUDGET,
        re.compile(
            "(?<!公共)(?<!基金)(?<!经营)预算(?!完成|执行|支出绩效|单位|编制|绩效|管理|拨款|财政|项目|资金|基本)"
        ),
    ),
)
_BUDGET_TITLE = re.compile("预算(?!绩效|执行|支出绩效)")


def usual_stage(title: str) -> Stage:
    """The stage of figures that name none, from the title of the document."""
    return Stage.BUDGET if _BUDGET_TITLE.search(title) and "决算" not in title else Stage.ACTUAL


_SCOPES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("全国", re.compile("全国")),
    ("全省", re.compile("全省")),
    ("全市", re.compile("全市(?!场)")),
    ("全区", re.compile("全区")),
    ("全县", re.compile("全县")),
    ("本级", re.compile("[市区县省]?本级|机关本部|局本部|[市区县省]级(?:财政|资金|安排|支出|投入|专项)")),
    ("中央", re.compile("中央(?:财政|资金|补助|级)")),
    ("上级", re.compile("上级")),
    ("规上", re.compile("规模以上|规上|限额以上|限上")),
    ("累计", re.compile("累计|历年|至今|以来")),
    ("城镇", re.compile("城镇|城市(?:居民|低保|特困|人口|户籍)")),
    ("农村", re.compile("农村|乡村")),
)
_INCLUDED = re.compile(
    r"(?P<no>不含|不包括|扣除|剔除|除)(?P<out>[^，。；（）]{1,12})|(?<!不)(?:含|包括|包含)(?P<in>[^，。；（）]{1,12})"
)


def stage_of(phrase: str) -> Stage:
    """The stage a phrase names; the last word that names one decides."""
    found = Stage.NONE
    at = -1
    for stage, pattern in _STAGES:
        for match in pattern.finditer(phrase):
            if match.end() > at:
                found, at = stage, match.end()
    return found


def scopes_of(phrase: str) -> frozenset[str]:
    """The qualifiers a phrase names: 全市, 本级, 含转移支付, 不含空港."""
    found = {name for name, pattern in _SCOPES if pattern.search(phrase)}
    for match in _INCLUDED.finditer(phrase):
        if match["out"]:
            found.add("不含" + match["out"])
        elif match["in"]:
            found.add("含" + match["in"])
    return frozenset(found)

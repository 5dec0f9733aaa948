"""The subject of a figure: its noun phrase, reduced to the words that name the thing."""

import re
from functools import lru_cache

# agents, adverbs and verbs that say nothing about what is counted
_STOP_WORDS = (
    r"〔\d+〕",
    r"(?:19|20)\d{2}年(?:度|末|底)?",
    r"\d{1,2}月(?:份|末|底)?(?:\d{1,2}日)?",
    "截[至止到]",
    "(?:本|当|今|全)年(?:度|内)?(?!报)",
    "至?年[末底初]|达到|每年",
    "上半年|下半年|期末|目前",
    "[我本](?:局|市|区|县|省|部门|单位|街道|镇|院|中心|校)",
    "全(?:市|区|县|省|国|局|系统|街道)(?:各类|各级)?",
    "各(?:级|类|项|种)",
    "组织开展|开展(?!率)|组织(?!机构)|实现(?!率)|实际完成|已完成|完成(?![率比])|达成(?!率)|实施|推进|实有|拥有(?!量)|共有|设有|设置|现有",
    "累计|合计(?=.)|共计|总计(?=.)|分别|一共|同步|陆续|顺利|全面|大力|积极|持续",
    "(?<!公)共(?![享同和产])|已(?![知建])|(?<!平)均(?![衡值])|约(?!束)|(?<!总)实际",
    "办理(?=.{3})",
    "其中|另外|另有|此外|同时|以及|并(?!购)|仍|还",
    "[的了等在将被]|对(?![象比外应])|(?<![行作认成])为(?!民)",
    "[、“”‘’《》·\\s\"'：，。；\\-—]",
)
_STOP = re.compile("|".join(_STOP_WORDS))
_LEAD = re.compile(
    r"^(?:\d{1,2}[.、．]|[①-⑳]|[一二三四五六七八九十]{1,2}是|有(?![效关机线色])|[由向从按以经至到与和及是使即含约于如])+"
)
_TAIL = re.compile(
    r"(?:累计|合计|总计|共计|约|近|超过|超|逾|突破|达到|达至|达|为|是|有|共|计|至|到|了|不少于|不低于|不高于|不超过|不多于|至少|高于|低于|大于|小于|"
    r"控制在|以上|在|仅|即|分别|：|=|≥|≤|>|<|\+)+$"
)
_COUNT_TAIL = re.compile(
    r"(?<=.{2})(?:总数量|总数|总量|总额|总金额|数量|数额|金额|个数|人数|户数|次数|件数|家数|枚数|数)$"
)
_BRACKETS = re.compile(r"（[^（）]*）")
_CHARACTER = re.compile("[\u4e00-\u9fff]")
# words of the form of reports: what is left without them must still name something
_GENERIC = re.compile(
    "[一二三]级指标|年初指标值|年度指标值|指标值|指标|目标值|目标|预期值|预期|计划|实际值|完成值|完成情况|完成率|执行率|支出率|合格率|覆盖率|达标率|"
    "增长率|比例|占比|比重|得分率|自评得分|得分|自评|评分|分值|满分|权重|总分|扣分|支出|收入|预算数|预算|决算数|决算|执行数|执行|完成|资金|"
    "经费|专项|金额|项目|安排|下达|拨付|拨款|到位|使用|涉及|投入|年初|年末|全年|调整后|调整|本年|上年|当年|年度|合计|总计|小计|"
    "总额|累计|新增|资助|补贴|补助|奖励|采购|合同|数量|数据|数值|情况|主要|用于|方面|包括|标准|平均|人均|每|个|项|数|量|额|率|占|"
    "国家级|省级|市级|区级|县级|毕业生|在校生?|床位|受益|群众|服务对象|社会公众|满意度|满意率|及时率|成交|该|总|费|增长|下降|增加|减少|提高|降低|同比|上升|环比|比|较|余额|结余|结转|指出|企业|单位|人员|机构|部门|共|分|类|款|其他|一般|除以|乘以|等于|下级|之和|所述|说明|任务|问题|增减|原因|附件"
)
# general words of public finance that make a short phrase specific enough
_FINANCE = re.compile(
    "基本支出|项目支出|一般公共预算|财政拨款|公用经费|人员经费|三公|政府性基金|国有资本经营|机关运行经费|政府采购|"
    "本年收入|本年支出|收入合计|支出合计|收入总计|支出总计|收入支出总计|收支总计|因公出国|公务接待|公务用车|整体支出"
)


def without_marks(text: str) -> str:
    """A phrase without the comparators and links at its end."""
    return _TAIL.sub("", text)


@lru_cache(maxsize=16384)
def core_of(phrase: str) -> str:
    """The naming words of a phrase: brackets, times, agents, general verbs and particles left out.

    >>> core_of("2021年全市完成食品抽检")
    '食品抽检'
    >>> core_of("行政案件立案数") == core_of("行政案件立案数量")
    True
    """
    bare = phrase
    while (shorter := _BRACKETS.sub("", bare)) != bare:
        bare = shorter
    bare = without_marks(bare.strip("，。；：、（）“”"))
    bare = _STOP.sub("", bare)
    bare = _LEAD.sub("", without_marks(bare))
    bare = bare.strip("（）")
    return _COUNT_TAIL.sub("", bare)


def is_specific(core: str) -> bool:
    """Whether a core names one thing, and not something every item of a report has.

    >>> is_specific("自评得分"), is_specific("食品抽检"), is_specific("项目支出")
    (False, True, True)
    """
    if len(_CHARACTER.findall(core)) < 3:
        return False
    return len(_GENERIC.sub("", core)) >= 2 or _FINANCE.search(core) is not None


@lru_cache(maxsize=16384)
def grams(core: str) -> frozenset[str]:
    """All pairs of neighbouring characters."""
    return frozenset(core[index : index + 2] for index in range(len(core) - 1))


def likeness(one: str, other: str) -> float:
    """How much two cores share, 0 to 1; order does not matter (Dice over character pairs)."""
    first, second = grams(one), grams(other)
    if not first or not second:
        return 0.0
    return 2 * len(first & second) / (len(first) + len(second))

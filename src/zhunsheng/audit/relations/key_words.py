"""Whether two texts speak of the same thing, by pairs of characters that are not mere form."""

import re

# words of form that any item of any report may hold
_FORM = re.compile(
    r"指标|情况|完成|数量|质量|时效|效益|社会|经济|生态|可持续|影响|合规|及时|规范|有效|准确|部门|单位|整体|绩效|目标|"
    r"年度|年初|年末|全年|当年|本年|项目|经费|资金|专项|工作|管理|服务|建设|开展|实施|组织|以上|以下|不少于|不低于|不超过|"
    r"达到|按照|根据|有关|相关|主要|原因|加强|进行|问题|存在|提升|提高|要求|补助|补贴|分值|监督|情形|方面|制度|控制|部分|"
    r"市场监管|我局|本局|我单位|计划|实际|任务|重点|进一步|推进|落实|工程|经常性|一般公共|财政|得分|自评|扣分|满意度|"
    r"因为|由于|没有|已经|导致|下一步|措施|方案|机制|体系|活动|支出项|及|和|的|了|是|在|对|与|为|等|率|性|度"
)
_RUN = re.compile(r"[\u4e00-\u9fff]{2,}")


def key_pairs(text: str) -> frozenset[str]:
    """The pairs of neighbouring characters that carry what a text is about.

    >>> sorted(key_pairs("合同备案时效性"))
    ['合同', '同备', '备案']
    """
    bare = _FORM.sub(" ", text)
    return frozenset(run[index : index + 2] for run in _RUN.findall(bare) for index in range(len(run) - 1))


def cause_in(text: str) -> str:
    """The clauses of a text that give a cause."""
    found = re.findall(r"(?:原因|因为|由于|因(?!素|此|果)|受)[^。；]*", text)
    return "。".join(found)

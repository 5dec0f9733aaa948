"""The body a document is about."""

import re
from collections import Counter

from zhunsheng.audit.reading import Reading

_YEARED = re.compile(r"(?:19|20)\d{2}年?度?")
_BODY = re.compile(
    r"(?:[\u4e00-\u9fff]{1,5}?(?:省|自治区|市|州|盟|区|县|旗)){1,3}(?!场)[\u4e00-\u9fff]{0,16}?"
    r"(?:局|委员会|办公室|办事处|人民政府(?!办)|厅|院|中心|馆|所|总队|支队|大队|学校|大学|法院|联合会|总工会)"
    r"(?=[（(“”，。、；：\s]|部门|单位|财政|预算|决算|整体|关于|本级|机关|收入|支出|是|$)"
)


def body_of(reading: Reading) -> str:
    """The name of the public body that the document names most often, or ""."""
    counted = Counter(
        match[0] for passage in reading.prose for match in _BODY.finditer(_YEARED.sub("，", passage.text))
    )
    return max(counted, key=lambda name: (counted[name], len(name))) if counted else ""

"""Units that follow figures in official Chinese writing, and what kind of quantity they make."""

from enum import StrEnum


class Dimension(StrEnum):
    """What a unit measures; figures of different dimensions are never compared."""

    MONEY = "money"
    PERCENT = "percent"
    PERCENTAGE_POINT = "percentage_point"
    COUNT = "count"
    DURATION = "duration"
    MASS = "mass"
    LENGTH = "length"
    AREA = "area"
    VOLUME = "volume"
    ENERGY = "energy"
    SCORE = "score"
    MULTIPLE = "multiple"
    RATIO = "ratio"
    OTHER = "other"
    NONE = "none"


_BY_DIMENSION: dict[Dimension, str] = {
    Dimension.MONEY: "元 美元 港元 港币 欧元 日元 人民币 角 分钱",
    Dimension.PERCENT: "% ‰",
    Dimension.PERCENTAGE_POINT: "个百分点 百分点 个千分点",
    Dimension.COUNT: (
        "户次 户 家次 家 宗 件次 件套 件 批次 批 条次 条 台次 台套 台 套 人次 人年 人 名 位 项次 项 个 只 支 次 份 枚 "
        "张次 张 面 所 间 处次 处 座 栋 幢 辆次 辆 艘 架次 架 场次 场 门 篇 部 册 例 起 单 笔 种 款 片 株 头 箱 瓶 盒 床 "
        "幅 块 根 把 双 对 副 组 队 班 班次 期 轮次 轮 车次 趟 封 幕 首 集 档 扇 户籍 具 颗 棵 尾 羽 匹 口 盏 节 卷 本 "
        "通 宗次 域名 点位 站次 站 网点 环节 步 类 类别 级 星级 星 届次 篇次 条款 号 村 镇 街 席 盘 餐 课时 学时 单位 "
        "县次 县 街道 社区 乡 岗 码 包 桶 罐 团 伙 团伙 分支 部委 强 国 代 页 字 行 列 平台 宿 栏 井 孔 线 车位 泊位 "
        "床位 学位 标段 地块 病例 病区 工位 机位"
    ),
    Dimension.DURATION: "个工作日 工作日 分钟 秒钟 秒 小时 个小时 天 日历天 个月 周年 年 周 个季度 季度 日 课时数 学年 学期",
    Dimension.MASS: "公斤 千克 吨标准煤 吨 克 毫克 微克 kg KG Kg mg g t 斤",
    Dimension.LENGTH: "公里 千米 米 厘米 毫米 海里 km m cm mm",
    Dimension.AREA: "平方米 平方千米 平方公里 公顷 亩 ㎡ m² km² m2 平米 平方",
    Dimension.VOLUME: "立方米 升 毫升 m³ m3 L ml 标准立方米 方",
    Dimension.ENERGY: "千瓦时 千瓦 度 兆瓦 伏 安 kW kWh 蒸吨 兆 GB TB MB PB 摄氏度 ℃",
    Dimension.SCORE: "分",
    Dimension.MULTIPLE: "倍",
    Dimension.OTHER: "岁 周岁 折 成 开 户口 标箱 TEU 马力 赫兹 分贝 载重吨 总吨 客公里 吨公里 微克/立方米 人公里 辆公里",
}

DIMENSION_OF: dict[str, Dimension] = {
    unit: dimension for dimension, units in _BY_DIMENSION.items() for unit in units.split()
}
# things that come whole: half a household or half a case does not exist
INDIVISIBLE = frozenset(
    [
        "户次",
        "户",
        "家次",
        "家",
        "宗",
        "件",
        "批次",
        "条次",
        "台次",
        "台",
        "人次",
        "人",
        "名",
        "位",
        "项",
        "个",
        "只",
        "支",
        "次",
        "份",
        "枚",
        "面",
        "所",
        "间",
        "座",
        "栋",
        "辆",
        "艘",
        "场次",
        "场",
        "篇",
        "部",
        "册",
        "例",
        "起",
        "单",
        "笔",
        "种",
        "款",
    ]
)
MULTIPLIERS = {
    "十": 10,
    "百": 100,
    "千": 1_000,
    "万": 10_000,
    "百万": 10**6,
    "千万": 10**7,
    "亿": 10**8,
    "万亿": 10**12,
}

_LONGEST_FIRST = sorted(DIMENSION_OF, key=len, reverse=True)
_HEADS: dict[str, tuple[str, ...]] = {}
for _unit in _LONGEST_FIRST:
    _HEADS[_unit[0]] = (*_HEADS.get(_unit[0], ()), _unit)


def unit_at(text: str, position: int) -> str:
    """The longest known unit that starts at a position, composite units included; "" when there is none.

    >>> unit_at("4份/千人的", 1)
    '份/千人'
    """
    unit = _single(text, position)
    if not unit:
        return ""
    end = position + len(unit)
    if text[end : end + 1] == "/":
        below = end + 1
        multiplier = next((word for word in ("万", "千", "百", "亿") if text.startswith(word, below)), "")
        other = _single(text, below + len(multiplier))
        if other and not text[below : below + 1].isdigit():
            return f"{unit}/{multiplier}{other}"
    return unit


def _single(text: str, position: int) -> str:
    for unit in _HEADS.get(text[position : position + 1], ()):
        if text.startswith(unit, position):
            following = text[position + len(unit) : position + len(unit) + 1]
            if unit.isascii() and unit.isalpha() and following.isascii() and following.isalpha():
                continue
            return unit
    return ""


def dimension_of(unit: str) -> Dimension:
    """The dimension of a unit; a composite unit is a ratio.

    >>> dimension_of("元/人").value
    'ratio'
    """
    if not unit:
        return Dimension.NONE
    if "/" in unit:
        return Dimension.RATIO
    return DIMENSION_OF.get(unit, Dimension.OTHER)

"""The businesses that ledgers and indicators belong to, by number."""

from typing import Final

CHAPTERS: Final = {
    0: "基础资料",
    1: "登记注册",
    2: "年报公示",
    3: "双随机",
    4: "信用监管",
    5: "投诉举报",
    6: "执法办案",
    7: "食品",
    8: "特种设备",
    9: "产品与两品一械",
    10: "标准计量认证",
    11: "知识产权",
    12: "广告与网络监测",
    13: "农贸市场",
    14: "信息化",
    15: "财务采购资产",
    16: "调查培训等",
}

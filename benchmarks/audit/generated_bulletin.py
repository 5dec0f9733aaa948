"""An invented statistical bulletin: every figure follows from a small model, so all relations hold."""

import random
from decimal import Decimal

from generated_report import PLACES, Figure, Report, Sheet, amount, figure


def bulletin(seed: int) -> Report:
    """A statistical bulletin: growth, shares, sums of parts, repeated figures."""
    source = random.Random(seed)
    place = source.choice(PLACES)
    year = source.randrange(2021, 2025)
    report = Report(f"bulletin-{seed}")
    report.say(f"{place}{year}年市场监管统计公报")
    first, second, third = (amount(source, low, high) for low, high in ((30, 300), (900, 4000), (1000, 6000)))
    total = first + second + third
    last = (total * Decimal(source.randrange(90, 112)) / 100).quantize(Decimal("0.01"))
    report.say("一、综合")
    word = "增长" if total >= last else "下降"
    report.say(
        "全年全市产值",
        figure(total, "sum", "growth", "repeat"),
        "亿元，比上年（",
        figure(last, "growth"),
        f"亿元）{word}",
        figure(abs(total - last) / last * 100, "growth"),
        "%。其中：第一产业",
        figure(first, "sum"),
        "亿元，第二产业",
        figure(second, "sum"),
        "亿元，第三产业",
        figure(third, "sum"),
        "亿元。",
    )
    report.say("二、市场主体")
    firms, traders, farms = (
        source.randrange(20000, 90000),
        source.randrange(50000, 200000),
        source.randrange(200, 2000),
    )
    entities = firms + traders + farms
    before = entities * source.randrange(88, 99) // 100
    report.say(
        "年末全市实有市场主体",
        figure(entities, "sum", "growth", "repeat", places=0),
        "户，比上年末增加",
        figure(entities - before, "growth", places=0),
        "户，增长",
        figure(Decimal(entities - before) / before * 100, "growth"),
        "%。其中企业",
        figure(firms, "sum", "share", places=0),
        "户，占",
        figure(Decimal(firms) / entities * 100, "share"),
        "%；个体工商户",
        figure(traders, "sum", "share", places=0),
        "户，占",
        figure(Decimal(traders) / entities * 100, "share"),
        "%；农民专业合作社",
        figure(farms, "sum", "share", places=0),
        "户，占",
        figure(Decimal(farms) / entities * 100, "share"),
        "%。",
    )
    report.say("三、监督抽检")
    sampled = source.randrange(4000, 20000)
    failed = sampled * source.randrange(5, 40) // 1000
    report.say(
        "全年抽检食品",
        figure(sampled, "rate", "repeat", places=0),
        "批次，其中合格",
        figure(sampled - failed, "rate", "sum", places=0),
        "批次，合格率为",
        figure(Decimal(sampled - failed) / sampled * 100, "rate"),
        "%，不合格",
        figure(failed, "sum", places=0),
        "批次。",
    )
    planned = source.randrange(3000, 15000)
    report.say(
        "计划检查企业",
        figure(planned, "rate", places=0),
        "家，实际检查",
        figure(planned + 120, "rate", places=0),
        "家，完成率",
        figure(Decimal(planned + 120) / planned * 100, "rate"),
        "%。",
    )
    rows: list[list[str | Figure]] = [["指标", "单位", "本年", "上年", "增长（%）"]]
    for name, unit, now in (
        ("新登记企业", "户", source.randrange(3000, 9000)),
        ("立案查处", "件", source.randrange(500, 2000)),
        ("受理投诉", "件", source.randrange(5000, 20000)),
    ):
        old = now * source.randrange(80, 120) // 100
        rows.append(
            [
                name,
                unit,
                figure(now, "growth", "repeat", places=0, comma=True, stale=Decimal(old)),
                figure(old, "growth", places=0, comma=True),
                figure(Decimal(now - old) / old * 100, "growth"),
            ]
        )
        report.say(f"全年{name}", figure(now, "repeat", places=0), f"{unit}。")
    report.parts.append(Sheet(rows, "", "主要指标"))
    report.say("四、结语")
    report.say(
        "年末全市实有市场主体",
        figure(entities, "repeat", places=0),
        "户，全市产值",
        figure(total, "repeat"),
        "亿元，均为历年最好水平。",
    )
    return report

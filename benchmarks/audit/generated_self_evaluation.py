"""An invented self-evaluation of a department: every figure follows from a small model, so all relations hold."""

import random
from decimal import ROUND_HALF_UP, Decimal

from generated_report import BODIES, PLACES, Figure, Report, Sheet, amount, figure

_OUTPUTS = ["抽检食品批次数", "检查企业家数", "办结投诉件数", "培训人次", "发布公告篇数", "维护系统个数"]
_UNITS = ["批次", "家", "件", "人次", "篇", "个"]


def self_evaluation(seed: int) -> Report:
    """A department's self-evaluation: scores in words and in a table, key projects, budget execution."""
    source = random.Random(seed)
    body = source.choice(PLACES) + source.choice(BODIES)
    year = source.randrange(2021, 2025)
    report = Report(f"evaluation-{seed}")
    report.say(f"{body}{year}年度部门整体支出绩效自评报告")
    report.say("一、基本情况")
    offices = ["办公室", "法规科", "财务科", "审批科", "执法科", "信用科", "标准科", "计量科", "人事科"][
        : source.randrange(5, 10)
    ]
    report.say(
        f"{body}内设机构", figure(len(offices), "count", places=0), "个，分别是：" + "、".join(offices) + "。"
    )
    budget, income = amount(source, 8000, 30000), Decimal(0)
    spent = (budget * Decimal(source.randrange(930, 999)) / 1000).quantize(Decimal("0.01"))
    basic = (spent * Decimal(source.randrange(60, 85)) / 100).quantize(Decimal("0.01"))
    project = spent - basic
    last = (spent * Decimal(source.randrange(85, 115)) / 100).quantize(Decimal("0.01"))
    last_basic = (basic * Decimal(source.randrange(85, 115)) / 100).quantize(Decimal("0.01"))
    last_project = last - last_basic
    income = spent
    report.say("二、收支情况")
    rows: list[list[str | Figure]] = [
        ["项目", f"{year}年决算（万元）", f"{year - 1}年决算（万元）", "差异（万元）", "差异率（%）"]
    ]
    for name, now, before in (
        ("合计", spent, last),
        ("基本支出", basic, last_basic),
        ("项目支出", project, last_project),
    ):
        rows.append(
            [
                name,
                figure(now, "sum", "growth", "repeat", comma=True, stale=before),
                figure(before, "sum", "growth", comma=True),
                figure(now - before, "growth", "sum", comma=True),
                figure((now - before) / before * 100, "growth"),
            ]
        )
    report.parts.append(Sheet(rows, "", "支出对比"))
    report.say(
        "本年度支出合计",
        figure(spent, "sum", "share", "repeat", comma=True),
        "万元，其中：基本支出",
        figure(basic, "sum", "share", "repeat", comma=True),
        "万元，占本年支出合计的",
        figure(basic / spent * 100, "share"),
        "%；项目支出",
        figure(project, "sum", "share", "repeat", comma=True),
        "万元，占本年支出合计的",
        figure(project / spent * 100, "share"),
        "%。本年收入合计",
        figure(income, "repeat", comma=True),
        "万元。",
    )
    report.say("收入全部来自财政拨款，本年收入合计", figure(income, "repeat", comma=True), "万元。")
    report.say("三、自评情况")
    outputs: list[tuple[str, str, int, int, Decimal, Decimal]] = []
    for name, unit in list(zip(_OUTPUTS, _UNITS, strict=True))[: source.randrange(4, 7)]:
        target = source.randrange(40, 900)
        points = Decimal(source.choice([3, 4, 5]))
        missed = source.random() < 0.25
        actual = target * source.randrange(50, 95) // 100 if missed else target + source.randrange(0, 60)
        score = (
            points
            if actual >= target
            else (points * actual / target).quantize(Decimal("0.01"), ROUND_HALF_UP)
        )
        outputs.append((name, unit, target, actual, points, score))
    output_points = sum((each[4] for each in outputs), Decimal(0))
    output_score = sum((each[5] for each in outputs), Decimal(0))
    rate_points = Decimal(10)
    rate_score = (rate_points * spent / budget).quantize(Decimal("0.01"), ROUND_HALF_UP)
    management = [
        ("预算编制", Decimal(10)),
        ("信息公开", Decimal(10)),
        ("采购管理", Decimal(20)),
        ("资产管理", Decimal(10)),
    ]
    lost = source.choice(range(4))
    managed = [
        (name, points, points - (1 if number == lost else 0))
        for number, (name, points) in enumerate(management)
    ]
    efficacy_points, efficacy = output_points + rate_points, output_score + rate_score
    manage_points, manage = (
        sum((each[1] for each in managed), Decimal(0)),
        sum((each[2] for each in managed), Decimal(0)),
    )
    full, total = efficacy_points + manage_points, efficacy + manage
    report.say(
        "本部门整体支出绩效满分",
        figure(full, "score", places=0),
        "分，自评得分",
        figure(total, "score"),
        "分。其中：履职效能分值",
        figure(efficacy_points, "score", places=0),
        "分，自评得分",
        figure(efficacy, "score"),
        "分；管理效率分值",
        figure(manage_points, "score", places=0),
        "分，自评得分",
        figure(manage, "score", places=0),
        "分。",
    )
    report.say("（一）履职效能")
    report.say(
        "履职效能分值",
        figure(efficacy_points, "score", places=0),
        "分，自评得分",
        figure(efficacy, "score"),
        "分。其中：",
    )
    pieces: list[str | Figure] = [
        "产出指标完成情况，分值",
        figure(output_points, "score", places=0),
        "分，自评得分",
        figure(output_score, "score"),
        "分，完成情况：",
    ]
    numbers = "一二三四五六"
    for number, (name, unit, target, actual, points, score) in enumerate(outputs):
        state = "已按计划完成" if actual >= target else "因任务调整未完成，按比例计分"
        pieces += [
            f"{numbers[number]}是{name}不少于",
            figure(target, "direction", places=0),
            f"{unit}，分值",
            figure(points, "score", places=0),
            "分，实际完成",
            figure(actual, "direction", places=0),
            f"{unit}，{state}，自评得分",
            figure(score, "score"),
            "分",
            "。" if number == len(outputs) - 1 else "；",
        ]
    report.say(*pieces)
    report.say(
        "部门预算资金支出率，分值",
        figure(rate_points, "score", places=0),
        "分，自评得分",
        figure(rate_score, "score", "rate"),
        "分，完成情况：全年预算数",
        figure(budget, "rate", comma=True),
        "万元，执行数",
        figure(spent, "rate", "repeat", comma=True),
        "万元，完成预算的",
        figure(spent / budget * 100, "rate", "score"),
        "%。",
    )
    report.say("（二）管理效率")
    report.say(
        "管理效率分值",
        figure(manage_points, "score", places=0),
        "分，自评得分",
        figure(manage, "score", places=0),
        "分。",
    )
    for number, (name, points, score) in enumerate(managed, start=1):
        reason = "均符合规定" if points == score else "有一项超过时限办理，扣1分"
        report.say(
            f"（{number}）{name}，分值",
            figure(points, "score", places=0),
            f"分，{reason}，自评得分",
            figure(score, "score", places=0),
            "分。",
        )
    report.say("（三）重点项目支出情况")
    projects = [
        (name, amount(source, 50, 900)) for name in ("检测专项经费", "信息化运维经费", "宣传培训经费")
    ]
    report.say(
        "本部门重点项目共有",
        figure(3, "count", places=0),
        "个，分别为：" + "、".join(name for name, _ in projects) + "。",
    )
    rows = [["序号", "项目名称", "预算金额（万元）", "实际支出（万元）", "支出率（%）"]]
    sums = [Decimal(0), Decimal(0)]
    for number, (name, planned) in enumerate(projects, start=1):
        paid = (planned * Decimal(source.randrange(80, 101)) / 100).quantize(Decimal("0.01"))
        sums[0] += planned
        sums[1] += paid
        rows.append(
            [
                str(number),
                name,
                figure(planned, "sum", "rate", comma=True),
                figure(paid, "sum", "rate", comma=True),
                figure(paid / planned * 100, "rate"),
            ]
        )
    rows.append(
        [
            "",
            "合计",
            figure(sums[0], "sum", "rate", comma=True),
            figure(sums[1], "sum", "rate", comma=True),
            figure(sums[1] / sums[0] * 100, "rate"),
        ]
    )
    report.parts.append(Sheet(rows, "", "重点项目预算执行情况"))
    report.say("四、存在问题")
    report.say(f"{managed[lost][0]}有一项超过时限办理；部分产出任务因调整未完成，支出率未达到百分之百。")
    report.say("五、改进措施")
    report.say("加强过程管理，按时办理各项手续，合理安排支出。")
    return report

"""Reports invented for measuring the audit: every figure follows from a small model, so all relations hold.

Three forms: a department's final account, a self-evaluation and a statistical bulletin. Figures that take
part in a relation are marked with the kinds of relation; the wording is varied by the random source.
"""

import random
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal


@dataclass(frozen=True)
class Figure:
    """A figure as printed, the relations it takes part in, and last year's value where there is one."""

    text: str
    kinds: frozenset[str]
    stale: Decimal | None = None


@dataclass
class Sheet:
    """A table: rows of cells; each cell is text or a figure."""

    rows: list[list["str | Figure"]]
    unit_line: str = ""
    title: str = ""


@dataclass
class Report:
    """A report: paragraphs (lists of text and figures) and tables, in order."""

    name: str
    parts: list["list[str | Figure] | Sheet"] = field(default_factory=list)

    def say(self, *pieces: "str | Figure") -> None:
        """Add a paragraph."""
        self.parts.append(list(pieces))

    @property
    def figures(self) -> list[Figure]:
        """All marked figures in reading order."""
        found: list[Figure] = []
        for part in self.parts:
            pieces = [cell for row in part.rows for cell in row] if isinstance(part, Sheet) else part
            found.extend(piece for piece in pieces if isinstance(piece, Figure))
        return found


def figure(
    value: Decimal | int, *kinds: str, places: int = 2, comma: bool = False, stale: Decimal | None = None
) -> Figure:
    """A figure rounded half-up."""
    rounded = Decimal(value).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return Figure(f"{rounded:,f}" if comma else f"{rounded:f}", frozenset(kinds), stale)


def amount(source: random.Random, low: int, high: int) -> Decimal:
    """An amount in 万元 with two decimals."""
    return Decimal(source.randrange(low * 100, high * 100)) / 100


_FUNCTIONS = [
    (
        "201",
        "一般公共服务支出",
        [("01", "市场监管事务", [("01", "机关运行"), ("02", "一般事务"), ("99", "其他事务")])],
    ),
    (
        "208",
        "社会保障和就业支出",
        [("05", "事业单位养老支出", [("01", "离退休"), ("05", "基本养老缴费"), ("06", "年金缴费")])],
    ),
    ("210", "卫生健康支出", [("11", "单位医疗", [("01", "行政医疗")])]),
    ("221", "住房保障支出", [("02", "住房改革支出", [("01", "住房公积金"), ("03", "购房补贴")])]),
]
_PLACES = ["清江市", "云溪市", "平湖市", "松山市", "白石市", "东原市"]
_BODIES = ["市场监督管理局", "文化和旅游局", "农业农村局", "应急管理局", "水务局", "交通运输局"]


def final_account(seed: int) -> Report:
    """A department's final account with three tables and the explanations."""
    source = random.Random(seed)
    body = source.choice(_PLACES) + source.choice(_BODIES)
    year = source.randrange(2021, 2025)
    report = Report(f"account-{seed}")
    items = [
        (f"{kind}{section}{item}", name, label, amount(source, 30, 900), amount(source, 5, 300))
        for kind, label, sections in _FUNCTIONS
        for section, _, names in sections
        for item, name in names
    ]
    total = sum((basic + project for *_, basic, project in items), Decimal(0))
    basic_total = sum((basic for *_, basic, _ in items), Decimal(0))
    project_total = total - basic_total
    other_income = amount(source, 3, 60)
    opening = amount(source, 20, 90)
    income = total + other_income
    grand = income + opening
    closing = grand - total
    last = (grand * Decimal(source.randrange(85, 115)) / 100).quantize(Decimal("0.01"))
    change = grand - last
    grown = change > 0
    report.say(f"{body}{year}年度部门决算")
    report.say("一、收入支出总体情况")
    report.parts.append(
        Sheet(
            [
                ["收入", "", "支出", ""],
                ["项目", "决算数", "项目", "决算数"],
                [
                    "一、财政拨款收入",
                    figure(total, "sum", "repeat", comma=True),
                    "一、" + _FUNCTIONS[0][1],
                    figure(_of(items, "201"), "sum", comma=True),
                ],
                [
                    "二、其他收入",
                    figure(other_income, "sum", comma=True),
                    "二、" + _FUNCTIONS[1][1],
                    figure(_of(items, "208"), "sum", comma=True),
                ],
                ["", "", "三、" + _FUNCTIONS[2][1], figure(_of(items, "210"), "sum", comma=True)],
                ["", "", "四、" + _FUNCTIONS[3][1], figure(_of(items, "221"), "sum", comma=True)],
                [
                    "本年收入合计",
                    figure(income, "sum", "repeat", comma=True),
                    "本年支出合计",
                    figure(total, "sum", "repeat", comma=True),
                ],
                [
                    "年初结转和结余",
                    figure(opening, "sum", comma=True),
                    "年末结转和结余",
                    figure(closing, "sum", comma=True),
                ],
                [
                    "总计",
                    figure(grand, "sum", "repeat", comma=True),
                    "总计",
                    figure(grand, "sum", "repeat", comma=True),
                ],
            ],
            "单位：万元",
            "收入支出决算总表",
        )
    )
    rows: list[list[str | Figure]] = [["科目编码", "科目名称", "本年支出合计", "基本支出", "项目支出"]]
    rows.append(
        [
            "",
            "合计",
            figure(total, "sum", "repeat", comma=True),
            figure(basic_total, "sum", "repeat", comma=True),
            figure(project_total, "sum", "repeat", comma=True),
        ]
    )
    for kind, label, sections in _FUNCTIONS:
        rows.append([kind, label, *_three(items, kind)])
        for section, name, _ in sections:
            rows.append([kind + section, name, *_three(items, kind + section)])
            for code, item, _, basic, project in items:
                if code.startswith(kind + section):
                    rows.append(
                        [
                            code,
                            item,
                            figure(basic + project, "sum", comma=True),
                            figure(basic, "sum", comma=True),
                            figure(project, "sum", comma=True),
                        ]
                    )
    report.parts.append(Sheet(rows, "单位：万元", "支出决算表"))
    report.say("二、收入支出决算总体情况说明")
    report.say(
        f"{year}年度收入总计",
        figure(grand, "growth", "repeat"),
        "万元，支出总计",
        figure(grand, "growth", "repeat"),
        f"万元。与{year - 1}年度相比，收入、支出总计各{'增加' if grown else '减少'}",
        figure(abs(change), "growth"),
        f"万元，{'增长' if grown else '下降'}",
        figure(abs(change) / last * 100, "growth"),
        "%。",
    )
    report.say("三、支出决算情况说明")
    report.say(
        "本年支出合计",
        figure(total, "sum", "share", "repeat"),
        "万元，其中：基本支出",
        figure(basic_total, "sum", "share", "repeat"),
        "万元，占",
        figure(basic_total / total * 100, "share"),
        "%；项目支出",
        figure(project_total, "sum", "share", "repeat"),
        "万元，占",
        figure(project_total / total * 100, "share"),
        "%。",
    )
    report.say("四、一般公共预算支出决算情况说明")
    for number, (_, name, _, basic, project) in enumerate(items[:5], start=1):
        spent = basic + project
        budget = (spent * Decimal(source.randrange(88, 112)) / 100).quantize(Decimal("0.01"))
        word = "大于" if spent > budget else "小于" if spent < budget else "等于"
        report.say(
            f"{number}.{name}（项）。年初预算为",
            figure(budget, "rate", "direction"),
            "万元，支出决算为",
            figure(spent, "rate", "direction", "repeat"),
            "万元，完成年初预算的",
            figure(spent / budget * 100, "rate"),
            f"%。决算数{word}预算数的主要原因是据实列支。",
        )
    abroad, car, reception = amount(source, 1, 9), amount(source, 10, 60), amount(source, 1, 5)
    three = abroad + car + reception
    plan = (three * Decimal(source.randrange(101, 140)) / 100).quantize(Decimal("0.01"))
    report.say("五、“三公”经费支出情况")
    report.say(
        "“三公”经费支出预算为",
        figure(plan, "rate"),
        "万元，支出决算为",
        figure(three, "sum", "rate"),
        "万元，完成预算的",
        figure(three / plan * 100, "rate"),
        "%，其中：因公出国（境）费支出",
        figure(abroad, "sum"),
        "万元，公务用车购置及运行维护费支出",
        figure(car, "sum"),
        "万元，公务接待费支出",
        figure(reception, "sum"),
        "万元。",
    )
    goods, works, services = amount(source, 10, 90), amount(source, 10, 90), amount(source, 10, 400)
    report.say("六、政府采购支出情况")
    report.say(
        f"{year}年度政府采购金额为",
        figure(goods + works + services, "sum"),
        "万元，其中：货物采购金额",
        figure(goods, "sum"),
        "万元、工程采购金额",
        figure(works, "sum"),
        "万元、服务采购金额",
        figure(services, "sum"),
        "万元。",
    )
    return report


def _of(items: list[tuple[str, str, str, Decimal, Decimal]], prefix: str) -> Decimal:
    return sum((basic + project for code, *_, basic, project in items if code.startswith(prefix)), Decimal(0))


def _three(items: list[tuple[str, str, str, Decimal, Decimal]], prefix: str) -> list[str | Figure]:
    basic = sum((one for code, *_, one, _ in items if code.startswith(prefix)), Decimal(0))
    project = sum((one for code, *_, one in items if code.startswith(prefix)), Decimal(0))
    return [
        figure(basic + project, "sum", comma=True),
        figure(basic, "sum", comma=True),
        figure(project, "sum", comma=True),
    ]


_OUTPUTS = ["抽检食品批次数", "检查企业家数", "办结投诉件数", "培训人次", "发布公告篇数", "维护系统个数"]
_UNITS = ["批次", "家", "件", "人次", "篇", "个"]


def self_evaluation(seed: int) -> Report:
    """A department's self-evaluation: scores in words and in a table, key projects, budget execution."""
    source = random.Random(seed)
    body = source.choice(_PLACES) + source.choice(_BODIES)
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


def bulletin(seed: int) -> Report:
    """A statistical bulletin: growth, shares, sums of parts, repeated figures."""
    source = random.Random(seed)
    place = source.choice(_PLACES)
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


FORMS = {"final_account": final_account, "self_evaluation": self_evaluation, "bulletin": bulletin}

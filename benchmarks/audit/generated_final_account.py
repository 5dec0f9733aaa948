"""An invented final account of a department: every figure follows from a small model, so all relations hold."""

import random
from decimal import Decimal

from generated_report import BODIES, PLACES, Figure, Report, Sheet, amount, figure

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


def final_account(seed: int) -> Report:
    """A department's final account with three tables and the explanations."""
    source = random.Random(seed)
    body = source.choice(PLACES) + source.choice(BODIES)
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

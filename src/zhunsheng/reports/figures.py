"""The figures of a report: every number by a stable code, with its value, rule, inputs and source.

Codes: `total`, `grade`, `score.CODE`, `points.CODE`, `lost.CODE`, `rate.CODE` (得分率),
`indicator.CODE.actual`, `indicator.CODE.target`, `budget.LINE.COLUMN`, `project.CODE.COLUMN`,
`figure.CODE` (printed in the source report), `fact.CODE`, `count.WHAT`, `found.CODE` (what a leaf was judged
on), `steps.CODE` (its calculation in one line). Columns of a budget line are initial, adjusted, executed,
previous, difference, change, share, rate; of a project initial, adjusted, executed, rate. `stated.TEXT.N` is
the Nth number typed into a text of the case.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction

from zhunsheng.kernel.money import Money
from zhunsheng.kernel.rounding import exact_decimal, half_up, plain, score_text
from zhunsheng.plans.case import BudgetLine, Case, Project
from zhunsheng.plans.choices import DivisionKind
from zhunsheng.reports.tree import Figure, FigureInput, Number
from zhunsheng.scores.evaluation import Evaluation, ScoredNode

_COLUMNS = {
    "initial": "年初预算数",
    "adjusted": "全年预算数",
    "executed": "执行数",
    "previous": "上年决算数",
}


class UnknownFigure(KeyError):  # noqa: N818 - named by what is wrong
    """There is no figure with this code, or it has no value."""


@dataclass
class FigureBook:
    """Makes numbers on demand and remembers the figures behind them."""

    case: Case
    evaluation: Evaluation
    _made: dict[str, Figure] = field(default_factory=dict)
    _stated: dict[tuple[str, str], str] = field(default_factory=dict)

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Every figure used so far, in order of first use."""
        return tuple(self._made.values())

    def number(self, code: str, *, bare: bool = False, strong: bool = False) -> Number:
        """The number with a code.

        Args:
            bare: leave the unit out, for table cells whose header names it.

        Raises:
            UnknownFigure: the code does not exist or the case has no value for it.
        """
        figure = self._made.get(code)
        if figure is None:
            kind, _, rest = code.partition(".")
            maker = self._makers.get(kind)
            if maker is None:
                raise UnknownFigure(code)
            figure = maker(code, rest)
            self._made[code] = figure
        return Number(code, figure.result if bare else figure.text, strong)

    def has(self, code: str) -> bool:
        """Whether a figure with this code has a value."""
        if code in self._made:
            return True
        try:
            self.number(code)
        except UnknownFigure:
            return False
        del self._made[code]  # asked for, not used
        return True

    def stated(self, origin: str, label: str, text: str, place: str = "") -> Number:
        """A number typed into a text of the case, bound to that text.

        Args:
            origin: which text, such as "deviation.B5.6".
            label: the same in Chinese.
            text: the number as typed.
            place: where the source prints the text.
        """
        code = self._stated.get((origin, text))
        if code is None:
            count = sum(1 for known, _ in self._stated if known == origin)
            code = f"stated.{origin}.{count + 1}"
            self._stated[origin, text] = code
            clause = "、".join(part for part in (label, place) if part)
            self._made[code] = Figure(code, f"{label}所述", text, "档案文字所载", clause, (), (), text)
        return Number(code, text)

    @property
    def _makers(self) -> dict[str, Callable[[str, str], Figure]]:
        return {
            "total": self._total,
            "full": self._full,
            "supported": self._supported,
            "score": self._score,
            "points": self._points,
            "lost": self._lost,
            "rate": self._rate,
            "indicator": self._indicator,
            "budget": self._budget,
            "project": self._project,
            "figure": self._printed,
            "fact": self._fact,
            "count": self._count,
            "found": self._found,
            "steps": self._steps,
        }

    def _total(self, code: str, _rest: str) -> Figure:
        tops = self.evaluation.children("")
        scores = [score_text(node.score) for node in tops if node.score is not None]
        steps = [
            f"{' + '.join(scores)} = {plain(sum((node.score for node in tops if node.score), 0 * self.evaluation.total))}"
        ]
        if self.evaluation.ceiling:
            steps.append(self.evaluation.ceiling)
        inputs = tuple(
            FigureInput(node.name, score_text(node.score), node.code)
            for node in tops
            if node.score is not None
        )
        result = score_text(self.evaluation.total)
        return Figure(code, "自评总分", f"{result}分", "各部分得分之和", "", inputs, tuple(steps), result)

    def _full(self, code: str, _rest: str) -> Figure:
        result = plain(self.evaluation.full)
        return Figure(code, "总分值", f"{result}分", "评分体系", self.evaluation.rubric_label, (), (), result)

    def _supported(self, code: str, _rest: str) -> Figure:
        result = plain(self.evaluation.supported)
        step = "有完成值且评分规则明确的得分之和"
        return Figure(code, "有数据支撑的得分", f"{result}分", "汇总", "", (), (step,), result)

    def _node(self, code: str) -> ScoredNode:
        node = self.evaluation.node(code)
        if node is None:
            raise UnknownFigure(code)
        return node

    def _score(self, code: str, rest: str) -> Figure:
        node = self._node(rest)
        if node.score is None:
            raise UnknownFigure(code)
        inputs = tuple(
            FigureInput(each.label, f"{each.value}{each.unit}", each.source) for each in node.trace.inputs
        )
        steps = tuple(step for step in (*node.trace.steps, node.trace.rounding) if step)
        result = score_text(node.score)
        return Figure(
            code,
            f"{node.name}得分",
            f"{result}分",
            f"{node.trace.rule}（{node.basis.label}）",
            node.trace.clause,
            inputs,
            steps,
            result,
        )

    def _judged(self, code: str, node: ScoredNode, label: str, shown: str) -> Figure:
        inputs = tuple(
            FigureInput(each.label, f"{each.value}{each.unit}", each.source) for each in node.trace.inputs
        )
        steps = tuple(node.trace.steps)
        return Figure(code, label, shown, node.trace.rule, node.trace.clause, inputs, steps, shown)

    def _found(self, code: str, rest: str) -> Figure:
        node = self._node(rest)
        shown = node.actual or (node.trace.steps[-1] if node.trace.steps else "")
        if not shown:
            raise UnknownFigure(code)
        return self._judged(code, node, f"{node.name}实际情况", shown)

    def _steps(self, code: str, rest: str) -> Figure:
        node = self._node(rest)
        if not node.trace.steps:
            raise UnknownFigure(code)
        return self._judged(code, node, f"{node.name}计算过程", node.trace.steps[-1])

    def _points(self, code: str, rest: str) -> Figure:
        node = self._node(rest)
        result = score_text(node.points)
        source = self.evaluation.rubric_label if node.kind == "node" else "年度档案·绩效指标"
        return Figure(code, f"{node.name}分值", f"{result}分", "分值", source, (), (), result)

    def _lost(self, code: str, rest: str) -> Figure:
        node = self._node(rest)
        if node.score is None:
            raise UnknownFigure(code)
        step = f"{score_text(node.points)} − {score_text(node.score)} = {score_text(node.lost)}"
        return Figure(
            code,
            f"{node.name}扣分",
            f"{score_text(node.lost)}分",
            "分值减得分",
            "",
            (),
            (step,),
            score_text(node.lost),
        )

    def _rate(self, code: str, rest: str) -> Figure:
        node = self._node(rest)
        if node.score is None or node.points == 0:
            raise UnknownFigure(code)
        value = plain(half_up(Fraction(node.score) / Fraction(node.points) * 100, 2))
        step = f"{score_text(node.score)} ÷ {score_text(node.points)} = {value}%"
        return Figure(code, f"{node.name}得分率", f"{value}%", "得分除以分值", "", (), (step,), value)

    def _indicator(self, code: str, rest: str) -> Figure:
        item, _, column = rest.rpartition(".")
        indicator = self.case.indicator_by_code.get(item)
        node = self.evaluation.node(item)
        if indicator is None or node is None or column not in {"actual", "target"}:
            raise UnknownFigure(code)
        if column == "target":
            return Figure(
                code, f"{indicator.name}目标值", node.target, "绩效目标", indicator.place, (), (), node.target
            )
        actual = self.case.actual_of.get(item)
        if actual is None or not actual.value:
            raise UnknownFigure(code)
        shown = node.actual.removesuffix(f"（{actual.status.label}）")
        source = "、".join(part for part in (actual.evidence, actual.place) if part)
        steps = tuple(
            step
            for step in (f"原文写法：{actual.printed}" if actual.printed else "", actual.why_used)
            if step
        )
        rule = f"{actual.source_kind.label}（{actual.status.label}，{actual.evidence_status.label}）"
        return Figure(code, f"{indicator.name}完成值", shown, rule, source, (), steps, shown)

    def _budget(self, code: str, rest: str) -> Figure:
        item, _, column = rest.partition(".")
        line = next((each for each in self.case.budget if each.code == item), None)
        if line is None:
            raise UnknownFigure(code)
        if column in _COLUMNS:
            return self._amount(code, line, column, line.name)
        if column == "difference":
            return self._difference(code, line)
        if column in {"change", "share", "rate"}:
            return self._ratio(code, *self._budget_ratio(code, line, column))
        raise UnknownFigure(code)

    def _amount(self, code: str, row: BudgetLine | Project, column: str, name: str) -> Figure:
        amount: Money | None = getattr(row, column, None)
        if amount is None:
            raise UnknownFigure(code)
        shown = amount.shown("万元")
        return Figure(code, f"{name}{_COLUMNS[column]}", f"{shown}万元", "填报", row.place, (), (), shown)

    def _difference(self, code: str, line: BudgetLine) -> Figure:
        if line.executed is None or line.previous is None:
            raise UnknownFigure(code)
        value = (line.executed - line.previous).shown("万元")
        step = f"{line.executed.shown()} − {line.previous.shown()} = {value}"
        return Figure(
            code,
            f"{line.name}比上年增减",
            f"{value}万元",
            "本年决算数减上年决算数",
            line.place,
            (),
            (step,),
            value,
        )

    def _budget_ratio(
        self, code: str, line: BudgetLine, column: str
    ) -> tuple[str, Money | None, Money | None, str]:
        if column == "rate":
            return f"{line.name}执行率", line.executed, line.adjusted, "执行数除以全年预算数"
        if column == "share":
            total = self.case.budget_total(line.side)
            return f"{line.name}占比", line.executed, total.executed if total else None, "本项除以合计"
        if line.executed is None or line.previous is None:
            raise UnknownFigure(code)
        return f"{line.name}差异率", line.executed - line.previous, line.previous, "差异除以上年决算数"

    def _ratio(self, code: str, label: str, above: Money | None, below: Money | None, rule: str) -> Figure:
        if above is None or below is None or below.yuan == 0:
            raise UnknownFigure(code)
        value = plain(half_up(Fraction(above.yuan) / Fraction(below.yuan) * 100, 2))
        step = f"{above.shown()} ÷ {below.shown()} = {value}%"
        return Figure(code, label, f"{value}%", rule, "", (), (step,), value)

    def _project(self, code: str, rest: str) -> Figure:
        item, _, column = rest.partition(".")
        project = next((each for each in self.case.projects if each.code == item), None)
        if project is None:
            raise UnknownFigure(code)
        if column == "rate":
            return self._ratio(
                code, f"{project.name}支出率", project.executed, project.adjusted, "实际支出除以调整后预算"
            )
        if column in _COLUMNS:
            return self._amount(code, project, column, project.name)
        raise UnknownFigure(code)

    def _printed(self, code: str, rest: str) -> Figure:
        row = next((each for each in self.case.printed_figures if each.code == rest), None)
        if row is None:
            raise UnknownFigure(code)
        text = (
            row.printed if row.unit and row.unit in row.printed else f"{row.printed or row.value}{row.unit}"
        )
        label = " ".join(part for part in (row.subject, row.metric) if part)
        return Figure(code, label, text, "原文所载数字", row.place, (), (), text)

    def _fact(self, code: str, rest: str) -> Figure:
        fact = self.case.fact_by_code.get(rest)
        if fact is None or not fact.value:
            raise UnknownFigure(code)
        return Figure(code, rest, fact.value, "管理事实", fact.place, (), (), fact.value)

    def _count(self, code: str, rest: str) -> Figure:
        counts: dict[str, tuple[str, int, str]] = {
            "tasks": ("重点工作任务", len(self.case.tasks), "项"),
            "indicators": ("绩效指标", len(self.case.indicators), "项"),
            "key_indicators": ("关键指标", len(self.case.key_indicators), "项"),
            "key_projects": ("重点项目", sum(1 for each in self.case.projects if each.key), "个"),
            "without_actual": (
                "没有完成值的指标",
                sum(
                    1
                    for node in self.evaluation.nodes
                    if node.kind == "indicator" and node.status == "no_actual"
                ),
                "项",
            ),
        }
        for kind in DivisionKind:
            number = sum(1 for each in self.case.divisions if each.kind is kind)
            counts[f"divisions.{kind.value}"] = (kind.label, number, "个")
        if rest not in counts:
            raise UnknownFigure(code)
        label, number, unit = counts[rest]
        return Figure(
            code,
            f"{label}数量",
            f"{number}{unit}",
            "按名单计数",
            "",
            (),
            (f"名单共 {number} {unit}",),
            str(number),
        )


def shown_share(value: Fraction) -> str:
    """A share in percent with two decimals, half-up."""
    return f"{exact_decimal(Fraction(half_up(value * 100, 2)))}%"

"""Points, scores, rates and grades: texts and tables judged by hand."""

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhunsheng.audit.auditing import Audit, audit
from zhunsheng.audit.document import Block, BlockKind, Document, Span
from zhunsheng.kernel.problem import Severity
from zhunsheng.store.audit_rule_files import load_audit_rules

Audited = Callable[..., Audit]


def codes(result: Audit, least: Severity = Severity.WARNING) -> list[str]:
    ranks = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}
    return sorted(each.code for each in result.findings if ranks[each.severity] <= ranks[least])


@pytest.mark.parametrize(
    "text",
    [
        "资金使用合规性，分值2分，自评得分3分。",
        "（1）预算编制，分值3分，自评得分3.5分。",
        "制度建设（满分5分），本单位已建立制度，得分6分。",
        "指标\t分值\t得分\n数量\t10\t11\n质量\t20\t18",
        "一级指标\t权重\t自评得分\n投入\t10\t9\n产出\t20\t21\n合计\t30\t30",
    ],
)
def test_score_above_points(audited: Audited, text: str) -> None:
    assert codes(audited("A301", text)) == ["A301"]


@pytest.mark.parametrize(
    "text",
    [
        "资金使用合规性，分值3分，自评得分3分。",
        "资金使用合规性，分值3分，扣0.5分，自评得分2.5分。",
        "加分项，分值2分，自评得分3分。",
        "预算编制，分值3分，每发现一处问题扣1分，扣完为止，自评得分2分。",
        "执行率达到90%的得5分，低于60%的不得分。",
        "本项目自评得分95分。",
        "指标\t分值\t得分\n数量\t10\t10\n质量\t20\t18",
        "指标\t分值\t得分率\n数量\t10\t100%",
        "得分最高的项目得98分，分值合计100分。",
        "平均3分钟办结一件，全年得分无变化。",
    ],
)
def test_score_within_points(audited: Audited, text: str) -> None:
    assert codes(audited("A301", text)) == []


TREE = (
    "2.管理效率分值{total_points}分，自评得分{total}分。\n"
    "（1）预算执行，分值{left_points}分，自评得分{left}分：一是结转结余率，分值2分，结余较少，自评得分{first}分；"
    "二是财务合规性，分值3分，制度健全，自评得分3分。\n"
    "（2）信息公开，分值4分，自评得分4分：一是预算公开，分值2分，按时公开，自评得分2分；"
    "二是绩效公开，分值2分，按时公开，自评得分2分。"
)
TRUE = {"total_points": "9", "total": "9", "left_points": "5", "left": "5", "first": "2"}


def tree(**changed: str) -> str:
    return TREE.format(**(TRUE | changed))


@pytest.mark.parametrize(
    ("changed", "found"),
    [
        ({}, 0),
        ({"total": "8"}, 1),
        ({"left": "4"}, 2),  # contradicts its own items and the chapter
        ({"first": "1"}, 1),
        ({"total_points": "10"}, 1),
        ({"left_points": "6"}, 2),
        ({"left": "4", "first": "1", "total": "8"}, 0),  # a deduction carried through
        ({"first": "1.5", "left": "4.5", "total": "8.5"}, 0),
    ],
)
def test_sums_in_text(audited: Audited, changed: dict[str, str], found: int) -> None:
    assert len(codes(audited("A303", tree(**changed)))) == found


def test_smallest_repair_is_proposed(audited: Audited) -> None:
    """Only the header of 预算执行 is wrong: with 5 both its items and the chapter hold."""
    result = audited("A303", tree(left="4"))
    assert all("“预算执行”得分由 4分 改为 5分" in each.message for each in result.findings)
    assert {each.places[0].text for each in result.findings} == {"4分"}


def test_two_faults_with_one_common_cause(audited: Audited) -> None:
    """3 of 2 points below a header that is right: the item is to blame, not the header."""
    result = audited("A30", tree(first="3"))
    assert codes(result) == ["A301", "A303"]
    assert {each.places[0].text for each in result.findings} == {"3分"}


FORM = (
    "一级指标\t二级指标\t三级指标\t指标值\t实际完成值\t分值\t得分\n"
    "产出指标\t数量指标\t设备数量\t≥10台\t12台\t20\t{one}\n"
    "\t质量指标\t验收合格率\t≥95%\t98%\t30\t28.5\n"
    "效益指标\t社会效益\t服务能力\t提升\t提升\t40\t40\n"
    "满意度指标\t满意度\t群众满意度\t≥90%\t92%\t{points}\t10\n"
    "总分\t\t\t\t\t{full}\t{total}"
)
NESTED = (
    "一级指标\t分值\t二级指标\t分值\t三级指标\t分值\t得分\n"
    "投入\t30\t目标\t10\t合理性\t5\t5\n"
    "\t\t\t\t明确性\t5\t{one}\n"
    "\t\t配置\t{group}\t人员控制率\t20\t19\n"
    "过程\t70\t执行\t70\t完成率\t40\t38\n"
    "\t\t\t\t调整率\t30\t30\n"
    "合计\t100\t\t100\t\t100\t{total}"
)
LABELS = "一级指标\t二级指标\t分值\t得分\n产出指标（{group}分）\t数量\t20\t20\n\t质量\t30\t28\n效益指标（50分）\t社会效益\t50\t50\n合计\t\t100\t{total}"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (FORM.format(one="20", points="10", full="100", total="98.5"), 0),
        (FORM.format(one="18", points="10", full="100", total="98.5"), 1),
        (FORM.format(one="20", points="10", full="100", total="95.8"), 1),
        (FORM.format(one="20", points="12", full="100", total="98.5"), 1),
        (FORM.format(one="20", points="10", full="90", total="98.5"), 1),
        (NESTED.format(one="4", group="20", total="96"), 0),
        (NESTED.format(one="5", group="20", total="96"), 1),
        (NESTED.format(one="4", group="20", total="69"), 1),
        (NESTED.format(one="4", group="25", total="96"), 2),
        (LABELS.format(group="50", total="98"), 0),
        (LABELS.format(group="40", total="98"), 2),
        (LABELS.format(group="50", total="89"), 1),
        # groups and their items in one column: 50 is 20+30, then 50 is 40+10
        (
            "指标\t分值\t得分\n效能\t50\t48\n产出\t20\t20\n效益\t30\t28\n效率\t50\t50\n预算\t40\t40\n公开\t10\t10\n合计\t100\t98",
            0,
        ),
        (
            "指标\t分值\t得分\n效能\t50\t46\n产出\t20\t20\n效益\t30\t28\n效率\t50\t50\n预算\t40\t40\n公开\t10\t10\n合计\t100\t96",
            1,
        ),
        # a table without a total has nothing to add up to
        ("指标\t分值\t得分\n数量\t20\t20\n质量\t30\t28", 0),
        # numbered rows under numbered headings
        (
            "指标\t分值\t得分\n一、产出\t50\t48\n（一）数量\t20\t20\n（二）质量\t30\t28\n二、效益\t50\t50\n合计\t100\t98",
            0,
        ),
        (
            "指标\t分值\t得分\n一、产出\t50\t49\n（一）数量\t20\t20\n（二）质量\t30\t28\n二、效益\t50\t50\n合计\t100\t99",
            1,
        ),
    ],
)
def test_sums_in_tables(audited: Audited, text: str, found: int) -> None:
    assert len(codes(audited("A303", text))) == found


@pytest.mark.parametrize(
    "text",
    [
        # only the items that lost points are listed
        "（1）采购管理，分值10分，自评得分9分。其中扣分的是：合同备案，分值1分，超期备案，自评得分0分。",
        # two chapters that do not belong together
        "1.预算编制，分值5分，自评得分5分。\n2.预算执行，分值5分，自评得分4分。",
        "总分100分，自评得分95分。",
        "本项目自评得分95分，等级为“优”。",
        # scores rounded to two decimals: 3.333 + 3.333 + 3.333 = 10.00
        "（1）产出，分值15分，自评得分10.00分：一是甲，分值5分，自评得分3.33分；二是乙，分值5分，自评得分3.33分；三是丙，分值5分，自评得分3.33分。",
        "评分标准：制度健全得2分，执行到位得3分，否则不得分。",
        "办理时限缩短3分钟，满意度得分提高2个百分点。",
        "项目\t预算数（万元）\t支出数（万元）\n设备\t10.00\t9.00\n合计\t12.00\t9.00",
    ],
)
def test_no_sum_where_none_is_stated(audited: Audited, text: str) -> None:
    assert codes(audited("A303", text)) == []


OPENED_AGAIN = (
    "本部门整体支出绩效满分100分，自评得分95分。其中：履职效能分值50分，自评得分46分；管理效率分值50分，自评得分49分。\n"
    "（一）履职效能\n履职效能分值50分，自评得分{effect}分。\n（1）产出，分值20分，自评得分20分。\n（2）效益，分值30分，自评得分26分。\n"
    "（二）管理效率\n管理效率分值50分，自评得分49分。\n（1）预算，分值40分，自评得分{budget}分。\n（2）公开，分值10分，自评得分10分。"
)


@pytest.mark.parametrize(
    ("effect", "budget", "found"),
    [("46", "39", 0), ("46", "37", 1), ("44", "39", 1)],  # 37+10 is not 49; 46 first and 44 later
)
def test_sections_that_open_with_their_score_again(
    audited: Audited, effect: str, budget: str, found: int
) -> None:
    text = OPENED_AGAIN.format(effect=effect, budget=budget)
    assert len(codes(audited("A303", text))) == found


def test_total_that_cannot_be_rebuilt(audited: Audited) -> None:
    text = (
        "二、评价分析\n（一）结论\n本部门整体支出绩效自评得分为93分。\n（二）分析\n"
        "1.甲任务，分值20分，自评得分20分。\n2.乙任务，分值15分，自评得分14分。\n3.丙任务，分值15分，自评得分15分。"
    )
    result = audited("A303", text)
    assert codes(result) == ["A303"]
    assert result.findings[0].severity is Severity.WARNING
    assert "44 分" in result.findings[0].message  # 93 − (20 + 14 + 15)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("预算资金支出率，分值10分，完成预算的99.75%，自评得分9.98分。", 0),
        ("预算资金支出率，分值10分，完成预算的99.75%，自评得分9.97分。", 0),  # truncated
        ("预算资金支出率，分值10分，完成预算的99.75%，自评得分9.89分。", 1),  # swapped digits
        ("预算资金支出率，分值10分，完成预算的99.75%，自评得分8分。", 0),  # banded
        ("预算资金支出率，分值10分，完成预算的105%，自评得分10分。", 0),
        ("制度建设，分值10分，覆盖率95%，自评得分9.73分。", 0),
        ("预算执行率，分值20分，预算执行率为87.30%，自评得分17.46分。", 0),
        ("预算执行率，分值20分，预算执行率为87.30%，自评得分17.64分。", 1),
        ("项目\t执行数\t分值\t执行率\t得分\n年度资金总额\t95.00\t10\t95.50%\t9.55", 0),
        ("项目\t执行数\t分值\t执行率\t得分\n年度资金总额\t95.00\t10\t95.50%\t9.35", 1),
    ],
)
def test_proportional_scores(audited: Audited, text: str, found: int) -> None:
    assert len(codes(audited("A302", text))) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("某任务，分值6分，自评得分5.70分，得分率为95%。", 0),
        ("某任务，分值4.5分，自评得分3.87分，得分率为86.00%。", 0),
        ("某任务，分值6分，自评得分5分，得分率为83.33%。", 0),
        ("某任务，分值6分，自评得分5分，得分率为83.34%。", 0),  # last digit
        ("某任务，分值6分，自评得分5分，得分率为85.33%。", 1),
        ("某任务，分值6分，自评得分5.70分，得分率为96%。", 1),
        ("某任务，分值6分，自评得分6分，得分率为110%。", 1),
        ("指标\t分值\t得分\t得分率\n甲\t8\t6\t75%\n乙\t5\t4\t80%", 0),
        ("指标\t分值\t得分\t得分率\n甲\t8\t6\t75%\n乙\t5\t4\t88%", 1),
    ],
)
def test_score_rates(audited: Audited, text: str, found: int) -> None:
    assert len(codes(audited("A304", text))) == found


BOUNDS = "评价等级：95分（含）以上为优，85（含）-95分为良，60（含）-85分为中，60分以下为差。\n"


@pytest.mark.parametrize(
    ("text", "severities"),
    [
        ("本项目自评得分94.98分，绩效评价结果为“优”。", []),
        ("自评得分为93.86分，等级为“优”。", []),
        ("自评得分为89.99分，等级为“优”。", [Severity.WARNING]),
        ("自评得分为90分，评价等级为“良”。", [Severity.WARNING]),
        ("自评得分为82分，等级为良好。", []),
        ("自评得分为75分，等级为“中”。", []),
        ("自评得分为55分，评价结果为“差”。", []),
        (BOUNDS + "自评得分为93分，等级为“良”。", []),
        (BOUNDS + "自评得分为93分，等级为“优”。", [Severity.ERROR]),
        ("获评优秀等次，食品考核得分9.5分。", []),
        ("满意度得分为85分，评价较好。", []),
        ("该项得分为8分，结果为优。", []),  # a part, not out of 100
    ],
)
def test_grades(audited: Audited, text: str, severities: list[Severity]) -> None:
    assert [each.severity for each in audited("A305", text).findings] == severities


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("总分值为100分。本部门自评得分95分。", 0),
        ("总分值为105分。本部门自评得分95分。", 1),
        ("总分值为50分。本部门自评得分45分。", 0),
        ("由总分93.86减去其余各项得出。", 0),  # a score
        ("指标\t分值\t得分\n甲\t60\t60\n乙\t40\t30\n总分\t100\t90", 0),
        ("指标\t分值\t得分\n甲\t60\t60\n乙\t40\t30\n总分\t110\t90", 1),
    ],
)
def test_total_points(audited: Audited, text: str, found: int) -> None:
    assert len(codes(audited("A306", text))) == found


def plain_document(text: str) -> Document:
    blocks = []
    position = 0
    for line in text.split("\n"):
        blocks.append(Block(BlockKind.PARAGRAPH, Span(position, position + len(line))))
        position += len(line) + 1
    return Document("made.txt", "txt", "", text, tuple(blocks))


@st.composite
def evaluations(draw: st.DrawFn) -> tuple[str, list[tuple[int, int]]]:
    """A true evaluation of two to four groups, and where its scores stand."""
    lines: list[str] = []
    marks: list[tuple[int, int]] = []
    groups = draw(
        st.lists(
            st.lists(st.tuples(st.integers(1, 9), st.booleans()), min_size=2, max_size=5),
            min_size=2,
            max_size=4,
        )
    )
    position = 0

    def put(text: str) -> None:
        nonlocal position
        lines.append(text)
        position += len(text)

    def put_score(score: int) -> None:
        marks.append((position, position + len(str(score))))
        put(str(score))

    every = [(points, max(points - lost, 0)) for group in groups for points, lost in group]
    put(f"1.管理效率分值{sum(points for points, _ in every)}分，自评得分")
    put_score(sum(score for _, score in every))
    put("分。")
    for number, group in enumerate(groups, start=1):
        scored = [(points, max(points - lost, 0)) for points, lost in group]
        put(f"\n（{number}）某管理，分值{sum(points for points, _ in scored)}分，自评得分")
        put_score(sum(score for _, score in scored))
        put("分：")
        for index, (points, score) in enumerate(scored):
            put(f"{'一二三四五'[index]}是某合规性，分值{points}分，本部门情况如此，自评得分")
            put_score(score)
            put("分" + ("。" if index == len(scored) - 1 else "；"))
    return "".join(lines), marks


@settings(max_examples=40, deadline=None)
@given(evaluations(), st.data())
def test_true_evaluations_are_silent_and_one_changed_score_is_found(
    made: tuple[str, list[tuple[int, int]]], data: st.DataObject
) -> None:
    rules = [rule for rule in load_audit_rules()[0] if rule.code in {"A301", "A303"}]
    text, marks = made
    assert audit([plain_document(text)], rules).findings == ()
    start, end = data.draw(st.sampled_from(marks))
    changed = text[:start] + str(int(text[start:end]) + data.draw(st.integers(1, 3))) + text[end:]
    assert audit([plain_document(changed)], rules).findings

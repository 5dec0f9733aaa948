"""A803: nothing of the template is left where a figure or a name should stand."""

import re
from collections.abc import Iterator

from zhunsheng.audit.document import Span
from zhunsheng.audit.finding import Check
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.rule import AuditRule, place_at
from zhunsheng.kernel.problem import Severity

CODE = "A803"

_PLACEHOLDER = re.compile(
    r"(?<![A-Za-z])[XxＸ×]{2,}(?![A-Za-z0-9])|×{2,}|〇{3,}|_{3,}|＿{3,}|[（〔](?:此处|请)?(?:填写|说明|列明|填列)[^（）]{0,20}[）〕]|"
    r"待补充|待填写|\bTBD\b|\?{3,}|？{3,}|\*{3,}"
)


def check(reading: Reading, rule: AuditRule) -> Iterator[Check]:
    """Each placeholder of a filled-in report; a document full of them is a blank template and gets one note."""
    spans: list[Span] = []
    for passage in reading.passages:
        spans.extend(
            passage.span(match.start(), match.end()) for match in _PLACEHOLDER.finditer(passage.text)
        )
    if len(spans) > rule.numbers["template_least"]:
        yield rule.failed(
            rule.finding(
                f"全文有 {len(spans)} 处待填写的占位符，像是空白模板，未按成稿核对",
                [place_at(reading, spans[0], "第一处")],
                severity=Severity.NOTE,
                confidence="0.95",
            )
        )
        return
    for span in spans:
        yield rule.failed(
            rule.finding(
                f"留有未填写的占位符“{reading.document.quote(span)}”",
                [place_at(reading, span)],
                confidence="0.9",
                printed=reading.document.quote(span),
            )
        )

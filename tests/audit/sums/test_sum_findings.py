"""What a finding about a sum says, and the name by which it is accepted."""

from zhunsheng.audit.audit_data import finding_key
from zhunsheng.audit.auditing import audit
from zhunsheng.documents.reading.reading import read_bytes
from zhunsheng.store.audit_rule_files import load_audit_rules


def test_the_recomputed_total_is_the_sum_of_the_parts() -> None:
    text = "一、收入\n\n全年收入190万元，其中：财政拨款120万元，其他收入80万元。\n"
    result = audit([read_bytes(text.encode(), "a.txt")], load_audit_rules()[0])
    (finding,) = result.findings
    assert (finding.code, finding.computed, finding.difference) == ("A103", "200万元", "-10万元")


def test_a_finding_keeps_its_name_when_a_paragraph_is_put_in_above_it() -> None:
    text = "190万元，其中：财政拨款120万元，其他收入80万元。\n"
    keys = set()
    for above in ("一、收入\n\n全年收入", "一、收入\n\n另起一段说明。\n\n全年收入"):
        result = audit([read_bytes((above + text).encode(), "a.txt")], load_audit_rules()[0])
        keys |= {finding_key(result, each) for each in result.findings}
    assert len(keys) == 1

"""Saying what is wrong with a sum: message, places, recomputed value, confidence."""

from collections.abc import Iterator

from zhunsheng.audit.agreement import Agreement, as_printed
from zhunsheng.audit.finding import Check, Finding
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.relations.additions import Addition, Fault, Strength, agreement_of, sum_of
from zhunsheng.audit.rule import AuditRule, place_of
from zhunsheng.kernel.problem import Severity

_SHOWN = 40


def held(reading: Reading, rule: AuditRule, addition: Addition) -> Check:
    """The check of a sum that holds; a difference of the last digit is noted."""
    agreement = agreement_of(addition)
    note = None
    if agreement is Agreement.LAST_DIGIT:
        computed = sum_of(addition.parts).exact
        note = rule.finding(
            f"{_named(addition)}与各项之和 {_as_printed(addition)} 相差一个末位单位，属尾差",
            [place_of(reading, addition.whole, "合计")],
            severity=Severity.NOTE,
            confidence="0.99",
            printed=addition.whole.text,
            computed=_printed(computed, addition),
            difference=_printed(addition.whole.amount - computed, addition),
            remedy="四舍五入造成的尾差，可在编制说明中注明。",
        )
    return rule.passed(reading, *addition.numerals, detail=addition.basis, note=note)


def failed(reading: Reading, rule: AuditRule, fault: Fault, severity: Severity) -> Iterator[Check]:
    """One check for each sum a fault spoils, all with the same finding."""
    finding = finding_of(reading, rule, fault, severity)
    for addition in fault.failed:
        yield rule.failed(finding, [(reading, numeral) for numeral in addition.numerals])


def severity_of(fault: Fault) -> Severity:
    """ERROR when the structure is sure, or two sums ask for the same correction, or a slip explains it."""
    if fault.strength is Strength.CERTAIN or len(fault.failed) > 1:
        return Severity.ERROR
    if fault.strength is Strength.LIKELY:
        return Severity.ERROR if fault.slip is not None else Severity.WARNING
    return Severity.WARNING


def finding_of(reading: Reading, rule: AuditRule, fault: Fault, severity: Severity) -> Finding:
    """The finding of a fault: the wrong figure first, then the other figures of the sums it spoils."""
    wrong = fault.numeral
    sentences = [_sentence(addition) for addition in fault.failed[:3]]
    right = _printed_like(fault)
    message = "；".join(sentences)
    if fault.failed[0].whole.number != wrong.number or len(fault.failed) > 1:
        message += f"；{wrong.text} 改为 {right} 则相符"
    if fault.slip is not None:
        message += f"（可能是{fault.slip.explanation}）"
    places = [place_of(reading, wrong, "最可能有误")]
    seen = {wrong.number}
    for rival in fault.rivals[:_SHOWN]:
        seen.add(rival.number)
        places.append(place_of(reading, rival, "也可能有误"))
    for addition in fault.failed:
        for numeral in addition.numerals:
            if numeral.number not in seen and len(places) < _SHOWN:
                seen.add(numeral.number)
                is_whole = numeral.number == addition.whole.number
                places.append(place_of(reading, numeral, "合计" if is_whole else "分项"))
    quantity, amount = wrong.quantity, fault.amount
    if len(fault.failed) == 1 and fault.failed[0].whole.number == wrong.number:
        # a slip may explain a total within the rounding of its parts; what is recomputed is their sum
        amount = sum_of(fault.failed[0].parts).exact
        right = _printed(amount, fault.failed[0])
    return rule.finding(
        message,
        places,
        severity=severity,
        confidence=_confidence(fault, severity),
        printed=wrong.text,
        computed=right,
        difference=as_printed(wrong.amount - amount, quantity) if quantity else "",
    )


def _confidence(fault: Fault, severity: Severity) -> str:
    if severity is not Severity.ERROR:
        return "0.60"
    if len(fault.failed) > 1:
        return "0.98"
    if fault.strength is Strength.CERTAIN:
        return "0.97" if fault.slip else "0.95"
    return "0.90"


def _sentence(addition: Addition) -> str:
    computed = sum_of(addition.parts).exact
    return (
        f"{_named(addition)}与{_parts(addition)} {_as_printed(addition)} 不符，"
        f"相差 {_printed(addition.whole.amount - computed, addition)}"
    )


def _named(addition: Addition) -> str:
    return f"{addition.label[:24]} {addition.whole.text} "


def _parts(addition: Addition) -> str:
    if len(addition.parts) > 4:
        return f"所列 {len(addition.parts)} 项之和"
    terms = "".join(
        f"{'－' if part.sign < 0 else '＋' if index else ''}{part.numeral.text}"
        for index, part in enumerate(addition.parts)
    )
    return f"各项之和 {terms} ="


def _as_printed(addition: Addition) -> str:
    return _printed(sum_of(addition.parts).exact, addition)


def _printed(amount: object, addition: Addition) -> str:
    quantity = addition.whole.quantity
    if quantity is None:
        return ""
    like = max(
        (numeral.quantity for numeral in addition.numerals if numeral.quantity), key=lambda each: each.places
    )
    return as_printed(amount, quantity if like.multiplier != quantity.multiplier else like)  # type: ignore[arg-type]


def _printed_like(fault: Fault) -> str:
    quantity = fault.numeral.quantity
    return as_printed(fault.amount, quantity) if quantity else ""

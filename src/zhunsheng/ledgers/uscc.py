"""The unified social credit code (统一社会信用代码, GB 32100-2015): its characters and both check characters."""

CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""The 31 characters a code is made of, in the order of their values; I, O, S, V and Z are left out."""

LENGTH = 18
WEIGHTS = tuple(pow(3, position, 31) for position in range(LENGTH - 1))
"""The weights of the first 17 characters for the last one."""

SUBJECT_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
"""The weights of characters 9 to 16 for character 17 (GB 11714)."""

_SUBJECT = slice(8, 16)
_SUBJECT_CHECK = 16


def check_character(first: str) -> str:
    """Character 18 for the first 17.

    Raises:
        ValueError: a character is not of the set or there are not 17.
    """
    if len(first) != LENGTH - 1:
        raise ValueError("the check character is computed from 17 characters")
    total = sum(CHARACTERS.index(each) * weight for each, weight in zip(first, WEIGHTS, strict=True))
    return CHARACTERS[(31 - total % 31) % 31]


def subject_check_character(subject: str) -> str:
    """Character 17 for characters 9 to 16: digits count as themselves, A as 10 up to Z as 35.

    Raises:
        ValueError: there are not eight characters, or one is neither digit nor capital letter.
    """
    if len(subject) != len(SUBJECT_WEIGHTS):
        raise ValueError("the subject check character is computed from 8 characters")
    total = sum(int(each, 36) * weight for each, weight in zip(subject, SUBJECT_WEIGHTS, strict=True))
    return {10: "X", 11: "0"}.get(11 - total % 11, str(11 - total % 11))


def uscc_fault(code: str) -> str | None:
    """What is wrong with a code in canonical form (trimmed, upper case), in Chinese; None when it is valid."""
    if len(code) != LENGTH:
        return f"统一社会信用代码应为 {LENGTH} 位，现为 {len(code)} 位"
    strange = [each for each in code if each not in CHARACTERS]
    if strange:
        return f"统一社会信用代码中不应有“{strange[0]}”（不使用 I、O、S、V、Z）"
    faults = []
    subject = subject_check_character(code[_SUBJECT])
    if code[_SUBJECT_CHECK] != subject:
        faults.append(f"第 17 位应为“{subject}”")
    last = check_character(code[:-1])
    if code[-1] != last:
        faults.append(f"第 18 位应为“{last}”")
    return f"统一社会信用代码校验不符：{'，'.join(faults)}" if faults else None

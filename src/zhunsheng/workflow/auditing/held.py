"""A document held against its year: every number verified with what the year itself would print."""

from zhunsheng.assembly.auditing import held_against
from zhunsheng.assembly.cases import hashed_case
from zhunsheng.audit.auditing import Audit
from zhunsheng.audit.document import Document
from zhunsheng.store.database.case_content import case_of
from zhunsheng.store.database.models import StoredCase


def held_against_year(document: Document, stored: StoredCase) -> Audit:
    """Hold a document against the report the year would print in the same format.

    Raises:
        Rejected: the year cannot be evaluated.
    """
    return held_against(document, hashed_case(case_of(stored)))

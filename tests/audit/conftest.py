"""Small documents from text: a line is a paragraph, a run of lines with tabs is a table."""

from collections.abc import Callable

import pytest

from zhunsheng.audit.auditing import Audit, audit
from zhunsheng.audit.document import Block, BlockKind, Cell, Document, Span, Table
from zhunsheng.store.audit_rule_files import load_audit_rules


def made_document(text: str) -> Document:
    blocks: list[Block] = []
    tables: list[Table] = []
    run: list[tuple[int, str]] = []
    position = 0

    def close_table() -> None:
        if not run:
            return
        cells = []
        for row, (start, line) in enumerate(run):
            offset = start
            for column, words in enumerate(line.split("\t")):
                cells.append(Cell(row, column, Span(offset, offset + len(words))))
                offset += len(words) + 1
        span = Span(run[0][0], run[-1][0] + len(run[-1][1]))
        blocks.append(Block(BlockKind.TABLE, span, table=len(tables)))
        columns = max(line.count("\t") for _, line in run) + 1
        tables.append(Table(len(tables), span, len(run), columns, tuple(cells)))
        run.clear()

    for line in text.split("\n"):
        if "\t" in line:
            run.append((position, line))
        else:
            close_table()
            if line.strip():
                blocks.append(Block(BlockKind.PARAGRAPH, Span(position, position + len(line))))
        position += len(line) + 1
    close_table()
    return Document("small.txt", "txt", "", text, tuple(blocks), tuple(tables))


@pytest.fixture
def document() -> Callable[[str], Document]:
    """A document from text."""
    return made_document


@pytest.fixture
def audited() -> Callable[..., Audit]:
    """The audit of some texts under the rules whose codes begin as given."""
    rules, problems = load_audit_rules()
    assert problems == ()

    def run(code: str, *texts: str) -> Audit:
        chosen = [rule for rule in rules if rule.code.startswith(code)]
        assert chosen
        return audit([made_document(text) for text in texts], chosen)

    return run

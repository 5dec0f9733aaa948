"""Conditions on referred records turned into yes/no marks of the reference itself.

`entity_id.entity_class = 'ENT'` is decided once for every entity; a record then only looks up its mark. This replaces
a join of millions of rows by a look-up in a bitmap.
"""

from dataclasses import dataclass

from zhunsheng.expressions.nodes import Call, Column, Node, Operation, walk
from zhunsheng.expressions.types import BOOLEAN, Kind


@dataclass(frozen=True, slots=True)
class Probe:
    """A condition on the records of a ledger that others refer to.

    Attributes:
        condition: over the fields of that ledger.
    """

    ledger: str
    condition: Node


PROBE = "?"


def probed(node: Node, targets: dict[str, str], found: list[Probe]) -> Node:
    """The tree with every condition on one referred record replaced by a mark.

    Args:
        node: a condition over a ledger's fields.
        targets: for each reference field, the ledger it points to.
        found: grows by the marks that are needed; a mark is a column named `?`, its place in the list, the field.

    A mark is no where null is unknown. That is the same to a condition as long as nothing negates it, so what is under
    a NOT, and what asks for null, is left as it is.
    """
    if isinstance(node, Operation):
        reference = _one_reference(node)
        if node.type.kind is Kind.BOOLEAN and reference is not None and reference in targets:
            probe = Probe(targets[reference], _inside(node))
            if probe not in found:
                found.append(probe)
            return Column((PROBE, str(found.index(probe)), reference), BOOLEAN)
        if node.operator in {"and", "or"}:
            return Operation(
                node.operator, tuple(probed(each, targets, found) for each in node.operands), node.type
            )
    return node


def _one_reference(node: Node) -> str | None:
    """The reference all columns of a tree go through; None when there is none or several, or a null counts."""
    columns = [each for each in walk(node) if isinstance(each, Column)]
    first = {each.path[0] for each in columns}
    if len(first) != 1 or any(len(each.path) < 2 for each in columns):
        return None
    if _true_for_nothing(node):
        return None
    return first.pop()


def _true_for_nothing(node: Node) -> bool:
    """Whether the condition could hold for a record that is not there: it asks for null, or falls back on a value."""
    return any(
        (isinstance(each, Operation) and each.operator in {"is_null", "case"})
        or (isinstance(each, Call) and each.function == "coalesce")
        for each in walk(node)
    )


def _inside(node: Node) -> Node:
    """The tree as seen from the referred record: the first name of every path is dropped."""
    match node:
        case Column():
            return Column(node.path[1:], node.type)
        case Operation():
            return Operation(node.operator, tuple(map(_inside, node.operands)), node.type)
        case Call():
            return Call(node.function, tuple(map(_inside, node.arguments)), node.type)
        case _:
            return node

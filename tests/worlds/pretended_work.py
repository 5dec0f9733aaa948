"""Work of jobs as tests want it: what it does is said by what stands in `PLANS`."""

from collections.abc import Callable
from typing import Any

from zhunsheng.workflow.jobs import Work

PLANS: dict[str, Callable[[Work], dict[str, Any]]] = {}
"""What a job does, by the parameter `plan`."""


def work_as_planned(work: Work) -> dict[str, Any]:
    """The function of the kind `test.work`."""
    return PLANS[work.parameters["plan"]](work)

"""The interface against requests made from its own description: no 5xx, every answer as described.

In this process, without a network; half of the names in addresses are real ones, so that views are reached.
"""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from calling import token_of
from demonstrated import actor
from django.core.cache import cache
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from zhunsheng.store.database.models import CaseVersion, StoredCase
from zhunsheng.web.api import tokens
from zhunsheng.web.api.operations import OPERATIONS
from zhunsheng.web.wsgi import application
from zhunsheng.workflow.jobs import enqueue

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

SECONDS = 60
EXAMPLES = 15
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
REAL: dict[str, list[Any]] = {
    "case": ["huadu-2023"],
    "organisation": ["huadu-amr", "huadu-czj", "huadu-amr-01"],
    "section": ["indicators", "actuals", "budget"],
    "item": ["O1", "O2", "F1"],
    "ledger": ["market_entity", "area"],
    "number": [1, 2],
    "code": ["annual_report_rate"],
    "year": ["huadu-2023"],
}


@pytest.fixture(autouse=True)
def _site(standing: None, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    settings.FILES_DIRECTORY, settings.STORES_DIRECTORY = tmp_path / "files", tmp_path / "stores"
    monkeypatch.setattr(tokens, "REQUESTS_A_MINUTE", 10**9)
    year = StoredCase.objects.get()
    CaseVersion.objects.create(
        case=year, number=1, why="submitted", moment=year.created, content={"case.yaml": ""}, sha256="0" * 64
    )
    enqueue("records.check", "核对", {}, actor("caiwu"), organisation=year.organisation)


def operations(schema: Any) -> Iterator[Any]:
    for each in schema.get_all_operations():
        yield each.ok()


def test_no_request_breaks_it_and_every_answer_is_as_described() -> None:
    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
    token = token_of("caiwu")
    begun, tried = time.monotonic(), set()
    for operation in operations(schema):
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):

            @seed(20231115)
            @settings(
                max_examples=EXAMPLES,
                deadline=None,
                database=None,
                suppress_health_check=list(HealthCheck),
            )
            @given(
                case=operation.as_strategy(generation_mode=mode), real=st.booleans(), place=st.integers(0, 9)
            )
            def attempt(case: Any, real: bool, place: int) -> None:
                if time.monotonic() - begun > SECONDS:
                    return
                for name in case.path_parameters or {}:
                    if real and name in REAL:
                        case.path_parameters[name] = REAL[name][place % len(REAL[name])]
                tried.add((case.method, case.operation.path.removeprefix("/api/v1")))
                case.call_and_validate(headers={"Authorization": f"Bearer {token}"}, checks=CHECKS)

            try:
                attempt()
            except Unsatisfiable:
                # there is nothing to get wrong in an operation without parameters
                assert mode is GenerationMode.NEGATIVE
    # on a very slow machine the last ones may not be reached; most must be
    assert len(tried) > len(OPERATIONS) * 3 // 4

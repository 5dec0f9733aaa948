"""Documents come back as they were written, on every database."""

import pytest
from demonstrated import MOMENT, demonstration

from zhunsheng.store.database.models import StoredEvaluation

pytestmark = pytest.mark.django_db


def test_keys_keep_their_order_and_values_their_kind() -> None:
    content = {"zz": 1, "a": {"second": None, "b": [True, "文字", "1.50"]}, "m": {}}
    made = StoredEvaluation.objects.create(
        case=demonstration(), revision=0, rubric="r", moment=MOMENT, total="1", content=content
    )
    kept = StoredEvaluation.objects.get(pk=made.pk).content
    assert kept == content
    assert (list(kept), list(kept["a"])) == (["zz", "a", "m"], ["second", "b"])

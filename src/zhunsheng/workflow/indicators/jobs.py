"""The long work with indicators: computing values of a year, listing the records behind a number."""

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from zhunsheng.assembly.records import opened_records
from zhunsheng.assembly.stores import ledger_label, telling_faults
from zhunsheng.kernel.place import Place
from zhunsheng.store.database.file_store import keep
from zhunsheng.store.database.models import Organisation
from zhunsheng.store.indicator_files import indicator_codes, indicator_of
from zhunsheng.workflow.action import Invalid, Refused
from zhunsheng.workflow.catalogue import judge
from zhunsheng.workflow.importing.places import has_records, store_path
from zhunsheng.workflow.indicators import kinds
from zhunsheng.workflow.indicators.listing import begun, listing_of, swept
from zhunsheng.workflow.indicators.values import values_file
from zhunsheng.workflow.jobs import Work
from zhunsheng.workflow.rights import Asked

_LARGEST = 2_000_000_000
_READ = 55
"""How far the work is, in percent, when all ledgers are read for the first time."""


def compute_values(work: Work) -> dict[str, Any]:
    """Compute the values of indicators for a year and keep them under the hash of their content.

    Parameters of the job: `year`; `indicator`, the code of the only one wanted or "". Nothing is changed before the
    file is kept, and the same records give the same file: it is safe to begin again.
    """
    body = _body(work)
    year, code = int(work.parameters["year"]), str(work.parameters["indicator"])
    wanted = [each for each in map(indicator_of, [code] if code else indicator_codes()) if each is not None]
    if not wanted:
        raise Invalid((kinds.NO_INDICATOR.at(Place(field="indicator"), f"没有“{code}”"),))
    work.progress(1, "打开记录库")
    path = store_path(body)
    assert path is not None  # noqa: S101 - the body has records
    with telling_faults(), opened_records(path, watch=_watching(work)) as records:
        content = values_file(records, wanted, year, work.progress)
        snapshot, synthetic = records.snapshot.token, records.synthetic
    work.progress(95, "保存")
    kept = keep([content], _LARGEST)
    return {
        "organisation": body.code,
        "year": year,
        "indicator": code,
        "values": kept.sha256,
        "snapshot": snapshot,
        "synthetic": synthetic,
        "figures": len(wanted),
    }


def list_rows(work: Work) -> dict[str, Any]:
    """Write which records are behind a number into a file beside the records.

    Parameters of the job: those of `Listing`. The file is named by what it lists; one that is there is enough.
    """
    body = _body(work)
    listing = listing_of(work.parameters)
    behind = listing.behind()
    ledger = behind.request.measure.ledger
    path = store_path(body)
    assert path is not None  # noqa: S101 - the body has records
    work.progress(5, f"读取{ledger_label(ledger)}")
    with telling_faults(), opened_records(path, listing.known, watch=_watching(work)) as records:
        target = listing.path(records.store)
        if not target.is_file():
            part = begun(target)
            try:
                behind.write(records, part, listing.body)
                work.progress(90, "保存")
                part.replace(target)
            finally:
                part.unlink(missing_ok=True)
        swept(target.parent)
    return {
        "organisation": body.code,
        "indicator": listing.indicator.code,
        "ledger": ledger,
        "snapshot": listing.known,
        **{name: work.parameters[name] for name in ("year", "month", "part", "measure", "body", "known")},
    }


def _body(work: Work) -> Organisation:
    """The body; the right is asked again, as it may be gone by now.

    Raises:
        Refused: it is.
        Invalid: the body has no records.
    """
    body = Organisation.objects.select_related("overseer").get(pk=work.job.organisation_id or 0)
    verdict = judge(
        "records.read", work.actor, Asked(timezone.localdate(work.now()), organisation=body, some_part=True)
    )
    if not verdict.allowed:
        raise Refused(verdict.reason)
    if not has_records(body):
        raise Invalid((kinds.NO_STORE.at(Place(field=str(body)), f"{body}没有记录库"),))
    return body


def _watching(work: Work) -> Callable[[str], None]:
    """Tells of every ledger that is read; how many there will be is not known, so each takes a part of the rest."""
    percent = 2

    def watch(ledger: str) -> None:
        nonlocal percent
        percent += max((_READ - percent) // 12, 0)
        work.progress(percent, f"读取{ledger_label(ledger)}")

    return watch

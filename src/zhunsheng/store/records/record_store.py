"""A record store: create it, open it, name a state of it, look back, undo."""

from collections.abc import Sequence

from zhunsheng.store.records.entries import Commit, TrailEntry
from zhunsheng.store.records.history import Version, history_of
from zhunsheng.store.records.locking import writing
from zhunsheng.store.records.opened_store import Clock, OpenedStore, Snapshot, utc_now
from zhunsheng.store.records.undoing import Undone, undo_batch

__all__ = ["Clock", "RecordStore", "Snapshot", "utc_now"]


class RecordStore(OpenedStore):
    """A store that can be read and written.

    >>> with RecordStore.open(path) as store:  # doctest: +SKIP
    ...     store.snapshot().token
    """

    def batches(self, ledger: str | None = None) -> tuple[Commit, ...]:
        """All commits in order, undos among them; of one ledger where asked."""
        return self.manifest.commits(ledger)

    def history(self, ledger: str, key: str | Sequence[object]) -> tuple[Version, ...]:
        """Every version of a record, oldest first; the key as `history_of` takes it."""
        return history_of(self, ledger, key)

    def undo(self, batch: int, who: str, reason: str = "", *, wait_seconds: float = 60) -> Undone:
        """Hide a batch from now on; every state before stays as it was.

        Raises:
            StoreFault: there is no such batch, it is already undone, or another writer did not end in time.
        """
        return undo_batch(self, batch, who, reason, wait_seconds=wait_seconds)

    def keep(self, snapshot: Snapshot, who: str, why: str, *, wait_seconds: float = 60) -> None:
        """Protect a snapshot from retention: an evaluation depends on it.

        Raises:
            StoreFault: another writer did not end in time.
        """
        with writing(self.layout.lock, who, "登记保留的快照", self.now(), wait_seconds=wait_seconds):
            entry = TrailEntry(0, self.now(), who, "keep", {"seq": snapshot.seq, "why": why})
            self.manifest.keep(snapshot.seq, entry, why)

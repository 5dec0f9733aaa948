"""Triggers that keep the trail: its lines are added and never changed or deleted, its head only grows.

They stop every way into the database that does not take them down first; what is done after that is found by
`workflow.trail.verify`.
"""

from collections.abc import Callable

_MESSAGE = "the trail is never changed"
ENTRIES, HEAD = "database_trailentry", "database_trailhead"
"""The tables."""

_REFUSE_SQLITE = f"BEGIN SELECT RAISE(ABORT, '{_MESSAGE}'); END"
_SQLITE = {
    "trail_no_update": f"BEFORE UPDATE ON {ENTRIES}",
    "trail_no_delete": f"BEFORE DELETE ON {ENTRIES}",
    "trail_head_grows": f"BEFORE UPDATE ON {HEAD} WHEN NEW.count <> OLD.count + 1",
    "trail_head_stays": f"BEFORE DELETE ON {HEAD}",
    # INSERT OR REPLACE takes the old row away without any of the above
    "trail_no_replace": f"BEFORE INSERT ON {ENTRIES} WHEN EXISTS (SELECT 1 FROM {ENTRIES} WHERE number = NEW.number)",
    "trail_head_no_replace": f"BEFORE INSERT ON {HEAD} WHEN EXISTS (SELECT 1 FROM {HEAD})",
}
"""When each trigger fires."""

_FUNCTION = f"""
CREATE OR REPLACE FUNCTION trail_refuse() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION '{_MESSAGE}'; END $$
"""
_POSTGRESQL = {
    "trail_no_update": (ENTRIES, "BEFORE UPDATE OR DELETE", "FOR EACH ROW"),
    "trail_no_truncate": (ENTRIES, "BEFORE TRUNCATE", "FOR EACH STATEMENT"),
    "trail_head_grows": (HEAD, "BEFORE UPDATE", "FOR EACH ROW WHEN (NEW.count <> OLD.count + 1)"),
    "trail_head_stays": (HEAD, "BEFORE DELETE", "FOR EACH ROW"),
    "trail_head_no_truncate": (HEAD, "BEFORE TRUNCATE", "FOR EACH STATEMENT"),
}
"""Table, event and occasion of each trigger."""

Execute = Callable[[str], object]
"""Runs one statement."""


def guard(vendor: str, execute: Execute) -> None:
    """Put the triggers up; those that stand are renewed."""
    unguard(vendor, execute)
    if vendor == "postgresql":
        execute(_FUNCTION)
        for name, (table, event, occasion) in _POSTGRESQL.items():
            execute(f"CREATE TRIGGER {name} {event} ON {table} {occasion} EXECUTE FUNCTION trail_refuse()")
    else:
        for name, event in _SQLITE.items():
            execute(f"CREATE TRIGGER {name} {event} {_REFUSE_SQLITE}")


def unguard(vendor: str, execute: Execute) -> None:
    """Take the triggers down."""
    if vendor == "postgresql":
        for name, (table, _, _) in _POSTGRESQL.items():
            execute(f"DROP TRIGGER IF EXISTS {name} ON {table}")
    else:
        for name in _SQLITE:
            execute(f"DROP TRIGGER IF EXISTS {name}")


def standing(vendor: str, query: Callable[[str], list[str]]) -> bool:
    """Whether all triggers stand.

    Args:
        vendor: which database.
        query: runs a query and gives its first column.
    """
    if vendor == "postgresql":
        found = query("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'")
        return set(_POSTGRESQL) <= set(found)
    return set(_SQLITE) <= set(query("SELECT name FROM sqlite_master WHERE type = 'trigger'"))

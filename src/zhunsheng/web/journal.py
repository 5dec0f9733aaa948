"""The log of the site: one file in the data directory, written by all its processes, rotated from outside."""

from logging import Formatter, LogRecord
from logging.handlers import WatchedFileHandler
from pathlib import Path
from typing import Any

_ONE_LINE = {code: ascii(chr(code))[1:-1] for code in (*range(0x20), 0x7F, 0x85, 0x2028, 0x2029)}
"""Control characters and how they are written in the log."""


class Journal(WatchedFileHandler):
    """Appends lines; the file is opened anew when it was moved away, and its directory made when it is absent."""

    def __init__(self, filename: str) -> None:
        super().__init__(filename, encoding="utf-8", delay=True)

    def _open(self) -> Any:  # noqa: ANN401 - as the base class
        Path(self.baseFilename).parent.mkdir(parents=True, exist_ok=True)
        return super()._open()


class Plain(Formatter):
    """Line: moment, level, process, source, message; a trace follows indented."""

    def __init__(self, *_: object, **__: object) -> None:
        super().__init__("%(asctime)s %(levelname)s %(process)d %(name)s %(message)s")

    def formatMessage(self, record: LogRecord) -> str:  # noqa: N802 - as the base class
        """The line; what came from outside makes no line of its own."""
        return super().formatMessage(record).translate(_ONE_LINE)


def logging_into(directory: Path) -> dict[str, Any]:
    """The configuration of logging."""
    handler = {
        "class": "zhunsheng.web.journal.Journal",
        "filename": str(directory / "site.log"),
        "formatter": "plain",
    }
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"plain": {"()": "zhunsheng.web.journal.Plain"}},
        "handlers": {"journal": handler},
        "loggers": {
            "django": {"handlers": ["journal"], "level": "WARNING"},
            # what visitors ask for in vain is no news; what breaks is
            "django.request": {"level": "ERROR"},
            "zhunsheng": {"handlers": ["journal"], "level": "INFO"},
        },
    }

"""What the commands of the site share: they start the framework, and word what is in the way."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec

import click

from zhunsheng.assembly.surroundings import Surroundings

P = ParamSpec("P")


def needs_site(*, current: bool = True) -> Callable[[Callable[P, Any]], Callable[P, Any]]:
    """A command over the database of the site.

    Args:
        current: whether its tables must be those of this program; an empty database gets them.
    """

    def declare(command: Callable[P, Any]) -> Callable[P, Any]:
        @wraps(command)
        def wrapped(*args: P.args, **kwargs: P.kwargs) -> Any:  # noqa: ANN401 - whatever the command returns
            from zhunsheng.web.starting import CannotStart, prepare  # noqa: PLC0415 - keeps the start fast

            try:
                prepare()
                if current:
                    from zhunsheng.web.upgrading import be_current  # noqa: PLC0415 - only after the settings

                    be_current()
                return _carried_out(command, *args, **kwargs)
            except CannotStart as trouble:
                raise Surroundings(listed(trouble.faults)) from trouble

        return wrapped

    return declare


def _carried_out(command: Callable[P, Any], *args: P.args, **kwargs: P.kwargs) -> Any:  # noqa: ANN401
    from zhunsheng.workflow.administration import Impossible  # noqa: PLC0415 - only after the settings

    try:
        return command(*args, **kwargs)
    except Impossible as wrong:
        raise click.UsageError(str(wrong)) from wrong


def listed(faults: tuple[str, ...]) -> str:
    """One fault in a line, several each in its own."""
    return (
        faults[0]
        if len(faults) == 1
        else "".join(f"\n  {place}. {each}" for place, each in enumerate(faults, 1))
    )

"""What nobody foresaw: kept with its trace in the log, told to people by a reference number only."""

import logging
import secrets

_LOG = logging.getLogger("zhunsheng.mishaps")


def noted(error: BaseException, where: str) -> str:
    """Write an exception with its trace to the log.

    Args:
        error: what happened.
        where: what was being done, for whoever reads the log.

    Returns:
        The reference number people are told.
    """
    reference = secrets.token_hex(4).upper()
    _LOG.error("编号 %s　%s", reference, where, exc_info=error)
    return reference

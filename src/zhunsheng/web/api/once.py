"""A request that is sent again does its work once: programs name it with a key of their own."""

import json
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import Annotated, Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from ninja import Header

from zhunsheng.store.database.models import AskedOnce, Job, User
from zhunsheng.workflow.action import Stale

KEPT = timedelta(days=30)
"""How long a key is remembered."""

Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[\x21-\x7e]{1,200}$",
        description="由程序选定，每次导入不同；同样的请求重发时用同一个",
    ),
]


def fingerprint(content: dict[str, Any]) -> str:
    """The hash of what is asked."""
    return sha256(json.dumps(content, sort_keys=True, ensure_ascii=True).encode()).hexdigest()


def once(user: User, key: str, asked: str, ask: Callable[[], int]) -> Job:
    """The job of a request: the one that was made for it before, or a new one.

    Args:
        user: who asks.
        key: chosen by the program.
        asked: hash of what is asked.
        ask: makes the job and gives its number; if it refuses, the key stays free.

    Raises:
        Stale: the key was used for something else.
    """
    now = timezone.now()
    with transaction.atomic():
        AskedOnce.objects.filter(user=user, created__lt=now - KEPT).delete()
        try:
            with transaction.atomic():
                made = AskedOnce.objects.create(user=user, key=key, sha256=asked, created=now)
        except IntegrityError:
            # whoever sends the same at the same moment waited for the first to be kept
            known = AskedOnce.objects.select_related("job").get(user=user, key=key)
            if known.sha256 != asked or known.job is None:
                raise Stale("这个 Idempotency-Key 已用于另一个内容不同的请求；请换一个新的 key") from None
            return known.job
        made.job = Job.objects.get(pk=ask())
        made.save(update_fields=["job"])
    return made.job

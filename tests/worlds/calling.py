"""Calling the interface as a program does."""

import json
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from zhunsheng.store.database.models import ApiToken, User
from zhunsheng.workflow.people.tokens import digest_of, new_token


def token_of(username: str, scope: str = "write", days: int = 1, **more: Any) -> str:
    """A token of a person of the demonstration."""
    token, now = new_token(), timezone.now()
    ApiToken.objects.create(
        user=User.objects.get(username=username),
        name="test",
        digest=digest_of(token),
        scope=scope,
        created=now,
        expires=now + timedelta(days=days),
        **more,
    )
    return token


def call(
    method: str, path: str, token: str = "", body: Any = None, client: Client | None = None, **more: Any
) -> Any:
    """One request below /api/v1."""
    headers = {"HTTP_AUTHORIZATION": f"Bearer {token}"} if token else {}
    data = body if isinstance(body, bytes) else json.dumps(body).encode() if body is not None else b""
    return (client or Client()).generic(
        method, f"/api/v1{path}", data, content_type="application/json", **headers, **more
    )


def received(answer: Any) -> bytes:
    """The whole of a file that is handed out; the answer is over afterwards, and the file closed."""
    try:
        return b"".join(answer.streaming_content)
    finally:
        answer.close()

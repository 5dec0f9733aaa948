"""The trail: who did what, when, from what to what, why.

Lines are added and never changed; each holds the hash of the line before it.
"""

from typing import Any, ClassVar, NoReturn

from django.db import models


class TrailEntry(models.Model):
    """One line.

    Names are kept as they were at the moment, so a line stays true when a person or body is renamed.

    Attributes:
        number: 1, 2, 3 … without gaps.
        who, name, role: user name, name of the person and role the right came from.
        channel: "web", "api" or "command".
        organisation, case: codes; "" when the act concerns none.
        action: code of the action.
        subject: what was changed, such as "indicators/1.1".
        before, after: its content.
        before_hash: hash of the line before; "" for the first.
        hash: over everything above.
    """

    number = models.PositiveBigIntegerField(primary_key=True)
    moment = models.CharField(max_length=32)
    who = models.CharField(max_length=150)
    name = models.CharField(max_length=60, blank=True)
    role = models.CharField(max_length=20, blank=True)
    channel = models.CharField(max_length=10)
    address = models.CharField(max_length=45, blank=True)
    organisation = models.CharField(max_length=60, blank=True, db_index=True)
    case = models.CharField(max_length=60, blank=True, db_index=True)
    action = models.CharField(max_length=60, db_index=True)
    subject = models.CharField(max_length=200, blank=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    reason = models.TextField(blank=True)
    before_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        """In order."""

        ordering: ClassVar = ["number"]
        indexes: ClassVar = [
            models.Index(fields=["moment"], name="trail_moment"),
            models.Index(fields=["who", "number"], name="trail_who"),
        ]
        verbose_name = "操作记录"
        verbose_name_plural = "操作记录"

    def __str__(self) -> str:
        return f"{self.number} {self.action}"

    def save(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - as the base class
        """Add the line; a line that is there is never changed.

        Raises:
            TypeError: it is there.
        """
        if not self._state.adding:
            raise TypeError("a line of the trail is never changed")
        kwargs["force_insert"] = True
        super().save(*args, **kwargs)

    def delete(self, *_args: object, **_kwargs: object) -> NoReturn:
        """Refuse.

        Raises:
            TypeError: always.
        """
        raise TypeError("a line of the trail is never deleted")


class TrailHead(models.Model):
    """How long the trail is and the hash of its last line: one row, so that lines taken off the end are missed.

    Whoever adds a line locks this row first; writers of the trail wait for each other here.
    """

    ONLY: ClassVar[int] = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY)
    count = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True)

    class Meta:
        """There is one."""

        constraints: ClassVar = [models.CheckConstraint(condition=models.Q(id=1), name="trail_has_one_head")]

    def __str__(self) -> str:
        return f"{self.count}:{self.hash}"

"""The Django application of the trial."""

import os
from datetime import timedelta

from django.apps import AppConfig


class BurningConfig(AppConfig):
    """Adds the kind of job; leases may be made short, so that a trial does not wait for them."""

    name = "burning"

    def ready(self) -> None:
        """Register."""
        from zhunsheng.workflow import jobs  # noqa: PLC0415 - models are not ready when this is imported

        jobs.KINDS["burning.write"] = "burning.work:write"
        jobs.LEASE = timedelta(seconds=float(os.environ.get("BURNING_LEASE", "60")))

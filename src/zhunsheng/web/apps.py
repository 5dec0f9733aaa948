"""The Django application of the pages."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages."""

    name = "zhunsheng.web"
    label = "web"
    verbose_name = "准绳"

    def ready(self) -> None:
        """Register the checks that run before the site starts."""
        from zhunsheng.web import start_checks  # noqa: F401, PLC0415 - registers on import

"""Settings: as in development, with the page and the job of the trial."""

from zhunsheng.web.settings import *  # noqa: F403 - settings are taken over whole
from zhunsheng.web.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "burning"]
ROOT_URLCONF = "burning.urls"
ALLOWED_HOSTS = ["*"]

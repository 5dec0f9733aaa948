"""Entry for servers."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhunsheng.web.settings")
application = get_wsgi_application()

from zhunsheng.web.warming import warm  # noqa: E402 - only when the framework is ready

warm()

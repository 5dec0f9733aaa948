"""Settings of the site under test: as in development, with a fast password hash and a directory of its own.

ZHUNSHENG_TEST_DATABASE (postgresql://…) chooses the server the tests run on; SQLite without it.
"""

import os

from passing import passing_directory

if "ZHUNSHENG_DATA" not in os.environ:
    os.environ["ZHUNSHENG_DATA"] = str(passing_directory("zhunsheng-site-"))
if os.environ.get("ZHUNSHENG_TEST_DATABASE"):
    os.environ["ZHUNSHENG_DATABASE"] = os.environ["ZHUNSHENG_TEST_DATABASE"]

from zhunsheng.web.settings import *  # noqa: F403 - settings are taken over whole

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AXES_ENABLED = False
STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # noqa: F405

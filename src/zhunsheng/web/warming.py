"""What is loaded before the first request, so that no person waits for it.

Addresses with all their views, the definitions of the package and the templates: together some seconds once, which
would otherwise be those of the first who comes to each page. Nothing here opens a database or starts a thread: the
processes that answer are forked from the one that has loaded it.
"""

import gc
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.template import Engine, TemplateDoesNotExist, TemplateSyntaxError
from django.template.loader import get_template
from django.urls import reverse
from django.utils import translation

from zhunsheng.assembly.evaluating import facts, load_sound_rubric
from zhunsheng.assembly.rejections import Rejected
from zhunsheng.store.definition_files import rubric_codes
from zhunsheng.store.indicator_files import indicator_codes, indicator_of
from zhunsheng.store.ledger_files import ledger_codes, ledger_of
from zhunsheng.store.review_rule_files import load_review_rules


def warm() -> None:
    """Load it all; what is broken is left to the page that needs it, which says so."""
    _addresses()
    _definitions()
    _templates()
    # what is here now stays: it need not be looked through again each time the memory is tidied, and stays shared
    gc.collect()
    gc.freeze()


def _addresses() -> None:
    for language, _label in settings.LANGUAGES:
        # names are sorted out for each language when the first one is looked up
        with translation.override(language):
            reverse("home")


def _definitions() -> None:
    for code in ledger_codes():
        ledger_of(code)
    for code in indicator_codes():
        indicator_of(code)
    with suppress(Rejected):
        facts()
    for code in rubric_codes():
        with suppress(Rejected):
            load_sound_rubric(code)
    load_review_rules()


def _templates() -> None:
    for directory in map(Path, Engine.get_default().dirs):
        for path in directory.rglob("*.html"):
            with suppress(TemplateSyntaxError, TemplateDoesNotExist):
                get_template(path.relative_to(directory).as_posix())

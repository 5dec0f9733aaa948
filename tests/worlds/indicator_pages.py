"""Pages of indicators as tests look at them: who may see them, and what they say."""

import re
from html import unescape
from pathlib import Path

from demonstrated import client_of
from django.urls import reverse
from indicators_site import YEAR, asked_of_files

from zhunsheng.store.database.models import Grant, Organisation, OrganisationKind, User

CASE, BODY = "huadu-2023", "huadu-amr"
READING = ("tianbao", "chushi", "caiwu", "juzhang", "caizheng", "shenji", "guanli")
GENERAL = f"procedure = 'GENERAL' AND year(filed_on) = {YEAR}"


def page(who: str, name: str, *parts: object, status: int = 200, **query: str) -> str:
    answer = client_of(who).get(reverse(name, args=parts), query)
    assert answer.status_code == status, (who, name, answer.status_code)
    return answer.content.decode()


def main(text: str) -> str:
    found = re.search(r"<main.*</main>", text, re.DOTALL)
    assert found is not None
    return unescape(re.sub(r"<[^>]+>", " ", found[0]))


def cases_filed(store: Path) -> int:
    ((count,),) = asked_of_files(store, f"SELECT count(*) FROM case_file WHERE {GENERAL}")
    return int(count)


def stranger() -> None:
    """Finance of another bureau."""
    region = Organisation.objects.get(code="huadu")
    other = Organisation.objects.create(
        code="other-amr", name="另一局", kind=OrganisationKind.BUREAU, parent=region
    )
    user = User.objects.create(username="bieren", name="别人")
    Grant.objects.create(user=user, role="finance", organisation=other)

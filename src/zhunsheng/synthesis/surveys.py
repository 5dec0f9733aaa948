"""Surveys with their answers, training, deliverables."""

import numpy as np

from zhunsheng.synthesis.amounts import EMPTY, chosen, coded_by_share, half_up, split
from zhunsheng.synthesis.city import City
from zhunsheng.synthesis.columns import Coded
from zhunsheng.synthesis.days import office_hours

_TOPICS = ("PLATFORM", "CONSUMER", "FOOD", "SERVICE")
_ITEMS = ("OVERALL", "CONVENIENCE", "ATTITUDE")


def make_surveys(city: City) -> None:
    """One survey of each topic; the share of satisfied answers about the platform is exact."""
    random = city.random("survey")
    size = len(_TOPICS)
    starts = np.array([city.days.day(month, 8) for month in (9, 5, 6, 10)])
    counts = np.array([city.count("surveys.platform_responses"), 900, 600, 400])
    draft = city.draft("survey", size)
    draft.put(
        topic=Coded(np.arange(size), _TOPICS),
        title="'合成满意度调查' || x_id",
        population="'当年服务记录中的随机样本'",
        method=Coded(np.arange(size), ("ONLINE", "PHONE", "ONSITE", "MIXED")),
        starts_on=starts,
        ends_on=starts + 30,
        planned_responses=counts,
        rule="'SHARE_SATISFIED'",
        report_accepted_on=starts + 55,
    )
    city.write(draft)
    for number in range(size):
        _write_answers(city, random, number, int(counts[number]), int(starts[number]))


def _write_answers(city: City, random: np.random.Generator, number: int, people: int, start: int) -> None:
    valid_people = np.arange(people) < people - people // 40
    person = np.repeat(np.arange(people), len(_ITEMS))
    size = len(person)
    valid = valid_people[person]
    item = np.tile(np.arange(len(_ITEMS)), people)
    satisfied = np.zeros(size, dtype=bool)
    for each in range(len(_ITEMS)):
        usable = np.flatnonzero(valid & (item == each))
        wanted = half_up(city.share("surveys.platform_satisfied") * len(usable))
        satisfied[usable[chosen(random, len(usable), wanted)]] = True
    score = np.where(
        satisfied, 4 + (random.random(size) < 0.6), 1 + coded_by_share(random, size, [0.1, 0.25, 0.65])
    )
    day = start + random.integers(0, 30, people)
    draft = city.draft("survey_response", size)
    draft.put(
        survey_id=np.full(size, number + 1),
        x_person=person + number * 1_000_000,
        respondent_hash="md5('合成受访者' || x_person)",
        item=Coded(item, _ITEMS),
        answered_on=day[person],
        score=score,
        satisfied=satisfied,
        valid=valid,
        weight=np.full(size, 10_000),
        evidence_ids=None,
    )
    city.write(draft)


def make_training(city: City) -> None:
    """Training courses; consumer rights as planned, others as background."""
    random = city.random("training")
    planned, attended = city.count("surveys.training_persons"), city.count("surveys.training_attended")
    courses = 8
    topics = ("CONSUMER_RIGHTS", "FOOD", "EQUIPMENT", "ENFORCEMENT", "STANDARDS", "IP", "OTHER")
    topic = np.concatenate([np.zeros(courses), np.repeat(np.arange(1, 7), 2)]).astype(np.int64)
    size = len(topic)
    persons = np.concatenate([split(planned, np.ones(courses)), np.full(size - courses, 60)])
    came = np.concatenate([split(attended, np.ones(courses)), np.full(size - courses, 58)])
    day = city.days.draw(random, size, city.days.office)
    draft = city.draft("training", size)
    draft.put(
        topic=Coded(topic, topics),
        title="'合成培训' || x_id",
        planned_persons=persons,
        planned_on=day,
        held_on=day,
        hours=np.full(size, 40),
    )
    city.write(draft)
    course = np.repeat(np.arange(size), came)
    person = np.arange(len(course)) - np.repeat(np.cumsum(came) - came, came)
    draft = city.draft("training_attendance", len(course))
    draft.put(
        training_id=course + 1,
        x_person=person + (course % 5) * 10_000,
        person_hash="md5('合成学员' || x_person)",
        signed_in=office_hours(random, day[course]),
        test_score=600 + random.integers(0, 401, len(course)),
        evidence_ids=None,
    )
    city.write(draft)


def make_deliverables(city: City) -> None:
    """Reports, films, printing and equipment: delivered and accepted within the year."""
    random = city.random("deliverable")
    names = ("consumer_reports", "films", "prints", "purchases")
    counts = [city.count(f"surveys.{each}") for each in names]
    kind = np.concatenate([np.repeat(np.arange(4), counts), [4]]).astype(np.int64)
    size = len(kind)
    weights = city.days.office.copy()
    weights[city.days.day(12, 10) - city.days.first :] = 0
    due = city.days.draw(random, size, weights)[random.permutation(size)]
    delivered = np.maximum(due - random.integers(0, 20, size), city.days.first)
    accepted = np.ones(size, dtype=bool)
    purchases = np.flatnonzero(kind == 3)
    refused = counts[3] - city.count("surveys.purchases_accepted")
    accepted[purchases[:refused]] = False
    draft = city.draft("deliverable", size)
    draft.put(
        kind=Coded(kind, ("REPORT", "FILM", "PRINT", "EQUIPMENT", "PILOT")),
        topic=Coded(kind, ("CONSUMER_SURVEY", "CONSUMER_RIGHTS", "PRINTING", "PURCHASE", "OTHER")),
        title="'合成成果' || x_id",
        due_on=due,
        delivered_on=delivered,
        accepted_on=np.where(accepted, delivered + 6, EMPTY),
        accepted=accepted,
        defects=np.where(accepted, 0, 2),
        survey_id=np.where(kind == 0, 2, 0),
        asset_card=np.where(kind == 3, 1 + np.arange(size), 0),
    )
    city.write(draft)

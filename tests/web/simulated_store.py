"""A store in which simulated respondents have finished, as if they had clicked."""

from dataclasses import replace

from analysis.planning.simulate import simulate
from questionnaire import journey
from questionnaire.journey import Status
from questionnaire.loading import load_study
from questionnaire.storage import Stored, StoredStudy, Submission, connect

NOW = "2026-01-01T00:00:00.000Z"


def store_simulated(database, path, count, seed=3):
    """Respondents whose answers come from the population, stored as finished surveys."""
    storage = connect(database)
    study = load_study(path)
    text = path.read_text(encoding="utf-8")
    version = StoredStudy(study.content_hash, study.code, study.version, study.plan_hash, text, NOW)
    storage.add_study(version)
    for number, row in enumerate(simulate(study, count, seed=seed).to_dict("records")):
        start = journey.begin(study, form=study.forms[0].code, language="en", seed=number)
        asked = journey.consent(study, start, 0)
        answers = {code: int(row[code]) for code in study.items}
        token = f"simulated-{number}"
        step = Submission(f"{token}-start", 0, "consent", received_at=NOW)
        storage.start(Stored(token, token, asked, NOW, NOW), step)
        done = replace(asked, status=Status.FINISHED, answers=answers, version=2)
        storage.submit(token, Submission(f"{token}-end", 1, "all", answers, {}, NOW), done)
    storage.close()

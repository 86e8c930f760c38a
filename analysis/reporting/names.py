"""What choices and groups are called in a report: study files and results know them by their codes."""

from __future__ import annotations

from analysis.reporting.wording import Words
from questionnaire.piping import say
from questionnaire.study import Study


def choice(kind: str, code: str, words: Words) -> str:
    """A screening level, scoring or estimator (``kind``); several at once are separated by commas."""
    parts = code.split(", ")
    known = [words.known(f"{kind}_{part.replace('-', '_').replace(' ', '_')}", part) for part in parts]
    return ("、" if words.language.startswith("zh") else ", ").join(known)


def grouping_name(study: Study, code: str, words: Words) -> str:
    """What the groups are of: a name of the study file, or one of the report's own."""
    named = next((group.name for group in study.groups if group.code == code), None)
    return say(named, words.language, study.languages[0]) if named else words.known(f"grouping_{code}", code)


def group_name(study: Study, grouping: str, member: str, words: Words) -> str:
    """A group that is one answer to a question, by the same code, is called as that answer."""
    group = next((group for group in study.groups if group.code == grouping), None)
    if group is None or group.members.get(member) != (member,):
        return member
    asked = (question for question in study.questions if question.code == group.question)
    label = next((o.label for question in asked for o in question.options if o.code == member), None)
    return say(label, words.language, study.languages[0]) if label else member

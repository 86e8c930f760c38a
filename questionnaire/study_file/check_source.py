"""What must hold among the source's claims and cases and what refers to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from questionnaire.suggestion import suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable

    from questionnaire.study import Study
    from questionnaire.study_file.problems import Collector


def check_source(study: Study, problems: Collector) -> None:
    """Report claims and platforms that hypotheses and cases name but the file does not list."""
    if not problems.intact("claims"):
        return
    listed = [claim.code for claim in study.claims]
    for hypothesis in study.hypotheses:
        _claims(f"hypotheses[{hypothesis.code}]", hypothesis.claims, listed, problems)
    options = {f"{q.code}.{option.code}" for q in study.questions for option in q.options}
    for case in study.cases:
        path = f"cases[{case.code}]"
        _claims(path, case.claims, listed, problems)
        if case.option and case.option not in options and problems.intact("questions"):
            what = f'"{case.option}" is not an answer of this study'
            problems.add(f"{path}.option", what, suggestion(case.option, options))


def _claims(path: str, codes: Iterable[str], listed: list[str], problems: Collector) -> None:
    for index, code in enumerate(codes):
        if code not in listed:
            what = f'the claim "{code}" is not listed'
            problems.add(f"{path}.claims[{index}]", what, suggestion(code, listed))

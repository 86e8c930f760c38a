"""The written results: what they say for each verdict, no causal verb, and every row of the checklist."""

import re
from dataclasses import replace
from pathlib import Path
from typing import cast

import pandas as pd
import pytest
import yaml

from analysis.measurement.invariance_ladder import MeasurementInvariance
from analysis.pipeline import analyse
from analysis.pipeline.measured import Invariance
from analysis.pipeline.result import FittedModel, GroupComparison
from analysis.planning.simulate import simulate
from analysis.reporting import checklist
from analysis.reporting.checklist.findings import finding_blanks
from analysis.reporting.checklist.reach import controlled
from analysis.reporting.compose import compose
from analysis.reporting.sections_results import results_section
from analysis.reporting.wording import words
from analysis.synergy.group_paths import GroupPaths
from analysis.synergy.matchings import MatchingSpread
from analysis.synergy.verdict import Verdict
from analysis.unavailable import Unavailable
from questionnaire.instrument import Role
from questionnaire.loading import load_study

REPORTING = Path(checklist.__file__).parents[1]
STUDY = load_study(Path(__file__).parents[2] / "data" / "studies" / "tea_breaks.yaml")
MAY = ("necessity_intro", "waves_intro", "multipliers_note")
"""Says that it tests no cause; and what is said of several waves, where one comes after another."""
CAUSAL = {
    "en": r"\b(caus(e|es|ed|ing)|leads? to|led to|increas(e|es|ed|ing)|decreas(e|es|ed|ing)|rais(es|ed|ing)|"
    r"reduc(e|es|ed|ing)|affect(s|ed|ing)?|influenc(e|es|ed|ing)|impact(s|ed|ing)?|improv(e|es|ed|ing)|"
    r"produc(es|ed|ing)|driv(e|es|en|ing)|resulted in|results in (?!words)|bring(s|ing)? about|"
    r"promot(e|es|ed|ing)|enhanc(e|es|ed|ing)|determin(e|es|ed|ing)|boost(s|ed|ing)?|foster(s|ed|ing)?)\b",
    "zh-CN": "导致|引起|造成|促进|提高|降低|影响|增强|增加|减少|使得|决定|推动|改善|引发|提升|削弱",
}


def spoken(document, claims):
    for section in document.sections:
        if section.key == "references":
            # Titles of works are not the report's own words.
            continue
        texts = [*section.paragraphs, *(t.note for t in section.tables), *(f.note for f in section.figures)]
        texts += [t.caption for t in section.tables] + [f.caption for f in section.figures]
        for text in texts:
            for claim in claims:
                text = text.replace(claim.rstrip("。. "), "")
            yield text


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_no_causal_verb(result, language):
    claims = [text for h in STUDY.hypotheses for text in h.statement.values()]
    found = [t for t in spoken(compose(result, language), claims) if re.search(CAUSAL[language], t, re.I)]
    assert found == []


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_no_causal_verb_in_any_rule(language):
    """Also in sentences that these answers do not bring out."""
    table = yaml.safe_load((REPORTING / "words" / f"{language}.yaml").read_text(encoding="utf-8"))
    assert set(MAY) <= set(table)
    ours = {k: v for k, v in table.items() if k not in MAY}
    assert len(ours) > 300
    assert [k for k, text in ours.items() if re.search(CAUSAL[language], text, re.I)] == []


@pytest.mark.parametrize("language", ["en", "zh-CN"])
@pytest.mark.parametrize("verdict", list(Verdict))
def test_every_verdict_is_said_and_only_that_one(result, language, verdict):
    own = words(language)
    row = next(r for r in result.verdicts if r.primary and r.estimate is not None)
    row = replace(row, verdict=verdict.value, reason="")
    text = results_section(replace(result, verdicts=(row,)), own).paragraphs[-1]
    key = verdict.value.replace(",", "").replace(" ", "_")
    assert own(f"verdict_{key}") in text
    if verdict not in (Verdict.NOT_TESTED, Verdict.NOT_COMPUTED):
        why = own.known(f"why_{key}", "")
        assert why
        assert why.split("{")[0] in text


def test_a_sentence_names_estimate_interval_and_p(result):
    row = next(r for r in result.verdicts if r.primary and r.estimate is not None)
    text = results_section(replace(result, verdicts=(row,)), words("en")).paragraphs[-1]
    assert re.search(
        r"= −?\d\.\d{3}, SE = \d\.\d{3}, \d+% CI \[−?\d\.\d{3}, −?\d\.\d{3}\], p [=<] \.\d{3}", text
    )


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_every_row_of_the_checklist_is_filled_or_says_what_it_would_take(result, language):
    (section,) = (s for s in compose(result, language).sections if s.key == "checklist")
    rows = section.tables[0].rows
    assert [row[0] for row in rows] == [str(n) for n in range(1, 54)]
    missing = words(language)("checklist_missing", supply="").strip()
    for _, item, said in rows:
        assert item
        assert said.removeprefix(missing).strip()
        assert "{" not in said
    assert 25 < sum(not row[2].startswith(missing) for row in rows) < 53


def test_the_checklist_has_the_same_blanks_in_every_language():
    for one, other in zip(checklist.rows("en"), checklist.rows("zh-CN"), strict=True):
        assert sorted(re.findall(r"{\w+}", one.filled)) == sorted(re.findall(r"{\w+}", other.filled))
        assert bool(one.filled) == bool(other.filled)
        assert bool(one.supply) == bool(other.supply)
        assert one.filled or one.supply


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_the_checklist_claims_nothing_left_out_that_was_done(result, language):
    """Each sentence turns with what the result holds."""
    own = words(language)
    spread = MatchingSpread("H9", "M9", 0.1, pd.DataFrame())
    compared = GroupComparison("H8", "site", "M8", cast(GroupPaths, object()))
    missing = GroupComparison("H7", "site", "M7", Unavailable("too few"))
    reliable = pd.DataFrame({"grouping": ["site"], "omega": [0.8]})
    rung = Invariance("site", {}, cast(MeasurementInvariance, object()))
    done = replace(
        result,
        matchings=(spread,),
        group_comparisons=(compared, missing),
        invariances=(rung,),
        measurement=replace(result.measurement, groups=reliable),
    )
    bare = replace(
        done,
        matchings=(),
        group_comparisons=(missing,),
        measurement=replace(result.measurement, groups=pd.DataFrame()),
    )
    filled, empty = finding_blanks(done, own), finding_blanks(bare, own)
    for row, blank, key, name in (
        (36, "groups", "groups", "site"),
        (42, "paths", "paths", "H8"),
        (49, "matchings", "matchings", "H9"),
    ):
        assert name in filled[row][blank]
        assert "H7" not in filled[row][blank]
        assert empty[row][blank] == own(f"checklist_no_{key}")


def test_the_checklist_names_the_models_with_controls(result):
    fitted = [m for m in result.models if isinstance(m, FittedModel) and m.converged]
    model = next(m for m in fitted if (m.estimates["op"] == "~").any())
    cause = str(model.estimates.loc[model.estimates["op"] == "~", "rhs"].iloc[0])
    constructs = [replace(c, role=Role.PREDICTOR) for c in STUDY.constructs]
    without = replace(result, study=replace(STUDY, constructs=tuple(constructs)), models=(model,))
    assert controlled(without, words("en")) == words("en")("checklist_no_controls")
    constructs[0] = replace(constructs[0], role=Role.CONTROL, code=cause)
    said = controlled(replace(without, study=replace(STUDY, constructs=tuple(constructs))), words("en"))
    assert model.model in said
    assert cause in said


def test_an_analysis_of_nothing_fills_what_the_study_file_knows():
    empty = analyse(STUDY, simulate(STUDY, 200, seed=4).iloc[:0], seed=1)
    (section,) = (s for s in compose(empty, "en").sections if s.key == "checklist")
    said = {row[0]: row[2] for row in section.tables[0].rows}
    assert said["40"].startswith("Not available")
    assert not said["35"].startswith("Not available")

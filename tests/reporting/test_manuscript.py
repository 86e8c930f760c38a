"""What a manuscript needs: works cited and listed, means and correlations, limits, symbols in italics."""

import html
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from scipy.stats import pearsonr

from analysis.pipeline import analyse
from analysis.pipeline.result import PlanStatus
from analysis.planning.simulate import simulate
from analysis.reporting import checklist
from analysis.reporting.compose import compose
from analysis.reporting.document import Section, Table, without_blank
from analysis.reporting.html import section_html
from analysis.reporting.numbers import bounded, number
from analysis.reporting.sections_descriptives import construct_means, critical
from analysis.reporting.sections_limits import limits_section, unsettled
from analysis.reporting.sections_measurement import measurement_section
from analysis.reporting.sections_method import method_section
from analysis.reporting.sections_probes import _once
from analysis.reporting.sections_references import _works, references_section
from analysis.reporting.sections_results import quoted, results_section
from analysis.reporting.sections_structure import structure_section
from analysis.reporting.sections_verdicts import verdict_section
from analysis.reporting.sensitivity import sensitivity_table
from analysis.reporting.symbols import marked, pieces
from analysis.reporting.wording import opened, words
from questionnaire.loading import load_study

REPORTING = Path(checklist.__file__).parents[1]
STUDY = load_study(Path(__file__).parents[2] / "data" / "studies" / "tea_breaks.yaml")
LANGUAGES = ("en", "zh-CN")
CITED = re.compile(r"([A-Z][a-z]+)(?: et al\.| 等|,? & [A-Z][a-z]+)?(?:, | ?[(（])((?:19|20)\d\d)")


@pytest.fixture(scope="module")
def result():
    return analyse(STUDY, simulate(STUDY, 200, seed=4), seed=1)


def own_text(language):
    texts = yaml.safe_load((REPORTING / "words" / f"{language}.yaml").read_text(encoding="utf-8"))
    rows = [text for row in checklist.rows(language) for text in (row.item, row.filled, row.supply)]
    return "\n".join([*texts.values(), *rows])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_work_cited_is_listed_and_every_work_listed_is_cited(language):
    text = own_text(language)
    cited = set(CITED.findall(text))
    assert len(cited) > 10
    entries = [entry for _, entry in _works()]
    unlisted = {c for c in cited if not any(e.startswith(c[0]) and f"({c[1]})" in e for e in entries)}
    assert unlisted == set()
    assert [entry for pattern, entry in _works() if not pattern.search(text)] == []
    assert entries == sorted(entries)


@pytest.mark.parametrize(
    ("text", "listed"),
    [
        ("by Holm (Holm, 1979)", "Holm, S."),
        ("（Wen 等, 2010）", "Wen, Z."),
        ("Williams et al. (2010)", "Williams, L. J."),
        ("Williams（2009）", None),
        ("Holm's method; 1979 was a year", None),
    ],
)
def test_a_work_is_listed_by_author_and_year(text, listed):
    found = references_section([Section("a", "A", (text,))], "", words("en")).paragraphs
    assert [entry.startswith(listed) for entry in found] == ([True] if listed else [])


@pytest.mark.parametrize("language", LANGUAGES)
def test_method_limits_and_references_follow_the_results(result, language):
    keys = [section.key for section in compose(result, language).sections]
    assert keys[0] == "verdicts"
    assert keys.index("results") < keys.index("method") < keys.index("limits") < keys.index("references")
    assert keys[-2:] == ["wording", "checklist"]


def test_means_and_correlations_are_those_of_the_answers(result):
    answers = result.analysed
    means = construct_means(STUDY, answers)
    breaks = (answers["BR1"] + answers["BR2"] + 6 - answers["BR3"]) / 3
    assert means["BREAKS"].to_numpy() == pytest.approx(breaks.to_numpy())
    section = next(s for s in compose(result, "en").sections if s.key == "descriptives")
    first, second, _ = section.tables[0].rows
    assert first[1:4] == ("200", f"{breaks.mean():.2f}", f"{breaks.std():.2f}")
    talk = answers[["TA1", "TA2", "TA3"]].mean(axis=1)
    assert second[4] == f"{breaks.corr(talk):.2f}".replace("0.", ".")


def test_a_mean_needs_as_many_answers_as_a_parcel():
    answers = pd.DataFrame({"TA1": [1.0, 1.0], "TA2": [3.0, np.nan], "TA3": [np.nan, np.nan]})
    assert construct_means(STUDY, answers)["TALK"].tolist() == pytest.approx([2.0, np.nan], nan_ok=True)
    assert construct_means(STUDY, pd.DataFrame()).empty


@pytest.mark.parametrize("n", [12, 100, 558])
def test_the_smallest_correlation_that_differs_from_0(n):
    """Against scipy's own test: significant at the printed bound, not two hundredths below."""

    def p(r):
        x = np.arange(n, dtype=float) - (n - 1) / 2
        e = np.random.default_rng(1).normal(size=n)
        e -= np.polyval(np.polyfit(x, e, 1), x)
        y = r * x / x.std() + np.sqrt(1 - r**2) * e / e.std()
        return pearsonr(x, y).pvalue

    assert p(critical(n)) < 0.05 < p(critical(n) - 0.0201)


def limits(result):
    return " ".join(limits_section(result, words("en")).paragraphs)


def test_a_limit_stands_only_where_it_applies(result):
    own = words("en")
    assert own("limit_synthetic") in limits(result)
    assert own("limit_plan") in limits(result)
    fixed = replace(result, synthetic=False, plan=PlanStatus.CONFIRMATORY)
    assert own("limit_synthetic") not in limits(fixed)
    assert own("limit_plan") not in limits(fixed)
    assert "undecided" not in limits(result)
    row = next(row for row in result.verdicts if row.primary)
    open_row = replace(row, verdict="undecided")
    told = limits(replace(result, verdicts=(open_row, *(r for r in result.verdicts if r is not row))))
    assert f"({row.hypothesis})" in told


def test_a_verdict_that_changes_with_the_screening_is_told(result):
    row = next(row for row in result.verdicts if row.primary)
    other = replace(row, primary=False, screening="any", verdict="undecided")
    assert unsettled(replace(result, verdicts=(row,))) == []
    both = replace(result, verdicts=(row, other))
    assert unsettled(both) == [row.hypothesis]
    table = sensitivity_table(both, words("en"))
    assert len(table.columns) == 3
    assert table.rows[0][1].endswith("Supported")
    assert table.rows[0][2].endswith("Undecided")


@pytest.mark.parametrize("language", LANGUAGES)
def test_significance_lost_to_adjustment_is_said(result, language):
    """An interval without 0 beside "undecided" would be a riddle."""
    own = words(language)
    row = next(row for row in result.verdicts if row.primary)
    row = replace(row, verdict="undecided", ci_lower=0.01, ci_upper=0.2, pvalue_adjusted=0.12, reason="")
    cases = (
        (replace(row, pvalue=0.04), "why_undecided_adjusted"),
        (replace(row, pvalue=0.06), "why_undecided_p"),
        (replace(row, ci_lower=-0.01), "why_undecided"),
    )
    for changed, key in cases:
        text = results_section(replace(result, verdicts=(changed,)), own).paragraphs[-1]
        assert own(key, alpha=".05") in text


def test_nothing_missing_and_nobody_left_out_is_said_so(result):
    text = " ".join(method_section(result, words("en")).paragraphs)
    assert "All 200 rows that were read were analysed." in text
    assert "None of their answers is missing." in text
    assert "(MLR;" not in text


def test_a_slope_moderated_by_two_variables_stands_once():
    columns = ["predictor", "moderator", "at", "held", "held_at"]
    slopes = pd.DataFrame(
        [("S", "R", -1, "C", 1), ("S", "C", 1, "R", -1), ("S", "R", 1, "C", -1), ("R", "S", -1, "C", 1)],
        columns=columns,
    )
    assert len(list(_once(slopes))) == 3
    alone = pd.DataFrame([("S", "R", -1, "", None), ("S", "R", 1, "", None)], columns=columns)
    assert len(list(_once(alone))) == 2


@pytest.mark.parametrize(
    ("text", "heading", "slanted"),
    [
        ("SE = 0.060, p < .001, adjusted p = .025", False, ["SE", "p", "p"]),
        ("M1_ADD (n = 558): χ²(75) = 70.48, p = .626", False, ["n", "p"]),
        ("b in DIRECT = 0.297; CFI = .98", False, []),
        ("gS + a1*gR, np = 3", False, []),
        ("p adj.", True, ["p"]),
        ("M", True, ["M"]),
        ("Model", True, []),
        ("p 值，n = 3", False, ["n"]),
    ],
)
def test_statistical_symbols_are_found(text, heading, slanted):
    found = pieces(text, heading=heading)
    assert "".join(piece for piece, _ in found) == text
    assert [piece for piece, symbol in found if symbol] == slanted


def test_a_page_escapes_around_symbols():
    assert marked("<b> p < .001") == "&lt;b&gt; <i>p</i> &lt; .001"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("it needs 3 waves", "It needs 3 waves"),
        ("M11_FILL_IN needs ITR", "M11_FILL_IN needs ITR"),
        ("semopy's own", "semopy's own"),
        ("需要 3 轮", "需要 3 轮"),
        ("", ""),
    ],
)
def test_a_reason_begins_as_a_sentence(text, said):
    assert opened(text) == said


def test_quotation_marks_within_a_quotation_are_the_inner_ones():
    assert quoted("像“作秀”") == "像‘作秀’"


@pytest.mark.parametrize(
    ("language", "caveats", "lines"),
    [
        ("en", ("Mind the gap.", "Mind the gap."), ["{}, {}: Mind the gap."]),
        ("zh-CN", ("小心空隙。", "小心空隙。"), ["{}、{}：小心空隙。"]),
        ("en", ("Mind <b>.", "Mind the gap."), ["{}: Mind <b>.", "{}: Mind the gap."]),
        ("zh-CN", ("", "小心<b>。"), ["{1}：小心<b>。"]),
    ],
)
def test_a_caveat_stands_once_with_all_its_hypotheses(result, language, caveats, lines):
    """In the note to the table of verdicts, and on the card of each hypothesis."""
    codes = [h.code for h in result.study.hypotheses]
    hypotheses = tuple(
        replace(h, caveat={language: caveat} if caveat else {})
        for h, caveat in zip(result.study.hypotheses, caveats, strict=True)
    )
    study = replace(result.study, hypotheses=hypotheses)
    section = verdict_section(replace(result, study=study), words(language))
    left = iter(codes)
    expected = [
        line.format(*codes) if "{1}" in line else line.format(*(next(left) for _ in range(line.count("{}"))))
        for line in lines
    ]
    assert section.tables[0].note.splitlines()[1:] == expected
    assert {card.code: card.caveat for card in section.cards} == dict(zip(codes, caveats, strict=True))
    page = section_html(section)
    assert page.count("<details") == sum(bool(caveat) for caveat in caveats)
    for line in expected:
        assert f'<p class="note">{html.escape(line)}</p>' in page


def test_a_study_without_caveats_has_none(result):
    section = verdict_section(result, words("en"))
    assert len(section.tables[0].note.splitlines()) == 1
    assert "<details" not in section_html(section)


def test_oblique_factors_come_with_their_correlations(result):
    found = result.measurement.exploratory
    table = next(t for t in measurement_section(result, words("en")).tables if t.key == "exploratory_factors")
    assert found.n_factors > 1
    assert len(table.rows) == found.n_factors
    between = found.factor_correlations.to_numpy()
    for i, (name, total, share, *cells) in enumerate(table.rows):
        assert name == found.loadings.columns[i]
        assert (total, share) == (
            number(found.variance.loc["ss_loadings", name], 2),
            bounded(found.variance.loc["proportion", name]),
        )
        assert cells == [bounded(r, 2) if j <= i else "" for j, r in enumerate(between[i].tolist())]
    # Every item's communality is of these factors, and together they explain what the items share.
    assert found.variance.loc["ss_loadings"].sum() == pytest.approx(found.communalities.sum(), abs=1e-9)


def test_engines_are_compared_in_standard_errors(result):
    """A difference of .002 is large where the standard error is small."""
    fitted = result.models[0]
    apart = fitted.cross_check.assign(
        difference=2e-3, difference_in_se=[0.5, *[0.0] * (len(fitted.cross_check) - 1)]
    )
    changed = replace(result, models=(replace(fitted, cross_check=apart), *result.models[1:]))
    tables = structure_section(changed, words("en")).tables
    (table,) = (table for table in tables if table.key == "cross_check")
    assert table.rows[0][:2] == (fitted.model, "0.5000")
    assert {row[1] for row in table.rows[1:]} <= {"< 0.0001", ""}


def test_columns_in_which_nothing_stands_are_left_out():
    table = Table(
        "t", "T", ("a", "b", "c", "d"), (("x", "", "–", ""), ("y", "", "1", "z")), (False, False, True, False)
    )
    kept = without_blank(table)
    assert kept.columns == ("a", "c", "d")
    assert kept.rows == (("x", "–", ""), ("y", "1", "z"))
    assert kept.numeric == (False, True, False)
    empty = replace(table, rows=())
    assert without_blank(empty) == empty


def test_what_constructs_have_in_common_is_said_once_below_them(result):
    frame = result.measurement.constructs
    common = frame.assign(note=["it is no factor of the measurement model"] * len(frame))
    changed = replace(result, measurement=replace(result.measurement, constructs=common))
    (table,) = (t for t in measurement_section(changed, words("en")).tables if t.key == "constructs")
    assert table.note == f"{', '.join(frame['construct'])}: It is no factor of the measurement model"
    assert len(table.columns) == len(frame.columns) - 1


def test_of_many_eigenvalues_those_near_the_kept_ones_are_shown(result):
    found = result.measurement.parallel
    long = pd.DataFrame(
        {
            "factor": range(1, 21),
            **{name: np.linspace(5, 0.1, 20) for name in ("eigenvalue", "random_mean", "random_q95")},
            "retained": [True] * 2 + [False] * 18,
            "map": [0.3, 0.2, 0.1, 0.2, *[np.nan] * 16],
        }
    )
    cases = ((long, 6), (long.assign(map=np.nan), 5), (found, 5), (found.head(5), 5), (found.head(3), 3))
    for frame, shown in cases:
        report = replace(result.measurement, parallel=frame)
        tables = measurement_section(replace(result, measurement=report), words("en")).tables
        (table,) = (t for t in tables if t.key == "parallel")
        assert len(table.rows) == shown
        told = f"The first {shown} of {len(frame)} eigenvalues are shown; no later one is retained."
        assert table.note == (told if shown < len(frame) else "")


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", "Not tested because {} did not pass; by the rule alone: supported"),
        ("zh-CN", "因{}未通过而不予检验；若仅按规则：支持"),
    ],
)
def test_a_hypothesis_that_waits_for_others_names_them(result, language, told):
    first, last = result.study.hypotheses
    closed = f"not tested because {first.family} did not pass; by the rule alone: supported"
    rows = tuple(
        replace(row, verdict="not tested", reason=closed) if row.hypothesis == last.code else row
        for row in result.verdicts
    )
    cards = verdict_section(replace(result, verdicts=rows), words(language)).cards
    before = [h.code for h in result.study.hypotheses if h.family == first.family]
    (card,) = (card for card in cards if card.code == last.code)
    assert card.detail.endswith(told.format(("、" if language == "zh-CN" else ", ").join(before)))

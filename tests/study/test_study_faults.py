"""Every malformed study file is answered with file, line, field, fault and mend."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from questionnaire.loading import Problem, StudyError, load_study, parse_study
from questionnaire.study_file.nodes import MAX_BYTES, MAX_DEPTH, MAX_MEMBERS
from questionnaire.study_file.problems import MAX_PROBLEMS

TEA = (Path(__file__).parents[2] / "data/studies/tea_breaks.yaml").read_text(encoding="utf-8")


@dataclass(frozen=True)
class Fault:
    """``old`` becomes ``new``; the one problem stands on the line of ``at`` (default: of ``new``)."""

    old: str
    new: str
    field: str
    what: str
    mend: str = ""
    at: str | None = None


FAULTS = {
    # -- keys ----------------------------------------------------------------------------------
    "unknown key at the top": Fault(
        "checks: []", "checks: []\ncheks: []", "cheks", 'unknown key "cheks"', '"checks"', "cheks"
    ),
    "unknown key in an item": Fault(
        "        reverse: true",
        "        revers: true",
        "constructs[BREAKS].items[BR3].revers",
        'unknown key "revers"',
        '"reverse"',
    ),
    # -- recruitment ---------------------------------------------------------------------------
    "a quota on a question there is not": Fault(
        "checks: []",
        "checks: []\nquotas:\n  - {name: t, target: 5, where: {drnk: [tea]}}",
        "quotas[0].where.drnk",
        'no choice question "drnk"',
        '"drink"',
        "drnk",
    ),
    "a quota on an option there is not": Fault(
        "checks: []",
        "checks: []\nquotas:\n  - {name: t, target: 5, where: {drink: [tee]}}",
        "quotas[0].where.drink",
        'no option "tee" of drink',
        '"tea"',
        "tee",
    ),
    "a quota without places": Fault(
        "checks: []",
        "checks: []\nquotas:\n  - name: t\n    target: 0",
        "quotas[0].target",
        "a target of 0",
        "at least 1",
        "target: 0",
    ),
    "a quota in a wave there is not": Fault(
        "checks: []",
        "checks: []\nquotas:\n  - name: t\n    target: 2\n    wave: w9",
        "quotas[0].wave",
        'no wave "w9"',
        at="wave: w9",
    ),
    "two quotas of one name": Fault(
        "checks: []",
        "checks: []\nquotas:\n  - {name: t, target: 1}\n  - {target: 2, name: t}",
        "quotas[1].name",
        'a second cell "t"',
        at="target: 2",
    ),
    "a stop that is no day": Fault(
        "checks: []", "checks: []\nstop: {at: soon}", "stop.at", '"soon" is not a date', "2026-01-31", "soon"
    ),
    "a stop below nobody": Fault(
        "checks: []", "checks: []\nstop: {n: -5}", "stop.n", "-5 respondents", "at least 1", "n: -5"
    ),
    "an address without https": Fault(
        "checks: []",
        'checks: []\nquota_full_redirect: "http://x.example"',
        "quota_full_redirect",
        "https://",
        at="http://x.example",
    ),
    "a panel's parameter that is the survey's": Fault(
        "checks: []", "checks: []\npanel: [PID, lang]", "panel[1]", "of the survey itself", at="panel:"
    ),
    "a panel's parameter that is none": Fault(
        "checks: []", 'checks: []\npanel: ["a b"]', "panel[0]", '"a b" is not a parameter', at="panel:"
    ),
    # -- screening -----------------------------------------------------------------------------
    "unknown screening level": Fault(
        "threshold: 9, level: any",
        "threshold: 9, level: rules",
        "screening[0].level",
        '"rules" is not a screening level',
        '"rule"',
    ),
    "unknown screening index": Fault(
        "{index: longstring, threshold: 9",
        "{index: longstrin, threshold: 9",
        "screening[0].index",
        '"longstrin" is not a screening index',
        '"longstring"',
    ),
    "two rules for one screening index": Fault(
        "  - {index: longstring, threshold: 9, level: any}",
        "  - {index: longstring, threshold: 9}\n  - {index: longstring, threshold: 7, level: rule}",
        "screening[1].index",
        'a second rule for "longstring"',
        "Keep one",
        "threshold: 7",
    ),
    "missing rival": Fault(
        "    rival: CHAIN\n",
        "",
        "hypotheses[T1].rival",
        'the key "rival" is missing',
        "Add rival",
        "- code: T1",
    ),
    "missing code": Fault(
        "  - code: full\n    name",
        "  - name",
        "forms[0].code",
        'the key "code" is missing',
        "Add code",
        "  - name: {en: Full",
    ),
    "duplicate key": Fault(
        "    alpha: 0.05\n    rival: CHAIN",
        "    alpha: 0.05\n    alpha: 0.01\n    rival: CHAIN",
        "alpha",
        "a second time",
        "Remove",
        "alpha: 0.01",
    ),
    "no value": Fault("    estimand: b\n", "    estimand:\n", "hypotheses[T1].estimand", "there is no value"),
    # -- types ---------------------------------------------------------------------------------
    "text for a boolean": Fault(
        "reverse: true",
        "reverse: maybe",
        "constructs[BREAKS].items[BR3].reverse",
        '"maybe" is not true or false',
    ),
    "word for a number": Fault(
        "points: 5", "points: five", "scales[often5].points", '"five" is not a whole number'
    ),
    "fraction for a whole number": Fault(
        "draws: 2000", "draws: 2000.5", "rules.bootstrap_draws", "not a whole number"
    ),
    "mapping for a list": Fault(
        "elements: [MOOD]", "elements: {MOOD: 1}", "blocks[mood].elements", "a mapping is not a list"
    ),
    "unknown choice": Fault(
        "kind: mediation", "kind: mediated", "hypotheses[T2].kind", '"mediated" is not one of', '"mediation"'
    ),
    "invalid code": Fault(
        "code: TA2", "code: TA-2", "constructs[TALK].items[1].code", '"TA-2" is not a valid code'
    ),
    "code that is no name": Fault(
        "code: TA2", "code: 2TA", "constructs[TALK].items[1].code", '"2TA" is not a valid code'
    ),
    "NaN": Fault("sesoi: 0.02", "sesoi: .nan", "hypotheses[T2].sesoi", '".nan" is not a finite number'),
    "infinite": Fault(
        "sesoi: 0.02", "sesoi: 1e999", "hypotheses[T2].sesoi", '"1e999" is not a finite number'
    ),
    "empty text": Fault(
        'en: "I drink my {drink} alone at my desk."',
        'en: ""',
        "constructs[BREAKS].items[BR3].wording.en",
        "text is empty",
    ),
    "control character": Fault("en: Mood,", 'en: "Mo\\0od",', "blocks[mood].title.en", "control character"),
    # -- languages -----------------------------------------------------------------------------
    "missing translation": Fault(
        "{en: Mood, de: Stimmung}",
        "{en: Mood}",
        "blocks[mood].title",
        'translation into "de" is missing',
        "Add de",
    ),
    "foreign language": Fault(
        "{en: Mood, de: Stimmung}",
        "{en: Mood, de: Stimmung, fr: Humeur}",
        "blocks[mood].title.fr",
        '"fr" is not a language',
    ),
    "scale without labels": Fault(
        "      de: [Nie, Selten, Manchmal, Oft, Immer]\n",
        "",
        "scales[often5].labels",
        'labels in "de" are missing',
        "Add de",
        "labels:",
    ),
    "too few labels": Fault(
        "[Nie, Selten, Manchmal, Oft, Immer]",
        "[Nie, Selten, Oft, Immer]",
        "scales[often5].labels.de",
        "4 labels for 5 points",
    ),
    # -- references ----------------------------------------------------------------------------
    "duplicate item code": Fault(
        "code: TA2",
        "code: TA1",
        "constructs[TALK].items[1]",
        'the code "TA1" is used a second time',
        "own code",
        "      - code: TA1\n        wording: {en: I ask",
    ),
    "item code of another construct": Fault(
        "code: TA2",
        "code: BR1",
        "constructs[TALK].items[BR1].code",
        "already used by",
        "",
        "code: BR1\n        wording: {en: I ask",
    ),
    "reserved column": Fault(
        "code: TA2", "code: wave", "constructs[TALK].items[wave].code", "keeps for itself"
    ),
    "unknown scale": Fault(
        "        reverse: true",
        "        reverse: true\n        scale: often7",
        "constructs[BREAKS].items[BR3].scale",
        '"often7" is not defined',
        '"often5"',
        "often7",
    ),
    "facet without dimension": Fault(
        "    role: outcome",
        "    role: facet",
        "constructs[MOOD].dimension",
        "none is named",
        "",
        "- code: MOOD",
    ),
    "unknown dimension": Fault(
        "role: outcome",
        "role: outcome\n    dimension: X",
        "constructs[MOOD].dimension",
        '"X" is not defined',
        "",
        "dimension: X",
    ),
    "check never asked": Fault(
        "checks: []",
        "checks:\n  - {code: AC, kind: instructed, wording: {en: A, de: B}, scale: often5, passing: [1]}",
        "checks[AC]",
        "in no block",
        "Add it",
        "- {code: AC",
    ),
    "consent tiers out of order": Fault(
        "    - level: 0", "    - level: 1", "consent.tiers", "levels [1]", "Number them 0", "  tiers:"
    ),
    "unknown screen-out": Fault(
        "    kind: single",
        "    kind: single\n    screen_out: [te]",
        "questions[drink].screen_out",
        '"te" is not an option',
        '"tea"',
        "screen_out",
    ),
    # -- layout --------------------------------------------------------------------------------
    "unknown element": Fault(
        "elements: [MOOD]",
        "elements: [MOOD, MOOT]",
        "blocks[mood].elements[1]",
        '"MOOT" is not a construct',
        '"MOOD"',
    ),
    "element twice": Fault(
        "elements: [MOOD]", "elements: [MOOD, TALK]", "blocks[mood].elements[1]", "placed a second time"
    ),
    "element never asked": Fault(
        "elements: [BREAKS, TALK]",
        "elements: [BREAKS]",
        "constructs[TALK]",
        "in no block",
        "Add it",
        "- code: TALK",
    ),
    "unknown block": Fault(
        "[start, breaks, mood]",
        "[start, breaks, mood, moody]",
        "sequences[0][3]",
        '"moody" is not a block',
        '"mood"',
    ),
    "block left out": Fault("[start, breaks, mood]", "[start, breaks]", "sequences[0]", '"mood" is left out'),
    "block twice": Fault(
        "[start, breaks, mood]", "[start, breaks, mood, start]", "sequences[0][3]", "comes twice"
    ),
    "nothing on a page": Fault(
        "    shuffle: true",
        "    shuffle: true\n    per_page: 0",
        "blocks[breaks].per_page",
        "0 elements a page",
        "",
        "per_page",
    ),
    "unknown construct left out": Fault(
        "name: {en: Full form, de: Vollform}",
        "name: {en: Full form, de: Vollform}\n    omit: [MOO]",
        "forms[full].omit[0]",
        '"MOO" is not a construct',
        '"MOOD"',
        "omit:",
    ),
    "group of an unknown question": Fault(
        "groups: []",
        "groups:\n  - {code: g, name: {en: G, de: G}, n_min: 50, question: drnk, "
        "members: {a: [tea], b: [coffee]}}",
        "groups[g].question",
        '"drnk" is not defined',
        '"drink"',
        "drnk",
    ),
    "group of an unknown option": Fault(
        "groups: []",
        "groups:\n  - {code: g, name: {en: G, de: G}, n_min: 50, question: drink, "
        "members: {a: [teas], b: [coffee]}}",
        "groups[g].members.a",
        '"teas" is not an option',
        '"tea"',
        "teas",
    ),
    # -- pipes ---------------------------------------------------------------------------------
    "unknown pipe": Fault(
        "I drink my {drink}",
        "I drink my {drinks}",
        "constructs[BREAKS].items[BR3].wording.en",
        'fills the pipe "{drinks}"',
        '"drink"',
    ),
    "pipe before its question": Fault(
        "[start, breaks, mood]",
        "[breaks, start, mood]",
        "constructs[BREAKS].items[BR3].wording",
        "before or beside",
        "earlier block",
        'wording: {en: "I drink my',
    ),
    "pipe in its own question": Fault(
        "en: What do you drink at work most?",
        'en: "Why {drink}?"',
        "questions[drink].wording",
        "before or beside",
    ),
    "pipe before everything": Fault(
        "en: Tea breaks at work",
        'en: "{drink} breaks"',
        "title",
        "before or beside",
        "earlier block",
        "title:",
    ),
    "half-filled pipe": Fault(
        "        pipes:\n          drink: {en: coffee, de: Kaffee}\n",
        "",
        "questions[drink].options[coffee]",
        'does not fill the pipe "drink"',
        "Add drink",
        "- code: coffee",
    ),
    "pipe of an optional question": Fault(
        "    kind: single",
        "    kind: single\n    required: false",
        "questions[drink]",
        "may be left unanswered",
        "",
        "- code: drink",
    ),
    "cyclic pipes": Fault(
        "drink: {en: coffee, de: Kaffee}",
        'drink: {en: "{drink} too", de: Kaffee}',
        "questions[drink].options[tea].pipes.drink",
        "{drink} → {drink}",
        "without a pipe",
        "drink: {en: tea",
    ),
    "stray brace": Fault(
        "I drink my {drink}",
        "I drink my {drink",
        "constructs[BREAKS].items[BR3].wording.en",
        "brace that belongs to no pipe",
    ),
    # -- plan ----------------------------------------------------------------------------------
    "unknown model": Fault(
        "    model: CHAIN", "    model: CHAINS", "hypotheses[T2].model", '"CHAINS" is not defined', '"CHAIN"'
    ),
    "unknown rival": Fault(
        "    rival: DIRECT",
        "    rival: DIRECTLY",
        "hypotheses[T2].rival",
        '"DIRECTLY" is not defined',
        '"DIRECT"',
    ),
    "unknown label": Fault(
        "estimand: a*c", "estimand: a*d", "hypotheses[T2].estimand", '"d" is not a parameter label of CHAIN'
    ),
    "unknown label that must hold": Fault(
        "estimand: a*c",
        "estimand: a*c\n    options: {each: [a, e]}",
        "hypotheses[T2].options.each[1]",
        '"e" is not a parameter label',
        "",
        "each:",
    ),
    "estimand that is no expression": Fault(
        "estimand: a*c", "estimand: (a*c", "hypotheses[T2].estimand", "is not an expression", "Write it like"
    ),
    "estimand that calls for code": Fault(
        "estimand: a*c",
        "estimand: a.b(c)",
        "hypotheses[T2].estimand",
        "is not an expression",
        "Write it like",
    ),
    "unknown further rival": Fault(
        "estimand: a*c",
        "estimand: a*c\n    options: {rivals: [DIRET]}",
        "hypotheses[T2].options.rivals[0]",
        '"DIRET" is not defined',
        '"DIRECT"',
        "options: {rivals",
    ),
    "unknown estimator of a hypothesis": Fault(
        "estimand: a*c",
        "estimand: a*c\n    options: {estimator: two_stages}",
        "hypotheses[T2].options.estimator",
        '"two_stages" is not an estimator',
        "two_stage",
        "options: {estimator",
    ),
    "more waves than there are": Fault(
        "kind: mediation",
        "kind: mediation\n    waves: 3",
        "hypotheses[T2].waves",
        "needs 3 waves",
        "Add waves",
        "waves: 3",
    ),
    "unknown construct in a model": Fault(
        "TALK ~ a*BREAKS",
        "TALK ~ a*BRAKES",
        "models[CHAIN].syntax",
        '"BRAKES" is not a dimension',
        '"BREAKS"',
        "syntax: |\n      TALK",
    ),
    "unknown family": Fault(
        "after: [measurement]\n\nrules",
        "after: [moods]\n\nrules",
        "hypotheses[T2].after[0]",
        '"moods" is not a family',
        '"mood"',
        "after: [moods]",
    ),
    "family waits for itself": Fault(
        "after: [measurement]\n\nrules",
        "after: [mood]\n\nrules",
        "hypotheses[T1].after",
        "waits for itself",
        "",
        "after: [measurement]",
    ),
    "circle of models": Fault(
        "    equivalent: [CHAIN]",
        "    equivalent: [CHAIN]\n    extends: DIRECT",
        "models[DIRECT].extends",
        "in a circle",
        "",
        "extends:",
    ),
    "unknown equivalent": Fault(
        "equivalent: [CHAIN]",
        "equivalent: [CHIAN]",
        "models[DIRECT].equivalent",
        '"CHIAN" is not defined',
        '"CHAIN"',
    ),
    "unknown module": Fault(
        "family: mood\n    after: [measurement]\n\nrules",
        "family: mood\n    module: MOD\n    after: [measurement]\n\nrules",
        "hypotheses[T2].module",
        '"MOD" is not a construct',
        '"MOOD"',
        "module:",
    ),
    "alpha of one": Fault(
        "alpha: 0.05\n    rival: CHAIN",
        "alpha: 1\n    rival: CHAIN",
        "hypotheses[T1].alpha",
        "not between 0 and 1",
        "",
        "alpha: 1",
    ),
    "negative smallest effect": Fault("sesoi: 0.02", "sesoi: -0.02", "hypotheses[T2].sesoi", "negative"),
    "groups to compare": Fault(
        "kind: mediation",
        "kind: group_comparison",
        "hypotheses[T2].options",
        "no group to compare",
        "",
        "- code: T2",
    ),
    "unknown estimator": Fault(
        "estimator: ML\n", "estimator: OLS\n", "measurement.estimator", '"OLS" is not a choice'
    ),
    "unknown adjustment": Fault(
        "adjustment: holm", "adjustment: home", "rules.adjustment", '"home" is not an adjustment', '"holm"'
    ),
    "confidence of 95": Fault(
        "  confidence: 0.95", "  confidence: 95", "rules.confidence", "not between 0 and 1"
    ),
    "single indicator that is none": Fault(
        "parcel_min_items: 2",
        "parcel_min_items: 2\n  single_indicators: [MODE]",
        "measurement.single_indicators[0]",
        '"MODE" is not a construct',
        '"MOOD"',
        "single_indicators",
    ),
    "claim that is not listed": Fault(
        "family: mood\n",
        "family: mood\n    claims: [K1]\n",
        "hypotheses[T1].claims[0]",
        '"K1" is not listed',
        "None is defined",
        "    claims: [K1]",
    ),
    "case of an unknown option": Fault(
        "checks: []",
        "checks: []\ncases:\n  - {code: c, name: {en: C, de: C}, note: {en: N, de: N}, option: drink.te}",
        "cases[c].option",
        '"drink.te" is not an answer',
        '"drink.tea"',
        "- {code: c",
    ),
    # -- YAML ----------------------------------------------------------------------------------
    "alias": Fault(
        "screened_out: {en: Thank you for",
        "screened_out: *t # {en: Thank you for",
        "",
        "the alias",
        "aliases are not read",
    ),
    "anchor": Fault(
        "languages: [en, de]", "languages: &l [en, de]", "", "the anchor", "aliases are not read"
    ),
    "tag": Fault("languages: [en, de]", "languages: !!python/tuple [en, de]", "", "the tag", "Remove it"),
    "object": Fault(
        'version: "1.0"', 'version: !!python/object/apply:os.system ["true"]', "", "the tag", "Remove it"
    ),
    "list as a key": Fault("checks: []", "? [a, b]\n: []\nchecks: []", "", "used as a key", "", "? [a"),
    "second document": Fault("checks: []", "checks: []\n---\nx: 1", "", "a second document", "", "---"),
    "bad indentation": Fault(
        "  - code: full\n    name",
        "  - code: full\n      name",
        "",
        "not valid YAML",
        "indentation",
        "      name: {en: Full",
    ),
    "unclosed bracket": Fault(
        "[start, breaks, mood]", "[start, breaks, mood", "", "not valid YAML", "indentation", "forms:"
    ),
    "tab": Fault("    name: {en: Full form", "\tname: {en: Full form", "", "not valid YAML"),
}


def problems_of(text: str) -> tuple[Problem, ...]:
    with pytest.raises(StudyError) as caught:
        parse_study(text, "a.yaml")
    return caught.value.problems


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


def test_the_starting_point_is_sound() -> None:
    assert parse_study(TEA, "a.yaml").code == "tea_breaks"


@pytest.mark.parametrize("name", FAULTS)
def test_fault_is_placed_and_mended(name: str) -> None:
    fault = FAULTS[name]
    assert fault.old in TEA
    text = TEA.replace(fault.old, fault.new, 1)
    (problem,) = problems_of(text)
    assert problem.file == "a.yaml"
    assert problem.line == line_of(text, fault.at or fault.new)
    assert problem.field == fault.field
    assert fault.what in problem.what
    assert fault.mend in problem.mend
    assert problem.mend


def test_a_check_and_a_question_beyond_their_bounds() -> None:
    text = (
        TEA.replace("    kind: single", "    kind: single\n    consent_level: 2")
        .replace("elements: [MOOD]", "elements: [MOOD, AC]")
        .replace(
            "checks: []",
            "checks:\n"
            "  - {code: AC, kind: instructed, wording: {en: Often, de: Oft}, scale: often5, passing: [6]}",
        )
    )
    assert [(p.field, p.what) for p in problems_of(text)] == [
        ("checks[AC].passing", "6 is not an answer on a scale of 5 points"),
        (
            "questions[drink]",
            'the question fills the pipe "drink" but is asked only from a higher consent tier on',
        ),
        ("questions[drink].consent_level", "there is no consent tier 2"),
    ]


def test_every_problem_is_found_at_once() -> None:
    text = (
        TEA.replace("points: 5", "points: five")
        .replace("reverse: true", "revers: true")
        .replace("code: TA2", "code: TA1")
        .replace("{en: Mood, de: Stimmung}", "{en: Mood}")
        .replace("elements: [MOOD]", "elements: [MOOD, MOOT]")
        .replace("I drink my {drink}", "I drink my {drinks}")
        .replace("    rival: DIRECT", "    rival: DIRECTLY")
        .replace("estimand: a*c", "estimand: a*d")
        .replace("  confidence: 0.95", "  confidence: 95")
    )
    fields = [problem.field for problem in problems_of(text)]
    assert fields == [
        "scales[often5].points",
        "constructs[BREAKS].items[BR3].wording.en",
        "constructs[BREAKS].items[BR3].revers",
        "constructs[TALK].items[1]",
        "blocks[mood].title",
        "blocks[mood].elements[1]",
        "hypotheses[T2].estimand",
        "hypotheses[T2].rival",
        "rules.confidence",
    ]


def test_a_missing_section_is_one_problem() -> None:
    start, end = TEA.index("constructs:"), TEA.index("checks:")
    (problem,) = problems_of(TEA[:start] + TEA[end:])
    assert problem.field == "constructs"
    assert 'the key "constructs" is missing' in problem.what


def test_a_statement_without_operator_is_named() -> None:
    found = problems_of(TEA.replace("TALK ~ a*BREAKS", "TALK a*BREAKS"))
    assert [problem.field for problem in found] == ["models[CHAIN].syntax", "hypotheses[T2].estimand"]


def test_pipes_in_a_circle_are_told_once() -> None:
    text = TEA.replace(
        "          drink: {en: tea, de: Tee}",
        '          drink: {en: "{cup}", de: Tee}\n          cup: {en: a, de: b}',
    ).replace(
        "          drink: {en: coffee, de: Kaffee}",
        '          drink: {en: coffee, de: Kaffee}\n          cup: {en: "{drink}", de: c}',
    )
    (problem,) = problems_of(text)
    assert "{cup} → {drink} → {cup}" in problem.what


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "the file is empty"),
        ("# only a comment\n", "the file is empty"),
        ("- a\n- b\n", "a list is not a mapping"),
        ("just words", '"just words" is not a mapping'),
        ("a: \x07", "a character YAML does not allow"),
        ("a: \ud800", "surrogate"),
        ("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1), "nesting deeper"),
        ("a: " + "[" * 100_000, "nesting deeper"),
        ("a: " + "x" * MAX_BYTES, "bytes"),
        ("a: [" + "x, " * (MAX_MEMBERS + 1) + "]", "members"),
        ("\n".join(f"k{n}: 1" for n in range(MAX_MEMBERS + 1)), "members"),
        ("a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\n", "the anchor"),
    ],
)
def test_what_is_no_study_at_all(text: str, what: str) -> None:
    (problem,) = problems_of(text)
    assert what in problem.what
    assert problem.mend


def test_the_list_of_problems_is_bounded() -> None:
    assert len(problems_of("\n".join(f"k{n}: 1" for n in range(MAX_MEMBERS)))) == MAX_PROBLEMS


def test_a_file_that_is_not_utf_8_is_placed(tmp_path: Path) -> None:
    path = tmp_path / "latin.yaml"
    path.write_bytes("code: x\ntitle: Größe\n".encode("latin-1"))
    with pytest.raises(StudyError) as caught:
        load_study(path)
    (problem,) = caught.value.problems
    assert (problem.line, problem.file) == (2, str(path))
    assert "UTF-8" in problem.mend


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.yaml"
    with path.open("wb") as file:
        file.truncate(MAX_BYTES * 1000)
    with pytest.raises(StudyError, match="bytes"):
        load_study(path)


def test_the_message_reads_as_place_fault_mend() -> None:
    with pytest.raises(StudyError, match="1 problem") as caught:
        parse_study(TEA.replace("points: 5", "points: five"), "a.yaml")
    line = line_of(TEA, "points: 5")
    expected = f'a.yaml:{line}: scales[often5].points: "five" is not a whole number. Write a whole number.'
    assert str(caught.value).splitlines()[1] == expected


def test_levels_of_invariance_that_there_are_not_and_too_few_draws_are_said() -> None:
    file = Path(__file__).parents[2] / "data/studies/social_capital.yaml"
    text = file.read_text(encoding="utf-8")
    broken = text.replace("levels: [metric, scalar]", "levels: [metric, scaler]", 1)
    broken = broken.replace("  bootstrap_draws: 2000", "  bootstrap_draws: 2000\n  model_test_draws: 20", 1)
    with pytest.raises(StudyError) as caught:
        parse_study(broken, "broken.yaml")
    found = {problem.field: problem for problem in caught.value.problems}
    assert set(found) == {"hypotheses[H10].options.levels[1]", "rules.model_test_draws"}
    assert '"scalar"' in found["hypotheses[H10].options.levels[1]"].mend

"""What must hold among hypotheses, their models and the rules that decide them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from questionnaire.plan import HypothesisKind
from questionnaire.study_file.check_models import model_words
from questionnaire.study_file.check_screening import check_screening
from questionnaire.study_file.model_words import ModelWords, is_expression, names
from questionnaire.suggestion import suggestion

if TYPE_CHECKING:
    from questionnaire.plan import Hypothesis
    from questionnaire.study import Study
    from questionnaire.study_file.problems import Collector

GATE = "measurement"
"""The name by which ``after`` means the measurement gate."""

_CHOICES = {
    "estimator": ("ML", "MLR", "MLM", "GLS", "ULS", "DWLS", "WLSMV"),
    "missing": ("listwise", "fiml"),
    "scoring": ("normal", "raw"),
    "engine": ("synergy", "semopy"),
}
_LEVELS = ("configural", "metric", "scalar", "strict")
_TWO_STAGE = "two_stage"
_EXPRESSION_LISTS = ("each", "products", "squares", "compare")
_ADJUSTMENTS = ("holm", "bonferroni", "fdr_bh", "none")


def check_plan(study: Study, problems: Collector) -> None:
    """Report every fault in the analysis plan."""
    _measurement(study, problems)
    _rules(study, problems)
    check_screening(study, problems)
    words = model_words(study, problems)
    for hypothesis in study.hypotheses:
        _hypothesis(study, hypothesis, words, problems)
    _order(study, problems)


def _measurement(study: Study, problems: Collector) -> None:
    if not problems.intact("measurement"):
        return
    for field, choices in _CHOICES.items():
        value = getattr(study.measurement, field)
        if value not in choices:
            mend = suggestion(value, choices)
            problems.add(f"measurement.{field}", f'"{value}" is not a choice for {field}', mend)
    if study.measurement.parcel_min_items < 1:
        problems.add("measurement.parcel_min_items", "less than one item", "Write 1 or more.")
    constructs = {construct.code for construct in study.constructs}
    for index, code in enumerate(study.measurement.single_indicators):
        if code not in constructs and problems.intact("constructs"):
            where = f"measurement.single_indicators[{index}]"
            problems.add(where, f'"{code}" is not a construct', suggestion(code, constructs))


def _rules(study: Study, problems: Collector) -> None:
    if not problems.intact("rules"):
        return
    rules, gate = study.rules, study.rules.gate
    fractions = {
        "confidence": rules.confidence,
        "equivalence_confidence": rules.equivalence_confidence,
        "gate.omega_min": gate.omega_min,
        "gate.htmt_max": gate.htmt_max,
        "gate.htmt_limit": gate.htmt_limit,
        "gate.correlation_upper_max": gate.correlation_upper_max,
    }
    for field, value in fractions.items():
        if not 0 < value < 1:
            problems.add(
                f"rules.{field}", f"{value} is not between 0 and 1", "Write a fraction such as 0.95."
            )
    if rules.adjustment not in _ADJUSTMENTS:
        mend = suggestion(rules.adjustment, _ADJUSTMENTS)
        problems.add("rules.adjustment", f'"{rules.adjustment}" is not an adjustment', mend)
    if rules.bootstrap_draws < 100:
        problems.add(
            "rules.bootstrap_draws", f"{rules.bootstrap_draws} draws", "An interval needs 100 or more."
        )
    if rules.model_test_draws < 99:
        problems.add(
            "rules.model_test_draws",
            f"{rules.model_test_draws} draws",
            "A test needs 99 or more.",
        )


def _hypothesis(
    study: Study, hypothesis: Hypothesis, words: Mapping[str, ModelWords], problems: Collector
) -> None:
    path = f"hypotheses[{hypothesis.code}]"
    readable = problems.intact(path)
    for field, code in (("model", hypothesis.model), ("rival", hypothesis.rival)):
        if code and code not in words and problems.intact("models"):
            problems.add(f"{path}.{field}", f'the model "{code}" is not defined', suggestion(code, words))
    labels = words[hypothesis.model].labels if hypothesis.model in words else None
    for field, expression in _expressions(hypothesis):
        _expression(f"{path}.{field}", expression, labels, hypothesis.model, problems)
    for index, code in enumerate(_listed(hypothesis, "rivals")):
        if code not in words and problems.intact("models"):
            what = f'the model "{code}" is not defined'
            problems.add(f"{path}.options.rivals[{index}]", what, suggestion(code, words))
    estimator = hypothesis.options.get("estimator", _TWO_STAGE)
    if readable and estimator != _TWO_STAGE:
        what = f'"{estimator}" is not an estimator of a single hypothesis'
        problems.add(f"{path}.options.estimator", what, suggestion(str(estimator), [_TWO_STAGE]))
    if readable and not 0 < hypothesis.alpha < 1:
        problems.add(
            f"{path}.alpha", f"{hypothesis.alpha} is not between 0 and 1", "Write a level such as 0.05."
        )
    if readable and hypothesis.sesoi < 0:
        problems.add(
            f"{path}.sesoi", f"{hypothesis.sesoi} is negative", "Write its size; expected gives the sign."
        )
    constructs = {construct.code for construct in study.constructs}
    if hypothesis.module and hypothesis.module not in constructs and problems.intact("constructs"):
        what = f'the module "{hypothesis.module}" is not a construct'
        problems.add(f"{path}.module", what, suggestion(hypothesis.module, constructs))
    if readable and hypothesis.waves < 1:
        problems.add(f"{path}.waves", f"{hypothesis.waves} waves", "Write how many waves its test needs.")
    if hypothesis.waves > len(study.waves) and problems.intact("waves"):
        what = f"its test needs {hypothesis.waves} waves and the study has {len(study.waves)}"
        problems.add(f"{path}.waves", what, "Add waves to the study, or lower the number.")
    if hypothesis.kind is HypothesisKind.GROUP_COMPARISON:
        groups = {group.code for group in study.groups}
        named = hypothesis.options.get("group")
        if named not in groups and problems.intact("groups") and readable:
            what = f'the group "{named}" is not defined' if named else "no group to compare is named"
            problems.add(f"{path}.options", what, suggestion(str(named), groups))
        for index, level in enumerate(
            _listed(hypothesis, "levels") if "levels" in hypothesis.options else ()
        ):
            if level not in _LEVELS and readable:
                what = f'"{level}" is not a level of invariance'
                problems.add(f"{path}.options.levels[{index}]", what, suggestion(level, _LEVELS))


def _expressions(hypothesis: Hypothesis) -> list[tuple[str, str]]:
    """Everything written over parameter labels: the estimand and what the options add to it."""
    expressions = [("estimand", hypothesis.estimand)]
    if "total" in hypothesis.options:
        expressions.append(("options.total", str(hypothesis.options["total"])))
    for key in _EXPRESSION_LISTS:
        listed = enumerate(_listed(hypothesis, key))
        expressions += [(f"options.{key}[{index}]", text) for index, text in listed]
    return expressions


def _listed(hypothesis: Hypothesis, key: str) -> list[str]:
    value = hypothesis.options.get(key, ())
    return [str(member) for member in value] if isinstance(value, tuple) else [str(value)]


def _expression(
    where: str, expression: str, labels: frozenset[str] | None, model: str, problems: Collector
) -> None:
    if not expression.strip():
        return
    if not is_expression(expression):
        what = f'"{expression[:60]}" is not an expression over parameter labels'
        problems.add(where, what, "Write it like a*c or (gSR + gRC)/2.")
        return
    for name in sorted(names(expression) - labels) if labels is not None else ():
        what = f'"{name}" is not a parameter label of {model}'
        problems.add(where, what, suggestion(name, labels or ()))


def _order(study: Study, problems: Collector) -> None:
    """``after`` names families that exist and never leads back to its own."""
    families = {h.family for h in study.hypotheses if h.family}
    before: dict[str, set[str]] = {}
    for hypothesis in study.hypotheses:
        for index, name in enumerate(hypothesis.after):
            where = f"hypotheses[{hypothesis.code}].after[{index}]"
            if name and name not in families | {GATE} and problems.intact("hypotheses"):
                what = f'"{name}" is not a family of hypotheses'
                problems.add(where, what, suggestion(name, families | {GATE}))
            before.setdefault(hypothesis.family, set()).add(name)
    first = {h.family: h.code for h in reversed(study.hypotheses)}
    for family, code in first.items():
        if family in _reached(before, family):
            what = f'the family "{family}" waits for itself'
            problems.add(f"hypotheses[{code}].after", what, "Order the families one after another.")


def _reached(graph: Mapping[str, set[str]], start: str) -> set[str]:
    reached: set[str] = set()
    waiting = list(graph.get(start, ()))
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting.extend(graph.get(name, ()))
    return reached

"""Small studies of other theories, as text: any number of capitals of facets, names, scale and language."""

from typing import Any

import yaml

from questionnaire.loading import parse_study
from questionnaire.study import Study

NAMES = ("Wasser", "Feuer", "Luft", "Erde")


def study_of(
    constructs: dict[str, list[str]],
    models: dict[str, str],
    hypotheses: list[dict[str, Any]],
    *,
    dimensions: dict[str, list[str]] | None = None,
    points: int = 5,
    language: str = "de",
    indicators: str = "items",
    **measurement: Any,
) -> Study:
    """A study of constructs (code → items), models (code → syntax) and hypotheses.

    The outcome is the last construct. Names and wordings are the codes.
    """

    def text(words: Any) -> dict[str, Any]:
        return {language: words}

    facets = {facet: d for d, own in (dimensions or {}).items() for facet in own}
    outcome = list(constructs)[-1]
    written = []
    for code, items in constructs.items():
        role = "facet" if code in facets else "outcome" if code == outcome else "predictor"
        one = {"code": code, "name": text(code), "role": role, "source": "none", "scale": "scale"}
        one["items"] = [{"code": item, "wording": text(item)} for item in items]
        written.append(one | ({"dimension": facets[code]} if code in facets else {}))
    first = next(iter(models))
    asked = [
        {
            "kind": "path",
            "model": first,
            "expected": "positive",
            "sesoi": 0.1,
            "alpha": 0.05,
            "family": "all",
            "after": ["measurement"],
            **h,
            "statement": text(h["code"]),
        }
        for h in hypotheses
    ]
    settings = {"estimator": "ML", "missing": "listwise", "scoring": "raw", "engine": "synergy"}
    file = {
        "code": "theory",
        "version": "1",
        "title": text("Theorie"),
        "source": "none",
        "about": text("Theorie"),
        "languages": [language],
        "scales": [{"code": "scale", "points": points, "labels": text([f"p{k}" for k in range(points)])}],
        "dimensions": [{"code": d, "name": text(d), "facets": own} for d, own in (dimensions or {}).items()],
        "constructs": written,
        "checks": [],
        "questions": [],
        "blocks": [{"code": "all", "title": text("Alles"), "elements": list(constructs)}],
        "sequences": [["all"]],
        "forms": [{"code": "full", "name": text("Voll")}],
        "consent": {"text": text("Ja?"), "tiers": [{"level": 0, "label": text("Ja")}]},
        "thanks": text("Danke"),
        "screened_out": text("Danke"),
        "groups": [],
        "waves": [{"code": "only", "name": text("Runde")}],
        "measurement": settings | {"parcel_min_items": 2} | measurement,
        "models": [
            {"code": code, "name": text(code), "indicators": indicators, "syntax": syntax}
            for code, syntax in models.items()
        ],
        "hypotheses": asked,
        "rules": {
            "confidence": 0.95,
            "equivalence_confidence": 0.90,
            "adjustment": "holm",
            "gate": {
                "omega_min": 0.70,
                "htmt_max": 0.85,
                "htmt_limit": 0.90,
                "correlation_upper_max": 0.90,
            },
            "bootstrap_draws": 100,
            "model_test_draws": 99,
        },
        "screening": [{"index": "longstring", "threshold": 30, "level": "any"}],
    }
    return parse_study(yaml.safe_dump(file, allow_unicode=True, sort_keys=False), "theory")


def capitals(number: int, *, facets: int = 3, items: int = 3, products: bool = True, **more: Any) -> Study:
    """A theory of that many capitals, each of so many facets of so many items, and one outcome Y."""
    names = NAMES[:number]
    dimensions = {name: [f"{name[0]}{k}" for k in range(facets)] for name in names}
    constructs = {
        facet: [f"{facet}i{k}" for k in range(items)] for own in dimensions.values() for facet in own
    }
    constructs["Y"] = ["y1", "y2", "y3"]
    main = "Y ~ " + " + ".join(f"g{name}*{name}" for name in names)
    pairs = [(a, b) for k, a in enumerate(names) for b in names[k + 1 :]]
    both = " + ".join(f"g{a[0]}{b[0]}*{a}:{b}" for a, b in pairs)
    models = {"MAIN": main, "LESS": f"Y ~ g{names[0]}*{names[0]}"}
    if products:
        models["BOTH"] = f"{main} + {both}"
    mean = f"({' + '.join(f'g{a[0]}{b[0]}' for a, b in pairs)})/{len(pairs)}"
    hypotheses: list[dict[str, Any]] = [{"code": "H1", "estimand": f"g{names[0]}", "rival": "LESS"}]
    if products:
        hypotheses.append(
            {"code": "H2", "kind": "interaction", "model": "BOTH", "estimand": mean, "rival": "MAIN"}
        )
    return study_of(constructs, models, hypotheses, dimensions=dimensions, indicators="parcels", **more)

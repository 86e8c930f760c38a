"""``synergy fit``: one model, one data file, every figure."""

from __future__ import annotations

import argparse
import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

HELP = "fit a model in lavaan syntax to a data file"
SHOWN = (
    *("chisq", "df", "pvalue", "cfi", "tli", "rmsea", "rmsea_ci_lower", "rmsea_ci_upper", "srmr"),
    *("chisq_scaled", "cfi_robust", "rmsea_robust", "logl", "aic", "bic"),
)
"""What is printed of the fit measures; the JSON holds all."""
ESTIMATORS = ("ML", "MLR", "MLM", "GLS", "ULS", "DWLS", "WLSMV")


def add(parser: argparse.ArgumentParser) -> None:
    """Add the options."""
    parser.add_argument("model", metavar="MODEL", help="a file with lavaan syntax")
    parser.add_argument("data", metavar="DATA", type=Path, help="CSV or Parquet")
    parser.add_argument("--estimator", choices=ESTIMATORS, default=None, help="ML, or WLSMV with --ordered")
    parser.add_argument("--missing", choices=("listwise", "fiml"), default="listwise")
    parser.add_argument("--group", metavar="COLUMN", default=None)
    parser.add_argument("--group-equal", metavar="WHAT", nargs="+", default=[], help="loadings, intercepts …")
    parser.add_argument("--group-partial", metavar="PARAMETER", nargs="+", default=[], help="such as x3~1")
    parser.add_argument("--ordered", metavar="COLUMN", nargs="+", default=[])
    parser.add_argument("--cluster", metavar="COLUMN", default=None)
    parser.add_argument("--meanstructure", action="store_true")
    parser.add_argument("--std-lv", action="store_true", help="fix latent variances, not first loadings")
    parser.add_argument("--orthogonal", action="store_true")
    parser.add_argument("--engine", choices=("synergy", "semopy"), default="synergy")
    parser.add_argument("--bootstrap", metavar="N", type=int, default=0, help="draws for intervals")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", metavar="FILE", type=Path, default=None)


def run(arguments: argparse.Namespace) -> int:
    """Fit, print the fit measures and the estimates, and write the JSON where asked."""
    from analysis import sem

    estimator = arguments.estimator or ("WLSMV" if arguments.ordered else "ML")
    fit = sem.fit(
        Path(arguments.model).read_text(encoding="utf-8-sig"),
        read_table(arguments.data),
        estimator=estimator,
        missing=arguments.missing,
        ordered=tuple(arguments.ordered),
        group=arguments.group,
        group_equal=tuple(arguments.group_equal),
        group_partial=tuple(arguments.group_partial),
        meanstructure=True if arguments.meanstructure else None,
        std_lv=arguments.std_lv,
        orthogonal=arguments.orthogonal,
        cluster=arguments.cluster,
        engine=arguments.engine,
    )
    found: dict[str, Any] = {
        "model": arguments.model,
        "data": str(arguments.data),
        "estimator": estimator,
        "converged": bool(fit.converged),
        "n_obs": fit.n_obs,
        "fit_measures": {str(name): plain(value) for name, value in fit.fit_measures.items()},
        "estimates": records(fit.estimates),
        "problems": [{"code": f.code, "message": f.message, "mend": f.mend} for f in fit.problems],
    }
    estimates = fit.estimates
    if arguments.bootstrap:
        bootstrap = fit.bootstrap(draws=arguments.bootstrap, seed=arguments.seed)
        estimates = bootstrap.estimates
        found["bootstrap"] = {
            "draws": arguments.bootstrap,
            "seed": arguments.seed,
            "failed": plain(bootstrap.failed.count),
            "estimates": records(estimates),
        }
    show(found, estimates)
    if arguments.json is not None:
        text = json.dumps(found, ensure_ascii=False, indent=1, allow_nan=False)
        arguments.json.write_text(text, encoding="utf-8")
    return 0 if fit.converged else 1


def read_table(path: Path) -> pd.DataFrame:
    """A data file as a frame; the error says which endings are read."""
    import pandas as pd

    from analysis.commands.errors import UnusableInputError

    if path.suffix == ".parquet":
        return pd.read_parquet(path)
    if path.suffix not in (".csv", ".txt", ".tsv"):
        raise UnusableInputError(f"{path}: only .csv, .tsv, .txt and .parquet are read")
    try:
        return pd.read_csv(path, sep="\t" if path.suffix == ".tsv" else ",", encoding="utf-8-sig")
    except (UnicodeDecodeError, pd.errors.ParserError, pd.errors.EmptyDataError) as error:
        raise UnusableInputError(f"{path}: not a UTF-8 CSV table ({error}); save it as CSV UTF-8") from error


def show(found: dict[str, Any], estimates: pd.DataFrame) -> None:
    """Print what a reader looks at first."""
    import pandas as pd

    measures = found["fit_measures"]
    print(f"{found['estimator']}, n = {found['n_obs']}, converged: {'yes' if found['converged'] else 'NO'}")
    print("  ".join(f"{m} {measures[m]:.5g}" for m in SHOWN if isinstance(measures.get(m), int | float)))
    for problem in found["problems"]:
        print(f"[{problem['code']}] {problem['message']} {problem['mend']}".rstrip())
    with pd.option_context("display.max_rows", None, "display.width", 160, "display.max_columns", None):
        print(estimates.round(4).to_string(index=False, na_rep=""))


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as plain values that JSON can hold."""
    return [{str(k): plain(v) for k, v in row.items()} for row in frame.to_dict("records")]


def plain(value: Any) -> Any:
    """A Python number, text or None; what cannot be computed is None, since JSON has no NaN."""
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value if isinstance(value, int | float | str | bool | None) else str(value)

"""The estimators by their names: which discrepancy, which errors and which test each name stands for."""

from __future__ import annotations

from dataclasses import dataclass

from analysis.sem.errors import ModelError

__all__ = ["Method", "choose_method"]


@dataclass(frozen=True, slots=True)
class Method:
    """What an estimator's name stands for.

    name: as asked for; discrepancy: ML, FIML, GLS, ULS or DWLS;
    errors: expected or observed information, sandwich of casewise scores (Huber, 1967; White, 1982), or
    moments (Satorra & Bentler, 1994: fourth-order moments round the expected information);
    test: standard, yuan_bentler (Mplus variant), satorra_bentler or scaled_shifted. clustered: scores
    are summed within clusters.
    """

    name: str
    discrepancy: str
    errors: str
    test: str
    clustered: bool = False

    @property
    def robust(self) -> bool:
        """Whether there is a scaled test beside the standard one."""
        return self.test != "standard"

    @property
    def fixed_x(self) -> bool:
        """Observed predictors keep their sample moments, lavaan's default for ML and its robust variants."""
        return self.discrepancy in ("ML", "FIML")


_METHODS = {
    "ML": ("ML", "expected", "standard"),
    "MLR": ("ML", "sandwich", "yuan_bentler"),
    "MLM": ("ML", "moments", "satorra_bentler"),
    "GLS": ("GLS", "expected", "standard"),
    "ULS": ("ULS", "expected", "standard"),
    "DWLS": ("DWLS", "expected", "standard"),
    "WLSMV": ("DWLS", "moments", "scaled_shifted"),
    "ULSMV": ("ULS", "moments", "scaled_shifted"),
}


def choose_method(estimator: str, missing: str, *, ordered: bool, clustered: bool) -> Method:
    """Method of an estimator's name; raises ModelError for unknown names and impossible combinations."""
    name = str(estimator).upper()
    if name not in _METHODS:
        raise ModelError(
            f"there is no estimator {estimator!r}",
            place="estimator",
            mend=f"Use one of {', '.join(_METHODS)}.",
        )
    discrepancy, errors, test = _METHODS[name]
    fiml = _full_information(missing)
    if ordered and discrepancy not in ("DWLS", "ULS"):
        raise ModelError(
            f"{name} is not for ordered variables",
            place="estimator",
            mend="Use WLSMV, DWLS or ULS with ordered=.",
        )
    if fiml and name not in ("ML", "MLR"):
        raise ModelError(
            f'missing="fiml" does not go with {name}',
            place="missing",
            mend="Use ML or MLR, or listwise deletion.",
        )
    if clustered:
        if discrepancy != "ML":
            raise ModelError(
                f"cluster= does not go with {name}", place="cluster", mend="Use ML, MLR or MLM with clusters."
            )
        errors, test = ("moments", "satorra_bentler") if name == "MLM" else ("sandwich", "yuan_bentler")
    if fiml:
        discrepancy, errors = "FIML", "observed" if errors == "expected" else errors
    return Method(name, discrepancy, errors, test, clustered)


def _full_information(missing: str) -> bool:
    if missing.lower() not in ("listwise", "fiml", "ml", "direct"):
        raise ModelError(f"missing={missing!r} is unknown", place="missing", mend='Use "listwise" or "fiml".')
    return missing.lower() != "listwise"

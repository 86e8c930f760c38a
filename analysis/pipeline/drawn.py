"""Bootstrap draws as an analysis keeps them."""

from __future__ import annotations

import numpy as np
import pandas as pd


def kept_draws(drawn: pd.DataFrame, estimates: pd.DataFrame) -> pd.DataFrame:
    """The draws of the regressions and defined effects among ``estimates``, at half the memory.

    Single precision holds seven digits, which no reader of a distribution needs more of.
    """
    shown = estimates[estimates["op"].isin(["~", ":="])]
    own = shown["lhs"] + np.where(shown["op"] == "~", "~" + shown["rhs"], "")
    names = own.where(shown["label"] == "", shown["label"])
    return drawn[[name for name in dict.fromkeys(names) if name in drawn]].astype(np.float32)

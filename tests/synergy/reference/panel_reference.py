"""python panel_reference.py > panel.csv: 500 respondents, 3 waves, 20% lost at wave 2, more at wave 3."""

import sys

sys.path.insert(0, "..")
import numpy as np
from panel_population import panel

frame = panel(500, 3, seed=8)
rng = np.random.default_rng(9)
lost2, lost3 = rng.random(500) < 0.2, rng.random(500) < 0.2
frame.loc[lost2, [c for c in frame if c.endswith(("_2", "_3"))]] = np.nan
frame.loc[lost3, [c for c in frame if c.endswith("_3")]] = np.nan
frame.round(4).to_csv(sys.stdout, index=False)

"""The structural model as numbers: cells of the RAM matrices and the moments they imply."""

"""Resampling: bootstrap draws, their intervals, and the Bollen-Stine test."""

from analysis.sem.resampling.bollen_stine import BollenStine, bollen_stine
from analysis.sem.resampling.bootstrap import Bootstrap, Failed, bootstrap
from analysis.sem.resampling.draws import Cancelled

__all__ = ["BollenStine", "Bootstrap", "Cancelled", "Failed", "bollen_stine", "bootstrap"]

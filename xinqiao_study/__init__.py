"""What the fitting is worth, on real outcomes: four public data sets, one report, the same figures at every run."""

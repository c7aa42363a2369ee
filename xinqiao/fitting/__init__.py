"""Scorecards made from outcomes: bins, weights of evidence, points; a challenger beside them; written as model files.

Nothing that serves anybody imports this package or what it needs (the extra `fitting`): a fit ends in a model file that
the product compiles and runs like any other. `docs/how-to/fit-a-scorecard.md` tells its users how.
"""

"""For an industry association: what it can do here today."""

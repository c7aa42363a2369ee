"""For an institution's officer: ask for a report, read it, keep its receipt."""

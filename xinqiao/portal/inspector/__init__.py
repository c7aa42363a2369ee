"""Pages of the inspector (检查)."""

"""开放共享: the only door out. What is told, to whom and why is decided, written down and logged before it is told."""

"""消息: what institutions are told without asking, composed from the log: a feed to read, and calls to programs."""

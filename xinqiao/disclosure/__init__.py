"""开放共享: the only door through which anything known about a subject leaves."""

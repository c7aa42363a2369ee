"""The reader's language. Domains say everything in Chinese (`kernel.sayings`); the ways in say it to whoever reads."""

from xinqiao.language.reader import in_english, said

__all__ = ["in_english", "said"]

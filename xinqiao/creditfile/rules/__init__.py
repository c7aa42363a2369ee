"""What the credit file decides without looking anything up. Pure: no framework, no clock, no database."""

from xinqiao.creditfile.rules.standings import Standing

__all__ = ["Standing"]

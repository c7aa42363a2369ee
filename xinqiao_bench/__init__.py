"""Speed, as ratios within one run: each figure beside the baseline it is held against. Never asserted in a test."""

from xinqiao_bench.measures import Measure

__all__ = ["Measure"]

"""The last words of `make soak`."""

import pytest

from tests.soak import campaign


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, exitstatus: int) -> None:
    if campaign.WHOLE:
        held = "all held" if exitstatus == 0 else "NOT ALL HELD, see above"
        terminalreporter.write_line(f"soak (seed {campaign.SEED}): {'; '.join(campaign.outcomes)}: {held}")

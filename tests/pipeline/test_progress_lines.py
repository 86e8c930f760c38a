"""What ``synergy analyse`` writes while it works."""

import pytest

from analysis.commands.analyse import telling


@pytest.mark.parametrize(
    ("told", "lines"),
    [
        ([(0.0, "reading"), (0.0, "screening")], ["  0%  reading", "  0%  screening"]),
        ([(0.101, "drawing: 1 of 9"), (0.102, "drawing: 2 of 9")], [" 10%  drawing: 1 of 9"]),
        (
            [(0.10, "drawing: 1 of 9"), (0.12, "drawing: 2 of 9")],
            [" 10%  drawing: 1 of 9", " 12%  drawing: 2 of 9"],
        ),
        ([(1.0, "done")], ["100%  done"]),
    ],
)
def test_a_line_for_each_new_work_or_percent(capsys, told, lines):
    tell = telling()
    for done, what in told:
        tell(done, what)
    assert capsys.readouterr().err.splitlines() == lines

"""The one shape of a benchmark, the same for ``python -m benchmarks.NAME`` and ``synergy bench NAME``."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.tools.parts import Part


@dataclass(frozen=True)
class Benchmark:
    """What each module of :mod:`benchmarks` offers as ``BENCHMARK``."""

    text: str | None
    """The module's docstring: the first line says what is measured, ``--help`` shows all of it."""
    run: Callable[..., int | None]
    """Measures and prints, called with the options by name; a code other than 0: a bound is broken."""
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """Name → keywords of ``add_argument``; a name without dashes is a word that may be left out."""
    by_name: str = ""
    """Why it is no part of the default set; empty where it is, because it takes minutes."""
    needs: Part | None = None
    """Without it there is nothing to measure."""
    beside: Part | None = None
    """Without it one side only is measured."""

    @property
    def summary(self) -> str:
        """One line: what is measured."""
        return (self.text or "").split("\n", 1)[0]

    @property
    def marks(self) -> str:
        """When it runs and what it asks of the system, in a few words."""
        parts = [f"by name: {self.by_name}" if self.by_name else "default"]
        parts += [f"needs {self.needs.name}"] if self.needs else []
        parts += [f"beside {self.beside.name}"] if self.beside else []
        return "; ".join(parts)

    def main(self, argv: Sequence[str] | None = None, prog: str | None = None) -> int:
        """Run with these words (default: those of the command line).

        Returns 0 when everything was measured and no bound is broken, 1 otherwise; a system part that is
        missing is said in one line. Exits with 2 on wrong usage.
        """
        asked = self._parser(prog).parse_args(argv)
        wanting = [part for part in (self.needs, self.beside) if part and not part.place]
        for part in wanting:
            print(f"*** SKIPPED{'' if part is self.needs else ' the other side'}: {part.missing}", flush=True)
        if self.needs in wanting:
            return 1
        return int(self.run(**vars(asked)) or bool(wanting))

    def _parser(self, prog: str | None) -> argparse.ArgumentParser:
        parser = argparse.ArgumentParser(
            prog=prog, description=self.text, formatter_class=argparse.RawDescriptionHelpFormatter
        )
        for name, keywords in self.options.items():
            words = {} if name.startswith("-") else {"nargs": "?"}
            default = " (default: %(default)s)" if "default" in keywords else ""
            parser.add_argument(name, **{**keywords, **words, "help": keywords["help"] + default})
        return parser

"""Ways to take a running server's database away and give it back."""

import resource


class StoppedPostgres:
    """PostgreSQL stopped at once and started again."""

    def __init__(self, postgres, server):
        self._postgres = postgres

    def begin(self):
        self._postgres.stop()

    def end(self):
        self._postgres.start()


class FullDisk:
    """No byte more can be written by the server's process: what a full disk does to every write."""

    def __init__(self, _, server):
        self._pid = server.process.pid

    def begin(self):
        self._limits = resource.prlimit(self._pid, resource.RLIMIT_FSIZE)
        resource.prlimit(self._pid, resource.RLIMIT_FSIZE, (0, self._limits[1]))

    def end(self):
        resource.prlimit(self._pid, resource.RLIMIT_FSIZE, self._limits)

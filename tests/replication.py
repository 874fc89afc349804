"""A PostgreSQL of its own with a hot standby that follows it, made by PostgreSQL's own programs."""

import os
import shutil
import signal
import subprocess
from contextlib import contextmanager
from pathlib import Path

from demo import free_port
from odoo_server import wait_until
from postgres import ROLE, data_folder, embedded, execute

PROGRAMS = ("pg_basebackup", "pg_ctl", "pg_dump", "pg_restore")
REACH_LIMIT = 60


class Replication:
    """A primary and its standby; ``primary`` and ``standby`` are the ``PG…`` variables of each."""

    def __init__(self, folder):
        self._folder = folder
        self._data = folder / "standby"
        self._server, self.primary = embedded(folder / "primary")
        self.standby = {"PGHOST": "127.0.0.1", "PGPORT": str(free_port()), "PGUSER": ROLE}

    def check_programs(self):
        folder = self._server.bin_path
        missing = [name for name in PROGRAMS if not (folder / name).exists()]
        assert not missing, f"These tests need PostgreSQL's {', '.join(missing)} beside the embedded server: {folder}"

    def copy(self, variables, database):
        """Copy a database of another server to the primary."""
        execute(self.primary, f'CREATE DATABASE "{database}"')
        dump = [self._program("pg_dump"), "--format=custom", "--compress=0", database]
        restore = [self._program("pg_restore"), "--no-owner", "--exit-on-error", f"--dbname={database}"]
        with subprocess.Popen(dump, stdout=subprocess.PIPE, env={**os.environ, **variables}) as source:
            subprocess.run(restore, stdin=source.stdout, env={**os.environ, **self.primary}, check=True)
        assert source.returncode == 0, "pg_dump failed."

    def start_standby(self):
        self._data.mkdir(mode=0o700)
        if user := self._server.system_user:
            # PostgreSQL does not work for root.
            shutil.chown(self._data, user)
        connection = ["-h", self.primary["PGHOST"], "-p", self.primary["PGPORT"], "-U", ROLE]
        self._run("pg_basebackup", *connection, "-D", self._data, "-R", "-X", "stream", "-c", "fast", "--no-sync")
        where = f"-h {self.standby['PGHOST']} -p {self.standby['PGPORT']} -k ''"
        self._run("pg_ctl", "-w", "-D", self._data, "-l", self._data / "log", "-o", where, "start")
        assert execute(self.standby, "SELECT pg_is_in_recovery()") == [(True,)]

    def pause(self):
        """Let the standby hear nothing more, and go on answering."""
        execute(self.standby, "SELECT pg_wal_replay_pause()")
        paused = "SELECT pg_get_wal_replay_pause_state() = 'paused'"
        wait_until(lambda: execute(self.standby, paused) == [(True,)], REACH_LIMIT, "The standby does not pause.")

    def resume(self):
        execute(self.standby, "SELECT pg_wal_replay_resume()")
        self.catch_up()

    def catch_up(self):
        """Wait until the standby knows what the primary does."""
        [(position,)] = execute(self.primary, "SELECT pg_current_wal_lsn()")
        reached = f"SELECT pg_last_wal_replay_lsn() >= '{position}'"
        wait_until(lambda: execute(self.standby, reached) == [(True,)], REACH_LIMIT, "The standby does not follow.")

    def kill_standby(self):
        """End it as a power failure would."""
        os.kill(int((self._data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)

    def stop(self):
        for data in (self._data, self._server.pgdata):
            # Nothing of theirs is wanted any more. One that was killed, or never started, is not there to stop.
            self._run("pg_ctl", "-w", "-D", data, "-m", "immediate", "stop", check=False)
        self._server.cleanup()
        shutil.rmtree(self._folder)

    def _program(self, name):
        return str(self._server.bin_path / name)

    def _run(self, program, *arguments, check=True):
        # A server that it starts keeps its output open: nobody waits for the end of that.
        with open(self._folder / f"{program}.log", "a+", encoding="utf-8") as log:
            done = subprocess.run(
                [self._program(program), *map(str, arguments)],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                user=self._server.system_user,
                cwd="/",
            )
            log.seek(0)
            assert not check or done.returncode == 0, f"{program} failed:\n{log.read()}"


@contextmanager
def replication(name):
    """Yield a :class:`Replication` beside the environment's own data; nothing of it is left afterwards."""
    folder = Path(f"{data_folder()}_{name}")
    # Of a run that was killed.
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    servers = Replication(folder)
    try:
        servers.check_programs()
        yield servers
    finally:
        servers.stop()

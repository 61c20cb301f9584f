"""What a person reads when an embedded service cannot run."""

from __future__ import annotations

from pathlib import Path

WAY_BY_ENVIRONMENT = {
    "Kafka": "KAFKA_BOOTSTRAP_SERVERS=host:9092",
    "Postgres": "DATABASE_URL=postgresql://user:password@host:5432/claims",
}


class ServiceUnavailable(Exception):  # noqa: N818 - said as a state, not as a mistake
    """An embedded service cannot run; the text says what is wrong and the three ways out."""

    def __init__(self, service: str, wrong: str, install: str) -> None:
        """`service` is "Kafka" or "Postgres", `wrong` one sentence, `install` what would make it run here."""
        self.service = service
        self.wrong = wrong
        super().__init__(
            f"{service} cannot run on this machine: {wrong}\n"
            "Three ways out:\n"
            f"  1. install: {install}\n"
            "  2. compose: docker compose --profile core up\n"
            f"  3. use your own: set the environment variable {WAY_BY_ENVIRONMENT[service]}"
        )


class StateFolderInUse(ServiceUnavailable):
    """A living process already serves this state folder; two would damage the data."""

    def __init__(self, state_dir: Path, owner: str) -> None:
        """`owner` names the process that has the folder, as far as it is known."""
        Exception.__init__(
            self,
            f"The state folder {state_dir} is already served by {owner}.\n"
            "Use the services it runs (other commands find them by themselves), stop it first (Ctrl-C there), "
            "or name another state folder with CLAIMS_STATE_DIR.",
        )


class StartError(Exception):
    """A service process ended or stayed silent while it was started; the text says what its log said last."""

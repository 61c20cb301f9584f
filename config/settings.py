"""Settings from the environment, one nested model per concern: `CLAIMS_KAFKA__PARTITIONS=8` sets `kafka.partitions`.

`KAFKA_BOOTSTRAP_SERVERS` and `DATABASE_URL` are read too, as other software names them. `.env.example` is generated
from here (`claims settings example`).
"""

import os
import re
from ipaddress import ip_network
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from config.sealing_keys import DEVELOPMENT_INDEX_KEY, DEVELOPMENT_KEYS, parse_key, parse_keys
from config.unfit import DEVELOPMENT_SECRET as DEVELOPMENT_SECRET
from config.unfit import unfit_secrets

# An origin, as browsers send it: no path, no default port, lower case.
ORIGIN = re.compile(r"https?://[a-z0-9.-]{1,253}(:[0-9]{1,5})?|https?://\[[0-9a-f:]{2,39}\](:[0-9]{1,5})?")


def a_rate(default: str, description: str) -> Any:
    """A field for a rate, as the library `limits` writes it."""
    pattern = r"^[1-9][0-9]{0,8}/(second|minute|hour)$"
    return Field(default, pattern=pattern, description=description, examples=["100/minute", "5/second"])


def parts_of(listed: str) -> list[str]:
    """The parts of a list that is written with commas."""
    return [part.strip() for part in listed.split(",") if part.strip()]


class Section(BaseModel):
    """A concern; unknown names are refused, so that a typo is no silent default."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class KafkaSettings(Section):
    """The broker and its topics."""

    bootstrap_servers: str | None = Field(None, description="Brokers, host:port,... Empty: the embedded broker.")
    partitions: int = Field(4, ge=1, le=512, description="Partitions of every topic of the chain; fixed once created.")
    replication_factor: int = Field(1, ge=1, le=7, description="Replicas of every topic; 3 in production.")
    min_insync_replicas: int = Field(1, ge=1, le=7, description="Replicas that confirm a record; 2 in production.")
    security_protocol: Literal["PLAINTEXT", "SSL", "SASL_PLAINTEXT", "SASL_SSL"] = Field(
        "PLAINTEXT", description="Protocol to the broker."
    )
    sasl_mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] | None = Field(
        None, description="SASL mechanism, with SASL_PLAINTEXT or SASL_SSL."
    )
    sasl_username: str | None = Field(None, description="SASL user.")
    sasl_password: SecretStr | None = Field(None, description="SASL password.")
    ssl_ca_file: Path | None = Field(None, description="File of the authorities that sign the broker's certificate.")
    ssl_certificate_file: Path | None = Field(None, description="Certificate of this client.")
    ssl_key_file: Path | None = Field(None, description="Key of this client's certificate.")
    schema_registry_url: str | None = Field(None, description="Schema registry. Empty: the file that ships with it.")


class DatabaseSettings(Section):
    """Postgres."""

    url: SecretStr | None = Field(
        None, description="postgresql://user:password@host:port/name. Empty: the embedded one."
    )
    pool_size: int = Field(8, ge=1, le=100, description="Connections of an API process.")
    statement_timeout_seconds: float = Field(30, gt=0, description="Longest run of one statement.")


class WorkerSettings(Section):
    """The stages."""

    group_prefix: str = Field(
        "claims",
        pattern=r"^[a-z0-9.-]{1,40}$",
        description="Prefix of consumer groups: a-z, 0-9, . and -, at most 40.",
        examples=["claims", "claims-2"],
    )
    linger_milliseconds: int = Field(20, ge=0, le=5_000, description="Shortest wait for a batch to fill.")
    linger_milliseconds_max: int = Field(110, ge=0, le=5_000, description="Longest wait for a batch, under load.")
    claims_per_second_max: float = Field(
        0,
        ge=0,
        le=1_000_000,
        description="New claims that a worker takes a second at most, so that a backlog leaves the machine to others; "
        "0 for no limit.",
    )
    session_timeout_seconds: float = Field(
        10, ge=1, le=300, description="Silence after which a worker has lost its work."
    )
    transaction_timeout_seconds: float = Field(
        60, ge=1, le=900, description="Age at which the broker ends a transaction."
    )
    state_cache_megabytes: int = Field(8, ge=1, le=4_096, description="RocksDB block cache of a process.")
    dead_letter_ratio_max: float = Field(
        0.5, gt=0, le=1, description="Share of dead letters among the last 1,000 records that stops the worker."
    )
    denial_ratio_max: float = Field(
        0.95, gt=0, le=1, description="Share of denials among the last 1,000 decisions that stops the worker."
    )
    metrics_host: str = Field("127.0.0.1", description="Address that /metrics of the worker listens on.")
    metrics_port: int = Field(0, ge=0, le=65_535, description="Port of /metrics of the worker; 0 for none.")


class SinkSettings(Section):
    """The sink."""

    batch_records_max: int = Field(5_000, ge=1, le=100_000, description="Most records of one transaction.")
    batch_wait_seconds: float = Field(0.1, ge=0.01, le=10, description="Longest wait for a batch to fill.")
    metrics_host: str = Field("127.0.0.1", description="Address that /metrics of the sink listens on.")
    metrics_port: int = Field(0, ge=0, le=65_535, description="Port of /metrics of the sink; 0 for none.")


class SchedulerSettings(Section):
    """What sends the commands that a day brings."""

    metrics_host: str = Field("127.0.0.1", description="Address that /metrics of the scheduler listens on.")
    metrics_port: int = Field(0, ge=0, le=65_535, description="Port of /metrics of the scheduler; 0 for none.")


class ApiSettings(Section):
    """The HTTP service."""

    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8080, ge=0, le=65_535, description="Port to listen on; 0 for any free one.")
    jwt_algorithm: Literal["HS256", "RS256"] = Field("HS256", description="The one algorithm of tokens.")
    jwt_secret: SecretStr = Field(SecretStr(DEVELOPMENT_SECRET), description="Secret of HS256, 32 bytes or more.")
    jwt_public_key_file: Path | None = Field(None, description="Public keys of RS256, PEM; one after the other.")
    jwt_private_key_file: Path | None = Field(None, description="Private key of RS256, to mint tokens; PEM.")
    jwks: str | None = Field(None, description="Key set of the issuer for RS256: a URL or a file, instead of a PEM.")
    jwks_refresh_seconds: float = Field(300, ge=1, le=86_400, description="How often the key set is read again.")
    jwks_keep_hours: float = Field(24, gt=0, le=8_760, description="How long its keys count while it cannot be had.")
    jwt_issuer: str = Field("claims-engine", description="Issuer that tokens must name.")
    jwt_audience: str = Field("claims-api", description="Audience that tokens must name.")
    grpc_port: int = Field(0, ge=0, le=65_535, description="Port of gRPC on the same address; 0 for none.")
    grpc_certificate_file: Path | None = Field(None, description="Certificate of gRPC, PEM; with its key it has TLS.")
    grpc_key_file: Path | None = Field(None, description="Key of the certificate of gRPC, PEM.")
    token_lifetime_minutes: int = Field(30, ge=1, le=1_440, description="Lifetime of a minted token.")
    refresh_lifetime_days: float = Field(7, gt=0, le=90, description="Lifetime of a refresh token that is not used.")
    refresh_family_days: float = Field(
        30, gt=0, le=365, description="Longest a sign-in lasts, however often refreshed."
    )
    rate_read: str = a_rate("120000/minute", "Reads of one caller.")
    rate_write: str = a_rate("120000/minute", "Submissions and commands of one caller.")
    rate_address: str = a_rate("600000/minute", "Requests with a token, of one address.")
    rate_failures: str = a_rate("100/minute", "Missing and bad tokens of one address.")
    rate_public: str = a_rate("100/minute", "Requests that need no token, of one address.")
    rate_auth: str = a_rate("100/minute", "Refreshed tokens, of one address.")
    trusted_proxies: str = Field("", description="Proxies whose X-Forwarded-For is believed: addresses, networks.")
    behind_tls: bool = Field(False, description="Callers come over TLS (by a proxy): tell browsers to keep to it.")
    cors_origins: str = Field("", description="Origins of web pages that may call: https://host,... Never a wildcard.")
    connections_max: int = Field(2_000, ge=1, le=100_000, description="Open connections of a process.")

    @field_validator("trusted_proxies")
    @classmethod
    def check_proxies(cls, listed: str) -> str:
        """Addresses and networks, or nothing."""
        for part in parts_of(listed):
            try:
                ip_network(part, strict=False)
            except ValueError:
                raise ValueError(f"{part!r} is no address; write 10.0.0.1, or a network such as 10.0.0.0/8") from None
        return listed

    @field_validator("cors_origins")
    @classmethod
    def check_origins(cls, listed: str) -> str:
        """Origins as browsers send them. A wildcard and `null`, which any page can be, are none."""
        for part in parts_of(listed):
            if not ORIGIN.fullmatch(part):
                raise ValueError(f"{part!r} is no origin; write https://host or https://host:port, in lower case")
        return listed


class EdiSettings(Section):
    """Feeds of EDI and their answers."""

    answers_dir: Path = Field(Path("answers"), description="Folder that TA1, 999 and 277CA are written to.")
    interim_after_minutes: float = Field(
        60, gt=0, le=43_200, description="Age at which a transaction without all outcomes gets an interim 277CA."
    )
    give_up_after_days: float = Field(
        30, gt=0, le=3_650, description="Age at which a transaction without all outcomes is waited for no more."
    )
    strict_timeout_seconds: float = Field(
        30, gt=0, le=3_600, description="Longest time that the strict check of one transaction may take."
    )
    metrics_host: str = Field("127.0.0.1", description="Address that /metrics of the answering service listens on.")
    metrics_port: int = Field(0, ge=0, le=65_535, description="Port of /metrics of the answering service; 0 for none.")


class DocumentSettings(Section):
    """Documents of claims."""

    folder: Path | None = Field(
        None, description="Folder of their content, shared by all API processes. Empty: below the state folder."
    )
    clamd: str | None = Field(
        None,
        pattern=r"^(unix:/.+|[^:/ ]+:\d{1,5}|\[[0-9a-fA-F:]+\]:\d{1,5})$",
        examples=["unix:/run/clamav/clamd.sock", "clamd:3310"],
        description="clamd that scans them: unix:/path/of/socket or host:port. Empty: they are not scanned.",
    )


class LetterSettings(Section):
    """What letters to members say of the payer who writes them."""

    payer_name: str = Field("", max_length=200, description='Who writes. Empty: "your health plan", in the language.')
    payer_address: str = Field("", max_length=300, description="Address of the payer. Empty: the letter has none.")
    appeal_address: str = Field(
        "",
        max_length=300,
        description="Where an appeal is sent. Empty: the payer's address, else that of the member card.",
    )


class SealingSettings(Section):
    """Keys of columns that name or reach a person (config/sealing.py)."""

    keys: SecretStr = Field(
        SecretStr(DEVELOPMENT_KEYS), description="Keys as id:base64,id:base64: the first seals, all open."
    )
    index_key: SecretStr = Field(
        SecretStr(DEVELOPMENT_INDEX_KEY), description="Key of blind indexes, base64 of 32 bytes; never rotated alone."
    )

    @field_validator("keys")
    @classmethod
    def check_keys(cls, keys: SecretStr) -> SecretStr:
        """Every key is base64 of 32 bytes under an id of its own."""
        parse_keys(keys.get_secret_value())
        return keys

    @field_validator("index_key")
    @classmethod
    def check_index_key(cls, key: SecretStr) -> SecretStr:
        """The key of blind indexes is base64 of 32 bytes."""
        parse_key(key.get_secret_value(), "the index key")
        return key


class Settings(BaseSettings):
    """Everything that can be set."""

    model_config = SettingsConfigDict(
        env_prefix="CLAIMS_", env_nested_delimiter="__", env_file=".env", extra="ignore", frozen=True
    )

    environment: Literal["development", "staging", "production"] = Field(
        "development", description="Outside development, default secrets are refused."
    )
    state_dir: Path = Field(Path(".state"), description="Folder of embedded services, RocksDB and local files.")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least level that is logged.")
    kafka: KafkaSettings = KafkaSettings()
    database: DatabaseSettings = DatabaseSettings()
    worker: WorkerSettings = WorkerSettings()
    sink: SinkSettings = SinkSettings()
    scheduler: SchedulerSettings = SchedulerSettings()
    api: ApiSettings = ApiSettings()
    sealing: SealingSettings = SealingSettings()
    edi: EdiSettings = EdiSettings()
    documents: DocumentSettings = DocumentSettings()
    letter: LetterSettings = LetterSettings()

    @model_validator(mode="after")
    def refuse_unfit_secrets(self) -> Self:
        """Outside development every secret must have been chosen; whatever is wrong is told at once, a line each."""
        if wrong := unfit_secrets(self):
            raise ValueError("\n".join(wrong))
        return self


def load() -> Settings:
    """Settings of this process, with the plain names that other software uses for broker and database."""
    settings = Settings()
    bootstrap = os.environ.get("KAFKA_BOOTSTRAP_SERVERS")
    url = os.environ.get("DATABASE_URL")
    if bootstrap and not settings.kafka.bootstrap_servers:
        kafka = settings.kafka.model_copy(update={"bootstrap_servers": bootstrap})
        settings = settings.model_copy(update={"kafka": kafka})
    if url and not settings.database.url:
        database = settings.database.model_copy(update={"url": SecretStr(url)})
        settings = settings.model_copy(update={"database": database})
    return settings

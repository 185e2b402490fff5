"""Settings: everything an operator can turn, read once from the environment and handed down as values.

Entry points (`cli.py`, `worker.py`) build one `Settings` and pass its values on; no room below them reads the environment.
Every field is documented in docs/settings.md, and a test keeps it so.
"""

from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


class Settings(BaseSettings):
    """What an operator can set, as `SAYSO_<NAME>` in the environment or in a `.env` file beside the process."""

    model_config = SettingsConfigDict(env_prefix="SAYSO_", env_file=".env", extra="ignore", frozen=True)

    home: Path = Field(default=Path("~/.local/share/sayso"), description="Where the embedded default keeps its database and its queue.")
    database_url: str | None = Field(default=None, description="SQLAlchemy URL; unset: an SQLite file in the home.")
    broker_url: str | None = Field(default=None, description="Celery broker URL; unset: a queue of files in the home, no server needed.")
    sources: Path | None = Field(default=None, description="Folder of source catalogues (YAML); unset: the shipped `sources/`.")
    contact: str | None = Field(default=None, description="Mail or web address in the crawler's User-Agent; required for live sources.")
    allow_networks: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="Networks outside the public internet that may be fetched from, comma-separated CIDR.")
    crawl_delay: float = Field(default=2.0, ge=0, description="Seconds between two requests to one host.")
    workers: int = Field(default=2, ge=1, description="Worker processes that read and judge.")
    lease_seconds: int = Field(default=60, ge=2, description="How long a claimed article or alert stays with a worker that went silent.")
    sweep_seconds: float = Field(default=60, gt=0, description="How often rows that wait too long are rung again.")
    silence_hours: float = Field(default=48, gt=0, description="How long a party may leave a claim unanswered before it counts as silent.")
    smtp_host: str | None = Field(default=None, description="Mail server; unset: alerts by email wait until there is one.")
    smtp_port: int = Field(default=587, description="Its port.")
    smtp_user: str | None = Field(default=None, description="Its user, if it asks for one.")
    smtp_password: SecretStr | None = Field(default=None, description="Its password.")
    smtp_security: str = Field(default="starttls", pattern="^(none|starttls|tls)$", description="none, starttls or tls.")
    mail_from: str = Field(default="sayso@localhost", description="Sender of alerts.")
    webhook_secret: SecretStr | None = Field(default=None, description="Signs alerts by webhook; unset: they wait until there is one.")
    web_host: str = Field(default="127.0.0.1", description="Address that the web process listens on.")
    web_port: int = Field(default=8040, description="Its port.")
    web_url: str | None = Field(default=None, description="Public address of the web pages, for links in alerts.")
    log_format: str = Field(default="console", pattern="^(console|json)$", description="console or json.")

    @field_validator("home", mode="after")
    @classmethod
    def _expanded(cls, home: Path) -> Path:
        return home.expanduser().resolve()

    @field_validator("allow_networks", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @property
    def database(self) -> str:
        """The database URL in force."""
        return self.database_url or f"sqlite:///{self.home / 'sayso.db'}"

    @property
    def broker(self) -> str:
        """The broker URL in force; `filesystem://` is the queue of files under the home."""
        return self.broker_url or "filesystem://"

    @property
    def public_url(self) -> str:
        """Where links in alerts lead."""
        return (self.web_url or f"http://{self.web_host}:{self.web_port}").rstrip("/")

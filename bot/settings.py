"""What the operator can set: environment variables and .env, each with a default that works."""

from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Every field is also an environment variable, PARLOUR_ and the name in capitals."""

    model_config = SettingsConfigDict(
        env_prefix="PARLOUR_", env_nested_delimiter="__", env_file=".env", extra="ignore"
    )

    data: Path = Path("data")
    """Folder of the database."""
    database: str = ""
    """URL of the database; by default the SQLite file parlour.db in the data folder."""
    models: Path = Path("models.toml")
    """File that names the language models."""

    @property
    def database_file(self) -> Path:
        """Where the SQLite database lies."""
        return self.data / "parlour.db"

"""What the operator can set: environment variables and .env, each with a default that works."""

from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import AliasChoices, BaseModel, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict, SettingsError

from bot.errors import OperatorError

NOT_SET_UP = (
    "There is no Discord token: put DISCORD_TOKEN=… into the file .env, or name a file that "
    "holds it in DISCORD_TOKEN_FILE; “python bot.py setup” helps."
)
NO_JSON = (
    "A setting that holds several values is no JSON: PARLOUR_ALLOWED_BASE_URLS is a list such as "
    '["https://api.example.com/v1"], and PARLOUR_DISCORD__EDIT_SECONDS stands for one of its group.'
)

MOST: Final = 10**12
"""No cap is higher: money is counted in millionths, in 64 bits."""


class DiscordSettings(BaseModel):
    """What concerns Discord alone; PARLOUR_DISCORD__ and the name in capitals."""

    api_base: str = ""
    """Where the REST interface of a Discord-compatible server begins; empty for Discord."""
    gateway: str = ""
    """WebSocket address of its gateway; empty for Discord."""
    edit_seconds: Annotated[float, Field(ge=0)] = 1.5
    """Least time between two edits in one channel."""
    requests_per_second: Annotated[float, Field(gt=0, le=50)] = 45
    """How much the bot asks of Discord in all; Discord's own limit is 50."""
    ready_seconds: Annotated[float, Field(ge=0)] = 2.0
    """How long to wait for servers that are slow to appear at the start."""
    max_bot_turns: Annotated[int, Field(ge=1)] = 100
    """Turns of bots and models in a row, without a person, after which a match pauses."""
    forget_days: Annotated[int, Field(ge=0, le=3650)] = 7
    """Days without being found in a server after which its characters forget a member."""


class Settings(BaseSettings):
    """Every field is also an environment variable, PARLOUR_ and the name in capitals."""

    model_config = SettingsConfigDict(
        env_prefix="PARLOUR_",
        env_nested_delimiter="__",
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",
        populate_by_name=True,
    )

    data: Path = Path("data")
    """Folder of the database."""
    database: str = ""
    """URL of the database; by default the SQLite file parlour.db in the data folder."""
    games_folder: Path | None = None
    """Folder of the operator's own games, TOML files; by default "games" in the data folder."""
    language: str = "en"
    """What this machine's terminal speaks; servers choose their own with /admin setup."""
    models: Path = Path("models.toml")
    """File that names the language models."""
    models_folder: Path | None = None
    """Folder of model files; by default "models" in the data folder."""
    models_hub: str = "https://huggingface.co"
    """Where `models fetch` gets files."""
    embedding_model: str = ""
    """Which of `models` makes the vectors of memories; without one, words alone find them."""
    allowed_base_urls: list[str] = []
    """Where admins of servers may have models of their own, beside the addresses in `models`."""
    allowed_model_files: list[str] = []
    """Files below `models_folder` that admins of servers may have models of; "*" for every one."""
    master_key: SecretStr = SecretStr("")
    """Seals the API keys in the database; several, the newest first, to replace an old one."""
    master_key_file: Path | None = None
    """File of the master key; by default secrets/master.key beside the data folder."""
    budget_requests: Annotated[int | None, Field(ge=0, le=MOST)] = None
    """Calls of models that any one server may make in a day, UTC, whatever its admins set."""
    budget_tokens: Annotated[int | None, Field(ge=0, le=MOST)] = None
    """Tokens that any one server may use in a day."""
    budget_money: Annotated[Decimal | None, Field(ge=0, le=MOST // 10**6)] = None
    """What models may cost any one server in a day."""
    discord: DiscordSettings = DiscordSettings()
    discord_token: Annotated[
        SecretStr,
        Field(validation_alias=AliasChoices("DISCORD_TOKEN", "PARLOUR_DISCORD_TOKEN")),
    ] = SecretStr("")
    discord_token_file: Annotated[
        Path | None,
        Field(validation_alias=AliasChoices("DISCORD_TOKEN_FILE", "PARLOUR_DISCORD_TOKEN_FILE")),
    ] = None

    def __init__(self, **values: Any) -> None:
        """Read them all.  Raises OperatorError."""
        try:
            super().__init__(**values)
        except ValidationError as why:
            raise OperatorError(_fault(why)) from None
        except SettingsError:
            raise OperatorError(NO_JSON) from None
        except (OSError, UnicodeDecodeError):
            raise OperatorError("The file .env cannot be read; it must be UTF-8 text.") from None

    @property
    def database_file(self) -> Path:
        """Where the SQLite database lies."""
        return self.data / "parlour.db"

    def data_folder(self) -> Path:
        """Return the data folder, which is made where it is missing.  Raises OperatorError."""
        try:
            self.data.mkdir(parents=True, exist_ok=True)
        except OSError as why:
            raise OperatorError(
                f"The data folder {self.data} cannot be made ({why.strerror}); name another one in "
                "PARLOUR_DATA."
            ) from None
        return self.data

    @property
    def game_files(self) -> Path:
        """Where the operator's own games lie."""
        return self.games_folder or self.data / "games"

    @property
    def model_files(self) -> Path:
        """Where the files of local models lie."""
        return self.models_folder or self.data / "models"

    @property
    def master_key_path(self) -> Path:
        """Where the master key lies: outside the data folder, so that no copy of it holds both."""
        beside = self.data.absolute().parent / "secrets" / "master.key"
        return self.master_key_file or beside

    def token(self) -> str:
        """Return the token of the Discord application.  Raises OperatorError."""
        token = self.discord_token.get_secret_value()
        if not token and self.discord_token_file:
            try:
                token = self.discord_token_file.read_text("utf-8")
            except (OSError, UnicodeDecodeError):
                raise OperatorError(
                    f"DISCORD_TOKEN_FILE names {self.discord_token_file}, which cannot be read."
                ) from None
        if not (token := token.strip()):
            raise OperatorError(NOT_SET_UP)
        if not (token.isascii() and token.isprintable() and " " not in token):
            raise OperatorError("The Discord token has characters no token has; copy it again.")
        return token


def _fault(error: ValidationError) -> str:
    """Return which variable is wrong and why, without its value: it may be a secret."""
    fault = error.errors(include_input=False, include_url=False, include_context=False)[0]
    path = "__".join(map(str, fault["loc"])).upper()
    name = path if path.startswith(("DISCORD_TOKEN", "PARLOUR_")) else f"PARLOUR_{path}"
    return f"The setting {name} is wrong: {fault['msg']}."

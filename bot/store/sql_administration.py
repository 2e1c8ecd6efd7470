"""What admins of servers decide, in the journal's database and through its writer."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Executable, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.administration import (
    AuditLine,
    Ban,
    Budget,
    SealedModel,
    ServerModel,
    ServerSettings,
)
from bot.errors import ShownToUser
from bot.store import administration_statements as sql
from bot.store.administration_tables import audit, bans, server_models
from bot.store.reading import Reader
from bot.store.rows import micros, moment
from bot.store.statements import NEW_SETTING, NO_SETTING
from bot.store.tables import settings
from bot.store.writer import Rows, Write, Writer
from games.core import quoted

SERVER, BUDGET = "server", "budget"
"""Keys of what a server has in the table of settings."""


def scope_of(guild: int) -> str:
    """Return the scope of a server's settings."""
    return f"guild:{guild}"


async def setting_of(read: AsyncConnection, guild: int, key: str) -> str:
    """Return a server's setting as it was written; "" where it never was."""
    where = (settings.c.scope == scope_of(guild), settings.c.key == key)
    return await read.scalar(select(settings.c.value).where(*where)) or ""


class SqlAdministration:
    """Settings, models, budgets, bans and the audit log of each server."""

    def __init__(self, reader: Reader, writer: Writer) -> None:
        self._reading = reader
        self._writer = writer

    async def settings_of(self, guild: int) -> ServerSettings:
        """Return a server's settings; the defaults where nothing was set."""
        return ServerSettings.from_json(await self._kept(guild, SERVER))

    async def change_settings(self, guild: int, settings: ServerSettings, by: int) -> None:
        """Put other settings in the place of a server's own."""
        await self._keep(guild, SERVER, settings.to_json(), by, "settings")

    async def budget_of(self, guild: int) -> Budget:
        """Return a server's budget; without limits where none was set."""
        return Budget.from_json(await self._kept(guild, BUDGET))

    async def change_budget(self, guild: int, budget: Budget, by: int) -> None:
        """Put another budget in the place of a server's own; it holds from the next call on."""
        await self._keep(guild, BUDGET, budget.to_json(), by, "budget")

    async def models(self, guild: int | None = None) -> Sequence[SealedModel]:
        """Return the models of a server, or of all, by name."""
        wanted = select(server_models).order_by(server_models.c.guild, server_models.c.name)
        if guild is not None:
            wanted = wanted.where(server_models.c.guild == guild)
        async with self._reading() as read:
            return [_model(row) for row in await read.execute(wanted)]

    async def put_model(self, model: SealedModel, by: int) -> None:
        """Add a model, or put it in the place of the one with its name."""
        guild, name = model.model.guild, model.model.name
        before = await self._model(guild, name)
        row = {**asdict(model.model), "sealed": model.sealed}
        await self._change(
            f"model:{guild}/{name}",
            {
                sql.NO_SERVER_MODEL: ({"of_guild": guild, "of_name": name},),
                sql.NEW_SERVER_MODEL: (row,),
            },
            _line(guild, by, f"model {name}", _shown(before), _shown(model)),
        )

    async def remove_model(self, guild: int, name: str, by: int) -> None:
        """Remove a model and its key.  Raises ShownToUser where there is none."""
        before = await self._model(guild, name)
        if before is None:
            raise ShownToUser(f"This server has no model {quoted(name)} of its own.")
        await self._change(
            f"model:{guild}/{name}",
            {sql.NO_SERVER_MODEL: ({"of_guild": guild, "of_name": name},)},
            _line(guild, by, f"model {name}", _shown(before), ""),
            erases=True,
        )

    async def reseal(self, guild: int, name: str, old: str, new: str) -> None:
        """Keep a key under another master key, unless it was changed since."""
        row = {"of_guild": guild, "of_name": name, "of_sealed": old, "now_sealed": new}
        write = Write(f"model:{guild}/{name}", {sql.RESEALED: (row,)}, erases=True)
        await self._writer.write(write)

    async def bans(self, guild: int) -> Sequence[Ban]:
        """Return who is banned from a server or was, by user."""
        wanted = select(bans).where(bans.c.guild == guild).order_by(bans.c.user_id)
        async with self._reading() as read:
            return [_ban(row) for row in await read.execute(wanted)]

    async def banned(self, guild: int, user: int, now: datetime) -> Ban | None:
        """Return the ban that keeps a user out now; None where none does."""
        ban = await self._ban(guild, user)
        return ban if ban and (ban.until is None or ban.until > now) else None

    async def ban(self, ban: Ban, by: int) -> None:
        """Ban a user, or change the ban."""
        before = await self._ban(ban.guild, ban.user)
        row = {
            "guild": ban.guild,
            "user_id": ban.user,
            "reason": ban.reason,
            "until": ban.until and micros(ban.until),
        }
        await self._change(
            f"ban:{ban.guild}/{ban.user}",
            {sql.NO_BAN: (_of_ban(ban.guild, ban.user),), sql.NEW_BAN: (row,)},
            _line(ban.guild, by, f"ban of {ban.user}", _until(before), _until(ban)),
        )

    async def unban(self, guild: int, user: int, by: int) -> None:
        """Lift a ban.  Raises ShownToUser where there is none."""
        before = await self._ban(guild, user)
        if before is None:
            raise ShownToUser("This member is not banned.")
        await self._change(
            f"ban:{guild}/{user}",
            {sql.NO_BAN: (_of_ban(guild, user),)},
            _line(guild, by, f"ban of {user}", _until(before), ""),
        )

    async def note(self, line: AuditLine) -> None:
        """Write an audit line for something that is kept elsewhere."""
        await self._change(f"audit:{line.guild}", {}, line)

    async def audit(self, guild: int, limit: int = 50) -> Sequence[AuditLine]:
        """Return what was done in a server, newest first."""
        newest = select(audit).where(audit.c.guild == guild).order_by(audit.c.number.desc())
        async with self._reading() as read:
            return [audit_line(row) for row in await read.execute(newest.limit(limit))]

    async def _keep(self, guild: int, key: str, after: str, by: int, what: str) -> None:
        row = {"scope": scope_of(guild), "key": key, "value": after}
        line = _line(guild, by, what, await self._kept(guild, key), after)
        await self._change(f"{key}:{guild}", {NO_SETTING: (row,), NEW_SETTING: (row,)}, line)

    async def _kept(self, guild: int, key: str) -> str:
        """Return a setting as it was written; "" where it never was."""
        async with self._reading() as read:
            return await setting_of(read, guild, key)

    async def _model(self, guild: int, name: str) -> SealedModel | None:
        return next((one for one in await self.models(guild) if one.model.name == name), None)

    async def _ban(self, guild: int, user: int) -> Ban | None:
        wanted = select(bans).where(bans.c.guild == guild, bans.c.user_id == user)
        async with self._reading() as read:
            row = (await read.execute(wanted)).one_or_none()
        return _ban(row) if row else None

    async def _change(
        self,
        key: str,
        rows: Mapping[Executable, Rows],
        line: AuditLine,
        *,
        erases: bool = False,
    ) -> None:
        noted = {**rows, sql.NEW_AUDIT_LINE: (audit_row(line),)}
        await self._writer.write(Write(key, noted, erases=erases))


def audit_row(line: AuditLine) -> Mapping[str, Any]:
    """Return the row of an audit line."""
    return {**asdict(line), "at": micros(line.at)}


def audit_line(row: Any) -> AuditLine:
    """Return the audit line in a row."""
    return AuditLine(row.guild, row.who, row.what, row.before, row.after, moment(row.at))


def _line(guild: int, by: int, what: str, before: str, after: str) -> AuditLine:
    return AuditLine(guild, by, what, before, after, datetime.now(UTC))


def _model(row: Any) -> SealedModel:
    model = ServerModel(
        row.guild, row.name, row.base_url, row.model, row.key, row.price_in, row.price_out
    )
    return SealedModel(model, row.sealed)


def _shown(model: SealedModel | None) -> str:
    """Return a model as the audit log shows it, without its sealed key."""
    return json.dumps(asdict(model.model), ensure_ascii=False) if model else ""


def _of_ban(guild: int, user: int) -> Mapping[str, int]:
    return {"of_guild": guild, "of_user_id": user}


def _ban(row: Any) -> Ban:
    return Ban(row.guild, row.user_id, row.reason, row.until and moment(row.until))


def _until(ban: Ban | None) -> str:
    """Return a ban as the audit log shows it; the reason stays out, as it may be deleted."""
    if ban is None:
        return ""
    return f"until {ban.until.isoformat()}" if ban.until else "for ever"

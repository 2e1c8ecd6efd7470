# Parlour in a container: two stages, and no build tool in the second.
# Nothing here depends on the architecture; amd64 and arm64 have wheels for all that is locked.

FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1
WORKDIR /build
COPY requirements.lock ./
RUN python -m venv /opt/parlour \
 && /opt/parlour/bin/pip install --require-hashes --only-binary=:all: -r requirements.lock

FROM python:3.13-slim
ENV PATH=/opt/parlour/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    PARLOUR_DATA=/data \
    PARLOUR_MODELS=/config/models.toml
# A named volume takes over the owner and the mode that its folder has here.
RUN groupadd --gid 10001 parlour \
 && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /data --shell /usr/sbin/nologin parlour \
 && install -d -o 10001 -g 10001 -m 0700 /data /secrets
COPY --from=build --chown=0:0 /opt/parlour /opt/parlour
# Whatever modes a checkout has: everybody may read the program, and only root may change it.
COPY --chown=0:0 --chmod=755 bot.py /app/
COPY --chown=0:0 --chmod=755 bot /app/bot
COPY --chown=0:0 --chmod=755 characters /app/characters
COPY --chown=0:0 --chmod=755 games /app/games
COPY --chown=0:0 --chmod=755 migrations /app/migrations
COPY --chown=0:0 --chmod=755 tournaments /app/tournaments
COPY --chown=0:0 --chmod=755 towns /app/towns
# Compiled once here, as the running container cannot write beside the sources.
RUN python -m compileall -q /app
USER 10001:10001
# Where the program stands when it writes an error report or, in `setup`, a file .env.
WORKDIR /data
# Two volumes, so that a copy of the data does not hold the key to the secrets in it.
VOLUME ["/data", "/secrets"]
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=90s --retries=3 \
  CMD ["python", "/app/bot.py", "health"]
ENTRYPOINT ["python", "/app/bot.py"]
CMD ["run"]

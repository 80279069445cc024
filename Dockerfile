# syntax=docker/dockerfile:1
# All containers of Wardline. Each service is an image of its own, with its own packages and nothing of the others:
#   docker build --target service --build-arg PACKAGE=services/directory .
# Targets: service; speech (with PocketSphinx: voice-media, carrier-simulator); gateway (with the console); migrate.
ARG NODE_VERSION=24.21.0
ARG DEBIAN=bookworm

FROM node:${NODE_VERSION}-${DEBIAN}-slim AS base
WORKDIR /wardline

# The manifests alone, so that a change in the code does not install packages again.
FROM base AS manifests
COPY . /checkout
RUN mkdir /manifests && cd /checkout && \
    cp --parents package.json package-lock.json .npmrc */package.json */*/package.json /manifests

# Once for all services: packages, what is generated, the console. Not `npm ci`: see tools/setup/setup.mjs.
FROM base AS build
COPY --from=manifests /manifests ./
RUN --mount=type=cache,target=/root/.npm \
    npm install --no-save --ignore-scripts --no-audit --no-fund --loglevel=error
COPY . .
RUN node tools/setup/generate.mjs && \
    cd services/console && node ../../node_modules/vite/bin/vite.js build --logLevel warn

# What one service needs to run.
FROM build AS collected
ARG PACKAGE
RUN node deploy/collect.mjs "${PACKAGE}" /collected

FROM base AS runtime
# The hospitals' keys are on a volume, which takes over this folder's owner when it is new.
RUN install -d -o node -g node -m 0700 /var/lib/wardline /var/lib/wardline/keys
COPY deploy/healthcheck.mjs ./deploy/
# kafkajs sets timers that are already due, and Node says so each time.
ENV NODE_ENV=production TZ=UTC WARDLINE_DATA=/var/lib/wardline NODE_OPTIONS=--disable-warning=TimeoutNegativeWarning
USER node

FROM runtime AS service
ARG PACKAGE
COPY --from=collected /collected/packages ./
COPY --from=collected /collected/code ./
WORKDIR /wardline/${PACKAGE}
CMD ["node", "src/main.ts"]

FROM service AS gateway
COPY --from=build /wardline/services/console/dist /wardline/services/console/dist
ENV WARDLINE_CONSOLE_DIR=/wardline/services/console/dist

# Embedded speech recognition: a library and an English model, both BSD-licensed.
FROM runtime AS speech-runtime
USER root
RUN apt-get update -qq && \
    apt-get install -y -qq --no-install-recommends libpocketsphinx3 pocketsphinx-en-us && \
    rm -rf /var/lib/apt/lists/*
# The engine for voice activity reports to its maker unless it is told not to; the code says so as well.
ENV ORT_DISABLE_TELEMETRY=1
USER node

FROM speech-runtime AS speech
ARG PACKAGE
COPY deploy/call.mjs ./deploy/
COPY --from=collected /collected/packages ./
COPY --from=collected /collected/code ./
WORKDIR /wardline/${PACKAGE}
CMD ["node", "src/main.ts"]

# Schemas, roles and topics, for all services.
FROM runtime AS migrate
COPY --from=collected /collected/packages ./
COPY --from=collected /collected/code ./
COPY --from=build /wardline/services/standalone/src/schemas.ts /wardline/services/standalone/src/kafka-access.ts \
    ./services/standalone/src/
WORKDIR /wardline/deploy
CMD ["node", "migrate.ts"]

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

# Everything that generating and building needs. Not `npm ci`: see tools/setup/setup.mjs.
FROM base AS build
COPY --from=manifests /manifests ./
RUN --mount=type=cache,target=/root/.npm \
    npm install --no-save --ignore-scripts --no-audit --no-fund --loglevel=error
COPY . .
RUN node tools/setup/generate.mjs && \
    cd services/console && node ../../node_modules/vite/bin/vite.js build --logLevel warn

# The code as it runs: sources and what was generated from them, no packages.
FROM base AS code
COPY --from=build /wardline/ ./
RUN find . -name node_modules -prune -exec rm -rf {} +

# The packages of one service, found by following what it depends on.
FROM base AS packages
ARG PACKAGE
COPY --from=manifests /manifests ./
RUN --mount=type=cache,target=/root/.npm \
    test -n "${PACKAGE}" && \
    npm install --no-save --ignore-scripts --no-audit --no-fund --loglevel=error --omit=dev --workspace "${PACKAGE}"

FROM packages AS assembled
ARG PACKAGE
COPY --from=code /wardline/libs ./libs
COPY --from=code /wardline/deploy ./deploy
COPY --from=code /wardline/${PACKAGE} ./${PACKAGE}

FROM base AS runtime
# Keys are kept on a volume, which takes over this folder's owner when it is new.
RUN install -d -o node -g node -m 0700 /var/lib/wardline /var/lib/wardline/keys
ENV NODE_ENV=production TZ=UTC WARDLINE_DATA=/var/lib/wardline
USER node

FROM runtime AS service
ARG PACKAGE
COPY --from=assembled /wardline ./
WORKDIR /wardline/${PACKAGE}
CMD ["node", "src/main.ts"]

FROM service AS gateway
COPY --from=code /wardline/services/console/dist /wardline/services/console/dist
ENV WARDLINE_CONSOLE_DIR=/wardline/services/console/dist

# Embedded speech recognition: a library and an English model, both BSD-licensed.
FROM runtime AS speech-runtime
USER root
RUN apt-get update -qq && \
    apt-get install -y -qq --no-install-recommends libpocketsphinx3 pocketsphinx-en-us && \
    rm -rf /var/lib/apt/lists/*
USER node

FROM speech-runtime AS speech
ARG PACKAGE
COPY --from=assembled /wardline ./
WORKDIR /wardline/${PACKAGE}
CMD ["node", "src/main.ts"]

# Schemas, roles and topics: needs the migrations of all services, but of their packages only what `deploy` names.
FROM runtime AS migrate
COPY --from=assembled /wardline ./
COPY --from=code /wardline/services ./services
WORKDIR /wardline/deploy
CMD ["node", "migrate.ts"]

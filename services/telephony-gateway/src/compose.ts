import { createEventBus, uuidv7, type EventBus } from '@wardline/event-bus';
import { createConfiguredCipher, type FieldCipher } from '@wardline/field-encryption';
import { createKeyValue, type KeyValue } from '@wardline/key-value';
import type { Logger } from '@wardline/observability';
import { createRpcServer, createServiceTokens } from '@wardline/rpc';
import { composeLifecycle, type Component } from '@wardline/service-runtime';
import { createCampaignsDialAuthority } from './adapters/campaigns-dial-authority.ts';
import { createDirectoryClinicLines } from './adapters/directory-clinic-lines.ts';
import { createKeyValueOpenStreams } from './adapters/key-value-open-streams.ts';
import { createPostgresCallBackList } from './adapters/postgres/postgres-call-back-list.ts';
import { createPostgresCallList } from './adapters/postgres/postgres-call-list.ts';
import { createPostgresCallStore } from './adapters/postgres/postgres-call-store.ts';
import { openTelephonyDatabase } from './adapters/postgres/telephony-database.ts';
import { createSignedStreamLinks } from './adapters/signed-stream-links.ts';
import { createSystemClock } from './adapters/system-clock.ts';
import { createTelnyxCarrier } from './adapters/telnyx/telnyx-carrier.ts';
import { createWebhookVerifier } from './adapters/telnyx/webhook-signature.ts';
import { parseWebhook } from './adapters/telnyx/webhook-words.ts';
import { createBackgroundWork } from './app/background-work.ts';
import { createCallChanges } from './app/change-call.ts';
import { createCallCommands } from './app/command-call.ts';
import { createCompleteCallBack } from './app/complete-call-back.ts';
import { createReceiveWebhook } from './app/receive-webhook.ts';
import { createRunCommand, type RunCommandDeps } from './app/run-command.ts';
import { createSweep } from './app/sweep-calls.ts';
import { createSweeper } from './app/sweeper.ts';
import { composeHandOffs } from './compose-hand-offs.ts';
import { composeOutbound, type Outbound } from './compose-outbound.ts';
import type { TelephonyConfig } from './config.ts';
import { callControlAllow, callControlRoutes } from './entrypoints/call-control-service.ts';
import { handOffAllow } from './entrypoints/hand-off-service.ts';
import { createHttpServer, createWebhookApp } from './entrypoints/webhook-server.ts';
import type { CarrierControl } from './ports/carrier-control.ts';
import type { ClinicLines } from './ports/clinic-lines.ts';
import type { Clock } from './ports/clock.ts';
import type { DialAuthority } from './ports/dial-authority.ts';

export { parseConfig, type TelephonyConfig } from './config.ts';
export { telephonySchema } from './schema.ts';

const SWEEP_EVERY_MS = 2_000;

/** Adapters that several services of one process share, or that a test puts in; what is absent is made here. */
export interface TelephonyDeps {
  readonly logger: Logger;
  readonly cipher?: FieldCipher;
  readonly clock?: Clock;
  readonly clinics?: ClinicLines;
  readonly carrier?: CarrierControl;
  readonly dialAuthority?: DialAuthority;
  readonly eventBus?: EventBus;
  readonly keyValue?: KeyValue;
}

export function compose(config: TelephonyConfig, deps: TelephonyDeps) {
  const { logger } = deps;
  const tokens = createServiceTokens({ key: config.serviceKey, service: 'telephony-gateway' });
  const closers: (() => void | Promise<void>)[] = [];
  const closing = <T extends { close(): void | Promise<void> }>(made: T): T => {
    closers.push(() => made.close());
    return made;
  };
  const database = closing(openTelephonyDatabase(config.databaseUrl, logger));
  const cipher = deps.cipher ?? createConfiguredCipher(config.keyring);
  const clock = deps.clock ?? closing(createSystemClock());
  const { now } = clock;
  const clinics =
    deps.clinics ?? closing(createDirectoryClinicLines({ baseUrl: config.directoryUrl, tokens, now }));
  const carrier = deps.carrier ?? closing(createTelnyxCarrier(config.telnyx));
  const links = createSignedStreamLinks({
    mediaPublicUrl: config.mediaPublicUrl,
    streamKey: config.streamKey,
    now,
  });
  const store = createPostgresCallStore({ database, cipher, newId: uuidv7 });
  const { REDIS_URL, WARDLINE_RPC_KEYVALUE } = config.keyValue;
  const hasKeyValue = REDIS_URL !== undefined || WARDLINE_RPC_KEYVALUE !== undefined;
  const keyValue =
    deps.keyValue ?? (hasKeyValue ? closing(createKeyValue(config.keyValue, { logger, tokens })) : undefined);
  const list = createPostgresCallList(database, cipher);
  const callBacks = createPostgresCallBackList(database, cipher);

  const background = createBackgroundWork(logger);
  const handOffs = composeHandOffs({
    ...{ database, cipher, clock, clinics, keyValue, background, logger },
    offerMs: config.handOffMs,
    changes: () => changes,
  });
  const commandDeps: RunCommandDeps = {
    ...{ store, carrier, clinics, links, clock, logger },
    handOffs: handOffs.store,
    changes: () => changes,
    inBackground: background.run,
  };
  const runCommand = createRunCommand(commandDeps);
  const changes = createCallChanges({
    store,
    carrier,
    clock,
    runCommand: (key) => background.run('run a command', () => runCommand(key)),
    inBackground: background.run,
    onHandOff: handOffs.follow,
    onOver: (stored) => outbound?.onOver(stored),
  });
  const outbound = outboundOf();
  const receive = createReceiveWebhook({
    store,
    changes,
    clinics,
    carrier,
    links,
    clock,
    newId: uuidv7,
    logger,
  });
  const sweep = createSweep({
    ...{ store, changes, runCommand, carrier, clock, logger },
    openStreams: keyValue && createKeyValueOpenStreams({ keyValue, logger }),
    expireHandOffs: handOffs.expireDue,
  });
  const commands = createCallCommands({ changes, callBacks, clock, newId: uuidv7 });

  function outboundOf(): Outbound | undefined {
    if ('missing' in config.outbound) {
      logger.warn('no calls are made: a variable is not set', { variable: config.outbound.missing });
      return undefined;
    }
    if (!keyValue)
      throw new Error('making calls needs REDIS_URL or WARDLINE_RPC_KEYVALUE: they are counted there');
    const { campaignsUrl: baseUrl, ...limits } = config.outbound;
    return composeOutbound({
      ...{ database, keyValue, limits, clinics, clock, background, logger },
      eventBus: deps.eventBus ?? createEventBus(config.eventBus, { logger, service: 'telephony-gateway' }),
      authority: deps.dialAuthority ?? closing(createCampaignsDialAuthority({ baseUrl, tokens })),
      changes: () => changes,
    });
  }

  const webhooks = createHttpServer(
    createWebhookApp({ verify: createWebhookVerifier(config.telnyx), parse: parseWebhook, receive, logger }),
    { host: config.host, port: config.httpPort },
  );
  const rpc = createRpcServer({
    service: 'telephony-gateway',
    host: config.host,
    port: config.rpcPort,
    tokens,
    logger,
    allow: { ...callControlAllow, ...handOffAllow },
    routes: (router) => {
      const completeCallBack = createCompleteCallBack({ callBacks, clock });
      callControlRoutes({ commands, list, callBacks, completeCallBack })(router);
      handOffs.routes(router);
    },
  });
  const connections: Component = {
    name: 'connections',
    start: async () => {},
    close: async () => {
      for (const close of closers.toReversed()) await close();
    },
  };
  const lifecycle = composeLifecycle(
    [
      connections,
      background,
      rpc,
      handOffs.waits,
      webhooks,
      createSweeper({ sweep, clock, everyMs: SWEEP_EVERY_MS, inBackground: background.run, logger }),
      ...(outbound?.components ?? []),
    ],
    logger,
  );
  return {
    ...lifecycle,
    /** Ports that it listens on, once started. */
    get httpPort(): number {
      return webhooks.port;
    },
    get rpcPort(): number {
      return rpc.port;
    },
    /** Resolves when no command or waking is running; what timers and the sweeper will do is not waited for. */
    idle: background.idle,
    sweep,
    /** Holds on to the places of all calls that last; also done at a steady pace. */
    keepPlaces: async () => outbound?.keepPlaces(),
  };
}

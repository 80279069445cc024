import {
  appointments,
  campaigns,
  dialogue,
  directory,
  flows,
  patients,
  telephony,
} from '@wardline/contracts';
import { createFieldCipher, createFileKeyring, type FieldCipher } from '@wardline/field-encryption';
import { createKeyValue, type KeyValue } from '@wardline/key-value';
import type { Logger } from '@wardline/observability';
import { createRpcClient, createRpcServer, createServiceTokens } from '@wardline/rpc';
import { type Component, composeLifecycle } from '@wardline/service-runtime';
import { setTimeout as pause } from 'node:timers/promises';
import { readReadyFlows } from './adapters/files/ready-flows.ts';
import { createKeyValueLiveView } from './adapters/key-value/live-view.ts';
import { createKeyValueOpenStreams } from './adapters/key-value/open-streams.ts';
import { openBrainDatabase } from './adapters/postgres/brain-database.ts';
import { createPostgresConversationStore } from './adapters/postgres/conversation-store.ts';
import { createPostgresFlowLibrary } from './adapters/postgres/flow-library.ts';
import { createRpcAppointmentBook } from './adapters/rpc/appointment-book.ts';
import { createRpcCallDesk } from './adapters/rpc/call-desk.ts';
import { createRpcCampaignDesk } from './adapters/rpc/campaign-desk.ts';
import { createRpcClinicDirectory } from './adapters/rpc/clinic-directory.ts';
import { createRpcConsentLedger } from './adapters/rpc/consent-ledger.ts';
import type { OutreachDeps } from './app/hold-conversation.ts';
import { createSwitchboard } from './app/switchboard.ts';
import type { BrainConfig } from './config.ts';
import { createDialogueService } from './entrypoints/dialogue-service.ts';
import { createFlowService } from './entrypoints/flow-service.ts';

export { parseConfig, type BrainConfig } from './config.ts';

/** Adapters that several services of one process share; what is absent is made from the configuration. */
export interface BrainDeps {
  readonly logger: Logger;
  readonly keyValue?: KeyValue;
  readonly cipher?: FieldCipher;
  /** Wall clock, milliseconds. */
  readonly now?: () => number;
}

/** Conversations under way have this long to store their last word when the process ends. */
const drainMs = 5_000;

export function compose(config: BrainConfig, deps: BrainDeps) {
  const { logger } = deps;
  const now = deps.now ?? Date.now;
  const tokens = createServiceTokens({ key: config.serviceKey, service: 'conversation-brain' });
  const client = { tokens };
  const directoryClient = createRpcClient(directory.DirectoryService, {
    ...client,
    baseUrl: config.rpc.directory,
    callee: 'directory',
  });
  const appointmentsClient = createRpcClient(appointments.AppointmentsService, {
    ...client,
    baseUrl: config.rpc.appointments,
    callee: 'appointments',
  });
  const telephonyClient = createRpcClient(telephony.CallControlService, {
    ...client,
    baseUrl: config.rpc.telephony,
    callee: 'telephony-gateway',
  });
  const handOffClient = createRpcClient(telephony.HandOffService, {
    ...client,
    baseUrl: config.rpc.telephony,
    callee: 'telephony-gateway',
  });
  const clients: { close(): void }[] = [directoryClient, appointmentsClient, telephonyClient, handOffClient];
  const keyValue = deps.keyValue ?? createKeyValue(config.keyValue, { logger, tokens });
  const cipher =
    deps.cipher ?? createFieldCipher(createFileKeyring({ dir: config.keysDir, masterKey: config.masterKey }));

  const database = openBrainDatabase(config.databaseUrl, logger);
  const store = createPostgresConversationStore(database, cipher);
  const library = createPostgresFlowLibrary(database, readReadyFlows(), logger);
  const live = createKeyValueLiveView(keyValue, logger);
  const openStreams = createKeyValueOpenStreams(keyValue, logger);
  const switchboard = createSwitchboard({
    directory: createRpcClinicDirectory(directoryClient, now),
    book: createRpcAppointmentBook(appointmentsClient, logger),
    desk: createRpcCallDesk(telephonyClient, handOffClient, logger),
    store,
    live,
    outreach: outreach(),
    logger,
    now,
    pause: async (ms) => void (await pause(ms)),
  });
  function outreach(): OutreachDeps | undefined {
    if (config.rpc.campaigns === undefined || config.rpc.patients === undefined) return undefined;
    const campaignsClient = createRpcClient(campaigns.DiallingService, {
      ...client,
      baseUrl: config.rpc.campaigns,
      callee: 'campaigns',
    });
    const patientsClient = createRpcClient(patients.PatientsService, {
      ...client,
      baseUrl: config.rpc.patients,
      callee: 'patients',
    });
    clients.push(campaignsClient, patientsClient);
    return {
      campaigns: createRpcCampaignDesk(campaignsClient),
      consents: createRpcConsentLedger(patientsClient, logger),
      flows: library,
    };
  }
  const server = createRpcServer({
    service: 'conversation-brain',
    host: config.host,
    port: config.rpcPort,
    tokens,
    logger,
    routes: (router) => {
      router.service(
        dialogue.DialogueService,
        createDialogueService({ switchboard, store, openStreams, logger }),
      );
      router.service(flows.FlowService, createFlowService(library));
    },
    allow: {
      'wardline.dialogue.v1.DialogueService/Converse': ['voice-media'],
      'wardline.dialogue.v1.DialogueService/GetTranscript': ['api-gateway', 'standalone'],
      'wardline.dialogue.v1.FlowService/*': ['api-gateway', 'campaigns', 'standalone'],
    },
  });

  const closes = (name: string, close: () => void | Promise<void>): Component => ({
    name,
    start: async () => {},
    close: async () => close(),
  });
  const lifecycle = composeLifecycle(
    [
      closes('database', () => database.close()),
      closes('services', () => {
        for (const one of clients) one.close();
      }),
      ...(deps.keyValue ? [] : [closes('key-value', () => keyValue.close())]),
      closes('live view', () => live.close()),
      closes('open streams', () => openStreams.close()),
      // Between the server and what it uses: streams have ended by then, and what they left is stored.
      closes('conversations', () => switchboard.drained(drainMs)),
      server,
    ],
    logger,
  );
  return {
    ...lifecycle,
    /** The port of the dialogue RPC, once started. */
    get port(): number {
      return server.port;
    },
  };
}

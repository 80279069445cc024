import { create } from '@bufbuild/protobuf';
import { type Code, ConnectError } from '@connectrpc/connect';
import { dialogue } from '@wardline/contracts';
import { createFieldCipher } from '@wardline/field-encryption';
import { createMemoryKeyring } from '@wardline/field-encryption/testing';
import { createMemoryKeyValue } from '@wardline/key-value';
import { createSilentLogger } from '@wardline/observability';
import { startTestDatabase, type TestDatabase } from '@wardline/persistence/testing';
import { createRpcClient, createServiceTokens } from '@wardline/rpc';
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { createQueue } from '../app/queue.ts';
import { compose } from '../compose.ts';
import { brainSchema } from '../schema.ts';
import { slotAt } from './clinic.ts';
import { type HospitalServers, startHospitalServers } from './hospital-server.ts';

/**
 * The service as it runs: real streams, real Postgres, two instances on one database. directory, appointments, telephony,
 * campaigns and patients are servers in memory behind the real protocol.
 */
const serviceKey = randomBytes(32).toString('base64');
export const tenantId = '01930000-0000-7000-8000-0000000000a1';
export const clinicId = '01930000-0000-7000-8000-0000000000c1';
const logger = createSilentLogger();
export const keyValue = createMemoryKeyValue();
const cipher = createFieldCipher(createMemoryKeyring());
const free = ['09:00', '10:30', '14:00'].map((time) => slotAt(`2026-11-24T${time}`));

let database: TestDatabase;
/** Of the test that runs. */
export let hospital: HospitalServers;
export let instances: ReturnType<typeof compose>[];

/** One database for the file; two instances and the servers around them for each of its tests. */
export function useBrainBench(): void {
  beforeAll(async () => {
    database = await startTestDatabase({ services: [brainSchema] });
  });
  afterAll(() => database?.stop());

  beforeEach(async () => {
    hospital = await startHospitalServers({ serviceKey, free, logger });
    const config = {
      host: '127.0.0.1',
      rpcPort: 0,
      databaseUrl: database.url('wardline_brain'),
      serviceKey,
      rpc: hospital.urls,
      keyValue: {},
      keysDir: 'unused',
      masterKey: 'unused',
    };
    const now = (): number => Date.parse('2026-11-21T17:00:00Z');
    instances = [1, 2].map(() => compose(config, { logger, keyValue, cipher, now }));
    for (const instance of instances) await instance.start();
  });
  afterEach(async () => {
    for (const instance of instances) await instance.stop();
    await hospital.stop();
  });
}

type CallerMessage = Parameters<typeof create<typeof dialogue.CallerEventSchema>>[1];

/** voice-media's end of a stream. */
export class Media {
  readonly #requests = createQueue<dialogue.CallerEvent>(100);
  readonly #answers: AsyncIterator<dialogue.AgentCommand>;
  readonly listens: dialogue.Listen[] = [];
  readonly #client;

  constructor(
    instance: ReturnType<typeof compose>,
    o: {
      callId: string;
      epoch?: number;
      resumed?: boolean;
      service?: string;
      attemptId?: string;
      machine?: boolean;
    },
  ) {
    this.#client = createRpcClient(dialogue.DialogueService, {
      baseUrl: `http://127.0.0.1:${instance.port}`,
      callee: 'conversation-brain',
      tokens: createServiceTokens({ key: serviceKey, service: o.service ?? 'voice-media' }),
    });
    const { callId, epoch = 1, resumed = false, attemptId = '', machine = false } = o;
    this.send({
      event: {
        case: 'callStarted',
        value: { callId, clinicId, ownerEpoch: epoch, language: 'en-US', resumed, attemptId, machine },
      },
    });
    this.#answers = this.#client.forTenant(tenantId).converse(this.#requests)[Symbol.asyncIterator]();
  }

  send(message: CallerMessage): void {
    this.#requests.push(create(dialogue.CallerEventSchema, message));
  }

  says(text: string): void {
    const status = dialogue.RecognitionStatus.CONFIDENT;
    this.send({ event: { case: 'callerTurn', value: { turn: 1, text, confidence: 0.9, status } } });
  }

  async hears(pattern: RegExp): Promise<string> {
    let text = '';
    for (;;) {
      const next = await this.#answers.next();
      if (next.done) throw new Error(`the stream ended without ${pattern}`);
      const { command } = next.value;
      if (command.case === 'say') {
        const { utteranceId } = command.value;
        text = command.value.text;
        const cause = dialogue.UtteranceEnded_Cause.PLAYED;
        this.send({ event: { case: 'utteranceEnded', value: { utteranceId, cause, heardText: text } } });
      } else if (command.case === 'listen') {
        this.listens.push(command.value);
        if (pattern.test(text)) return text;
      }
    }
  }

  /** How the stream ends: undefined when as it should, else the code. */
  async ends(): Promise<Code | undefined> {
    try {
      while (!(await this.#answers.next()).done);
      return undefined;
    } catch (error) {
      return ConnectError.from(error).code;
    } finally {
      this.#client.close();
    }
  }

  /** The process of voice-media is gone: no hang-up, no end. */
  breaks(): void {
    this.#client.close();
  }

  close(): void {
    this.#requests.end();
  }
}

export async function transcript(callId: string): Promise<dialogue.TranscriptLine[]> {
  const client = createRpcClient(dialogue.DialogueService, {
    baseUrl: `http://127.0.0.1:${instances[0]!.port}`,
    callee: 'conversation-brain',
    tokens: createServiceTokens({ key: serviceKey, service: 'api-gateway' }),
  });
  try {
    return (await client.forTenant(tenantId).getTranscript({ callId })).lines;
  } finally {
    client.close();
  }
}

export async function rows(sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: database.adminUrl });
  await client.connect();
  try {
    return (await client.query(sql)).rows as Record<string, unknown>[];
  } finally {
    await client.end();
  }
}

export async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 10));
}

import { randomUUID } from 'node:crypto';
import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface TakenCommand {
  readonly leg: string;
  readonly action: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/**
 * What happens to requests instead of being taken: an HTTP status with an error code, silence, or a lost connection. A
 * `lost-answer` is taken, and then the connection is lost.
 */
export type Trouble =
  { readonly status: number; readonly code: string } | 'silence' | 'reset' | 'lost-answer';

export interface FakeCarrier {
  readonly apiBase: string;
  readonly apiKey: string;
  readonly connectionId: string;
  /** Commands that took effect, oldest first; repeated command ids are not among them. */
  readonly taken: readonly TakenCommand[];
  /** Every command request, also refused and repeated ones. */
  readonly requests: readonly TakenCommand[];
  ring(leg: string): void;
  end(leg: string): void;
  /** Until called again; undefined ends the trouble. `action` limits it to one action (`status` for questions). */
  trouble(trouble: Trouble | undefined, action?: string): void;
  /** Numbers that the carrier refuses to dial. */
  readonly invalidNumbers: Set<string>;
  /** Legs that were dialled, oldest first. */
  readonly dialled: readonly string[];
  commandsOf(leg: string): string[];
  close(): Promise<void>;
}

const actions = new Set(['answer', 'reject', 'hangup', 'transfer', 'streaming_start', 'streaming_stop']);
const API_KEY = 'KEY-fake';
const CONNECTION_ID = '1494404757140276705';

/**
 * The carrier's Call Control REST on a real socket, as far as we use it and as strict as the real one: bearer key,
 * `{errors:[{code,title,detail}]}`, 90018 for ended legs, command ids taken once, `rtp` needed to be heard.
 */
export async function startFakeCarrier(): Promise<FakeCarrier> {
  const legs = new Map<string, { alive: boolean; commandIds: Set<string> }>();
  const taken: TakenCommand[] = [];
  const requests: TakenCommand[] = [];
  const dialled: string[] = [];
  const dialIds = new Map<string, string>();
  const invalidNumbers = new Set<string>();
  let trouble: { what: Trouble; action: string | undefined } | undefined;

  const server = http.createServer((req, res) => {
    void answer(req, res);
  });

  async function answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of req) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString('utf8');
    const [, version, resource, id = '', word, action = 'status'] = (req.url ?? '').split('/');
    const leg = decodeURIComponent(id);
    const isCommand = req.method === 'POST' && word === 'actions' && actions.has(action);
    const body = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
    const isDial = req.method === 'POST' && id === '';
    if (isCommand) requests.push({ leg, action, body });
    if (isDial) requests.push({ leg, action: 'dial', body });
    const what = trouble && [undefined, isDial ? 'dial' : action].includes(trouble.action) && trouble.what;
    if (what === 'lost-answer' && isDial) dial(body);
    if (what) return inTrouble(res, what);
    if (req.headers.authorization !== `Bearer ${API_KEY}`) return fail(res, 401, '10009');
    if (version === 'v2' && resource === 'calls' && isDial) {
      const problem = problemWithDial(body) ?? (invalidNumbers.has(String(body['to'])) ? '10002' : undefined);
      if (problem) return fail(res, 422, problem);
      return send(res, 200, { data: dataOf(dial(body), false) });
    }
    if (version !== 'v2' || resource !== 'calls' || (!isCommand && req.method !== 'GET'))
      return fail(res, 404, '10005');
    const known = legs.get(leg);
    if (!known) return fail(res, 404, '10005');
    if (!isCommand) {
      return send(res, 200, { data: dataOf(leg, known.alive) });
    }
    if (!known.alive) return fail(res, 422, '90018');
    const problem = problemWith(action, body);
    if (problem) return fail(res, 422, problem);
    const commandId = String(body['command_id'] ?? '');
    if (!known.commandIds.has(commandId)) {
      if (commandId) known.commandIds.add(commandId);
      taken.push({ leg, action, body });
      if (action === 'hangup' || action === 'reject') known.alive = false;
    }
    send(res, 200, { data: { result: 'ok' } });
  }

  /** Once per command id; the leg's session has its own name. */
  function dial(body: Readonly<Record<string, unknown>>): string {
    const commandId = String(body['command_id'] ?? '');
    const known = dialIds.get(commandId);
    if (known !== undefined) return known;
    const leg = `v3:dialled-${randomUUID()}`;
    if (commandId) dialIds.set(commandId, leg);
    legs.set(leg, { alive: true, commandIds: new Set() });
    dialled.push(leg);
    taken.push({ leg, action: 'dial', body });
    return leg;
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    apiBase: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/v2`,
    apiKey: API_KEY,
    connectionId: CONNECTION_ID,
    invalidNumbers,
    dialled,
    taken,
    requests,
    ring: (leg) => void legs.set(leg, { alive: true, commandIds: new Set() }),
    end: (leg) => void legs.set(leg, { alive: false, commandIds: legs.get(leg)?.commandIds ?? new Set() }),
    trouble: (what, action) => void (trouble = what && { what, action }),
    commandsOf: (leg) => taken.filter((command) => command.leg === leg).map(({ action }) => action),
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function dataOf(leg: string, isAlive: boolean) {
  return {
    record_type: 'call',
    call_control_id: leg,
    call_leg_id: leg,
    call_session_id: sessionOf(leg),
    is_alive: isAlive,
  };
}

/** The carrier's name of a dialled leg's session. */
export function sessionOf(leg: string): string {
  return `session of ${leg}`;
}

function problemWithDial(body: Record<string, unknown>): string | undefined {
  if (body['connection_id'] !== CONNECTION_ID) return '10015';
  const isNumber = (value: unknown) => /^\+\d{8,15}$/.test(String(value));
  if (!isNumber(body['to']) || !isNumber(body['from'])) return '10016';
  const secs = body['timeout_secs'];
  if (typeof secs !== 'number' || secs < 5 || secs > 600) return '10015';
  return problemWith('dial', body);
}

/** The code with which the real carrier refuses a command's parameters. */
function problemWith(action: string, body: Record<string, unknown>): string | undefined {
  const streams = action === 'streaming_start' || (action === 'answer' && 'stream_url' in body);
  if (streams && (body['stream_bidirectional_mode'] !== 'rtp' || !/^wss?:/.test(String(body['stream_url']))))
    return '10015';
  if (action === 'transfer' && !/^\+\d{6,15}$/.test(String(body['to']))) return '10016';
  if (action === 'reject' && typeof body['cause'] !== 'string') return '10004';
  const state = body['client_state'];
  const isBase64 =
    state === undefined ||
    (typeof state === 'string' && Buffer.from(state, 'base64').toString('base64') === state);
  return isBase64 ? undefined : '10015';
}

function inTrouble(res: ServerResponse, what: Trouble): void {
  if (what === 'silence') return;
  if (what === 'reset' || what === 'lost-answer') res.destroy();
  else fail(res, what.status, what.code);
}

function fail(res: ServerResponse, status: number, code: string): void {
  send(res, status, { errors: [{ code, title: `error ${code}`, detail: 'as the carrier would say it' }] });
}

function send(res: ServerResponse, status: number, body: unknown): void {
  res.writeHead(status, { 'content-type': 'application/json' });
  res.end(JSON.stringify(body));
}

import { decodeJwt } from 'jose';
import { clientStateOf } from '../adapters/telnyx/client-state.ts';
import { PLACE_TTL_MS } from '../app/dial-places.ts';
import { sessionOf } from './fake-carrier.ts';
import { clinicNumber, openGatewayBench, patientNumber, type GatewayBench } from './gateway-bench.ts';

/** The places that campaigns' calls share in these tests. */
const limits = { callsMax: 3, callsPerTenantMax: 2, callsPerSecondMax: 50 };
/** The dispatcher's own step, in milliseconds. */
export const tick = 500;

type Row = Record<string, unknown>;

/**
 * One gateway that dials for campaigns, for the tests of a file: after each there is nothing left to dial, every place
 * is free, and nobody is in trouble. Calls are known by their attempts.
 */
export function useDiallingBench() {
  let bench: GatewayBench;
  /** Further instances, which end with the test. */
  const others: GatewayBench['gateway'][] = [];
  beforeAll(async () => {
    bench = await openGatewayBench({ outbound: limits });
  });
  afterAll(() => bench.close());
  afterEach(async () => {
    bench.carrier.trouble(undefined);
    Object.assign(bench.authority, { down: false, refusal: undefined });
    bench.authority.call = { ...bench.authority.call, leavesVoicemail: false };
    bench.clinics.down = false;
    await bench.admin.query(
      `update telephony.dials set state = 'refused', next_try_at = null where state = 'waiting'`,
    );
    await bench.admin.query(`update telephony.commands set status = 'superseded' where status = 'pending'`);
    await bench.admin.query(
      `update telephony.calls set state = 'failed', next_check_at = null, wake_at = null, ended_at = now(),
         machine = jsonb_set(machine, '{state}', '{"kind":"failed","reason":"test","failedAt":0}')
       where next_check_at is not null`,
    );
    // Places of calls that no test holds on to.
    bench.clock.advance(PLACE_TTL_MS);
    await settled();
    await Promise.all(others.splice(0).map((other) => other.stop()));
  });

  /** What was set off is done: events handled, turns taken, commands run. */
  async function settled(gateway = bench.gateway): Promise<void> {
    await bench.bus.idle();
    await gateway.idle();
  }

  const publish = (wish?: Parameters<GatewayBench['publishQueued']>[0]) => bench.publishQueued(wish);

  const rowOf = async (table: 'calls' | 'dials', attemptId: string): Promise<Row> => {
    const { rows } = await bench.admin.query<Row>(`select * from telephony.${table} where attempt_id = $1`, [
      attemptId,
    ]);
    return rows[0] ?? {};
  };
  const stateOf = (attemptId: string) => clientStateOf(bench.authority.callIdOf(attemptId));
  const dialsOf = (attemptId: string) =>
    bench.carrier.taken.filter(
      ({ body }) => body['client_state'] === stateOf(attemptId) && 'connection_id' in body,
    );
  const legOf = (attemptId: string) => dialsOf(attemptId)[0]?.leg ?? '';

  /** As the carrier tells of a dialled leg. */
  async function say(attemptId: string, eventType: string, more: object = {}, leg = legOf(attemptId)) {
    const answer = await bench.say(eventType, {
      ...{ call_control_id: leg, call_session_id: sessionOf(leg), from: clinicNumber, to: patientNumber },
      client_state: stateOf(attemptId),
      ...more,
    });
    expect(answer.status).toBe(200);
    await settled();
  }

  return {
    get bench() {
      return bench;
    },
    settled,
    publish,
    async another() {
      const other = await bench.bootAnother();
      others.push(other);
      return other;
    },
    /** Campaigns has been asked about it, and need not have answered. */
    async asked(attemptId: string): Promise<void> {
      while (!bench.authority.asked.includes(attemptId))
        await new Promise((resolve) => setImmediate(resolve));
    },
    /** Time goes by in the dispatcher's own steps, each with what it sets off. */
    async pass(ms: number): Promise<void> {
      for (let left = ms; left > 0; left -= tick) {
        bench.clock.advance(Math.min(left, tick));
        await settled();
      }
    },
    /** Published, and dealt with as far as that goes now; the attempt. */
    async queue(wish?: Parameters<typeof publish>[0]): Promise<string> {
      const attemptId = publish(wish);
      await settled();
      return attemptId;
    },
    callOf: (attemptId: string) => rowOf('calls', attemptId),
    dialRow: (attemptId: string) => rowOf('dials', attemptId),
    /** What the carrier was asked to dial for it. */
    dialsOf,
    legOf,
    commandsOf: (attemptId: string) => bench.carrier.commandsOf(legOf(attemptId)),
    async eventsOf(attemptId: string) {
      const { rows } = await bench.admin.query<{ topic: string; data: Row }>(
        'select topic, data from telephony.outbox where key = $1 order by position',
        [bench.authority.callIdOf(attemptId)],
      );
      return rows;
    },
    say,
    ring: (attemptId: string) =>
      say(attemptId, 'call.initiated', { direction: 'outgoing', state: 'bridging' }),
    answer: (attemptId: string) => say(attemptId, 'call.answered', { state: 'answered' }),
    hangUp(attemptId: string, cause: string) {
      bench.carrier.end(legOf(attemptId));
      return say(attemptId, 'call.hangup', { hangup_cause: cause });
    },
    detect: (attemptId: string, result: string) =>
      say(attemptId, 'call.machine.premium.detection.ended', { result }),
    /** What the stream that was started last carries in its token. */
    claimsOf(attemptId: string) {
      const last = bench.carrier.taken
        .filter(({ leg, body }) => leg === legOf(attemptId) && 'stream_url' in body)
        .at(-1);
      return decodeJwt(new URL(String(last?.body['stream_url'])).searchParams.get('token') ?? '');
    },
  };
}

import { telephony } from '@wardline/contracts';
import { createRpcClient } from '@wardline/rpc';
import { callerNumber, openGatewayBench, tenantId, type GatewayBench, type Leg } from './gateway-bench.ts';

export const jordan = { userId: '01930000-0000-7000-8000-00000000a303', displayName: 'Jordan Ellis' };
export const taylor = { userId: '01930000-0000-7000-8000-00000000a304', displayName: 'Taylor Reed' };
export const jordansNumber = '+12025550171';
export const taylorsNumber = '+12025550172';
export const reception = '+12025550119';
export const briefing = {
  patientName: 'Alex Moore',
  summary: 'Wants to move the appointment of Tuesday',
  details: [{ label: 'Wished day', value: 'Friday' }],
  lines: [
    { agent: true, text: 'How can I help?' },
    { agent: false, text: 'let me talk to a person' },
  ],
};

/** The leg of the person whose telephone rings. */
export const personOf = (leg: Leg, to: string) => ({
  call_control_id: `v3:person-${to}`,
  call_session_id: leg.call_session_id,
  ...{ from: callerNumber, to },
});

/** One gateway for the tests of a file, emptied before each, with the conversation and the desk as its clients. */
export function useHandOffBench() {
  let bench: GatewayBench;
  const opened: { close(): void }[] = [];
  const connect = (service: string, o: { tenant?: string; port?: number } = {}) => {
    const options = bench.rpcOptions(service, o.port);
    const handOffs = createRpcClient(telephony.HandOffService, { ...options, defaultDeadlineMs: 20_000 });
    const calls = createRpcClient(telephony.CallControlService, options);
    opened.push(handOffs, calls);
    const tenant = o.tenant ?? tenantId;
    return { handOffs: handOffs.forTenant(tenant), calls: calls.forTenant(tenant) };
  };
  type Clients = ReturnType<typeof connect>;
  let clients: { brain: Clients; gateway: Clients };
  let notes: { handOffId: string; callId: string; state: string; kind: string }[] = [];

  /** After the gateway was started anew, too. */
  const reconnect = () => {
    clients = { brain: connect('conversation-brain'), gateway: connect('api-gateway') };
  };
  beforeAll(async () => {
    bench = await openGatewayBench();
    await bench.keyValue.subscribe(`live:${tenantId}`, (_channel, note) => void notes.push(JSON.parse(note)));
  });
  afterAll(() => bench.close());
  beforeEach(async () => {
    await bench.admin.query('truncate telephony.calls, telephony.presence, telephony.outbox cascade');
    bench.clinics.lines = { ...bench.clinics.lines, transferNumber: reception };
    notes = [];
    reconnect();
  });
  afterEach(() => opened.splice(0).forEach((client) => client.close()));

  const openOnes = async () => (await clients.gateway.handOffs.listHandOffs({ openOnly: true })).handOffs;

  const idOf = async (leg: Leg) => String((await bench.row(leg))['id']);
  const present = (...who: (typeof jordan)[]) =>
    Promise.all(who.map((one) => clients.gateway.handOffs.setPresence({ ...one, present: true })));
  const request = (callId: string, o: { ownerEpoch?: number; from?: Clients } = {}) =>
    (o.from ?? clients.brain).handOffs.requestHandOff({
      ...{ callId, ownerEpoch: o.ownerEpoch ?? 1 },
      ...{ reason: 'caller-asked', briefing },
    });
  /** The request is under way and waits; its hand-off is what staff see. */
  async function offered(callId: string): Promise<telephony.HandOff> {
    for (;;) {
      const found = (await openOnes()).find((one) => one.callId === callId);
      if (found?.state === telephony.HandOffState.OFFERED) return found;
    }
  }

  return {
    get bench() {
      return bench;
    },
    get brain() {
      return clients.brain;
    },
    get gateway() {
      return clients.gateway;
    },
    /** What consoles were told since the test began. */
    get notes() {
      return notes;
    },
    connect,
    reconnect,
    openOnes,
    idOf,
    present,
    request,
    offered,
    /** A call whose caller waits for one of these people; `asked` is the answer to the conversation. */
    async offering(...who: (typeof jordan)[]) {
      const leg = await bench.talkingCall();
      const callId = await idOf(leg);
      await present(...who);
      const asked = request(callId);
      const { handOffId } = await offered(callId);
      return { leg, callId, asked, handOffId };
    },
    jordanAccepts: (handOffId: string) =>
      clients.gateway.handOffs.acceptHandOff({ handOffId, ...jordan, number: jordansNumber }),
    async rowOf(callId: string): Promise<Record<string, unknown>> {
      const { rows } = await bench.admin.query<Record<string, unknown>>(
        'select * from telephony.hand_offs where call_id = $1 order by requested_at desc, id desc',
        [callId],
      );
      return rows[0] ?? {};
    },
    async messages() {
      const { rows } = await bench.admin.query<{
        data: { to: { sealed: string }; text: { sealed: string }; purpose: string };
      }>(`select data from telephony.outbox where topic = 'sms.send'`);
      return rows.map(({ data }) => ({
        purpose: data.purpose,
        to: bench.cipher.open(tenantId, data.to.sealed, 'sms.send/to').reveal(),
        text: bench.cipher.open(tenantId, data.text.sealed, 'sms.send/text').reveal(),
      }));
    },
    callBacks: async () => (await clients.gateway.calls.listCallBacks({})).callBacks,
    /** The numbers that the call was transferred to. */
    transfers: (leg: Leg) =>
      bench.carrier.taken
        .filter((command) => command.leg === leg.call_control_id && command.action === 'transfer')
        .map(({ body }) => body['to']),
  };
}

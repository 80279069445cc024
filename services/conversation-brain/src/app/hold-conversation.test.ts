import { createSilentLogger } from '@wardline/observability';
import { slotAt } from '../testing/clinic.ts';
import {
  FakeAppointmentBook,
  FakeCallDesk,
  FakeClinicDirectory,
  FakeLiveView,
  MemoryConversationStore,
} from '../testing/index.ts';
import {
  type AgentCommand,
  type CallStart,
  type Conversation,
  ConversationReplaced,
} from './hold-conversation.ts';
import { createSwitchboard } from './switchboard.ts';

const tenantId = '01930000-0000-7000-8000-0000000000a1';
const callId = '01930000-0000-7000-8000-0000000000b1';
const clinicId = '01930000-0000-7000-8000-0000000000c1';
const start: CallStart = { tenantId, callId, clinicId, epoch: 1, resumed: false };
const free = ['09:00', '10:30', '14:00'].map((time) => slotAt(`2026-11-24T${time}`));

function rig() {
  const world = {
    directory: new FakeClinicDirectory(),
    book: new FakeAppointmentBook(free),
    desk: new FakeCallDesk(),
    store: new MemoryConversationStore(),
    live: new FakeLiveView(),
  };
  const instance = () =>
    createSwitchboard({
      ...world,
      logger: createSilentLogger(),
      now: () => Date.parse('2026-11-21T17:00:00Z'),
      pause: async () => {},
    });
  return { ...world, instance };
}

/** The other end of the stream: hears what is said to its end, and speaks when listened to. */
class Caller {
  readonly heard: string[] = [];
  readonly #commands: AsyncIterator<AgentCommand>;
  readonly conversation: Conversation;

  constructor(conversation: Conversation | undefined) {
    if (!conversation) throw new Error('refused');
    this.conversation = conversation;
    this.#commands = conversation.commands[Symbol.asyncIterator]();
  }

  /** What is said until the agent waits for an answer to words that match. */
  async hears(pattern: RegExp): Promise<string> {
    let text = '';
    for (;;) {
      const next = await this.#commands.next();
      if (next.done) throw new Error(`ended after "${this.heard.at(-1) ?? ''}" without ${pattern}`);
      if (next.value.type === 'say') {
        const { utteranceId } = next.value;
        text = next.value.text;
        this.heard.push(text);
        this.conversation.push({ type: 'utterance-ended', utteranceId, cause: 'played', heardText: text });
      } else if (pattern.test(text)) return text;
    }
  }

  says(text: string): this {
    this.conversation.push({ type: 'turn', text, confidence: 0.9, status: 'confident' });
    return this;
  }

  async ended(): Promise<'ended' | 'replaced'> {
    try {
      while (!(await this.#commands.next()).done);
      return 'ended';
    } catch (error) {
      if (error instanceof ConversationReplaced) return 'replaced';
      throw error;
    }
  }
}

async function toReadBack(caller: Caller): Promise<void> {
  await caller.hears(/How can I help/);
  caller.says('doctor sharma on tuesday at ten thirty my name is alex morrison');
  await caller.hears(/for Alex Morrison\. Is that right/);
}

describe('a conversation on one stream', () => {
  it('books, records the outcome before anything else, and hangs up', async () => {
    const { instance, book, desk, store, live } = rig();
    const caller = new Caller(instance().connect(start));
    await toReadBack(caller);
    caller.says('yes');
    await caller.hears(/^You are booked/);
    expect(book.bookings).toMatchObject([
      { name: 'Alex Morrison', phone: '+12025550143', key: `${callId}:1` },
    ]);
    caller.says("that's all");
    await caller.hears(/Goodbye/);
    expect(await caller.ended()).toBe('ended');
    await caller.conversation.finished;
    expect(desk.asked.map(({ what, detail }) => `${what} ${detail}`)).toEqual([
      'record-outcome booked',
      'hang-up booked',
    ]);
    const lines = await store.lines(tenantId, callId);
    expect(lines.map(({ speaker }) => speaker)).toEqual([
      'agent',
      'caller',
      'agent',
      'caller',
      'agent',
      'caller',
      'agent',
    ]);
    expect(lines.map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(live.lines).toEqual(lines);
  });

  it('repeats a commit whose answer was lost with the same key: one booking', async () => {
    const { instance, book } = rig();
    const caller = new Caller(instance().connect(start));
    await toReadBack(caller);
    book.script.push({ method: 'book', answer: 'lost-after-doing' }, { method: 'book', answer: 'lost' });
    caller.says('yes');
    await caller.hears(/^You are booked/);
    expect(book.bookings).toHaveLength(1);
    expect(book.requests.filter(({ method }) => method === 'book').map(({ key }) => key)).toEqual(
      Array(3).fill(`${callId}:1`),
    );
  });

  it('claims nothing when the answer stays lost', async () => {
    const { instance, book, desk } = rig();
    const caller = new Caller(instance().connect(start));
    await toReadBack(caller);
    for (let i = 0; i < 3; i++) book.script.push({ method: 'book', answer: 'lost' });
    caller.says('yes');
    await caller.hears(/noted it, and the clinic will call you back/);
    expect(caller.heard.join(' ')).not.toMatch(/\bbooked\b/);
    expect(desk.asked.map(({ what }) => what)).toContain('call-back');
  });

  it('finishes a confirmed booking when the caller hangs up during the commit', async () => {
    const { instance, book, desk } = rig();
    const caller = new Caller(instance().connect(start));
    await toReadBack(caller);
    caller.says('yes').conversation.push({ type: 'hung-up' });
    caller.conversation.inputEnded();
    await caller.conversation.finished;
    expect(book.bookings).toHaveLength(1);
    expect(desk.asked).toEqual([{ what: 'record-outcome', detail: 'booked' }]);
  });

  it('has what was achieved recorded by a telephony that was killed, once it is back', async () => {
    const { instance, desk } = rig();
    const caller = new Caller(instance().connect(start));
    await toReadBack(caller);
    desk.failures = 5;
    caller.says('yes').conversation.push({ type: 'hung-up' });
    await caller.conversation.finished;
    expect(desk.asked).toEqual([{ what: 'record-outcome', detail: 'booked' }]);
  });

  it('goes on when the store is away for a while, and loses no line', async () => {
    const { instance, store } = rig();
    const caller = new Caller(instance().connect(start));
    store.failures = 5;
    await toReadBack(caller);
    caller.conversation.push({ type: 'hung-up' });
    await caller.conversation.finished;
    expect((await store.lines(tenantId, callId)).map(({ sequence }) => sequence)).toEqual([1, 2, 3]);
  });

  it('publishes what is being recognised', async () => {
    const { instance, live } = rig();
    const caller = new Caller(instance().connect(start));
    caller.conversation.push({ type: 'partial', turn: 1, text: 'doctor' });
    expect(live.partials).toEqual([{ callId, turn: 1, text: 'doctor' }]);
    caller.conversation.push({ type: 'hung-up' });
    await caller.conversation.finished;
  });

  it('stops when telephony names a newer owner', async () => {
    const { instance, desk } = rig();
    const caller = new Caller(instance().connect(start));
    await caller.hears(/How can I help/);
    desk.epoch = 2;
    caller.says('operator');
    await caller.hears(/asking a person/);
    expect(await caller.ended()).toBe('replaced');
  });
});

describe('a conversation that moves', () => {
  it('goes on in another process, which asks the last question; the older one stops', async () => {
    const { instance, book } = rig();
    const first = new Caller(instance().connect(start));
    await toReadBack(first);
    // The snapshot is written behind; the successor begins after a crash, not in the same instant.
    await new Promise((resolve) => setImmediate(resolve));
    const second = new Caller(instance().connect({ ...start, resumed: true }));
    expect(await second.hears(/Is that right/)).toMatch(
      /^Sorry, we were cut off\. An appointment with Doctor Anita Sharma/,
    );
    // The older one learns it at its next word, and does not book.
    first.says('yes');
    second.says('yes');
    await second.hears(/^You are booked/);
    expect(await first.ended()).toBe('replaced');
    expect(book.bookings).toHaveLength(1);
  });

  it('is fenced at once within one process', async () => {
    const { instance } = rig();
    const switchboard = instance();
    const first = new Caller(switchboard.connect(start));
    await first.hears(/How can I help/);
    const second = new Caller(switchboard.connect({ ...start, resumed: true }));
    expect(await first.ended()).toBe('replaced');
    await second.hears(/cut off/);
    second.conversation.push({ type: 'hung-up' });
    await second.conversation.finished;
  });

  it('refuses an owner of an older epoch', async () => {
    const { instance } = rig();
    const newer = new Caller(instance().connect({ ...start, epoch: 2 }));
    await newer.hears(/How can I help/);
    const older = new Caller(instance().connect(start));
    expect(await older.ended()).toBe('replaced');
    newer.conversation.push({ type: 'hung-up' });
    await newer.conversation.finished;
  });
});

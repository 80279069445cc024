import { slotAt } from '../testing/clinic.ts';
import { Talk } from '../testing/talk.ts';
import { transition } from './machine.ts';

const free = ['09:00', '10:30', '14:00'].map((time) => slotAt(`2026-11-24T${time}`));
const confirming = (o: ConstructorParameters<typeof Talk>[0] = {}): Talk =>
  new Talk({ free, ...o }).says('doctor sharma on tuesday at ten thirty').says('my name is alex morrison');

describe('an emergency', () => {
  it('goes before everything: the clinic words, whole, then the transfer', () => {
    for (const talk of [new Talk(), new Talk({ free }).says('doctor sharma on tuesday'), confirming()]) {
      talk.says("i have chest pain and i can't breathe properly");
      expect(talk.last.find(({ type }) => type === 'say')).toMatchObject({
        text: talk.clinic.emergencyText,
        interruptible: false,
        replace: true,
      });
      expect(talk.tools('transfer')).toEqual([]);
      talk.hears();
      expect(talk.tools('transfer')).toMatchObject([{ reason: 'emergency' }]);
      expect(talk.state.phase.kind).toBe('over');
    }
  });

  it('is acted on instead of a yes, a good-bye or a person in the same breath', () => {
    expect(confirming().says('yes i have chest pain').booked).toHaveLength(0);
    expect(new Talk().says('goodbye i have chest pain').agent).toMatch(/emergency/);
    const hurried = new Talk({ hearsAll: false }).says('operator').says('i have chest pain').hears();
    expect(hurried.tools('transfer')).toMatchObject([{ reason: 'emergency' }]);
  });

  it('is asked about when it was heard badly, and acted on at a yes', () => {
    const talk = confirming().says('chest pain', { status: 'unsure' });
    expect(talk.agent).toBe('Is this a medical emergency?');
    expect(talk.says('yes').agent).toBe(talk.clinic.emergencyText);
    const not = confirming().says('chest pain', { status: 'unsure' }).says('no');
    expect(not.agent).toMatch(/Is that right\?/);
    expect(not.tools('transfer')).toEqual([]);
  });

  it('is assumed when that question is not answered twice', () => {
    const talk = new Talk().says('chest pain', { status: 'unsure' }).isSilent();
    expect(talk.agent).toMatch(/emergency/);
    expect(talk.isSilent().agent).toBe(talk.clinic.emergencyText);
    const mumbling = new Talk()
      .says('stroke', { status: 'unsure' })
      .says('', { status: 'not-understood' })
      .says('uh', { status: 'unsure' });
    expect(mumbling.agent).toBe(mumbling.clinic.emergencyText);
  });

  it('is not seen in a denial', () => {
    expect(new Talk({ free }).says('doctor sharma on tuesday no chest pain').agent).toMatch(
      /free on Tuesday/,
    );
  });

  it('says what to do when the transfer fails', () => {
    const talk = new Talk({ tool: (tool) => (tool.kind === 'transfer' ? { kind: 'failed' } : undefined) });
    talk.says('i have chest pain').hears();
    expect(talk.agent).toMatch(/could not connect you.*call the emergency number/);
    expect(talk.hears().tools('hang-up')).toHaveLength(1);
  });
});

describe('what always works', () => {
  it.each(['i want to speak to a person', 'operator', 'talk to somebody'])(
    '"%s" transfers after the words',
    (words) => {
      const talk = confirming().says(words);
      expect(talk.agent).toBe(
        'I am asking a person at the clinic to take your call. Please stay on the line.',
      );
      expect(talk.of('release-hold')).toHaveLength(1);
      expect(talk.hears().tools('hand-off')).toMatchObject([{ reason: 'caller-asked' }]);
    },
  );

  it('the key 0 transfers', () => {
    const talk = new Talk().presses('0');
    expect(talk.agent).toMatch(/asking a person/);
    expect(talk.hears().tools('hand-off')).toMatchObject([{ reason: 'caller-asked' }]);
  });

  it('"repeat" says the same again, "slower" more slowly from then on', () => {
    const talk = new Talk({ free }).says('doctor sharma on tuesday');
    const offer = talk.agent;
    expect(talk.says('sorry could you repeat that please').agent).toBe(offer);
    talk.says('slower please');
    expect(talk.agent).toBe(offer);
    expect(talk.last.find(({ type }) => type === 'say')).toMatchObject({ rate: 0.8 });
    talk.says('ten thirty');
    expect(talk.last.findLast(({ type }) => type === 'say')).toMatchObject({ rate: 0.8 });
  });

  it.each([
    ['cancel my appointment', 'cancel-appointment'],
    ['i need to move my appointment to friday', 'move-appointment'],
  ])('"%s" becomes a call back', (words, reason) => {
    const talk = new Talk().says(words);
    expect(talk.tools('call-back')).toMatchObject([{ reason, note: words }]);
    expect(talk.agent).toMatch(/cannot (cancel|move) it myself.*will call you back/);
    talk.says('no').hears();
    expect(talk.tools('hang-up')).toMatchObject([{ outcome: 'call-back-requested' }]);
  });

  it('a call back without a number asks for one first', () => {
    const talk = new Talk({ callerNumber: null }).says('cancel my appointment');
    expect(talk.agent).toMatch(/phone number/);
    talk.says('two oh two five five five oh one four three');
    expect(talk.tools('call-back')).toMatchObject([{ note: 'cancel my appointment (+12025550143)' }]);
  });

  it('goes to a person when a call back cannot be noted', () => {
    const talk = new Talk({ tool: (tool) => (tool.kind === 'call-back' ? { kind: 'failed' } : undefined) });
    expect(talk.says('cancel my appointment').agent).toMatch(/could not note that.*asking a person/);
  });

  it('good-bye ends, and says that nothing was arranged', () => {
    const talk = new Talk({ free }).says('doctor sharma on tuesday').says('goodbye');
    expect(talk.agent).toMatch(/Nothing has been arranged.*Goodbye/);
    expect(talk.hears().tools('hang-up')).toMatchObject([{ outcome: 'not-booked' }]);
  });

  it('a new wish over the good-bye is heard', () => {
    const talk = new Talk({ free, hearsAll: false }).hears().says('goodbye').interrupts('Nothing has');
    expect(talk.tools('hang-up')).toEqual([]);
    expect(talk.says('wait i need an appointment with doctor sharma on tuesday').agent).toMatch(
      /free on Tuesday/,
    );
    const bye = new Talk({ hearsAll: false }).hears().says('goodbye').interrupts('Nothing').says('bye bye');
    expect(bye.tools('hang-up')).toHaveLength(1);
  });
});

describe('what was not understood', () => {
  it('is asked again in other words, and a person takes over the third time', () => {
    const talk = new Talk().says('doctor sharma');
    talk.says('', { status: 'not-understood' });
    expect(talk.agent).toMatch(/^Sorry, I did not get that\. Please say a day/);
    talk.says('mumble', { status: 'unsure' });
    expect(talk.agent).toMatch(/did not get that/);
    talk.says('mumble', { status: 'unsure' });
    expect(talk.agent).toMatch(/trouble understanding.*asking a person/);
    expect(talk.hears().tools('hand-off')).toMatchObject([{ reason: 'not-understood' }]);
  });

  it('is never acted on when unsure, only checked', () => {
    const talk = new Talk({ free }).says('doctor sharma on tuesday', { status: 'unsure' });
    expect(talk.agent).toBe('Sorry, did you say: doctor sharma on tuesday?');
    expect(talk.tools('find-slots')).toEqual([]);
    expect(talk.says('yes').agent).toMatch(/free on Tuesday/);
    expect(new Talk({ free }).says('doctor sharma', { status: 'unsure' }).says('no').agent).toMatch(
      /tell me what you need/,
    );
  });

  it('an unsure yes to the read-back commits nothing', () => {
    const talk = confirming().says('yes', { status: 'unsure' });
    expect(talk.booked).toHaveLength(0);
    expect(talk.agent).toMatch(/Please say yes if all of that is right/);
    expect(talk.says('yes').booked).toHaveLength(1);
  });

  it('a good answer in between starts the count anew', () => {
    const talk = new Talk({ free });
    for (const words of ['doctor sharma', 'tuesday', 'ten thirty']) {
      talk.says('x', { status: 'unsure' }).says('x', { status: 'unsure' }).says(words);
    }
    expect(talk.tools('hand-off')).toEqual([]);
    expect(talk.agent).toMatch(/name/);
  });

  it('says why a date cannot be', () => {
    const talk = new Talk().says('doctor sharma').says('february thirtieth');
    expect(talk.agent).toMatch(/There is no such date/);
    expect(talk.says('monday the fifth').agent).toMatch(/That date is a Saturday/);
    expect(talk.says('yesterday').agent).toMatch(/That day has passed/);
  });

  it('offers a person for what is not about appointments', () => {
    const talk = new Talk().says('i need a refill for my blood pressure medication');
    expect(talk.agent).toMatch(/only book appointments.*speak to a person/);
    expect(talk.says('yes').hears().tools('hand-off')).toHaveLength(1);
  });
});

describe('silence and length', () => {
  it('asks twice, then says good-bye', () => {
    const talk = new Talk().isSilent();
    expect(talk.agent).toMatch(/still there/);
    expect(talk.isSilent().agent).toMatch(/still there/);
    expect(talk.isSilent().agent).toMatch(/Goodbye/);
    expect(talk.hears().tools('hang-up')).toMatchObject([{ outcome: 'no-input' }]);
  });

  it('keeps the outcome of a booking whose caller then falls silent', () => {
    const talk = confirming().says('yes').isSilent().isSilent().isSilent().hears();
    expect(talk.tools('hang-up')).toMatchObject([{ outcome: 'booked' }]);
  });

  it('goes to a person after sixty turns, or ten minutes', () => {
    const talk = new Talk({ free }).says('doctor sharma on tuesday');
    for (let i = 0; i < 59; i++) talk.says('can you repeat that');
    expect(talk.tools('hand-off')).toEqual([]);
    expect(talk.says('can you repeat that').agent).toMatch(/taking long/);
    const late = new Talk();
    late.nowMs += 10 * 60_000 + 1;
    expect(late.says('doctor sharma').agent).toMatch(/taking long/);
    expect(late.hears().tools('hand-off')).toMatchObject([{ reason: 'not-understood' }]);
  });

  it('hears an emergency even then', () => {
    const late = new Talk();
    late.nowMs += 11 * 60_000;
    expect(late.says('i have chest pain').agent).toBe(late.clinic.emergencyText);
  });
});

describe('what counts as said', () => {
  it('is what was heard', () => {
    const talk = new Talk({ hearsAll: false });
    talk.interrupts('Hello. You are speaking').says('doctor sharma');
    expect(talk.of('line').map(({ line }) => line)).toEqual([
      expect.objectContaining({
        sequence: 1,
        speaker: 'agent',
        text: 'Hello. You are speaking',
        interrupted: true,
      }),
      expect.objectContaining({ sequence: 2, speaker: 'caller', text: 'doctor sharma', confidence: 0.9 }),
    ]);
  });

  it('is nothing when no voice could be made of it', () => {
    const talk = new Talk({ hearsAll: false });
    const { utteranceId } = talk.state.open[0]!;
    talk.send({ type: 'utterance-ended', utteranceId, cause: 'failed', heardText: '' });
    expect(talk.of('line')).toEqual([]);
  });
});

describe('hanging up', () => {
  it('lets an unconfirmed slot go', () => {
    const talk = confirming().send({ type: 'hung-up' });
    expect(talk.of('release-hold')).toHaveLength(1);
    expect(talk.of('end')).toHaveLength(1);
    expect(talk.booked).toEqual([]);
  });

  it('finishes what was confirmed', () => {
    const talk = confirming();
    // The yes, without the answer of the schedule yet.
    talk.hears();
    const yes = transition(
      talk.state,
      { type: 'turn', text: 'yes', confidence: 1, status: 'confident' },
      talk,
    );
    const gone = transition(yes.state, { type: 'hung-up' }, talk);
    expect(gone.effects).toEqual([]);
    const tool = yes.effects.find((effect) => effect.type === 'tool')?.tool;
    const done = transition(
      gone.state,
      { type: 'tool-done', request: tool!.request, result: { kind: 'done' } },
      talk,
    );
    expect(done.effects).toEqual([{ type: 'record-outcome', outcome: 'booked' }, { type: 'end' }]);
  });
});

describe('a stream that is replaced, which looks like hanging up', () => {
  it('does not end the conversation: the last question is asked again', () => {
    const talk = new Talk({ free }).says('doctor sharma on tuesday').comesBack();
    expect(talk.agent).toMatch(/^Sorry, we were cut off\. Doctor Anita Sharma is free on Tuesday/);
    expect(talk.says('ten thirty').tools('hold')).toHaveLength(1);
    // And again, and then they hang up for good.
    expect(talk.comesBack().agent).toMatch(/cut off/);
    expect(talk.send({ type: 'hung-up' }).last).toMatchObject([{ type: 'end' }]);
  });

  it.each([
    ['at the beginning', () => new Talk({ free })],
    ['at an offer', () => new Talk({ free }).says('doctor sharma on tuesday')],
    ['at the read-back', () => confirming()],
  ])('still asks whether it is an emergency: %s', (_, before) => {
    const talk = before().says('chest pain', { status: 'unsure' });
    expect(talk.agent).toMatch(/emergency/);
    expect(talk.comesBack().agent).toMatch(/emergency/);
    expect(talk.says('yes').agent).toBe(talk.clinic.emergencyText);
    const denied = before().says('chest pain', { status: 'unsure' }).comesBack().says('no');
    expect(denied.agent).not.toMatch(/emergency/);
    expect(denied.agent).not.toBe('');
  });

  it('gets the slot that was let go again, and reads it back anew', () => {
    const talk = confirming().comesBack();
    expect(talk.of('release-hold')).toHaveLength(1);
    expect(talk.agent).toMatch(/cut off\. An appointment with/);
    expect(talk.booked).toEqual([]);
    expect(talk.says('yes').booked).toMatchObject([{ holdId: 'hold-2', key: 'call-1:2' }]);
  });

  it('says so when somebody else has taken it meanwhile', () => {
    const talk = confirming();
    const { slot } = talk.state.held!;
    talk.send({ type: 'hung-up' }).takeAway(slot);
    talk.send({ type: 'started', stream: 2, resumed: true });
    expect(talk.agent).not.toMatch(/An appointment with.*Is (that|all of that) right/);
    expect(talk.says('yes').booked).toEqual([]);
  });

  it.each(['before', 'after'])(
    'tells what became of a yes that was answered %s the newer one began',
    (when) => {
      let answers = false;
      const talk = confirming({ tool: (tool) => (tool.kind === 'book' && !answers ? null : undefined) });
      talk.says('yes').send({ type: 'hung-up' });
      expect(talk.of('end')).toEqual([]);
      if (when === 'before') {
        const { request } = talk.tools('book')[0]!;
        talk.send({ type: 'tool-done', request, result: { kind: 'done' } });
        expect(talk.of('record-outcome')).toMatchObject([{ outcome: 'booked' }]);
        expect(talk.of('end')).toHaveLength(1);
      }
      answers = true;
      talk.send({ type: 'started', stream: 2, resumed: true });
      const keys = talk.tools('book').map(({ key }) => key);
      expect(keys).toEqual(['call-1:1', 'call-1:1']);
      expect(talk.agent).toMatch(/\bbooked\b/);
    },
  );
});

describe('another instance', () => {
  it('says that the call was cut off and asks the last question', () => {
    const talk = new Talk({ free })
      .says('doctor sharma on tuesday')
      .send({ type: 'started', stream: 2, resumed: true });
    expect(talk.agent).toMatch(/^Sorry, we were cut off\. Doctor Anita Sharma is free on Tuesday/);
    expect(talk.says('ten thirty').tools('hold')).toHaveLength(1);
  });

  it('repeats a commit under way with the same key', () => {
    const talk = confirming().hears();
    const yes = transition(
      talk.state,
      { type: 'turn', text: 'yes', confidence: 1, status: 'confident' },
      talk,
    );
    const resumed = transition(yes.state, { type: 'started', stream: 2, resumed: true }, talk);
    const books = [...yes.effects, ...resumed.effects].flatMap((effect) =>
      effect.type === 'tool' ? [effect.tool] : [],
    );
    expect(books).toHaveLength(2);
    expect(books[0]).toEqual(books[1]);
    expect(
      resumed.effects.filter((effect) => effect.type === 'say' && /\bbooked\b/.test(effect.text)),
    ).toEqual([]);
  });

  it('reads back again: nobody knows how much of it was heard', () => {
    const talk = confirming({ hearsAll: false }).send({ type: 'started', stream: 2, resumed: true });
    expect(talk.agent).toMatch(/cut off\. An appointment with/);
    expect(talk.says('yes').booked).toHaveLength(0);
    expect(talk.hears().booked).toMatchObject([{ key: 'call-1:1' }]);
  });

  it('uses utterance ids of its own', () => {
    const talk = new Talk().send({ type: 'started', stream: 2, resumed: true });
    expect(new Set(talk.of('say').map(({ utteranceId }) => utteranceId)).size).toBe(talk.of('say').length);
    expect(talk.of('say').at(-1)?.utteranceId).toMatch(/^u2-/);
  });
});

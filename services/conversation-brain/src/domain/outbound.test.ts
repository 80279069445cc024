import { slotAt } from '../testing/clinic.ts';
import { aScript, callingClinic, flowOf, readyFlow } from '../testing/fake-outreach.ts';
import { Talk, type TalkOptions } from '../testing/talk.ts';
import { briefingOf } from './briefing.ts';
import type { Flow } from './script/flow.ts';
import type { ToolResult } from './effects.ts';

/** What works in every script, whatever it asks. */
const free = ['25T09:00', '26T09:30', '27T11:00'].map((at) => slotAt(`2026-11-${at}`));
const call = (o: TalkOptions & { flow?: Flow; machine?: boolean } = {}, script = aScript()): Talk => {
  const { flow = readyFlow('appointment-reminder'), machine = false, ...rest } = o;
  return new Talk({ clinic: callingClinic(), free, outbound: { script, flow, machine }, ...rest });
};
const greeted = (o: TalkOptions = {}): Talk => call(o).says('hello');
const told = (o: TalkOptions = {}): Talk => greeted(o).says('yes');
/** Every place that a call may be at when something is said. */
const places: Record<string, (o?: TalkOptions) => Talk> = {
  'the greeting': greeted,
  'the question': told,
  'the check': (o) => told(o).says('cancel it'),
  'the offer': (o) => told(o).says('move it'),
  'the read-back': (o) => told(o).says('move it').says('the first one'),
  'the wait for the patient': (o) => greeted(o).says('no').says('yes'),
};
const ended = (talk: Talk): string | undefined => talk.hears().tools('hang-up').at(-1)?.outcome;

describe.each(Object.entries(places))('at %s', (_, at) => {
  it('an emergency goes before everything', () => {
    const talk = at().says('i have chest pain stop calling me');
    expect(talk.agent).toBe(talk.clinic.emergencyText);
    expect(talk.hears().tools('transfer')).toMatchObject([{ reason: 'emergency' }]);
    expect(talk.tools('hand-off')).toEqual([]);
  });

  it('a person is asked for, by word or by 0', () => {
    expect(at().says('a person please').hears().tools('hand-off')).toMatchObject([
      { reason: 'caller-asked' },
    ]);
    expect(at().hears().presses('0').hears().tools('hand-off')).toMatchObject([{ reason: 'caller-asked' }]);
  });

  it('"stop calling me" and 9 end all calls: entered first, said then', () => {
    for (const [talk, source] of [
      [at().says('please stop calling me'), 'voice'],
      [at().hears().presses('9'), 'keypad'],
    ] as const) {
      expect(talk.tools('opt-out')).toMatchObject([
        { source, number: '+12025550143', key: 'call-1:opt-out' },
      ]);
      expect(talk.agent).toBe('You will not be called again. Goodbye.');
      expect(ended(talk)).toBe('opted-out');
      expect(talk.of('record-outcome').at(-1)?.outcome).toBe('opted-out');
    }
  });

  it('a restricted or badly heard wish is asked about', () => {
    for (const talk of [
      at().says("don't call me before noon"),
      at().says('stop calling me', { status: 'unsure' }),
    ]) {
      expect(talk.agent).toBe('Do you want us to stop calling you?');
      expect(talk.tools('opt-out')).toEqual([]);
      const before = talk.state.phase;
      expect(talk.says('no').state.phase.kind).toBe(before.kind);
      expect(talk.tools('opt-out')).toEqual([]);
    }
    expect(ended(at().says("don't call me at work").says('yes'))).toBe('opted-out');
  });

  it('"who is this" is answered, and the question asked again', () => {
    const talk = at();
    const { phase } = talk.state;
    expect(talk.says('who is this').agent).toMatch(
      /^This is the automated assistant of Riverside Clinic, calling for Riverside Clinic\. /,
    );
    expect(talk.state.phase.kind).toBe(phase.kind);
  });

  it('"say that again" says the same again', () => {
    const talk = at();
    const said = talk.state.lastSaid;
    expect(talk.says('sorry what did you say').agent).toBe(said);
  });

  it('a wrong number is left in peace', () => {
    const talk = at().says('you have the wrong number');
    expect(talk.agent).toBe('I am sorry for the disturbance. Goodbye.');
    expect(ended(talk)).toBe('wrong-person');
  });

  it('three times without sense: a person', () => {
    const talk = at();
    for (let i = 0; i < 3; i++) talk.says('', { status: 'not-understood' });
    expect(talk.hears().tools('hand-off')).toMatchObject([{ reason: 'not-understood' }]);
  });

  it('silence is asked about twice, then ends the call', () => {
    const talk = at().isSilent();
    expect(talk.agent).toMatch(/still there/);
    talk.isSilent().isSilent();
    expect(talk.agent).toMatch(/hang up now/);
    expect(ended(talk)).toBe('no-input');
  });

  it('another instance goes on there', () => {
    const talk = at();
    const { phase } = talk.state;
    talk.send({ type: 'started', stream: 2, resumed: true, outbound: aScript() });
    expect(talk.agent).toMatch(/^Sorry, we were cut off\. ./);
    expect(talk.state.phase.kind).toBe(phase.kind);
  });

  it('goes on there when the stream was only replaced', () => {
    const talk = at();
    const { phase } = talk.state;
    expect(talk.comesBack().agent).toMatch(/^Sorry, we were cut off\. ./);
    expect(talk.state).toMatchObject({ phase: { kind: phase.kind }, callerGone: false });
  });

  it('hanging up ends it without a claim', () => {
    const talk = at().send({ type: 'hung-up' });
    expect(talk.of('end')).toHaveLength(1);
    expect(talk.of('record-outcome')).toEqual([]);
  });
});

describe('somebody else', () => {
  it('is not the patient: their wish for no more calls is that of the number', () => {
    const talk = greeted().says('no').says('stop calling me');
    expect(talk.tools('opt-out')).toMatchObject([{ patientId: '', number: '+12025550143' }]);
  });

  it('"she\'s not here" ends it as the script says, or politely', () => {
    const talk = greeted().says("she's not here");
    expect(talk.agent).toBe('Thank you. Please tell them that Riverside Clinic called. Goodbye.');
    expect(ended(talk)).toBe('wrong-person');
    const asked = greeted().says('no').says("he's at work");
    expect(asked.agent).toBe('Thank you. Please tell Alex Morrison that Riverside Clinic called. Goodbye.');
    expect(ended(asked)).toBe('wrong-person');
  });

  it('"yes, this is his wife" is a no', () => {
    expect(greeted().says('yes this is his wife').agent).toMatch(/come to the phone/);
  });

  it('nobody calls the dead again', () => {
    const talk = greeted().says('he passed away');
    expect(talk.tools('opt-out')).toMatchObject([{ patientId: aScript().patient.id }]);
    expect(ended(talk)).toBe('opted-out');
  });
});

describe('no more calls', () => {
  it('are not promised when they could not be noted: people look after it', () => {
    for (const result of ['failed', 'unclear'] as const) {
      const talk = told({ tool: (tool) => (tool.kind === 'opt-out' ? { kind: result } : undefined) });
      talk.says('stop calling me');
      expect(talk.of('say').some(({ text }) => /will not be called/.test(text))).toBe(false);
      expect(talk.tools('call-back')).toMatchObject([{ note: expect.stringMatching(/no more calls/) }]);
      expect(talk.agent).toMatch(/could not note that right now/);
      expect(ended(talk)).toBe('call-back-requested');
    }
  });

  it('said while something is being done are entered right after it', () => {
    const held: ToolResult[] = [];
    const talk = told({ tool: (tool) => (tool.kind === 'confirm' ? null : undefined) });
    talk.says('yes');
    expect(talk.state.phase.kind).toBe('doing');
    talk.says('and stop calling me');
    expect(talk.tools('opt-out')).toEqual(held);
    const { request } = talk.tools('confirm')[0]!;
    talk.send({ type: 'tool-done', request, result: { kind: 'done' } });
    expect(talk.tools('opt-out')).toHaveLength(1);
    expect(talk.of('record-outcome').map(({ outcome }) => outcome)).toEqual(['confirmed', 'opted-out']);
    expect(ended(talk)).toBe('opted-out');
  });

  it('are entered even over our last words, and when the patient hangs up meanwhile', () => {
    const over = told({ hearsAll: false }).hears().says('yes').presses('9');
    expect(over.tools('opt-out')).toHaveLength(1);
    const talk = told({ tool: (tool) => (tool.kind === 'opt-out' ? null : undefined) }).says(
      'stop calling me',
    );
    talk.send({ type: 'hung-up' });
    expect(talk.of('end')).toEqual([]);
    const { request } = talk.tools('opt-out')[0]!;
    talk.send({ type: 'tool-done', request, result: { kind: 'done' } });
    expect(talk.of('record-outcome').map(({ outcome }) => outcome)).toEqual(['opted-out']);
    expect(talk.of('end')).toHaveLength(1);
  });
});

describe('a machine', () => {
  it('gets the message, whole, and the call ends', () => {
    const talk = call({ machine: true });
    expect(talk.last.find(({ type }) => type === 'say')).toMatchObject({
      interruptible: false,
      text: expect.stringMatching(
        /^Hello, this is the automated assistant of Riverside Clinic\. Riverside Clinic called about your appointment\. Please call us back at one two zero/,
      ),
    });
    expect(talk.agent).not.toMatch(/Sharma|Cardiology|Tuesday|Morrison/);
    talk.send({ type: 'turn', text: 'a person please', confidence: 1, status: 'confident' }).presses('9');
    expect(ended(talk)).toBe('voicemail-left');
    expect(talk.tools('hand-off')).toEqual([]);
  });

  it('may take over a call that was thought to be with a person, also after its stream ended', () => {
    for (const prepare of [greeted(), greeted().send({ type: 'hung-up' }), call()]) {
      prepare.send({ type: 'started', stream: 2, resumed: true, outbound: aScript(), machine: true });
      expect(prepare.agent).toMatch(/^Hello.*call us back/);
      expect(ended(prepare)).toBe('voicemail-left');
    }
  });

  it('is hung up on without a message', () => {
    const { nodes, ...rest } = readyFlow('appointment-reminder');
    const flow = { ...rest, nodes: nodes.filter(({ kind }) => kind !== 'message') };
    expect(call({ machine: true, flow }).tools('hang-up')).toMatchObject([{ outcome: 'machine' }]);
  });
});

describe('telephony that was gone meanwhile', () => {
  const resumed = { type: 'started', stream: 2, resumed: true, outbound: aScript() } as const;
  const outcomes = (talk: Talk) => talk.of('record-outcome').map(({ outcome }) => outcome);

  it('is told by the successor what was achieved, which it may never have heard', () => {
    const talk = told().says('stop calling me');
    expect(outcomes(talk)).toEqual(['opted-out']);
    talk.send(resumed);
    expect(outcomes(talk)).toEqual(['opted-out', 'opted-out']);
    expect(ended(talk)).toBe('opted-out');
    // Where nothing was achieved, nothing is claimed.
    expect(outcomes(told().send(resumed))).toEqual([]);
  });

  it('is asked again to hang up, without another word', () => {
    let down = true;
    const tool: TalkOptions['tool'] = ({ kind }) =>
      kind === 'hang-up' && down ? { kind: 'failed' } : undefined;
    const talk = told({ tool }).says('stop calling me');
    expect(ended(talk)).toBe('opted-out');
    expect(talk.state.phase.kind).toBe('over');
    const said = talk.of('say').length;
    talk.send(resumed);
    expect(talk.tools('hang-up')).toHaveLength(2);
    down = false;
    talk.send({ ...resumed, stream: 3 });
    expect(talk.tools('hang-up').map(({ outcome }) => outcome)).toEqual(Array(3).fill('opted-out'));
    expect(talk.of('say')).toHaveLength(said);
    // It has: a stream that begins all the same has nothing left to do.
    talk.send({ ...resumed, stream: 4 });
    expect(talk.tools('hang-up')).toHaveLength(3);
    expect(talk.last).toEqual([{ type: 'end' }]);
  });
});

describe('a call whose script cannot be had', () => {
  it('apologises after the first word, and ends', () => {
    const talk = new Talk({ outbound: 'unavailable' });
    expect(talk.of('say')).toEqual([]);
    expect(talk.says('hello').agent).toBe('I am sorry, I cannot go on with this call right now. Goodbye.');
    expect(ended(talk)).toBe('not-booked');
  });
});

describe('asking for a person', () => {
  const waiting = (o: TalkOptions = {}): Talk =>
    told({ tool: (tool) => (tool.kind === 'hand-off' ? null : undefined), ...o })
      .says('operator')
      .hears();
  const answer = (talk: Talk, result: ToolResult): Talk =>
    talk.send({ type: 'tool-done', request: talk.tools('hand-off')[0]!.request, result });

  it('keeps whoever waits company', () => {
    const talk = waiting();
    expect(talk.listening).toMatchObject({ noInputMs: 12_000 });
    const lines = [1, 2, 3].map(() => talk.isSilent().agent);
    expect(lines.every((line) => /still|wait/.test(line))).toBe(true);
    expect(talk.listening).toMatchObject({ noInputMs: 12_000 });
    expect(answer(talk, { kind: 'done' }).of('end')).toHaveLength(1);
    expect(talk.tools('hang-up')).toEqual([]);
  });

  it('says that somebody will call back when nobody comes', () => {
    const talk = answer(waiting(), { kind: 'call-back' });
    expect(talk.agent).toMatch(/nobody is free right now.*will call you back, and a message/);
    expect(ended(talk)).toBe('call-back-requested');
  });

  it('passes the call on where nobody can be asked', () => {
    const talk = answer(waiting(), { kind: 'not-served' });
    expect(talk.tools('transfer')).toMatchObject([{ reason: 'caller-asked' }]);
  });

  it('notes a call-back when asking failed', () => {
    const talk = answer(waiting(), { kind: 'failed' });
    expect(talk.tools('call-back')).toHaveLength(1);
    expect(ended(talk)).toBe('call-back-requested');
  });

  it('is overtaken by an emergency, given up by a good-bye, and ends with the call', () => {
    const emergency = waiting().says('i have chest pain').hears();
    expect(emergency.tools('transfer')).toMatchObject([{ reason: 'emergency' }]);
    expect(
      answer(waiting({ tool: () => null }).says('i have chest pain'), { kind: 'done' }).of('end'),
    ).toEqual([]);
    expect(ended(waiting().says('forget it'))).toBe('not-booked');
    expect(ended(waiting().says('stop calling me'))).toBe('opted-out');
    expect(waiting().send({ type: 'hung-up' }).of('end')).toHaveLength(1);
  });

  it('is asked again, once, by a successor', () => {
    const talk = waiting().send({ type: 'started', stream: 2, resumed: true, outbound: aScript() });
    const requests = talk.tools('hand-off').map(({ request }) => request);
    expect(requests).toEqual([requests[0], requests[0]]);
  });

  it('has the caller back when nobody picked up, asks once more, and says what comes of it', () => {
    const back = answer(waiting(), { kind: 'done' }).send({ type: 'started', stream: 2, resumed: true });
    const asked = back.tools('hand-off').map(({ request }) => request);
    expect(asked).toHaveLength(2);
    expect(back.listening).toMatchObject({ noInputMs: 12_000 });
    back.send({ type: 'tool-done', request: asked[1]!, result: { kind: 'call-back' } });
    expect(back.agent).toMatch(/nobody is free right now.*will call you back/);
    expect(ended(back)).toBe('call-back-requested');
    // The same where the end of the stream was heard of before the answer.
    expect(waiting().comesBack().tools('hand-off')).toHaveLength(2);
    // A call that was over for another reason stays so.
    const over = told({ tool: () => null }).send({ type: 'hung-up' });
    over.send({ type: 'started', stream: 2, resumed: true });
    expect(over.tools('hand-off')).toEqual([]);
  });

  it('tells the person who, why, what was collected, and what was said', () => {
    const talk = told().says('move it').says('friday').says('operator');
    expect(briefingOf(talk.state, talk.clinic, 'caller-asked')).toEqual({
      patientName: 'Alex Morrison',
      summary: 'Asked for a person, while moving an appointment.',
      details: [
        {
          label: 'Appointment',
          value: 'Tuesday, November the twenty fourth, at ten thirty a m, Doctor Anita Sharma',
        },
        { label: 'Patient on the line', value: 'yes, as they say' },
        { label: 'Wished doctor', value: 'Dr. Anita Sharma' },
        { label: 'Wished day', value: '2026-11-27' },
        { label: 'Wished time', value: '11:00' },
      ],
      lines: expect.arrayContaining([
        { agent: false, text: 'move it' },
        { agent: false, text: 'operator' },
      ]),
    });
    const inbound = new Talk({ free }).says('doctor sharma on tuesday').says('operator');
    expect(briefingOf(inbound.state, inbound.clinic, 'caller-asked')).toMatchObject({
      patientName: '',
      summary: 'Asked for a person, while booking an appointment.',
    });
  });
});

describe('a missed appointment', () => {
  const { appointment } = aScript();
  const missed = aScript({
    flowId: 'no-show-recovery',
    appointment: { ...appointment!, startMs: slotAt('2026-11-20T10:30').startMs },
  });
  const flow = readyFlow('no-show-recovery');
  const offered = (o: TalkOptions = {}): Talk =>
    call({ flow, ...o }, missed)
      .says('hello')
      .says('yes');

  it('is told of, and a new one booked at a clear yes', () => {
    const talk = offered();
    expect(talk.agent).toBe(
      'We missed you on Friday, November the twentieth, at ten thirty a m, with Doctor Anita Sharma. Would you like a new appointment?',
    );
    talk.says('yes please').says('the first one');
    expect(talk.agent).toBe(
      'I book an appointment for you on Wednesday, November the twenty fifth, at nine a m, with Doctor Anita Sharma. Is that right?',
    );
    expect(talk.says('yes').booked).toMatchObject([
      { name: 'Alex Morrison', phone: '+12025550143', slot: { startMs: free[0]!.startMs } },
    ]);
    expect(talk.agent).toMatch(/^You are booked for Wednesday, November the twenty fifth, at nine a m/);
    expect(ended(talk)).toBe('booked');
  });

  it('is left as it is when the patient declines', () => {
    const talk = offered().says('no thank you');
    expect(talk.agent).toMatch(/Nothing has been arranged/);
    expect(ended(talk)).toBe('not-booked');
    expect(ended(offered().says('yes').says('never mind'))).toBe('not-booked');
  });

  it('asks which doctor when none is known', () => {
    const { appointment: _, ...unknown } = missed;
    const talk = call({ flow }, unknown).says('hello').says('yes');
    expect(talk.agent).toMatch(/^We would like to offer you/);
    expect(talk.says('yes').agent).toMatch(/Which doctor/);
    expect(talk.says('doctor sharma').agent).toMatch(/Which day/);
  });
});

describe('languages', () => {
  it('are those of the patient, then of their primary tag, then English', () => {
    const english = readyFlow('appointment-reminder');
    const nodes = english.nodes.map((node) => {
      if (!('texts' in node)) return node;
      const spanish = (text: string): string => `ES ${text}`;
      const texts = { ...node.texts, es: spanish(node.texts['en']!) };
      if (node.kind !== 'ask' || !node.again) return { ...node, texts };
      return { ...node, texts, again: { ...node.again, es: spanish(node.again['en']!) } };
    });
    const flow = flowOf({ ...english, languages: ['en', 'es'], nodes });
    expect(call({ flow }, aScript({ language: 'es-MX' })).says('hello').agent).toMatch(/^ES Hello/);
    expect(call({ flow }, aScript({ language: 'fr' })).says('hello').agent).toMatch(/^Hello/);
  });
});

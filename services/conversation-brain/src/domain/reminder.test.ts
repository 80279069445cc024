import { sharma, slotAt } from '../testing/clinic.ts';
import { aScript, callingClinic, readyFlow } from '../testing/fake-outreach.ts';
import { Talk, type TalkOptions } from '../testing/talk.ts';

const flow = readyFlow('appointment-reminder');
const free = ['25T09:00', '26T09:30', '27T11:00', '27T14:00'].map((at) => slotAt(`2026-11-${at}`));
const call = (o: TalkOptions = {}, script = aScript()): Talk =>
  new Talk({ clinic: callingClinic(), free, outbound: { script, flow }, ...o });
/** Up to the question whether the patient will come. */
const told = (o: TalkOptions = {}): Talk => call(o).says('hello').says('yes');
const outcomes = (talk: Talk): string[] => talk.of('record-outcome').map(({ outcome }) => outcome);
const ended = (talk: Talk): string | undefined => talk.hears().tools('hang-up').at(-1)?.outcome;

describe('a reminder', () => {
  it('lets whoever picked up speak first, for a second and a half', () => {
    const talk = call();
    expect(talk.of('say')).toEqual([]);
    expect(talk.listening).toMatchObject({ expects: ['open', 'called-person'], noInputMs: 1_500 });
    expect(talk.says('hello').agent).toMatch(/^Hello, this is/);
    expect(call().isSilent().agent).toMatch(/^Hello, this is/);
    expect(call().says('', { status: 'not-understood' }).agent).toMatch(/^Hello, this is/);
  });

  it('says who calls, that it is a machine, how to have no more calls, and asks for the patient', () => {
    expect(call().says('hello').agent).toBe(
      'Hello, this is the automated assistant of Riverside Clinic, calling for Alex Morrison. This is an automated call. ' +
        'If you want no more of these calls, say stop calling me, or press nine. Am I speaking with Alex Morrison?',
    );
  });

  it('says nothing of the appointment before the patient is there', () => {
    const talk = call().says('hello').says('no');
    expect(talk.agent).toBe('Can Alex Morrison come to the phone?');
    expect(talk.says('yes one moment').agent).toMatch(/I will wait/);
    expect(talk.says('hello').agent).toMatch(/Am I speaking with Alex Morrison/);
    expect(
      talk
        .of('say')
        .map(({ text }) => text)
        .join(' '),
    ).not.toMatch(/Sharma|Tuesday/);
    expect(talk.says('yes this is alex').agent).toBe(
      'You have an appointment with Doctor Anita Sharma on Tuesday, November the twenty fourth, at ten thirty a m. Will you come? You can also move it, or cancel it.',
    );
  });

  it.each(['yes', "yes i'll come", "i'll be there", 'yes i will', 'sure', 'i can make it', 'yes confirm it'])(
    'confirms at "%s": first the outcome, then the words',
    (words) => {
      const talk = told().says(words);
      expect(talk.tools('confirm')).toMatchObject([{ appointmentId: aScript().appointment?.appointmentId }]);
      expect(talk.agent).toBe('Thank you. Your appointment is confirmed. Goodbye.');
      const kinds = talk.last.map(({ type }) => type);
      expect(kinds.indexOf('record-outcome')).toBeLessThan(kinds.indexOf('say'));
      expect(outcomes(talk)).toEqual(['confirmed']);
      expect(ended(talk)).toBe('confirmed');
      expect(talk.state.phase.kind).toBe('over');
    },
  );

  it('confirms nothing that was not heard', () => {
    const talk = told({ hearsAll: false }).interrupts('You have an appointment').says('yes');
    expect(talk.tools('confirm')).toEqual([]);
    expect(talk.agent).toMatch(/^Let me say it once in full\. You have an appointment with Doctor Anita/);
    expect(talk.hears().says('yes').tools('confirm')).toHaveLength(1);
  });

  it('a yes while it is still being said waits for how much was heard', () => {
    const talk = call().says('hello').says('yes');
    const { text, utteranceId } = talk.of('say').at(-1)!;
    talk.send({ type: 'turn', text: 'yes', confidence: 0.9, status: 'confident' });
    expect(talk.tools('confirm')).toEqual([]);
    talk.send({ type: 'utterance-ended', utteranceId, cause: 'played', heardText: text });
    expect(talk.tools('confirm')).toHaveLength(1);
  });

  it.each([
    'cancel it',
    'i want to cancel',
    'please cancel my appointment',
    'yes cancel it',
    'can you cancel that',
  ])('asks before it cancels: "%s"', (words) => {
    const talk = told().says(words);
    expect(talk.agent).toBe(
      'Shall I cancel your appointment on Tuesday, November the twenty fourth, at ten thirty a m?',
    );
    expect(talk.tools('cancel')).toEqual([]);
    expect(talk.says('yes').tools('cancel')).toHaveLength(1);
    expect(talk.agent).toMatch(/^Your appointment is cancelled/);
    expect(outcomes(talk)).toEqual(['cancelled']);
    expect(ended(talk)).toBe('cancelled');
  });

  it.each(['no', 'no keep it', "don't cancel it", 'no do not cancel it', 'i changed my mind'])(
    'cancels nothing at "%s"',
    (words) => {
      const talk = told().says('cancel it').says(words);
      expect(talk.tools('cancel')).toEqual([]);
      expect(talk.agent).toMatch(/stays as it is/);
      expect(ended(talk)).toBe('not-booked');
    },
  );

  it.each(['no', "i can't make it", 'i cannot come', "no i'm not coming", "sorry i won't be able to come"])(
    'asks what to do at "%s"',
    (words) => {
      expect(told().says(words).agent).toMatch(/another time, or should I cancel/);
    },
  );

  it.each([
    'move it',
    'can we move it',
    'i need another time',
    "i can't make it can we move it",
    'reschedule please',
  ])('moves at "%s": offers, reads back, and moves at a clear yes', (words) => {
    const talk = told().says(words);
    expect(talk.agent).toMatch(
      /^Doctor Anita Sharma is free on Wednesday.*on Thursday.*on Friday.*Which one/,
    );
    talk.says('the second one');
    expect(talk.agent).toBe(
      'I move your appointment to Thursday, November the twenty sixth, at nine thirty a m, with Doctor Anita Sharma. Is that right?',
    );
    expect(talk.tools('move')).toEqual([]);
    talk.says('yes');
    expect(talk.tools('move')).toMatchObject([
      {
        appointmentId: aScript().appointment?.appointmentId,
        slot: { startMs: free[1]!.startMs },
        holdId: 'hold-1',
        key: 'call-1:1',
      },
    ]);
    expect(talk.agent).toBe(
      'Your appointment is now on Thursday, November the twenty sixth, at nine thirty a m. Thank you. Goodbye.',
    );
    expect(outcomes(talk)).toEqual(['moved']);
    expect(ended(talk)).toBe('moved');
  });

  it('takes another wish while it looks for a time', () => {
    const talk = told().says('move it').says('friday afternoon');
    expect(talk.agent).toMatch(/Friday, November the twenty seventh, at two p m/);
    expect(talk.says('yes').agent).toMatch(/I move your appointment to Friday/);
    expect(talk.says('no').agent).toMatch(/the day, the time, or the doctor/);
    expect(talk.tools('move')).toEqual([]);
  });

  it('keeps the appointment when no time suits, or cancels it when that is said', () => {
    const kept = told().says('move it').says('never mind');
    expect(kept.agent).toMatch(/stays as it is/);
    expect(told().says('move it').says('just cancel it').agent).toMatch(/^Shall I cancel/);
    const held = told().says('move it').says('the first one').says('keep my appointment');
    expect(held.of('release-hold')).toHaveLength(1);
    expect(held.agent).toMatch(/Tuesday, November the twenty fourth, at ten thirty a m stays as it is/);
  });

  it('offers another time when the chosen one has gone', () => {
    const talk = told().says('move it').says('the first one').takeAway(free[0]!).says('yes');
    expect(talk.agent).toMatch(/just been taken/);
    expect(outcomes(talk)).toEqual([]);
  });

  it('takes keys: 1 confirms, 2 moves, 3 asks before it cancels', () => {
    expect(ended(told().hears().presses('1'))).toBe('confirmed');
    expect(told().hears().presses('2').agent).toMatch(/is free on/);
    const cancels = told().hears().presses('3');
    expect(cancels.agent).toMatch(/^Shall I cancel/);
    expect(ended(cancels.hears().presses('1'))).toBe('cancelled');
    expect(call().says('hello').presses('1').agent).toMatch(/^You have an appointment/);
  });

  it('has the clinic call when something did not work, and claims nothing', () => {
    for (const kind of ['confirm', 'cancel', 'move'] as const) {
      for (const result of ['failed', 'unclear'] as const) {
        const talk = told({ tool: (tool) => (tool.kind === kind ? { kind: result } : undefined) });
        if (kind === 'confirm') talk.says('yes');
        if (kind === 'cancel') talk.says('cancel it').says('yes');
        if (kind === 'move') talk.says('move it').says('the first one').says('yes');
        expect(talk.tools('call-back')).toHaveLength(1);
        expect(talk.agent).toMatch(/did not work as it should.*will call you back/);
        expect(ended(talk)).toBe('call-back-requested');
      }
    }
  });

  it('does not talk about an appointment that is cancelled or over', () => {
    const { appointment } = aScript();
    const cancelled = call({}, aScript({ appointment: { ...appointment!, status: 'cancelled' } }));
    expect(cancelled.says('hello').agent).toMatch(/nothing that we need to tell you.*stop calling me/);
    expect(ended(cancelled)).toBe('not-booked');
    const { appointment: _, ...without } = aScript();
    expect(call({}, without).says('hello').agent).toMatch(/nothing that we need to tell you/);
  });

  it('offers the department when the doctor takes no bookings any more', () => {
    const clinic = { ...callingClinic(), doctors: [{ ...sharma, acceptsBookings: false }] };
    expect(told({ clinic }).says('move it').tools('find-slots')).toMatchObject([
      { who: { kind: 'department', department: 'Cardiology' } },
    ]);
  });
});

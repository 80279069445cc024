import { brown, sharma, slotAt } from '../testing/clinic.ts';
import { Talk } from '../testing/talk.ts';

/** Tuesday and Wednesday, 24 and 25 November 2026, seen from Saturday the 21st. */
const nine = slotAt('2026-11-24T09:00');
const tenThirty = slotAt('2026-11-24T10:30');
const two = slotAt('2026-11-24T14:00');
const wednesday = slotAt('2026-11-25T10:30');
const browns = slotAt('2026-11-24T10:00', { doctor: brown });
const free = [nine, tenThirty, two, wednesday, browns];

/** Up to the read-back of Tuesday, 10:30, Doctor Sharma, Alex Morrison. */
function readBack(o: ConstructorParameters<typeof Talk>[0] = {}): Talk {
  const talk = new Talk({ free, ...o });
  talk.says("i'd like to book an appointment with doctor sharma on tuesday at ten thirty");
  talk.says('my name is alex morrison');
  expect(talk.agent).toBe(
    'An appointment with Doctor Anita Sharma, on Tuesday, November the twenty fourth, at ten thirty a m, for Alex Morrison. Is that right?',
  );
  return talk;
}

describe('a booking', () => {
  it('greets as an automated assistant and says how to reach a person', () => {
    const talk = new Talk();
    const greeting = talk.of('say')[0]?.text ?? '';
    expect(greeting).toMatch(/automated assistant of Riverside Clinic/);
    expect(greeting).toMatch(/person.*operator.*zero/);
    expect(talk.of('listen')[0]).toMatchObject({ expects: ['open'] });
    expect(talk.of('listen')[0]?.vocabulary).toEqual(
      expect.arrayContaining(['Doctor Anita Sharma', 'heart doctor']),
    );
  });

  it('goes from wish to offer to read-back to commit', () => {
    const talk = new Talk({ free });
    talk.says("I'd like to book an appointment with doctor Sharma on tuesday morning");
    expect(talk.agent).toBe(
      'Doctor Anita Sharma is free on Tuesday, November the twenty fourth, at nine a m or ten thirty a m. Which one would you like?',
    );
    talk.says('the second one');
    expect(talk.tools('hold')).toMatchObject([{ slot: { startMs: tenThirty.startMs } }]);
    expect(talk.agent).toMatch(/first and last name/);
    expect(talk.listening).toMatchObject({ expects: ['person-name'] });
    talk.says('alex morrison');
    expect(talk.agent).toMatch(
      /Sharma, on Tuesday, November the twenty fourth, at ten thirty a m, for Alex Morrison/,
    );
    expect(talk.booked).toHaveLength(0);
    talk.says('yeah that works');
    expect(talk.booked).toEqual([
      expect.objectContaining({
        slot: tenThirty,
        name: 'Alex Morrison',
        phone: '+12025550143',
        holdId: 'hold-1',
        key: 'call-1:1',
      }),
    ]);
    expect(talk.agent).toMatch(
      /^You are booked with Doctor Anita Sharma on Tuesday, .*ten thirty a m.*text message/,
    );
    // Before the words: a hang-up now still counts as booked.
    const kinds = talk.last.map(({ type }) => type);
    expect(kinds.indexOf('record-outcome')).toBeLessThan(kinds.indexOf('say', kinds.indexOf('tool')));
    talk.says("no thank you that's all");
    expect(talk.agent).toMatch(/Goodbye/);
    expect(talk.tools('hang-up')).toEqual([]);
    talk.hears();
    expect(talk.tools('hang-up')).toMatchObject([{ outcome: 'booked' }]);
    expect(talk.of('end')).toHaveLength(1);
  });

  it('takes the details in any order, one by one', () => {
    const talk = new Talk({ free });
    talk.says('this is alex morrison i need an appointment');
    expect(talk.agent).toMatch(/Which doctor or department/);
    talk.says('tuesday');
    expect(talk.agent).toMatch(/Which doctor or department/);
    talk.says('cardiology');
    expect(talk.agent).toMatch(/nine a m, ten thirty a m, or two p m/);
    talk.says('two in the afternoon');
    expect(talk.agent).toMatch(/at two p m, for Alex Morrison. Is that right/);
  });

  it('offers at most three times, the nearest to a time that is not free', () => {
    const many = ['09:00', '09:30', '10:00', '11:00', '11:30', '13:00'].map((time) =>
      slotAt(`2026-11-24T${time}`),
    );
    const talk = new Talk({ free: many });
    talk.says('doctor sharma on tuesday at ten thirty');
    expect(talk.agent).toBe(
      'That time is not free. Doctor Anita Sharma is free on Tuesday, November the twenty fourth, at ten a m, eleven a m, or eleven thirty a m. Which one would you like?'.replace(
        'ten a m, eleven a m, or eleven thirty a m',
        'nine thirty a m, ten a m, or eleven a m',
      ),
    );
  });

  it('goes to the next day that has something free', () => {
    const talk = new Talk({ free });
    talk.says('doctor sharma on monday');
    expect(talk.agent).toMatch(/^Nothing is free then\. Doctor Anita Sharma is free on Tuesday/);
  });

  it('says so when two weeks have nothing', () => {
    const talk = new Talk({ free: [] });
    talk.says('doctor sharma on monday');
    expect(talk.agent).toMatch(/nothing free in the two weeks from then/);
    expect(talk.listening?.expects).toContain('date');
  });

  it('finds the soonest', () => {
    const talk = new Talk({ free });
    talk.says('i need to see the heart doctor as soon as possible');
    expect(talk.agent).toMatch(/nine a m, ten thirty a m, or two p m/);
    talk.says('the earliest');
    expect(talk.tools('hold')).toMatchObject([{ slot: { startMs: nine.startMs } }]);
  });

  it('takes a time for the day that was offered, whether it was offered or not', () => {
    const talk = new Talk({ free: [...free, slotAt('2026-11-24T15:30')] });
    talk.says('doctor sharma on tuesday morning').says('do you have three thirty in the afternoon');
    expect(talk.tools('hold')).toMatchObject([{ slot: { startMs: slotAt('2026-11-24T15:30').startMs } }]);
  });

  it('asks for another day when nothing offered suits', () => {
    const talk = new Talk({ free });
    talk.says('doctor sharma on tuesday').says('none of those');
    expect(talk.agent).toMatch(/say a day/);
    talk.says('wednesday');
    expect(talk.agent).toMatch(
      /Wednesday, November the twenty fifth, at ten thirty a m\. Would that suit you\?/,
    );
    talk.says('yes');
    expect(talk.tools('hold')).toMatchObject([{ slot: { startMs: wednesday.startMs } }]);
  });

  it('books a second appointment in the same call with its own confirmation number', () => {
    const talk = readBack()
      .says('yes')
      .says('yes i need another appointment with doctor brown on tuesday at ten');
    expect(talk.agent).toMatch(/Doctor David Brown.*ten a m, for Alex Morrison/);
    talk.says('yes');
    expect(talk.booked.map(({ key }) => key)).toEqual(['call-1:1', 'call-1:2']);
  });

  it('speaks and books in the clinic zone, also across a change of clocks', () => {
    const london = slotAt('2027-03-29T10:30', { zone: 'Europe/London' });
    const clinic = { ...new Talk().clinic, timeZone: 'Europe/London' };
    const talk = new Talk({ clinic, free: [london], at: '2027-03-27T23:30:00Z' });
    talk.says('doctor sharma on monday at ten thirty').says('my name is alex morrison');
    expect(talk.agent).toMatch(/Monday, March the twenty ninth, at ten thirty a m/);
    // British Summer Time began on the 28th.
    expect(new Date(talk.tools('hold')[0]!.slot.startMs).toISOString()).toBe('2027-03-29T09:30:00.000Z');
  });
});

describe('the read-back', () => {
  it.each(['no', 'yes but the name is wrong', 'yes no wait', 'maybe', 'hello', 'yes at eleven', 'wednesday'])(
    'commits nothing on "%s"',
    (words) => {
      expect(readBack().says(words).booked).toHaveLength(0);
    },
  );

  it('asks what to change after a no, changes only that, and lets the slot go', () => {
    const talk = readBack().says('no');
    expect(talk.agent).toMatch(/change: the day, the time, the doctor, or the name/);
    talk.says('the day');
    expect(talk.of('release-hold')).toEqual([{ type: 'release-hold', holdId: 'hold-1' }]);
    talk.says('wednesday');
    expect(talk.agent).toMatch(
      /Sharma, on Wednesday, November the twenty fifth, at ten thirty a m, for Alex Morrison/,
    );
    talk.says('yes');
    expect(talk.booked).toEqual([
      expect.objectContaining({ slot: wednesday, key: 'call-1:2', holdId: 'hold-2' }),
    ]);
  });

  it('takes the correction that comes with the no', () => {
    const talk = readBack().says('no at two p m');
    expect(talk.agent).toMatch(/two p m, for Alex Morrison. Is that right/);
    expect(readBack().says('no with doctor brown').agent).toMatch(/Brown is free on Tuesday/);
    expect(readBack().says('no my name is alex harrison').agent).toMatch(/ten thirty a m, for Alex Harrison/);
    expect(readBack().says('no the name is wrong').agent).toMatch(/first and last name/);
    expect(readBack().says('can we make it later').agent).toMatch(/What time|at two p m|time would suit/);
  });

  it('keeps the slot when only the name changes', () => {
    const talk = readBack().says('no').says('the name').says('alex harrison').says('yes');
    expect(talk.of('release-hold')).toEqual([]);
    expect(talk.booked).toMatchObject([{ name: 'Alex Harrison', holdId: 'hold-1', key: 'call-1:2' }]);
  });

  it('does not take a yes for what was not heard', () => {
    const talk = readBack({ hearsAll: false });
    talk.interrupts('An appointment with Doctor Anita').says('yes');
    expect(talk.booked).toHaveLength(0);
    expect(talk.agent).toMatch(/once in full.*An appointment with/);
    talk.hears().says('yes');
    expect(talk.booked).toHaveLength(1);
  });

  it('takes a yes over the closing question, when all details were heard', () => {
    const talk = readBack({ hearsAll: false });
    const heard =
      'An appointment with Doctor Anita Sharma, on Tuesday, November the twenty fourth, at ten thirty a m, for Alex Morrison.';
    expect(talk.interrupts(heard).says('yes').booked).toHaveLength(1);
  });

  it('waits for the report of what was heard when the yes comes first', () => {
    const talk = readBack({ hearsAll: false }).says('yes');
    expect(talk.booked).toHaveLength(0);
    expect(talk.listening).toBeDefined();
    expect(talk.hears().booked).toHaveLength(1);
  });

  it('takes the keys 1 and 2', () => {
    expect(readBack().hears().presses('1').booked).toHaveLength(1);
    expect(readBack().hears().presses('2').agent).toMatch(/What should I change/);
  });

  it('reads a telephone number back that was said', () => {
    const talk = new Talk({ free, callerNumber: null });
    talk.says('doctor sharma tuesday ten thirty').says('my name is alex morrison');
    expect(talk.agent).toMatch(/phone number/);
    expect(talk.listening).toMatchObject({ expects: ['digits'] });
    talk.says('two oh two five five five oh one four three');
    expect(talk.agent).toMatch(
      /phone number two zero two, five five five, zero one four, three|phone number one two zero/,
    );
    expect(talk.says('yes').booked).toMatchObject([{ phone: '+12025550143' }]);
    const typed = new Talk({ free, callerNumber: null });
    typed.says('doctor sharma tuesday ten thirty').says('my name is alex morrison').presses('2025550143#');
    expect(typed.says('yes').booked).toMatchObject([{ phone: '+12025550143' }]);
  });
});

describe('a slot that is taken meanwhile', () => {
  it('is said to be taken at the hold, and another is offered', () => {
    const talk = new Talk({ free });
    talk.says('doctor sharma on tuesday');
    talk.takeAway(tenThirty).says('ten thirty');
    expect(talk.agent).toMatch(/just been taken.*free on Tuesday.*nine a m or two p m/);
    expect(talk.agent).not.toMatch(/ten thirty/);
  });

  it('is said to be taken at the commit, nothing is claimed, another is offered', () => {
    const talk = readBack().takeAway(tenThirty).says('yes');
    expect(talk.agent).toMatch(/just been taken/);
    expect(talk.effects.filter((effect) => effect.type === 'say' && /\bbooked\b/.test(effect.text))).toEqual(
      [],
    );
    talk.says('the first one').says('yes');
    expect(talk.booked).toMatchObject([{ slot: { startMs: nine.startMs }, key: 'call-1:2' }]);
  });

  it('is not offered again by a slow answer that still lists it', () => {
    const talk = new Talk({
      free,
      tool: (tool) =>
        tool.kind === 'hold' && tool.slot.startMs === tenThirty.startMs ? { kind: 'taken' } : undefined,
    });
    talk.says('doctor sharma on tuesday at ten thirty');
    expect(talk.agent).toMatch(/just been taken.*nine a m or two p m/);
    expect(talk.tools('hold')).toHaveLength(1);
  });
});

describe('a schedule that does not answer', () => {
  it('is said so, and a call back is offered', () => {
    const talk = new Talk({ tool: (tool) => (tool.kind === 'find-slots' ? { kind: 'failed' } : undefined) });
    talk.says('doctor sharma on tuesday');
    expect(talk.agent).toMatch(/cannot reach the schedule.*call you back\?/);
    talk.says('yes please');
    expect(talk.tools('call-back')).toMatchObject([{ reason: 'other' }]);
    expect(talk.agent).toMatch(/call you back/);
    expect(talk.of('record-outcome')).toEqual([{ type: 'record-outcome', outcome: 'call-back-requested' }]);
  });

  it('claims nothing when nobody knows whether it booked', () => {
    const talk = readBack({ free, tool: (tool) => (tool.kind === 'book' ? { kind: 'unclear' } : undefined) });
    talk.says('yes');
    expect(talk.agent).toMatch(/cannot tell whether that went through/);
    expect(talk.effects.filter((effect) => effect.type === 'say' && /\bbooked\b/.test(effect.text))).toEqual(
      [],
    );
    expect(talk.tools('call-back')).toHaveLength(1);
  });
});

describe('whom to see', () => {
  const second = {
    ...sharma,
    doctorId: 'd-sharma2',
    name: 'Dr. Ravi Sharma',
    department: 'Neurology',
    alsoCalled: [],
  };
  const clinic = { ...new Talk().clinic, doctors: [sharma, second, { ...brown, acceptsBookings: false }] };

  it('asks which of two doctors of one name is meant', () => {
    const talk = new Talk({ clinic, free });
    talk.says('doctor sharma on tuesday morning');
    expect(talk.agent).toBe('Did you mean Doctor Anita Sharma or Doctor Ravi Sharma?');
    talk.says('doctor anita sharma');
    expect(talk.agent).toMatch(/Doctor Anita Sharma is free on Tuesday/);
    expect(new Talk({ clinic, free }).says('doctor sharma on tuesday').says('the first one').agent).toMatch(
      /Anita Sharma is free/,
    );
  });

  it('checks a name that it only half recognises', () => {
    const talk = new Talk({ free });
    talk.says('doctor sherman on tuesday');
    expect(talk.agent).toBe('Did you mean Doctor Anita Sharma?');
    expect(talk.says('yes').agent).toMatch(/Anita Sharma is free on Tuesday/);
  });

  it('names the doctors when it knows none of that name', () => {
    const talk = new Talk({ free });
    talk.says('doctor gonzales on tuesday');
    expect(talk.agent).toMatch(/do not know a doctor of that name.*Sharma.*Brown.*Miller/);
    // The day was understood and stays.
    expect(talk.says('doctor sharma').agent).toMatch(/free on Tuesday/);
  });

  it('says when a doctor takes no bookings by phone', () => {
    const talk = new Talk({ clinic, free });
    expect(talk.says('doctor brown on tuesday').agent).toMatch(/Brown takes no bookings by phone/);
  });
});

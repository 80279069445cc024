// A morning at Riverside with something of everything: for pictures, and for working on pages.
import type { FakeHospital } from './hospital.ts';
import { minutesAgo, newId, riverside } from './hospital.ts';

export function busyDay(hospital: FakeHospital): void {
  const booked = hospital.addCall({
    ...{ state: 'completed', outcome: 'booked', callerNumber: '+12025550155' },
    ...{
      initiatedAt: minutesAgo(21),
      answeredAt: minutesAgo(20.9),
      endedAt: minutesAgo(18),
      endReason: 'normal_clearing',
    },
  });
  for (const [speaker, text] of [
    ['agent', 'Riverside Clinic, the automated assistant. How can I help you?'],
    ['caller', 'I would like to see a heart doctor next week.'],
    ['agent', 'Doctor Anita Sharma is free on Tuesday at ten thirty a m. Does that suit you?'],
    ['caller', 'Yes, that is fine.'],
    ['agent', 'You are booked. You get a message in a moment. Good-bye.'],
  ] as const)
    hospital.say(booked.id, speaker, text, { at: minutesAgo(20.5) });
  const appointment = newId();
  hospital.appointments.push({
    ...{
      id: appointment,
      clinic: riverside.clinicId,
      doctorName: 'Dr. Anita Sharma',
      department: 'Cardiology',
    },
    ...{ start: minutesAgo(-60 * 30), end: minutesAgo(-60 * 30.5), timeZone: riverside.timeZone },
    ...{
      patient: { name: 'Harold Finch', phone: '+12025550155' },
      channel: 'phone',
      call: booked.id,
      status: 'booked',
    },
  });
  hospital.messages.push({
    ...{ id: newId(), to: '+12025550155', purpose: 'confirmation', status: 'sent', appointment },
    ...{ createdAt: minutesAgo(18), sentAt: minutesAgo(17.9) },
    text: 'Riverside Clinic: your appointment with Dr. Anita Sharma is on Tuesday, 24 November at 10:30.',
  });
  hospital.insights.set(booked.id, {
    ...{
      talkSeconds: 174,
      turns: 5,
      notUnderstood: 1,
      interruptions: 0,
      responseMsP50: 720,
      responseMsMax: 1_480,
    },
    ...{
      timeToHumanSeconds: null,
      score: 86,
      scoreReasons: ['not-understood', 'long-wait'],
    },
  });
  const endings = [
    ['outbound', 'confirmed', 'completed'],
    ['inbound', 'transferred-to-person', 'escalated'],
    ['outbound', 'voicemail-left', 'completed'],
    ['outbound', null, 'failed'],
    ['inbound', 'abandoned', 'completed'],
    ['inbound', 'emergency-transferred', 'escalated'],
  ] as const;
  for (let n = 0; n < 64; n += 1) {
    const [direction, outcome, state] = endings[n % endings.length] ?? endings[0];
    hospital.calls.push({
      ...{ id: newId(), clinic: riverside.clinicId, direction, state, outcome },
      callerNumber: n % 13 === 5 ? null : `+120255501${String(10 + (n % 89))}`,
      initiatedAt: minutesAgo(30 + n * 17),
      answeredAt: outcome ? minutesAgo(29.8 + n * 17) : null,
      endedAt: minutesAgo(28 + n * 17 - (n % 3)),
      endReason: outcome ? 'normal_clearing' : 'no_answer',
      campaign: direction === 'outbound' ? '01930000-0000-7000-9100-000000000001' : null,
      clinicNumber: '+12025550110',
    });
  }
  hospital.addCall(
    {
      callerNumber: '+12025550128',
      direction: 'outbound',
      campaign: '01930000-0000-7000-9100-000000000001',
      initiatedAt: minutesAgo(0.4),
    },
    [
      ['agent', 'Hello, this is Riverside Clinic, the automated assistant. Am I speaking with Ellen Park?'],
      ['caller', 'Yes, that is me.'],
      ['agent', 'You have an appointment with Doctor Brown tomorrow at nine. Can you come?'],
    ],
  );
  hospital.addCall({ callerNumber: '+12025550143' }, [
    ['agent', 'Riverside Clinic, the automated assistant. How can I help you?'],
    ['caller', 'I need an appointment for my daughter, she has a rash.'],
    ['agent', 'Doctor Laura Miller is free tomorrow at eleven a m. Does that suit you?'],
  ]);
  hospital.addCall({ callerNumber: null, state: 'ringing', answeredAt: null, initiatedAt: minutesAgo(0.05) });
  for (const [note, reason, ago, done] of [
    ['I have to cancel Thursday, my car broke down.', 'cancel-appointment', 42, null],
    ['', 'caller-asked', 13, null],
    ['About the bill of last week.', 'other', 190, 'Taylor Reed'],
  ] as const)
    hospital.callBacks.push({
      ...{
        id: newId(),
        call: booked.id,
        reason,
        note,
        callerNumber: '+12025550161',
        requestedAt: minutesAgo(ago),
      },
      ...{ completedAt: done && minutesAgo(60), completedByName: done },
    });
  hospital.present.push({ user: newId(), displayName: 'Taylor Reed', since: minutesAgo(50) });
}

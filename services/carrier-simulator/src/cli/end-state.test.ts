import { parseScenario } from '../scenario/scenario.ts';
import { compareEndState, type EndState } from './end-state.ts';

const asked = { doctor: 'd1', start: '2026-12-08T15:30:00.000Z' };
const scenario = (expect: object) =>
  parseScenario(
    {
      name: 's',
      title: 'a scenario',
      to: 'riverside',
      steps: [],
      expect: { state: 'COMPLETED', outcome: ['BOOKED'], appointment: 'asked', confirmations: 1, ...expect },
    },
    's',
  );
const good: EndState = {
  call: { id: 'c', state: 'completed', outcome: 'booked', endReason: 'normal_clearing', traceId: 't' },
  appointments: [{ id: 'a', doctorId: 'd1', startAt: new Date(asked.start), status: 'booked', occupies: 1 }],
  confirmations: [{ status: 'sent' }],
  callBacks: [],
  liveHolds: 0,
};
const problems = (state: Partial<EndState>, expect: object = {}) =>
  compareEndState({ ...good, ...state }, scenario(expect), { asked });

describe('the end state', () => {
  it('is right when everything is as the scenario wants it', () => expect(problems({})).toEqual([]));

  it.each<[string, Partial<EndState>, object, RegExp]>([
    ['no call', { call: undefined }, {}, /no such call/],
    ['a call not over', { call: { ...good.call!, state: 'active' } }, {}, /call is ACTIVE/],
    ['another outcome', { call: { ...good.call!, outcome: 'not-booked' } }, {}, /outcome is NOT_BOOKED/],
    ['no appointment', { appointments: [], confirmations: [] }, {}, /0 appointments/],
    [
      'two appointments',
      { appointments: [good.appointments[0]!, good.appointments[0]!] },
      {},
      /2 appointments/,
    ],
    [
      'another time',
      { appointments: [{ ...good.appointments[0]!, startAt: new Date(0) }] },
      {},
      /booked for 1970/,
    ],
    ['another doctor', { appointments: [{ ...good.appointments[0]!, doctorId: 'd2' }] }, {}, /doctor d2/],
    ['the taken slot', {}, { appointment: 'another' }, /slot that was taken/],
    [
      'a booking without a place in the schedule',
      { appointments: [{ ...good.appointments[0]!, occupies: 0 }] },
      {},
      /occupies 0 times/,
    ],
    ['any appointment where there must be none', {}, { appointment: 'none' }, /should be none/],
    ['two confirmations', { confirmations: [{ status: 'sent' }, { status: 'sent' }] }, {}, /2 confirmations/],
    ['a confirmation not sent', { confirmations: [{ status: 'queued' }] }, {}, /was not sent/],
    ['a call-back nobody asked for', { callBacks: [{ reason: 'other' }] }, {}, /call-back list/],
    ['no call-back', {}, { callBack: 'cancel-appointment' }, /call-backs: none/],
    ['a hold that stays', { liveHolds: 1 }, {}, /holds would outlive/],
  ])('is wrong with %s', (_what, state, expectation, message) => {
    expect(problems(state, expectation).join('\n')).toMatch(message);
  });
});

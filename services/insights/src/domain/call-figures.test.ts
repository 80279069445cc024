import fc from 'fast-check';
import { againInAnyOrder, callFact } from '../testing/arbitrary-facts.ts';
import { callFiguresOf } from './call-figures.ts';
import type {
  CallCompletedFact,
  CallEscalatedFact,
  CallFact,
  CallInitiatedFact,
  ConversationEndedFact,
} from './facts.ts';

const at = (seconds: number): number => Date.parse('2031-03-04T15:00:00Z') + seconds * 1_000;
const call = { callId: 'call', clinicId: 'clinic', campaignId: 'campaign', attemptId: 'attempt' };
const initiated: CallInitiatedFact = {
  kind: 'call-initiated',
  ...call,
  direction: 'outbound',
  initiatedAtMs: at(0),
};
const active: CallFact = { kind: 'call-changed', ...call, toState: 'active', changedAtMs: at(8) };
const completed: CallCompletedFact = {
  kind: 'call-completed',
  ...call,
  direction: 'outbound',
  outcome: 'confirmed',
  endReason: 'we-hung-up',
  initiatedAtMs: at(0),
  answeredAtMs: at(8),
  endedAtMs: at(50),
  talkMs: 42_000,
};
const escalated: CallEscalatedFact = {
  kind: 'call-escalated',
  ...call,
  reason: 'caller-asked',
  initiatedAtMs: at(0),
  requestedAtMs: at(30),
  transferredAtMs: at(55),
  endedAtMs: at(120),
};
const conversation: ConversationEndedFact = {
  kind: 'conversation-ended',
  callId: 'call',
  clinicId: 'clinic',
  turns: 5,
  notUnderstood: 0,
  silences: 0,
  interruptions: 0,
  responseMs: [700, 900, 650, 820],
  endedAtMs: at(49),
};
const figures = (...facts: CallFact[]) => callFiguresOf('call', facts);

describe('the figures of a call', () => {
  it('are the same for any order and repetition of its facts', () => {
    const facts = fc.array(callFact('call'), { maxLength: 8 });
    fc.assert(
      fc.property(
        facts.chain((all) => fc.tuple(fc.constant(all), againInAnyOrder(all))),
        ([all, again]) => expect(figures(...again)).toEqual(figures(...all)),
      ),
    );
  });

  it('are those of its events, also when the end comes first', () => {
    const expected = {
      campaignId: 'campaign',
      direction: 'outbound',
      ending: 'completed',
      outcome: 'confirmed',
      initiatedAtMs: at(0),
      answered: true,
      talkSeconds: 42,
      turns: 5,
      responseMsP50: 700,
      responseMsMax: 900,
      secondsToHuman: null,
      score: { score: 100, reasons: [], rulesVersion: 1 },
      awaitsConversation: false,
    };
    expect(figures(initiated, active, conversation, completed)).toMatchObject(expected);
    expect(figures(completed, conversation)).toMatchObject(expected);
  });

  it('count the time to a person from the asking, and the talk with them', () => {
    expect(figures(initiated, active, escalated, conversation)).toMatchObject({
      ending: 'escalated',
      outcome: 'transferred-to-person',
      secondsToHuman: 25,
      talkSeconds: 112,
      answered: true,
    });
    const unasked = { ...escalated, requestedAtMs: null, reason: 'emergency' };
    expect(figures(unasked)).toMatchObject({ outcome: 'emergency-transferred', secondsToHuman: null });
  });

  it('have no score before both ends are known', () => {
    expect(figures(initiated, active, conversation)).toMatchObject({
      score: null,
      awaitsConversation: false,
    });
    expect(figures(initiated, completed)).toMatchObject({ score: null, awaitsConversation: true });
  });

  it('have a score without a report when the grace time is over, and keep it when one comes after all', () => {
    const graceOver = { kind: 'grace-over', callId: 'call', clinicId: 'clinic', atMs: at(400) } as const;
    const without = figures(completed, graceOver);
    expect(without.score).toEqual({ score: 80, reasons: ['report-missing'], rulesVersion: 1 });
    const late = figures(completed, graceOver, conversation);
    expect(late).toMatchObject({ score: without.score, turns: 5 });
  });

  it.each<[string, CallFact[]]>([
    [
      'that nobody answered',
      [
        {
          kind: 'call-failed',
          ...call,
          direction: 'outbound',
          failureReason: 'no_answer',
          initiatedAtMs: at(0),
          failedAtMs: at(30),
        },
      ],
    ],
    ['that a machine answered', [{ ...completed, outcome: 'machine' }]],
    ['that left a voicemail', [active, { ...completed, outcome: 'voicemail-left' }]],
    ['that was never connected', [{ ...completed, answeredAtMs: null, talkMs: 0 }]],
  ])('have no score for a call %s', (_, facts) => {
    expect(figures(initiated, ...facts, conversation)).toMatchObject({
      answered: false,
      score: null,
      awaitsConversation: false,
    });
    expect(figures(initiated, ...facts)).toMatchObject({ awaitsConversation: false });
  });
});

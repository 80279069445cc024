import fc from 'fast-check';
import type { CallFact, RecipientFact } from '../domain/facts.ts';

// Facts as they may come: contradictory ones, too, because figures must not depend on the order even then.

/** Few instants, so that facts of the same instant are frequent. */
const instant = fc.constantFrom(0, 1, 1_000, 2_000, 61_000, 200_000).map((ms) => 1_900_000_000_000 + ms);
const ofCall = (callId: string) => ({
  callId: fc.constant(callId),
  clinicId: fc.constant('clinic'),
});
const ofCampaignCall = (callId: string) => ({
  ...ofCall(callId),
  campaignId: fc.constantFrom('', 'campaign'),
  attemptId: fc.constantFrom('', `attempt of ${callId}`),
  direction: fc.constantFrom('inbound', 'unspecified'),
  initiatedAtMs: instant,
});
const outcome = fc.constantFrom(
  'confirmed',
  'abandoned',
  'no-input',
  'voicemail-left',
  'machine',
  'unspecified',
);

export function callFact(callId: string): fc.Arbitrary<CallFact> {
  return fc.oneof(
    fc.record({ kind: fc.constant('call-initiated' as const), ...ofCampaignCall(callId) }),
    fc.record({
      kind: fc.constant('call-changed' as const),
      ...ofCall(callId),
      campaignId: fc.constant(''),
      attemptId: fc.constant(''),
      toState: fc.constantFrom('ringing', 'active', 'completed'),
      changedAtMs: instant,
    }),
    fc.record({
      kind: fc.constant('call-completed' as const),
      ...ofCampaignCall(callId),
      outcome,
      endReason: fc.constantFrom('normal_clearing', 'swept'),
      answeredAtMs: fc.option(instant),
      endedAtMs: instant,
      talkMs: fc.option(fc.integer({ min: 0, max: 300_000 })),
    }),
    fc.record({
      kind: fc.constant('call-failed' as const),
      ...ofCampaignCall(callId),
      failureReason: fc.constant('no_answer'),
      failedAtMs: instant,
    }),
    fc.record({
      kind: fc.constant('call-escalated' as const),
      ...ofCampaignCall(callId),
      reason: fc.constantFrom('caller-asked', 'emergency', 'not-understood'),
      requestedAtMs: fc.option(instant),
      transferredAtMs: instant,
      endedAtMs: instant,
    }),
    fc.record({
      kind: fc.constant('conversation-ended' as const),
      ...ofCall(callId),
      turns: fc.nat(12),
      notUnderstood: fc.nat(6),
      silences: fc.nat(5),
      interruptions: fc.nat(5),
      responseMs: fc.array(fc.nat(9_000), { maxLength: 8 }),
      endedAtMs: instant,
    }),
    fc.record({ kind: fc.constant('grace-over' as const), ...ofCall(callId), atMs: instant }),
  );
}

export function recipientFact(recipientId: string): fc.Arbitrary<RecipientFact> {
  const common = {
    recipientId: fc.constant(recipientId),
    campaignId: fc.constant('campaign'),
    clinicId: fc.constant('clinic'),
  };
  return fc.oneof(
    fc.record({
      kind: fc.constant('call-queued' as const),
      attemptId: fc.constantFrom('a1', 'a2'),
      ...common,
    }),
    fc.record({
      kind: fc.constant('recipient-settled' as const),
      ...common,
      result: fc.constantFrom('confirmed', 'opted-out', 'not-reached', 'no-decision'),
      attempts: fc.nat(3),
      settledAtMs: instant,
    }),
  );
}

/** The same things in another order, some of them several times. */
export function againInAnyOrder<T>(things: readonly T[]): fc.Arbitrary<T[]> {
  return fc
    .array(fc.nat(), { maxLength: things.length })
    .map((extra) => [...things, ...extra.flatMap((n) => (things.length ? [things[n % things.length]!] : []))])
    .chain((all) => fc.shuffledSubarray(all, { minLength: all.length }));
}

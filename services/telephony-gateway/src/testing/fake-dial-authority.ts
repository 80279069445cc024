import { randomUUID } from 'node:crypto';
import { Personal } from '@wardline/personal-data';
import type { AllowedCall, DialAuthority } from '../ports/dial-authority.ts';

export interface FakeDialAuthority extends DialAuthority {
  /** While true, every question is rejected. */
  down: boolean;
  /** Why no call may be made; undefined: it may. */
  refusal: string | undefined;
  /** What is said of every call that is allowed. */
  call: Omit<AllowedCall, 'callId'>;
  /** Attempts that were asked about, oldest first. */
  readonly asked: readonly string[];
  callIdOf(attemptId: string): string;
  /** Answers wait until `release` is called; it lets those through that wait, and is over. */
  hold(): { release(): void };
}

export function createFakeDialAuthority(call: {
  to: string;
  clinicId: string;
  campaignId: string;
}): FakeDialAuthority {
  const callIds = new Map<string, string>();
  const asked: string[] = [];
  let held: Promise<void> | undefined;
  const fake: FakeDialAuthority = {
    down: false,
    refusal: undefined,
    call: {
      ...call,
      to: Personal.of(call.to),
      ringMs: 25_000,
      language: 'es-US',
      leavesVoicemail: false,
    },
    asked,
    callIdOf(attemptId) {
      const known = callIds.get(attemptId) ?? randomUUID();
      callIds.set(attemptId, known);
      return known;
    },
    hold() {
      const { promise, resolve } = Promise.withResolvers<void>();
      held = promise;
      return {
        release: () => {
          held = undefined;
          resolve();
        },
      };
    },
    async ask(_tenantId, attemptId) {
      asked.push(attemptId);
      await held;
      if (fake.down) throw new Error('campaigns is down');
      if (fake.refusal !== undefined) return { kind: 'refused', reason: fake.refusal };
      return { kind: 'allowed', call: { ...fake.call, callId: fake.callIdOf(attemptId) } };
    },
  };
  return fake;
}

import fc from 'fast-check';
import { isOpen, topicsFor } from './integrator-subscription.ts';

const offered = ['calls.initiated', 'calls.completed', 'appointments.changed'];

describe('topics of a subscription', () => {
  it('are never others than those offered, each once, and everything else is named', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.constantFrom(...offered, 'sms.send'), fc.string())), (asked) => {
        const { topics, refused } = topicsFor(asked, offered);
        expect(topics.filter((name) => !offered.includes(name))).toEqual([]);
        expect(new Set(topics).size).toBe(topics.length);
        expect(new Set([...topics, ...refused])).toEqual(new Set(asked));
      }),
    );
  });
});

it('access ends with its state and with its time', () => {
  const now = new Date('2026-11-21T10:00:00Z');
  const later = new Date('2026-11-21T10:00:01Z');
  expect(isOpen({ state: 'active', expiresAt: null }, now)).toBe(true);
  expect(isOpen({ state: 'active', expiresAt: later }, now)).toBe(true);
  expect(isOpen({ state: 'active', expiresAt: now }, now)).toBe(false);
  expect(isOpen({ state: 'paused', expiresAt: null }, now)).toBe(false);
  expect(isOpen({ state: 'disabled', expiresAt: later }, now)).toBe(false);
});

import { newClusterId } from './cluster-identity.ts';

it('makes no id that a command line would take for an option', () => {
  const drawn = [Buffer.alloc(16, 0xfb), Buffer.alloc(16, 1)];
  expect(drawn[0]?.toString('base64url')).toMatch(/^-/);
  expect(newClusterId(() => drawn.shift() ?? Buffer.alloc(16))).toBe('AQEBAQEBAQEBAQEBAQEBAQ');
});

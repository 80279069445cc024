import { createMemoryKeyValue } from '@wardline/key-value';
import { createSilentLogger } from '@wardline/observability';
import { createKeyValueLiveView } from './live-view.ts';

const tenantId = 'tenant-1';
const line = {
  sequence: 1,
  speaker: 'caller' as const,
  text: 'doctor sharma',
  confidence: 0.9,
  atMs: 0,
  interrupted: false,
};

it('sends the first partial at once, keeps back what follows quickly, and drops it for the final line', async () => {
  const keyValue = createMemoryKeyValue();
  const seen: Record<string, unknown>[] = [];
  await keyValue.subscribe('live:*', (_, message) =>
    seen.push(JSON.parse(message) as Record<string, unknown>),
  );
  const live = createKeyValueLiveView(keyValue, createSilentLogger());
  for (const text of ['doctor', 'doctor shar', 'doctor sharma'])
    live.partial(tenantId, 'call-1', { turn: 1, text });
  live.line(tenantId, 'call-1', line);
  live.close();
  await keyValue.close();
  expect(seen).toEqual([
    { kind: 'partial', callId: 'call-1', turn: 1, text: 'doctor' },
    {
      kind: 'line',
      callId: 'call-1',
      sequence: 1,
      speaker: 'caller',
      text: 'doctor sharma',
      confidence: 0.9,
      at: '1970-01-01T00:00:00.000Z',
      interrupted: false,
    },
  ]);
});

import { sign } from 'node:crypto';
import pg from 'pg';
import { createPrivateKey, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { demo } from '@wardline/contracts';
import type { RunningCopy } from '../../src/testing/running-copy.ts';

/** The carrier's webhooks as an attacker would send them, at the public port, with everything running behind it. */
export function describeCarrierWebhooks(copy: RunningCopy): void {
  describe('webhooks of the carrier', () => {
    let database: pg.Client;
    beforeAll(async () => {
      database = new pg.Client({ connectionString: copy.run.databaseAdminUrl });
      await database.connect();
    });
    afterAll(() => database.end());

    const secrets = () =>
      JSON.parse(readFileSync(path.join(copy.dataDir, 'secrets.json'), 'utf8')) as {
        simulator: { privateKey: string };
      };
    const signed = (body: string, timestamp: string) => {
      const key = createPrivateKey({
        key: Buffer.from(secrets().simulator.privateKey, 'base64'),
        format: 'der',
        type: 'pkcs8',
      });
      return {
        'telnyx-timestamp': timestamp,
        'telnyx-signature-ed25519': sign(null, Buffer.from(`${timestamp}|${body}`), key).toString('base64'),
      };
    };
    const now = (offsetSeconds = 0) => String(Math.floor(Date.now() / 1000) + offsetSeconds);
    const initiated = (callControlId: string, id: string = randomUUID()) =>
      JSON.stringify({
        data: {
          record_type: 'event',
          event_type: 'call.initiated',
          id,
          occurred_at: new Date().toISOString(),
          payload: {
            call_control_id: callControlId,
            call_leg_id: randomUUID(),
            call_session_id: randomUUID(),
            connection_id: '1',
            client_state: null,
            from: '+12025550144',
            to: demo.clinics[0].numbers[0],
            direction: 'incoming',
            state: 'parked',
          },
        },
        meta: { attempt: 1, delivered_to: 'https://example.test/webhooks/telnyx' },
      });
    const post = async (body: string, headers: Record<string, string>) =>
      (
        await fetch(`http://127.0.0.1:${copy.run.port}/webhooks/telnyx`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...headers },
          body,
        })
      ).status;
    const stored = async (callControlId: string) =>
      Number(
        (
          await database.query('SELECT count(*) AS n FROM telephony.calls WHERE call_control_id = $1', [
            callControlId,
          ])
        ).rows[0].n,
      );

    it('refuses one without signature, with a forged one, or with an old one, and stores nothing of it', async () => {
      const id = `v3:${randomUUID()}`;
      const body = initiated(id);
      expect([400, 401, 403]).toContain(await post(body, {}));
      expect([400, 401, 403]).toContain(
        await post(body, {
          ...signed(body, now()),
          'telnyx-signature-ed25519': Buffer.alloc(64, 7).toString('base64'),
        }),
      );
      expect([400, 401, 403]).toContain(
        await post(body.replace('12025550144', '12025550145'), signed(body, now())),
      );
      expect([400, 401, 403]).toContain(await post(body, signed(body, now(-3_600))));
      expect([400, 401, 403]).toContain(await post(body, { 'telnyx-timestamp': now() }));
      expect(await stored(id)).toBe(0);
    });

    it('accepts a good one once, however often and however simultaneously it is delivered', async () => {
      const id = `v3:${randomUUID()}`;
      const body = initiated(id);
      const statuses = await Promise.all(Array.from({ length: 12 }, () => post(body, signed(body, now()))));
      expect(new Set(statuses)).toEqual(new Set([200]));
      expect(await post(body, signed(body, now()))).toBe(200);
      expect(await stored(id)).toBe(1);
    });

    it('takes an event type that it does not know', async () => {
      const body = JSON.stringify({
        data: {
          record_type: 'event',
          event_type: 'call.something.new',
          id: randomUUID(),
          occurred_at: new Date().toISOString(),
          payload: { call_control_id: 'v3:x' },
        },
      });
      expect(await post(body, signed(body, now()))).toBe(200);
    });
  });
}

import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ConsolePage } from '../console-page.ts';
import { appointmentEvent } from '../events.ts';

export function describeIntegrations(view: ConsolePage): void {
  describe('integrations', () => {
    const { picture } = view;
    let answer = 204;
    const got: string[] = [];
    const receiver = http.createServer((req, res) => {
      got.push(String(req.headers['webhook-id']));
      req.resume();
      res.writeHead(answer).end();
    });
    const region = (name: string) => view.page.getByRole('region', { name, exact: true });
    const dialog = (name: string | RegExp) => view.page.getByRole('dialog', { name });

    beforeAll(async () => {
      await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
      await view.page.getByRole('link', { name: 'Integrations' }).click();
    });
    afterAll(() => {
      receiver.closeAllConnections();
      receiver.close();
    });

    it('says what there can be, and what this installation does not have', async () => {
      await view.page.getByText('No webhooks').waitFor();
      await view.page.getByText('No tokens').waitFor();
      await view.page.getByText('Not on this installation').waitFor();
      expect(await view.page.getByRole('link', { name: 'What each event says' }).getAttribute('href')).toBe(
        '/docs/events',
      );
      await picture('integrations-empty');
    });

    it('says why an address is refused', async () => {
      await view.page.getByRole('button', { name: 'New webhook' }).click();
      const form = dialog('New webhook');
      await form.getByLabel('Name').fill('Hospital information system');
      await form.getByLabel('Address').fill('https://10.1.2.3/hook');
      await form.getByRole('button', { name: 'Make webhook' }).click();
      await form.getByRole('alert').waitFor();
      await picture('webhook-refused');
    });

    it('makes a webhook, shows its secret once, and tries it', async () => {
      const { port } = receiver.address() as AddressInfo;
      const form = dialog('New webhook');
      await form.getByLabel('Address').fill(`http://127.0.0.1:${port}/wardline`);
      await form.getByRole('button', { name: 'Make webhook' }).click();
      const once = dialog(/^Signing secret/);
      expect(await once.getByLabel('Secret', { exact: true }).inputValue()).toMatch(/^whsec_/);
      await picture('webhook-secret');
      // Not lost by a slip of the hand.
      await view.page.keyboard.press('Escape');
      await once.getByRole('button', { name: 'I have kept it' }).click();
      await once.waitFor({ state: 'detached' });

      await view.page.getByRole('heading', { name: 'Hospital information system' }).waitFor();
      await view.page.getByRole('button', { name: 'Send a test event' }).click();
      await view.page.getByText('The test event was taken: HTTP 204').waitFor();
      expect(await view.page.content()).not.toContain('whsec_');
    });

    it('shows what was delivered, and sends it again', async () => {
      await view.gateway.publish(appointmentEvent('appointment-21', 1));
      const row = region('Deliveries').getByRole('row').filter({ hasText: 'Appointment changed' });
      await row.getByText('Delivered').first().waitFor();
      const before = got.length;
      await row.first().getByRole('button', { name: 'Send again' }).click();
      await view.page.getByText('It is being sent again.').waitFor();
      while (got.length === before) await new Promise((resolve) => setTimeout(resolve, 20));
      expect(got.at(-1)).toBe(got.at(-2));
    });

    it('shows what waits while the receiver fails, and goes on when it is back', async () => {
      answer = 503;
      await view.gateway.publish(
        appointmentEvent('appointment-22', 1),
        appointmentEvent('appointment-22', 2),
      );
      await region('Waiting').getByText('appointment-22').first().waitFor();
      await region('Deliveries').getByText('Failed').first().waitFor();
      await picture('webhook');
      answer = 204;
      await region('Waiting').waitFor({ state: 'detached', timeout: 60_000 });
    }, 90_000);

    it('pauses and resumes', async () => {
      await view.page.getByRole('button', { name: 'Pause' }).click();
      await view.page.getByText('Paused').waitFor();
      await view.page.getByRole('button', { name: 'Resume' }).click();
      await view.page.getByText('Delivering').waitFor();
    });

    it('says that Wardline has switched it off and why, and switches it on again', async () => {
      await view.gateway.admin.query(
        `update gateway.egress_subscriptions set state = 'disabled', state_reason = 'failing' where kind = 'webhook'`,
      );
      await view.page.getByRole('alert').getByText('Wardline has switched this webhook off').waitFor();
      await picture('webhook-off');
      await view.page.getByRole('button', { name: 'Switch on again' }).click();
      await view.page.getByText('Delivering').waitFor();
    });

    it('makes a token of the event stream, shows it once', async () => {
      await view.page.getByRole('link', { name: 'Integrations' }).first().click();
      await view.page.getByRole('button', { name: 'New token' }).click();
      const form = dialog('New token for the event stream');
      await form.getByLabel('Name').fill('Ward display');
      await picture('stream-new');
      await form.getByRole('button', { name: 'Make token' }).click();
      const once = dialog('Token for “Ward display”');
      expect(await once.getByLabel('Token', { exact: true }).inputValue()).toMatch(/^wl_/);
      await once.getByRole('button', { name: 'I have kept it' }).click();
      await once.waitFor({ state: 'detached' });
      await region('Event stream').getByText('never used').waitFor();
      expect(await view.page.content()).not.toContain('wl_');
    });

    it('makes Kafka access where there is Kafka, and shows its password once', async () => {
      // The shape of the gateway's answers; a cluster with users is tested there.
      const topics = {
        items: [] as unknown[],
        offeredTopics: ['calls.completed'],
        available: true,
        reason: null,
      };
      const access = {
        id: 'k1',
        kind: 'kafka',
        name: 'Data warehouse',
        topics: ['calls.completed'],
        personal: false,
      };
      const made = { ...access, state: 'active', createdAt: new Date(), expiresAt: null, lastUsedAt: null };
      const credentials = {
        ...{ brokers: ['kafka.example.org:9094'], securityProtocol: 'SASL_SSL', mechanism: 'SCRAM-SHA-512' },
        ...{
          username: 'wardline-riverside',
          password: 'shown-once',
          topic: 'egress.riverside',
          groupPrefix: 'riverside.',
        },
      };
      await view.page.route('**/api/v1/integrations/kafka', async (route) => {
        if (route.request().method() === 'GET') return route.fulfill({ json: topics });
        topics.items = [made];
        return route.fulfill({ status: 201, json: { ...made, credentials } });
      });
      await view.page.getByRole('link', { name: 'Live' }).click();
      await view.page.getByRole('link', { name: 'Integrations' }).click();
      await view.page.getByRole('button', { name: 'New access' }).click();
      const form = dialog('New Kafka access');
      await form.getByLabel('Name').fill('Data warehouse');
      await form.getByRole('button', { name: 'Make access' }).click();
      const once = dialog('Kafka access for “Data warehouse”');
      expect(await once.getByLabel('Password', { exact: true }).inputValue()).toBe('shown-once');
      await picture('kafka-access');
      await once.getByRole('button', { name: 'I have kept it' }).click();
      await once.waitFor({ state: 'detached' });
      await region('Kafka').getByText('Data warehouse').waitFor();
      expect(await view.page.content()).not.toContain('shown-once');
      await picture('integrations');
    });

    it('fits a telephone', async () => {
      await view.page.setViewportSize({ width: 390, height: 844 });
      for (const [address, name] of [
        ['Integrations', 'integrations'],
        ['Failed events', 'failed-events'],
      ] as const) {
        await view.page.getByRole('link', { name: address }).first().click();
        await view.page.getByRole('heading', { name: address, level: 1 }).waitFor();
        const [wide, seen] = (await view.page.evaluate(
          '[document.documentElement.scrollWidth, innerWidth]',
        )) as number[];
        expect(wide).toBeLessThanOrEqual(seen ?? 0);
        await picture(`${name}-narrow`);
      }
      await view.page.setViewportSize({ width: 1280, height: 900 });
      await view.page.getByRole('link', { name: 'Integrations' }).click();
    });

    it('revokes a token', async () => {
      await view.page.getByRole('button', { name: 'Revoke Ward display' }).click();
      await dialog('Revoke “Ward display”?').getByRole('button', { name: 'Revoke', exact: true }).click();
      await view.page.getByText('No tokens').waitFor();
    });

    it('deletes a webhook', async () => {
      await view.page.getByRole('link', { name: 'Hospital information system' }).click();
      await view.page.getByRole('button', { name: 'Delete…' }).click();
      await dialog(/^Delete/)
        .getByRole('button', { name: 'Delete', exact: true })
        .click();
      await view.page.getByText('No webhooks').waitFor();
    });
  });
}

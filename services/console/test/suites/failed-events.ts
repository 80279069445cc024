import { appointmentEvent, callEvent, SPREAD_HISTORY_SQL } from '../events.ts';
import { broken, handled, other } from '../gateway.ts';
import { until } from '../until.ts';
import type { ConsolePage } from '../console-page.ts';

export function describeFailedEvents(view: ConsolePage): void {
  describe('failed events', () => {
    const { picture } = view;
    beforeAll(() => view.page.getByRole('link', { name: 'Failed events' }).click());

    it('says so when nothing has failed', async () => {
      await view.page.getByText('Nothing has failed').waitFor();
      await view.page.getByText('Nothing is being retried').waitFor();
      await picture('failed-events-empty');
    });

    it('says so when it cannot be loaded, and tries again when asked', async () => {
      const parked = '**/api/v1/operations/parked';
      await view.page.route(parked, (route) =>
        route.fulfill({
          status: 403,
          contentType: 'application/problem+json',
          body: '{"detail":"Not just now."}',
        }),
      );
      await view.load();
      const region = view.page.getByRole('region', { name: 'Being retried' });
      await region.getByText('Not just now.').waitFor();
      await view.page.unroute(parked);
      await region.getByRole('button', { name: 'Try again' }).click();
      await region.getByText('Nothing is being retried').waitFor();
    });

    it('shows what failed with its history and what waits, and nothing of another hospital', async () => {
      for (const key of ['appointment-7', 'call-9', 'foreign', 'slow']) broken.add(key);
      await view.gateway.publish(
        ...[1, 2, 3].map((n) => appointmentEvent('appointment-7', n)),
        callEvent('call-9', 1),
        appointmentEvent('foreign', 1, other.tenantId),
        ...[1, 2].map((n) => callEvent('slow', n)),
        appointmentEvent('healthy', 1),
      );
      await until(async () => {
        const { rows } = await view.gateway.admin.query<{ dead: number; parked: number }>(
          'select (select count(*)::int from bus.dead_letters) as dead, (select count(*)::int from bus.parked) as parked',
        );
        return rows[0]?.dead === 3 && rows[0].parked === 7;
      });
      expect(handled).toEqual(['healthy 1']);
      for (const key of ['appointment-7', 'call-9'])
        await view.gateway.admin.query(SPREAD_HISTORY_SQL, [key]);

      await view.load();
      const given = view.page.getByRole('region', { name: 'Given up' });
      await given.getByRole('link', { name: 'Appointment changed' }).click();
      const detail = view.page.getByRole('article');
      await detail.getByRole('heading', { name: '7 attempts' }).waitFor();
      await detail.getByText('2 later events of its key wait behind it, in order.').waitFor();
      expect(await given.getByRole('listitem').count()).toBe(2);
      expect(await view.page.getByRole('link', { name: /Failed events/ }).textContent()).toContain('2');
      const text = await view.page.locator('body').innerText();
      expect(text).not.toContain('k1.bm9uY2U');
      expect(text).not.toContain('Sharma');
      await picture('failed-events');

      // By keyboard: the next one in the list.
      await given.getByRole('link', { name: 'Appointment changed' }).focus();
      const before = view.page.url();
      await view.page.keyboard.press(
        (await given.getByRole('link').first().innerText()).includes('Call') ? 'ArrowUp' : 'ArrowDown',
      );
      await view.page.getByRole('article', { name: 'Failed event Call completed' }).waitFor();
      await view.load(before);
    });

    it('offers nothing that the role of who looks would not be allowed', async () => {
      const letters = '**/api/v1/operations/dead-letters*';
      await view.page.route(letters, async (route) => {
        const response = await route.fetch();
        const found = (await response.json()) as Record<string, unknown>;
        await route.fulfill({ response, json: { ...found, mayRelease: false } });
      });
      await view.page.getByText('Your role may see failed events, but not release them.').waitFor();
      expect(await view.page.getByRole('button', { name: 'Replay…' }).count()).toBe(0);
      await view.page.unroute(letters);
      await view.page.getByRole('button', { name: 'Replay…' }).waitFor();
    });

    it('replays in order after the fix, once it is confirmed', async () => {
      await view.page.getByRole('button', { name: 'Replay…' }).click();
      const dialog = view.page.getByRole('dialog', { name: 'Replay this event?' });
      await dialog.getByText('then the 2 events that wait behind it, in order').waitFor();
      await picture('replay');
      await view.page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
      expect(handled).toEqual(['healthy 1']);

      broken.delete('appointment-7');
      await view.page.getByRole('button', { name: 'Replay…' }).click();
      await dialog.getByRole('button', { name: 'Replay', exact: true }).click();
      await view.page.getByText('It is being handled again. 2 events behind it follow.').waitFor();
      await until(async () => handled.length === 4);
      expect(handled.slice(1)).toEqual(['appointment-7 1', 'appointment-7 2', 'appointment-7 3']);
      await view.page.getByText('Choose an event').waitFor();
    });

    it('discards, once it is confirmed', async () => {
      await view.page.getByRole('link', { name: 'Call completed' }).click();
      await view.page.getByRole('button', { name: 'Discard…' }).click();
      const dialog = view.page.getByRole('dialog', { name: 'Discard this event?' });
      await dialog.getByText('This cannot be undone.').waitFor();
      await dialog.getByRole('button', { name: 'Discard', exact: true }).click();
      await view.page.getByText('It is left out.').waitFor();
      await view.page.getByText('Nothing has failed').waitFor();
      expect(handled).toHaveLength(4);
    });

    it('tells what is being retried', async () => {
      const retried = view.page.getByRole('region', { name: 'Being retried' });
      await retried.getByText('carrier does not answer').first().waitFor();
      await retried.getByText('1 waiting').waitFor();
    });
  });
}

import type { Locator } from 'playwright-core';
import type { FakeConsole } from '../fake-console.ts';
import { busyDay } from '../fake/busy-day.ts';
import type { FakeHospital } from '../fake/hospital.ts';
import { inSeconds } from '../fake/hospital.ts';
import { problem } from '../fake/server.ts';
import { until } from '../until.ts';

/** Counts the tones that are started. */
const countTones = `
  window.tones = 0;
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (...when) { window.tones += 1; return start.apply(this, when); };`;
/** Sound that the browser keeps back until the button for it is pressed. */
const blockSound = `
  window.allowSound = false;
  addEventListener('pointerdown', ({ target }) => {
    if (target.closest('button')?.textContent.includes('allow it')) window.allowSound = true;
  }, true);
  const resume = AudioContext.prototype.resume;
  Object.defineProperty(AudioContext.prototype, 'state', { get() { return window.allowSound ? 'running' : 'suspended'; } });
  AudioContext.prototype.resume = function () { return window.allowSound ? resume.call(this) : new Promise(() => {}); };`;

export function describeEscalations(view: FakeConsole): void {
  describe('Escalations', () => {
    const offer = (hospital: FakeHospital, facts: Parameters<FakeHospital['addEscalation']>[0] = {}) => {
      const item = hospital.addEscalation(facts);
      hospital.live('hand-off', { handOffId: item.id, callId: item.call, state: item.state });
      return item;
    };
    const tones = () => view.page.evaluate('window.tones') as Promise<number>;
    const alarm = () => view.page.locator('html').getAttribute('data-alarm');
    const presences = () =>
      view.hospital.requests.filter(({ path, method }) => path === '/presence' && method === 'PUT');
    const briefing = () => view.page.getByRole('region', { name: 'Briefing' });
    /** A key does nothing in the first moment of a call that has just appeared; a person presses again. */
    const press = (key: string, seen: Locator) =>
      until(async () => {
        await view.page.keyboard.press(key);
        return seen.isVisible();
      });
    const accepts = () => view.hospital.requests.filter(({ path }) => path.endsWith('/accept'));

    it('says that one is here, again and again, and that one is not any more', async () => {
      const page = await view.open('/escalations', { arrange: busyDay });
      await page.getByText('You are away').waitFor();
      await view.picture('escalations-away');
      await page.getByLabel('I am here').check();
      await page.getByText('You are here').waitFor();
      await until(async () => presences().length >= 2);
      expect(presences().map(({ body }) => body)).toEqual([{ present: true }, { present: true }]);
      await page.getByLabel('I am here').uncheck();
      await until(async () => presences().length >= 3);
      expect(presences().at(-1)?.body).toEqual({ present: false });
    }, 30_000);

    it('is still here after a reload', async () => {
      const page = await view.open('/');
      await page.getByLabel('I am here').check();
      await until(async () => presences().length === 1);
      await page.reload();
      await page.getByLabel('I am here').waitFor();
      expect(await page.getByLabel('I am here').isChecked()).toBe(true);
      await until(async () => presences().length === 2);
    });

    it('sounds on every page until the call is handled, and counts in the tab', async () => {
      const page = await view.open('/calls', { before: countTones });
      await page.getByLabel('I am here').check();
      await until(async () => (await tones()) === 1);
      offer(view.hospital);
      await until(async () => (await tones()) > 9);
      expect(await alarm()).toBe('ringing');
      expect(await page.title()).toBe('(1) Calls · Wardline');
      expect(await page.locator('link[rel="icon"]').getAttribute('href')).toContain('data:image/svg');
      await page.getByRole('link', { name: 'Escalations 1 waiting for a person' }).click();
      await press('a', page.getByText('Your telephone rings: +1 202 555 0171'));
      await until(async () => (await alarm()) === 'silent');
      const before = await tones();
      await page.waitForTimeout(3_500);
      expect(await tones()).toBe(before);
      expect(await page.title()).toBe('Escalations · Wardline');
    }, 30_000);

    it('is silent while muted, and for whoever is away', async () => {
      const page = await view.open('/escalations', { before: countTones, arrange: offer });
      await page.getByText('Maria Lopez').first().waitFor();
      expect(await alarm()).toBe('silent');
      await page.getByLabel('I am here').check();
      await until(async () => (await alarm()) === 'ringing');
      await page.getByRole('button', { name: 'Mute the alarm' }).click();
      expect(await alarm()).toBe('muted');
      const before = await tones();
      await page.waitForTimeout(3_500);
      expect(await tones()).toBe(before);
    }, 30_000);

    it('says that the browser keeps the sound back, and what to do', async () => {
      const page = await view.open('/escalations', { before: blockSound + countTones, arrange: offer });
      await page.getByLabel('I am here').check();
      const allow = page.getByRole('button', { name: 'Sound is blocked: allow it' });
      await allow.waitFor();
      expect(await alarm()).toBe('blocked');
      await view.picture('sound-blocked');
      await allow.click();
      await until(async () => (await alarm()) === 'ringing');
      await allow.waitFor({ state: 'detached' });
    });

    it('tells who, why and what was said before it is accepted; then whose telephone rings, until they are connected', async () => {
      const page = await view.open('/escalations', { arrange: busyDay });
      await page.getByLabel('I am here').check();
      const first = offer(view.hospital, { requestedAt: inSeconds(-9) });
      offer(view.hospital, {
        callerNumber: '+12025550177',
        reason: 'not-understood',
        briefing: { patientName: '', summary: 'Was not understood three times.', details: [], lines: [] },
      });
      await briefing().getByRole('heading', { name: 'Maria Lopez' }).waitFor();
      await briefing().getByText('Wants to move the appointment of Tuesday').waitFor();
      await briefing().getByText('Thursday afternoon', { exact: true }).waitFor();
      await briefing().getByText('Can I please talk to somebody?').waitFor();
      await briefing().getByText('left to accept').waitFor();
      expect(accepts()).toEqual([]);
      await view.picture('escalations-offered');
      expect(await view.violations()).toEqual([]);
      await page.getByRole('heading', { level: 1 }).focus();
      await press('Enter', briefing().getByText('Your telephone rings: +1 202 555 0171'));
      await view.picture('escalations-rings');
      view.hospital.changeEscalation(first, { state: 'connected', connectedAt: inSeconds(0) });
      await briefing().getByText('You are connected with Maria Lopez').waitFor();
      await view.picture('escalations-connected');
      expect(await view.violations()).toEqual([]);
      // The next one waits beside it, without a sound, until this one is over.
      expect(await alarm()).toBe('silent');
      view.hospital.changeEscalation(first, { endedAt: inSeconds(0) });
      await briefing().getByRole('heading', { name: '+1 202 555 0177' }).waitFor();
      expect(accepts()).toHaveLength(1);
    }, 30_000);

    it('shows a call as taken by the answer alone, and never as waiting again', async () => {
      const page = await view.open('/escalations', { arrange: offer });
      const { hospital } = view;
      await briefing().getByRole('button', { name: 'Accept' }).waitFor();
      const [item] = hospital.escalations;
      if (!item) throw new Error('nothing is offered');
      // What is asked for from now on is answered as it was then, and not before somebody says so.
      const held: (() => void)[] = [];
      const asItWas = async <T>(answer: T): Promise<T> => {
        const was = structuredClone(answer);
        await new Promise<void>((resolve) => held.push(resolve));
        return was;
      };
      hospital.on('GET', '/escalations', () => asItWas({ items: hospital.escalations, next: null }));
      hospital.on('GET', '/escalations/:id', () => asItWas(item));
      const { id, name } = hospital.me.user;
      // The live message of it is late, too.
      hospital.on('POST', '/escalations/:id/accept', () =>
        Object.assign(item, {
          ...{ state: 'accepted', acceptedAt: inSeconds(0), acceptedByUser: id, acceptedByName: name },
        }),
      );
      hospital.live('hand-off', { handOffId: item.id, callId: item.call, state: item.state });
      await until(async () => held.length >= 2);
      await briefing().getByRole('button', { name: 'Accept' }).click();
      const queue = page.getByRole('region', { name: 'Waiting for a person' });
      await queue.getByText('Telephone rings').waitFor();
      await briefing().getByText('Your telephone rings: +1 202 555 0171').waitFor();
      const isTaken = async () =>
        (await queue.getByText('Telephone rings').count()) === 1 &&
        (await queue.getByText(/s left/).count()) === 0 &&
        (await briefing().getByRole('button', { name: 'Accept' }).count()) === 0 &&
        (await page.title()) === 'Escalations · Wardline';
      expect(await isTaken()).toBe(true);
      for (const answer of held.splice(0, 2)) answer();
      for (let look = 0; look < 10; look += 1) {
        expect(await isTaken()).toBe(true);
        await page.waitForTimeout(50);
      }
    });

    it('calls whoever a campaign called a patient', async () => {
      await view.open('/escalations', {
        arrange: (hospital) => offer(hospital, { campaign: '01930000-0000-7000-9100-000000000001' }),
      });
      const said = briefing().getByRole('listitem');
      await said.getByText('Can I please talk to somebody?').waitFor();
      await briefing().getByText('Patient', { exact: true }).first().waitFor();
      expect(
        await briefing()
          .getByText(/caller/i)
          .count(),
      ).toBe(0);
      const [item] = view.hospital.escalations;
      if (item) view.hospital.changeEscalation(item, { state: 'abandoned', endedAt: inSeconds(0) });
      await briefing().getByText('The patient has hung up').waitFor();
      await view.picture('escalations-patient');
    });

    it('does not take a call for a key that was meant for something else', async () => {
      const page = await view.open('/escalations', { arrange: offer });
      await briefing().getByRole('heading', { name: 'Maria Lopez' }).waitFor();
      // "g a" goes to the appointments; its "a" is not an answer.
      await page.keyboard.press('g');
      await page.keyboard.press('a');
      await page.getByRole('heading', { name: 'Appointments', level: 1 }).waitFor();
      await page.keyboard.press('g');
      await page.keyboard.press('e');
      await page.getByRole('button', { name: 'Decline' }).focus();
      await page.keyboard.press('Control+a');
      await page.keyboard.press('Enter');
      await page.getByText('Nobody is waiting').waitFor();
      expect(accepts()).toEqual([]);
    });

    it('leaves a call to others', async () => {
      const page = await view.open('/escalations', { arrange: offer });
      await briefing().getByRole('heading', { name: 'Maria Lopez' }).waitFor();
      await press('d', page.getByText('Nobody is waiting'));
      await briefing().getByText('No call to take').waitFor();
      expect(await page.title()).toBe('Escalations · Wardline');
    });

    it('says who was quicker, at the desk and after the attempt', async () => {
      const page = await view.open('/escalations', { arrange: offer });
      await briefing().getByRole('button', { name: 'Accept' }).waitFor();
      const [item] = view.hospital.escalations;
      if (!item) throw new Error('nothing is offered');
      // Nobody has told this page yet.
      Object.assign(item, { state: 'accepted', acceptedByUser: 'other', acceptedByName: 'Taylor Reed' });
      await briefing().getByRole('button', { name: 'Accept' }).click();
      await page.getByRole('alert').getByText('Taylor Reed has taken it.').waitFor();
      await briefing().getByText('Taylor Reed has taken it').waitFor();
      await view.picture('escalations-taken');
      view.hospital.changeEscalation(item, { state: 'connected', connectedAt: inSeconds(0) });
      await briefing().getByText('They are talking.').waitFor();
    });

    it.each([
      ['abandoned', 'The caller has hung up'],
      ['timed-out', 'Nobody took it in time'],
      ['declined', 'Everybody declined'],
    ] as const)('says why nobody talks: %s', async (state, words) => {
      await view.open('/escalations', { arrange: offer });
      await briefing().getByRole('button', { name: 'Accept' }).waitFor();
      const [item] = view.hospital.escalations;
      if (item) view.hospital.changeEscalation(item, { state, endedAt: inSeconds(0) });
      await briefing().getByText(words).waitFor();
      expect(await briefing().getByRole('button', { name: 'Accept' }).count()).toBe(0);
    });

    it('says why a call could not be taken, and leaves it there', async () => {
      const page = await view.open('/escalations', { arrange: offer });
      view.hospital.on('POST', '/escalations/:id/accept', () => problem(503, 'busy', 'Please try again.'));
      await briefing().getByRole('button', { name: 'Accept' }).click();
      await briefing().getByRole('alert').getByText('Please try again.').waitFor();
      expect(await page.getByRole('button', { name: 'Accept' }).isEnabled()).toBe(true);
    });

    it('asks for a number where none is on record', async () => {
      const page = await view.open('/escalations', {
        arrange: (hospital) => {
          hospital.me.user.phone = null;
          offer(hospital);
        },
      });
      const accept = briefing().getByRole('button', { name: 'Accept' });
      await accept.waitFor();
      expect(await accept.isDisabled()).toBe(true);
      await page.getByLabel('Call me at').fill('+1 202 555 0172');
      await accept.click();
      await until(async () => accepts().length === 1);
      expect(accepts()[0]?.body).toEqual({ number: '+12025550172' });
    });

    it('lists who is to be called back, and ticks them off', async () => {
      const page = await view.open('/escalations', { arrange: busyDay });
      const list = page.getByRole('region', { name: 'To call back' });
      const rows = list.getByRole('listitem');
      await rows.first().waitFor();
      expect(await rows.first().innerText()).toContain('my car broke down');
      expect(await rows.last().innerText()).toContain('Done by Taylor Reed');
      await list.getByRole('button', { name: 'Done: +1 202 555 0161' }).first().click();
      await page.getByText('+1 202 555 0161 is ticked off.').waitFor();
      await until(async () => (await list.getByRole('button').count()) === 1);
    });
  });
}

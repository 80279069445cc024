import type { FakeConsole } from '../fake-console.ts';
import { until } from '../until.ts';

export function describeSignIn(view: FakeConsole): void {
  describe('signing in', () => {
    it('comes back to the page that was asked for, keeps no token where another page could find it', async () => {
      const page = await view.open('/calls?direction=outbound');
      expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe('/calls?direction=outbound');
      const kept = await page.evaluate(
        'JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])',
      );
      const token = view.hospital.requests.find(({ path }) => path === '/me')?.headers.authorization;
      expect(token).toMatch(/^Bearer .{10}/);
      expect(kept).not.toContain(token?.slice('Bearer '.length));
      expect(kept).not.toContain('verifier');
    });

    it('is silent after a reload, and on the same page', async () => {
      const page = await view.open('/escalations');
      await page.reload();
      await page.getByRole('heading', { name: 'Escalations', level: 1 }).waitFor();
      expect(view.hospital.provider.counts).toMatchObject({ signIns: 1, codes: 2 });
      expect(new URL(page.url()).pathname).toBe('/escalations');
    });

    it('renews a token before it runs out, once for however many requests', async () => {
      const page = await view.open('/', { arrange: (hospital) => (hospital.provider.lifeSeconds = 2) });
      const { counts } = view.hospital.provider;
      await until(async () => counts.refreshes >= 2);
      view.hospital.provider.lifeSeconds = 600;
      await page.getByRole('link', { name: 'Calls', exact: true }).click();
      await page.getByText('No calls yet').waitFor();
      expect(counts).toMatchObject({ signIns: 1, codes: 1 });
    });

    it('renews a token that is refused, and asks again', async () => {
      const page = await view.open('/');
      view.hospital.provider.forgetAccess();
      await page.getByRole('link', { name: 'Calls', exact: true }).click();
      await page.getByText('No calls yet').waitFor();
      expect(view.hospital.provider.counts).toMatchObject({ signIns: 1, refreshes: 1, codes: 1 });
    });

    it('asks to sign in again when the session is over, and goes on where one was', async () => {
      const page = await view.open('/calls');
      await page.getByRole('link', { name: 'Live', exact: true }).click();
      await page.getByRole('heading', { name: 'Live at Riverside Clinic' }).waitFor();
      // The page itself asks next, at a time of its own: whoever clicks may find the sign-in under the pointer.
      view.hospital.provider.forgetEverything();
      view.hospital.live('call', {});
      await page.getByLabel('Password').waitFor();
      await view.signIn();
      await page.getByRole('heading', { name: 'Live at Riverside Clinic' }).waitFor();
      expect(view.hospital.provider.counts.signIns).toBe(2);
    });

    it('says when the sign-in was not completed, and begins anew', async () => {
      const page = await view.open('/');
      await page.evaluate(`sessionStorage.setItem('wardline.sign-in',
        JSON.stringify({ state: 'another', verifier: 'x'.repeat(43), returnTo: '/' }))`);
      await page.goto(`${view.hospital.url}/signed-in?code=stolen&state=wrong`);
      await page.getByRole('alert').getByText('The sign-in was not completed.').waitFor();
      await page.getByRole('button', { name: 'Try again' }).click();
      await page.getByRole('heading', { name: 'Live at Riverside Clinic' }).waitFor();
    });

    it('signs out of the provider, too', async () => {
      const page = await view.open('/');
      await page.getByRole('button', { name: 'Jordan Ellis' }).click();
      await page.getByRole('menuitem', { name: 'Sign out' }).click();
      await page.getByLabel('E-mail').waitFor();
      await page.goBack();
      await page.getByLabel('E-mail').waitFor();
    });
  });
}

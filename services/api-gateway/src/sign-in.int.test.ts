import { demo } from '@wardline/contracts';
import { signIn } from '@wardline/staff-sign-in';
import { startGateway, type TestGateway } from './testing/gateway-process.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway?.stop());

const { staff } = demo.clinics[0];

describe('signing in', () => {
  it('gives a token for the API', async () => {
    const signedIn = await signIn({ baseUrl: gateway.url, login: staff.login, password: staff.password });
    const answer = await fetch(`${gateway.url}/api/v1/me`, { headers: await signedIn.headers() });
    expect(await answer.json()).toMatchObject({ user: { id: staff.userId, role: 'admin' } });
  });
});

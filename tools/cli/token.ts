import { findRunningCopy } from '@wardline/carrier-simulator/harness';
import { demo } from '@wardline/contracts';
import { signIn } from '@wardline/staff-sign-in';
import { parseArgs } from 'node:util';

const help = `Signs in as a member of staff and prints an access token, for curl and scripts. It is good for ten minutes.

  npm run --silent token                        the demo hospital's administrator at the running copy
      --login E-MAIL --password WORDS           somebody else
      --url URL                                 another platform's address

  curl -H "authorization: Bearer $(npm run --silent token)" http://localhost:8080/api/v1/me
`;

const { values } = parseArgs({
  options: {
    login: { type: 'string' },
    password: { type: 'string' },
    url: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  },
});
if (values.help) process.stdout.write(help);
else {
  const [{ staff }] = demo.clinics;
  const baseUrl = values.url ?? new URL(findRunningCopy().apiUrl).origin;
  const { login = staff.login, password = staff.password } = values;
  const signedIn = await signIn({ baseUrl, login, password });
  process.stdout.write(`${await signedIn.accessToken()}\n`);
}

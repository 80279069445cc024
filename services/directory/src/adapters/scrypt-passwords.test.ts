import { createScryptPasswords, currentCost, PasswordChecksBusy } from './scrypt-passwords.ts';

const cheap = { N: 2 ** 10, r: 8, p: 1 };

describe('passwords', () => {
  it('matches the right password only, with a salt per hash and the cost in it', async () => {
    const passwords = createScryptPasswords(cheap);
    const [one, two] = [await passwords.hash('riverside-demo'), await passwords.hash('riverside-demo')];
    expect(one).not.toBe(two);
    expect(one).toMatch(/^scrypt\$1024\$8\$1\$/);
    expect(await passwords.verify('riverside-demo', one)).toBe(true);
    expect(await passwords.verify('riverside-Demo', one)).toBe(false);
  });

  it('still checks a hash of an older cost', async () => {
    const old = await createScryptPasswords(cheap).hash('secret');
    const now = createScryptPasswords({ N: 2 ** 11, r: 8, p: 2 });
    expect(await now.verify('secret', old)).toBe(true);
  });

  it('is the same password however its accents were typed', async () => {
    const passwords = createScryptPasswords(cheap);
    expect(await passwords.verify('Zoe\u0308', await passwords.hash('Zo\u00eb'))).toBe(true);
  });

  it('does the same work for a user who does not exist', async () => {
    const passwords = createScryptPasswords();
    expect(await passwords.verify('anything', undefined)).toBe(false);
    const cpu = async (work: Promise<boolean>): Promise<number> => {
      const before = process.cpuUsage();
      await work;
      const { user, system } = process.cpuUsage(before);
      return user + system;
    };
    const known = await passwords.hash('secret');
    const wrong = await cpu(passwords.verify('wrong', known));
    const unknown = await cpu(passwords.verify('wrong', undefined));
    // CPU time rather than the clock, and a wide margin: skipping the hash would be a thousandth, not a third.
    expect(unknown).toBeGreaterThan(wrong / 3);
    expect(currentCost.N * currentCost.p).toBeGreaterThanOrEqual(2 ** 15 * 3);
  });

  it('refuses rather than queueing without end', async () => {
    const passwords = createScryptPasswords(cheap);
    const results = await Promise.allSettled(
      Array.from({ length: 60 }, () => passwords.verify('x', undefined)),
    );
    const refused = results.filter((r) => r.status === 'rejected');
    expect(refused).toHaveLength(8);
    expect(refused.every((r) => r.reason instanceof PasswordChecksBusy)).toBe(true);
    expect(await passwords.verify('x', undefined)).toBe(false);
  });
});

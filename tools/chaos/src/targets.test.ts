import { createRandom } from './random.ts';
import { postgresTargets } from './targets.ts';

describe('the targets on PostgreSQL', () => {
  it('never restart the one server in two ways at once, and skip none', async () => {
    const under: string[] = [];
    const restarts: PromiseWithResolvers<number>[] = [];
    const targets = postgresTargets(
      {
        restart(how) {
          under.push(how);
          const restart = Promise.withResolvers<number>();
          restarts.push(restart);
          return restart.promise;
        },
      },
      1,
    );
    const random = createRandom(1);
    const first = await targets[0]!.breakIt(random);
    const second = targets[1]!.breakIt(random);
    await new Promise((done) => setImmediate(done));
    expect(under).toEqual(['SIGKILL']);

    restarts[0]!.reject(new Error('never back'));
    await expect(first!.whole).rejects.toThrow('never back');
    await second;
    expect(under).toEqual(['SIGKILL', 'fast']);
  });
});

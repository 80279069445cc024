import { tick, useDiallingBench } from '../testing/use-dialling-bench.ts';

const dialling = useDiallingBench();
const { asked, settled, pass, publish, queue, callOf, dialRow, dialsOf, another } = dialling;

describe('permission', () => {
  it('that is refused dials nobody, and frees the place', async () => {
    dialling.bench.authority.refusal = 'paused';
    const refused = [await queue(), await queue(), await queue()];
    for (const attemptId of refused) {
      expect(await callOf(attemptId)).toEqual({});
      expect(await dialRow(attemptId)).toMatchObject({ state: 'refused', reason: 'paused' });
    }
    dialling.bench.authority.refusal = undefined;
    expect(dialsOf(await queue())).toHaveLength(1);
  });

  it('that nobody answers dials nobody, and is asked for again until the time is over', async () => {
    dialling.bench.authority.down = true;
    const attemptId = await queue({ inMs: 5_000 });
    await pass(3_000);
    expect(dialling.bench.authority.asked.filter((asked) => asked === attemptId).length).toBeGreaterThan(1);
    await pass(3_000);
    dialling.bench.authority.down = false;
    await pass(10_000);
    expect(await dialRow(attemptId)).toMatchObject({ state: 'too-late' });
    expect(await callOf(attemptId)).toEqual({});
  });

  it('is given later, when campaigns is back in time', async () => {
    dialling.bench.authority.down = true;
    const attemptId = await queue();
    dialling.bench.authority.down = false;
    await pass(1_500);
    expect(dialsOf(attemptId)).toHaveLength(1);
  });

  it('is not asked for before there is a number to call from', async () => {
    dialling.bench.clinics.down = true;
    const attemptId = await queue();
    expect(dialling.bench.authority.asked).not.toContain(attemptId);
    dialling.bench.clinics.down = false;
    await pass(1_500);
    expect(dialsOf(attemptId)).toHaveLength(1);
  });

  it('is not asked for when the time is over', async () => {
    const attemptId = await queue({ inMs: -1 });
    expect(dialling.bench.authority.asked).not.toContain(attemptId);
    expect(await dialRow(attemptId)).toMatchObject({ state: 'too-late' });
  });
});

describe('two instances', () => {
  it('that go through the same queue dial each once', async () => {
    const other = await another();
    const attempts = [publish(), publish()];
    await settled();
    await settled(other);
    await pass(tick);
    await settled(other);
    for (const attemptId of attempts) expect(dialsOf(attemptId)).toHaveLength(1);
  });

  it('of which one was asleep between the question and the answer dial once', async () => {
    const other = await another();
    const held = dialling.bench.authority.hold();
    const attemptId = publish({ inMs: 3_600_000 });
    await asked(attemptId);
    // The lease has run out, and the dial is taken by whoever comes first: asked for twice before it is answered.
    const countAsked = () => dialling.bench.authority.asked.filter((asked) => asked === attemptId).length;
    while (countAsked() < 2) {
      dialling.bench.clock.advance(11_000);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    held.release();
    await settled();
    await settled(other);
    expect(dialsOf(attemptId)).toHaveLength(1);
    const { rows } = await dialling.bench.admin.query('select 1 from telephony.commands where call_id = $1', [
      dialling.bench.authority.callIdOf(attemptId),
    ]);
    expect(rows).toHaveLength(1);
  });
});

it('does not dial on a yes that comes after its dial was taken away and refused', async () => {
  const held = dialling.bench.authority.hold();
  const attemptId = publish();
  await asked(attemptId);
  // Another one took it up when the lease had run out, and was told no: paused, meanwhile.
  await dialling.bench.admin.query(
    `update telephony.dials set tries = tries + 1, state = 'refused', reason = 'paused', next_try_at = null
     where attempt_id = $1`,
    [attemptId],
  );
  held.release();
  await settled();
  expect(await callOf(attemptId)).toEqual({});
  expect(dialsOf(attemptId)).toEqual([]);
});

import { setTimeout as pause } from 'node:timers/promises';
import type { CallerEar } from '../src/ports/caller-ear.ts';
import type { CallTruth } from '../src/people/truth.ts';
import { startScriptedPlatform, until } from './scripted-platform.ts';

const who = 'am i speaking with emily walker';
const come =
  'you have an appointment with doctor anita sharma on tuesday november the third at nine a m will you come you can also move it or cancel it';
const bye = 'thank you goodbye';

/** What each of them hears, turn by turn, and what they make of it. */
const patients = [
  ['confirm', [who, come, bye], ['confirm'], /yes/],
  ['confirm-by-key', [who, come, bye], ['confirm'], /presses 1/],
  ['confused', [who, come, come, bye], ['confirm'], /yes/],
  [
    'cancel',
    [who, come, 'shall i cancel your appointment on tuesday', bye],
    ['cancel', 'cancel-agreed'],
    /cancel/,
  ],
  [
    'move',
    [
      who,
      come,
      'doctor anita sharma is free on monday at nine a m or ten a m which one would you like',
      'i move your appointment to monday at ten a m with doctor anita sharma is that right',
      bye,
    ],
    ['move', 'chose', 'move-agreed'],
    /the second one/,
  ],
  ['asks-for-person', [who, come], ['person'], /person/],
  ['do-not-call', [who, come, bye], ['opt-out'], /call/],
  [
    'opt-out-by-key',
    [`if you want no more of these calls say stop calling me or press nine ${who}`, bye],
    ['opt-out'],
    /presses 9/,
  ],
  ['wrong-person', [who, 'can emily walker come to the phone', bye], ['wrong-person'], /no/],
  ['silent', [who, who], [], undefined],
  ['hangs-up', [], ['hang-up'], /hello/i],
] as const;

/** Without what they talked over, as it happens on a busy machine: that is said again. */
const heardBy = ({ heard }: CallTruth) =>
  heard.map(({ text }) => text).filter((text) => text !== '(talked over)');

/** Every call hears its own texts, one for each turn of the platform, in the order in which the calls were dialled. */
function earsFor(texts: readonly (readonly string[])[]): CallerEar {
  let opened = 0;
  return {
    open: () => {
      const mine = [...(texts[opened++] ?? [])];
      return { begin() {}, push() {}, finish: () => Promise.resolve(mine.shift() ?? ''), close() {} };
    },
    close: () => Promise.resolve(),
  };
}

describe('patients who are called, all at once', () => {
  let platform: Awaited<ReturnType<typeof startScriptedPlatform>>;
  const truths = new Map<string, CallTruth>();
  const numberOf = (i: number) => `+12025550${String(110 + i)}`;

  beforeAll(async () => {
    platform = await startScriptedPlatform({ ear: earsFor(patients.map(([, hears]) => hears)) });
    platform.onEvent = (event) => {
      if (event.type !== 'call.answered') return;
      void platform.client.calls.actions.startStreaming(event.payload['call_control_id'] as string, {
        stream_url: platform.streamUrl,
        stream_bidirectional_mode: 'rtp',
      });
    };
    await platform.people(
      ...patients.map(([behaviour], i) => ({
        number: numberOf(i),
        behaviour,
        ringMs: 50,
        wants: { accepts: 'second' as const },
        appointment: { doctor: 'sharma', date: 'tuesday november the third', time: 'nine a m' },
      })),
    );
    const ids: string[] = [];
    // One after the other: the ears are handed out in that order.
    for (const [i] of patients.entries()) ids.push((await platform.dial(numberOf(i))).call_control_id);
    await Promise.all(ids.map((id, i) => converse(i, id, patients[i]![1].length)));
    for (const truth of await platform.truths()) truths.set(truth.to, truth);
  }, 120_000);
  afterAll(() => platform.stop());

  const truthOf = async (i: number) => (await platform.truths(numberOf(i)))[0]!;
  /** Asked seldom: each answer goes through the whole call, and all calls are in real time. */
  const seen = async (i: number, condition: (truth: CallTruth) => boolean, msMax = 30_000) => {
    for (const since = performance.now(); performance.now() - since < msMax; await pause(60)) {
      const truth = await truthOf(i);
      if (condition(truth)) return truth;
    }
    return undefined;
  };

  /** The platform's part: waits for the hello, then speaks as often as there is something to hear. */
  async function converse(i: number, id: string, turns: number): Promise<void> {
    if (turns === 0) return void (await seen(i, ({ end }) => end !== null));
    const peer = await until(() =>
      platform.peers.find(
        (p) => (p.of('start')[0]?.['start'] as { call_control_id?: string })?.call_control_id === id,
      ),
    );
    await seen(i, ({ said, behaviour }) => said.length > 0 || behaviour === 'silent');
    for (let turn = 0; turn < turns; turn++) {
      const before = await truthOf(i);
      // Whoever is speaking just then does not hear it: it is said again.
      do peer.play(300, `turn-${turn}`);
      while (!(await seen(i, (now) => heardBy(now).length > heardBy(before).length, 4_000)));
      if (turn < turns - 1 && before.behaviour !== 'silent')
        await seen(i, ({ said }) => said.length > before.said.length);
    }
    await platform.client.calls.actions.hangup(id, {});
    await seen(i, ({ end }) => end !== null);
  }

  it.each(
    patients.map(([behaviour, hears, decisions, said], i) => ({ behaviour, hears, decisions, said, i })),
  )('$behaviour: decides $decisions', ({ behaviour, hears, decisions, said, i }) => {
    const truth = truths.get(numberOf(i))!;
    expect(truth.behaviour).toBe(behaviour);
    expect(truth.decisions.map((d) => d.decision)).toEqual(decisions);
    expect(heardBy(truth)).toEqual(hears);
    if (said) expect(truth.said.map((s) => s.text).join(' ')).toMatch(said);
    else expect(truth.said).toEqual([]);
    expect(truth.decisions.every((d) => d.fitted || behaviour === 'hangs-up')).toBe(true);
    expect(truth.soundBeforeAnswerMs).toBe(0);
    expect(truth.violations).toEqual([]);
    expect(truth.end?.by).toBe(behaviour === 'hangs-up' ? 'callee' : 'platform');
  });

  it('know whether they were told of the right appointment', () => {
    expect(truths.get(numberOf(0))!.readBack).toBe('right');
    expect(truths.get(numberOf(8))!.readBack).not.toBe('right');
  });
});

import { Playback, type PlaybackAction, type UtteranceRequest } from './playback.ts';

const request = (id: string, text: string, more: Partial<UtteranceRequest> = {}): UtteranceRequest => ({
  id,
  text,
  interruptible: true,
  rate: 1,
  origin: 'dialogue',
  ...more,
});

/** Gives every clause `frames` frames, the n-th of them holding n. */
function make(playback: Playback, frames: number): void {
  for (let clause = playback.nextToMake(99); clause !== undefined; clause = playback.nextToMake(99)) {
    const audio = Array.from({ length: frames }, (_, index) => Uint8Array.of(index));
    playback.attach(clause, { frames: audio, voicedFrames: frames });
  }
}

const kinds = (actions: readonly PlaybackAction[]) => actions.map((action) => action.type);
const marksOf = (actions: readonly PlaybackAction[]) =>
  actions.flatMap((action) => (action.type === 'mark' ? [action.name] : []));

/** Pumps every 20 ms from `from` up to and including `to`. */
function run(playback: Playback, from: number, to: number, floorTaken = false): PlaybackAction[] {
  const actions: PlaybackAction[] = [];
  for (let now = from; now <= to; now += 20) actions.push(...playback.pump(now, floorTaken));
  return actions;
}

it('sends the first frames at once and keeps a small lead', () => {
  const playback = new Playback({ leadMs: 60 });
  playback.add(request('a', 'one two three.'));
  make(playback, 50);
  const first = playback.pump(1_000, false);
  expect(kinds(first)).toEqual(['started', 'frame', 'frame', 'frame']);
  expect(kinds(run(playback, 1_020, 1_100))).toEqual(['frame', 'frame', 'frame', 'frame', 'frame']);
});

it('catches up after a stall, and reports the gap when the carrier ran dry', () => {
  const playback = new Playback({ leadMs: 60 });
  playback.add(request('a', 'one two three.'));
  make(playback, 50);
  playback.pump(0, false);
  expect(kinds(playback.pump(50, false))).toEqual(['frame', 'frame', 'frame']);
  const late = playback.pump(200, false);
  expect(late[0]).toEqual({ type: 'gap', gapMs: 80 });
  expect(kinds(late).slice(1)).toEqual(['frame', 'frame', 'frame']);
});

it('marks each clause and ends with what was confirmed', () => {
  const playback = new Playback({ leadMs: 60 });
  playback.add(request('a', 'First sentence. Second one.'));
  make(playback, 5);
  const sent = run(playback, 0, 180);
  expect(marksOf(sent)).toEqual(['0.1.0', '0.1.1']);
  playback.confirm('0.1.0', 100);
  const silent = playback.pump(200, false);
  expect(silent).toEqual([{ type: 'drained', at: 200 }]);
  expect(playback.confirm('0.1.1', 230)).toEqual([
    {
      type: 'ended',
      request: request('a', 'First sentence. Second one.'),
      end: 'played',
      heardText: 'First sentence. Second one.',
    },
  ]);
  expect(playback.idle).toBe(true);
});

it('takes an utterance as heard when no mark comes, and trusts none that comes too early', () => {
  const playback = new Playback({ leadMs: 60 });
  playback.add(request('a', 'One.'));
  make(playback, 20);
  run(playback, 0, 340);
  expect(playback.confirm('0.1.0', 200)).toEqual([]);
  expect(kinds(run(playback, 360, 640))).toEqual(['drained']);
  expect(kinds(playback.pump(650, false))).toEqual(['ended']);
});

it('keeps what was held and repeats the clause it was stopped in', () => {
  const playback = new Playback({ leadMs: 60 });
  playback.add(request('a', 'First sentence. Second one.'));
  make(playback, 10);
  run(playback, 0, 280);
  expect(kinds(playback.hold(290))).toEqual(['clear']);
  expect(run(playback, 300, 600)).toEqual([]);
  playback.resume(620);
  const again = playback.pump(620, false);
  expect(again.flatMap((action) => (action.type === 'frame' ? [action.frame[0]] : []))).toEqual([0, 1, 2]);
  // A mark from before the clear confirms nothing.
  expect(playback.confirm('0.1.1', 2_000)).toEqual([]);
  const rest = run(playback, 640, 900);
  expect(marksOf(rest)).toEqual(['1.1.1']);
});

it('ends an interrupted utterance with the words that were heard', () => {
  const playback = new Playback({ leadMs: 60 });
  playback.add(request('a', 'We have Tuesday at ten.'));
  playback.add(request('b', 'Would that suit you?'));
  make(playback, 100);
  run(playback, 0, 1_000);
  playback.hold(1_000);
  const ended = playback.interrupt(1_200);
  expect(ended).toEqual([
    expect.objectContaining({ type: 'ended', end: 'interrupted', heardText: 'We have' }),
    expect.objectContaining({ type: 'ended', end: 'interrupted', heardText: '' }),
    { type: 'drained', at: 1_000 },
  ]);
  expect(playback.idle).toBe(true);
});

it('says what may not be interrupted after the interruption', () => {
  const playback = new Playback({ leadMs: 60 });
  playback.add(request('a', 'We have Tuesday at ten.'));
  playback.add(request('b', 'Emergency.', { interruptible: false }));
  make(playback, 20);
  run(playback, 0, 100);
  playback.hold(100);
  expect(kinds(playback.interrupt(300))).toEqual(['ended', 'drained']);
  expect(kinds(playback.pump(300, true)).slice(0, 2)).toEqual(['started', 'frame']);
});

it('does not begin while the caller has the floor, unless it must be heard', () => {
  const playback = new Playback({ leadMs: 60 });
  playback.add(request('a', 'Hello.'));
  make(playback, 5);
  expect(run(playback, 0, 400, true)).toEqual([]);
  expect(kinds(playback.pump(420, false))[0]).toBe('started');
  const urgent = new Playback({ leadMs: 60 });
  urgent.add(request('b', 'Emergency.', { interruptible: false }));
  make(urgent, 5);
  expect(kinds(urgent.pump(0, true))[0]).toBe('started');
});

it('keeps what may be cleared away from the tail of what may not', () => {
  const playback = new Playback({ leadMs: 60 });
  playback.add(request('a', 'Emergency.', { interruptible: false }));
  playback.add(request('b', 'Hello.'));
  make(playback, 5);
  const starts: [string, number][] = [];
  for (let now = 0; now <= 200; now += 20) {
    for (const action of playback.pump(now, false))
      if (action.type === 'started') starts.push([action.request.id, now]);
  }
  expect(starts).toEqual([
    ['a', 0],
    ['b', 100],
  ]);
});

it('replaces everything, also what was held', () => {
  const playback = new Playback({ leadMs: 60 });
  playback.add(request('a', 'We have Tuesday at ten.', { interruptible: false }));
  make(playback, 50);
  run(playback, 0, 500);
  expect(kinds(playback.replaceAll(500))).toEqual(['clear', 'ended', 'drained']);
  playback.add(request('b', 'One. Two.'));
  make(playback, 20);
  run(playback, 520, 600);
  playback.hold(600);
  expect(kinds(playback.replaceAll(640))).toEqual(['ended', 'drained']);
  expect(playback.held).toBe(false);
});

it('gives up an utterance without a voice', () => {
  const playback = new Playback({ leadMs: 60 });
  playback.add(request('a', 'One. Two.'));
  expect(playback.fail(1, 0)).toEqual([
    { type: 'ended', request: request('a', 'One. Two.'), end: 'failed', heardText: '' },
  ]);
  expect(playback.fail(1, 0)).toEqual([]);
});

it('lets an utterance without words end at once', () => {
  const playback = new Playback({ leadMs: 60 });
  playback.add(request('a', ' '));
  expect(kinds(playback.pump(0, false))).toEqual(['ended']);
});

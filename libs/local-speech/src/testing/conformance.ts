import { peakDbfs } from '@wardline/audio';
import type { Recogniser, RecogniserSession, Synthesiser, Vad } from '../api.ts';

/** Waits until `condition` holds; the test's own time limit ends it otherwise. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
}

export interface VadSubject {
  readonly vad: Vad;
  /** Something it must take for speech, at least half a second. */
  readonly speech: Int16Array;
}

/** What every Vad does, whatever judges the windows. */
export function describeVad(name: string, create: () => Promise<VadSubject>): void {
  describe(`${name} as a Vad`, () => {
    let subject: VadSubject;
    beforeAll(async () => {
      subject = await create();
      await subject.vad.ready();
    });
    afterAll(() => subject.vad.close());

    it('judges every 256 samples once, in order, however they arrive', async () => {
      const stream = subject.vad.open();
      const ends: number[] = [];
      stream.onProbability((_, atSample) => ends.push(atSample));
      for (let i = 0; i < 16; i++) stream.push(new Int16Array(160));
      await until(() => ends.length === 10);
      expect(ends).toEqual(Array.from({ length: 10 }, (_, i) => (i + 1) * 256));
      stream.close();
    });

    it('tells speech from silence, per stream', async () => {
      const [talking, silent] = [subject.vad.open(), subject.vad.open()];
      const heard: number[] = [];
      const quiet: number[] = [];
      talking.onProbability((p) => heard.push(p));
      silent.onProbability((p) => quiet.push(p));
      talking.push(subject.speech.subarray(0, 4096));
      silent.push(new Int16Array(4096));
      await until(() => heard.length === 16 && quiet.length === 16);
      expect(Math.max(...heard)).toBeGreaterThan(0.8);
      expect(Math.max(...quiet)).toBeLessThan(0.3);
      talking.close();
      silent.close();
    });

    it('is silent after close', async () => {
      const [closed, open] = [subject.vad.open(), subject.vad.open()];
      let calls = 0;
      let others = 0;
      closed.onProbability(() => calls++);
      open.onProbability(() => others++);
      closed.push(new Int16Array(256));
      closed.close();
      closed.close();
      open.push(new Int16Array(512));
      await until(() => others === 2);
      expect(calls).toBe(0);
      open.close();
    });
  });
}

export interface RecogniserSubject {
  readonly recogniser: Recogniser;
  /** Audio that this recogniser will hear as `text` under the expectation 'yes-no'. */
  say(text: string): Promise<Int16Array>;
}

export function describeRecogniser(name: string, create: () => Promise<RecogniserSubject>): void {
  describe(`${name} as a Recogniser`, () => {
    let subject: RecogniserSubject;
    let session: RecogniserSession;
    const feed = (audio: Int16Array): void => {
      for (let at = 0; at < audio.length; at += 160) session.push(audio.subarray(at, at + 160));
    };
    beforeAll(async () => {
      subject = await create();
      await subject.recogniser.ready();
      await subject.recogniser.prepare({ expects: ['yes-no'], vocabulary: ['Dr. Anita Sharma'] });
    });
    afterAll(() => subject.recogniser.close());
    beforeEach(() => {
      session = subject.recogniser.open({ callId: 'call' });
      session.listen({ expects: ['yes-no'], vocabulary: ['Dr. Anita Sharma'] });
    });
    afterEach(() => session.close());

    it('hears what was said, with a confidence between 0 and 1', async () => {
      const audio = await subject.say('yes please that works for me');
      session.start();
      feed(audio);
      const result = await session.finish();
      expect(result.text).toBe('yes please that works for me');
      expect(result.status).toBe('confident');
      expect(result.confidence).toBeGreaterThan(0.5);
      expect(result.confidence).toBeLessThanOrEqual(1);
    });

    it('understands nothing when there was no utterance or no audio', async () => {
      expect(await session.finish()).toMatchObject({ text: '', status: 'not-understood' });
      session.start();
      expect(await session.finish()).toMatchObject({ text: '', status: 'not-understood' });
    });

    it('forgets an aborted utterance and hears the next one', async () => {
      session.start();
      feed((await subject.say('no thank you')).subarray(0, 4000));
      session.abort();
      expect(session.partial()).toBe('');
      session.start();
      feed(await subject.say('no thank you'));
      const result = await session.finish();
      expect(result.text).toContain('no');
    });

    it('ignores audio outside an utterance', async () => {
      feed(await subject.say('yes'));
      expect((await session.finish()).text).toBe('');
    });

    it('shows partial words while the caller speaks', async () => {
      const seen: string[] = [];
      session.onPartial((text) => seen.push(text));
      session.start();
      feed(await subject.say('yes please that works for me'));
      await until(() => seen.length > 0);
      expect(session.partial()).toBe(seen.at(-1));
      await session.finish();
      expect(session.partial()).toBe('');
    });

    it('refuses to finish after close', async () => {
      session.close();
      session.close();
      session.start();
      await expect(session.finish()).rejects.toMatchObject({ code: 'closed' });
    });
  });
}

export function describeSynthesiser(name: string, create: () => Promise<Synthesiser>): void {
  describe(`${name} as a Synthesiser`, () => {
    const text = 'Hello, you are through to the clinic. How can I help you today?';
    let synthesiser: Synthesiser;
    beforeAll(async () => {
      synthesiser = await create();
      await synthesiser.ready();
    });
    afterAll(() => synthesiser.close());

    it('speaks at about -6 dBFS', async () => {
      const audio = await synthesiser.synthesise(text);
      expect(audio.length).toBeGreaterThan(2000);
      expect(peakDbfs(audio)).toBeGreaterThan(-7);
      expect(peakDbfs(audio)).toBeLessThan(-5);
    });

    it('streams the same in clauses', async () => {
      const parts: Int16Array[] = [];
      for await (const part of synthesiser.stream(text)) parts.push(part);
      expect(parts.length).toBeGreaterThan(1);
      const whole = await synthesiser.synthesise(text);
      expect(parts.reduce((sum, part) => sum + part.length, 0)).toBe(whole.length);
    });

    it('takes longer when asked to speak slower', async () => {
      const normal = await synthesiser.synthesise('Please hold the line.');
      const slow = await synthesiser.synthesise('Please hold the line.', { rate: 0.7 });
      expect(slow.length).toBeGreaterThan(normal.length * 1.2);
    });

    it('says nothing for nothing', async () => {
      expect((await synthesiser.synthesise('  ')).length).toBe(0);
    });

    it('can be left in the middle', async () => {
      for await (const part of synthesiser.stream(text)) {
        expect(part.length).toBeGreaterThan(0);
        break;
      }
      expect((await synthesiser.synthesise('Good bye.')).length).toBeGreaterThan(0);
    });
  });
}

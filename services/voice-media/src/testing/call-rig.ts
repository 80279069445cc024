import { codecOf, encodeMulaw } from '@wardline/audio';
import { createRecordingLogger } from '@wardline/observability/testing';
import { CallConductor } from '../app/conduct-call.ts';
import type { CallFacts } from '../ports/dialogue.ts';
import { FakeClock } from './fake-clock.ts';
import { FakeDialogue } from './fake-dialogue.ts';
import { FakeLine } from './fake-line.ts';
import { createRecordingMetrics } from './fake-metrics.ts';
import { FakeSpeech, hum } from './fake-speech.ts';

/** A whole call on fakes, whose time passes only when the test says so. */
export class CallRig {
  readonly clock = new FakeClock();
  readonly line = new FakeLine(() => this.clock.now());
  readonly dialogue = new FakeDialogue();
  readonly speech = new FakeSpeech();
  readonly metrics = createRecordingMetrics();
  readonly logger = createRecordingLogger();
  readonly call: CallConductor;
  /** Whether the carrier returns marks, as soon as their audio has been played. */
  returnsMarks = true;
  closed = 0;
  #chunk = 0;
  #confirmed = 0;
  #caller: Int16Array = new Int16Array(0);

  constructor(facts: Partial<CallFacts> = {}) {
    this.call = new CallConductor({
      clock: this.clock,
      logger: this.logger,
      metrics: this.metrics,
      speech: this.speech,
      dialogue: this.dialogue,
      line: this.line,
      codec: codecOf('PCMU'),
      facts: {
        callId: 'call-1',
        tenantId: '01930000-0000-7000-8000-00000000a001',
        clinicId: '01930000-0000-7000-8000-00000000a011',
        ownerEpoch: 3,
        language: 'en-US',
        resumed: false,
        attemptId: undefined,
        machine: false,
        ...facts,
      },
      leadMs: 60,
      onClosed: () => {
        this.closed += 1;
      },
    });
    this.call.start();
  }

  /** The caller will have said this before whatever comes next; silence follows by itself. */
  async voice(ms: number): Promise<void> {
    this.#caller = hum(ms);
    await this.pass(ms);
  }

  /** Lets time pass in steps of 20 ms, with caller audio, ticks and marks, and lets promises settle. */
  async pass(ms: number): Promise<void> {
    for (let done = 0; done < ms; done += 20) {
      this.clock.pass(20);
      const samples = new Int16Array(160);
      samples.set(this.#caller.subarray(0, 160));
      this.#caller = this.#caller.subarray(160);
      this.#chunk += 1;
      this.call.onChunk({ chunk: this.#chunk, payload: encodeMulaw(samples) });
      this.call.onTick(this.clock.now());
      if (this.returnsMarks) this.#confirm();
      // Fakes answer within a few microtasks; a macrotask lets all of them run.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  #confirm(): void {
    const marks = this.line.of('mark');
    for (; this.#confirmed < marks.length; this.#confirmed += 1) {
      const mark = marks[this.#confirmed];
      // What is sent with the lead has been played a lead later.
      if (mark === undefined || this.clock.now() < mark.at + 60) return;
      this.call.onMark(mark.name);
    }
  }
}

import { Personal } from '@wardline/personal-data';
import type { CarrierControl, CommandResult, DialOrder } from '../ports/carrier-control.ts';

/** A carrier that a conformance run can bring into every situation the port speaks of. */
export interface CarrierBench {
  /** Deadline of at most 500 ms, so that silence is quick to test. */
  readonly control: CarrierControl;
  ring(leg: string): void;
  end(leg: string): void;
  /** What happens to all requests until called again. */
  /** `lost-answer`: the request is taken, and its answer does not arrive. */
  trouble(kind: 'none' | 'lost-answer' | 'silence' | 'reset' | 'server-error' | 'overload'): void;
  /** Actions that took effect on the leg, in the carrier's words. */
  effectsOn(leg: string): readonly string[];
  /** Legs that it dialled, oldest first. */
  dialled(): readonly string[];
  /** A number in E.164 that it does not dial. */
  readonly invalidNumber: string;
  close(): Promise<void>;
}

const streamUrl = 'wss://media.example.test/media/telnyx?token=t';

/** What every adapter of `CarrierControl` must do. */
export function describeCarrierControl(name: string, open: () => Promise<CarrierBench>): void {
  describe(`${name} as CarrierControl`, () => {
    let bench: CarrierBench;
    let count = 0;
    const leg = () => `v3:leg-${String(count)}`;
    beforeEach(async () => {
      count += 1;
      bench = await open();
      bench.ring(leg());
    });
    afterEach(() => bench.close());

    const all: [string, (c: CarrierControl, id: string, commandId: string) => Promise<CommandResult>][] = [
      ['answer', (c, id, commandId) => c.answer(id, { commandId, streamUrl, clientState: 'call-1' })],
      ['startStream', (c, id, commandId) => c.startStream(id, { commandId, streamUrl })],
      ['stopStream', (c, id, commandId) => c.stopStream(id, { commandId })],
      ['transfer', (c, id, commandId) => c.transfer(id, { commandId, to: '+12025550119', ringSecs: 30 })],
      ['hangUp', (c, id, commandId) => c.hangUp(id, { commandId })],
      ['reject', (c, id, commandId) => c.reject(id, { commandId })],
    ];

    it.each(all)('%s takes effect', async (_name, command) => {
      expect(await command(bench.control, leg(), 'c1')).toEqual({ kind: 'accepted' });
      expect(bench.effectsOn(leg())).toHaveLength(1);
    });

    it.each(all.slice(0, 4))('%s takes effect once when repeated with its id', async (_name, command) => {
      await command(bench.control, leg(), 'c1');
      expect(await command(bench.control, leg(), 'c1')).toEqual({ kind: 'accepted' });
      expect(bench.effectsOn(leg())).toHaveLength(1);
    });

    it.each(all)('%s finds an ended leg gone', async (_name, command) => {
      bench.end(leg());
      expect(await command(bench.control, leg(), 'c1')).toEqual({ kind: 'gone' });
    });

    it.each(['silence', 'reset', 'server-error', 'overload'] as const)(
      'is unavailable in %s, and well again after',
      async (kind) => {
        bench.trouble(kind);
        expect(await bench.control.hangUp(leg(), { commandId: 'c1' })).toMatchObject({ kind: 'unavailable' });
        expect(await bench.control.status(leg())).toMatchObject({ kind: 'unknown' });
        bench.trouble('none');
        expect(await bench.control.hangUp(leg(), { commandId: 'c1' })).toEqual({ kind: 'accepted' });
      },
    );

    describe('a dial', () => {
      const order: DialOrder = {
        commandId: 'd1',
        callId: '01930000-0000-7000-8000-0000000000c1',
        from: '+12025550110',
        to: Personal.of('+12025550143'),
        ringSecs: 25,
        callSecsMax: 1_800,
      };

      it('names the leg that it made', async () => {
        const result = await bench.control.dial(order);
        const [made = ''] = bench.dialled();
        expect(result).toEqual({
          kind: 'accepted',
          callControlId: made,
          callSessionId: expect.any(String),
        });
        expect(bench.effectsOn(made)).toEqual(['dial']);
        expect(await bench.control.hangUp(made, { commandId: 'h1' })).toEqual({ kind: 'accepted' });
      });

      it('rings once when repeated with its id, after an answer and after none', async () => {
        bench.trouble('lost-answer');
        expect(await bench.control.dial(order)).toMatchObject({ kind: 'unavailable' });
        bench.trouble('none');
        const first = await bench.control.dial(order);
        expect(first).toMatchObject({ kind: 'accepted', callControlId: bench.dialled()[0] });
        expect(await bench.control.dial(order)).toEqual(first);
        expect(bench.dialled()).toHaveLength(1);
      });

      it.each(['silence', 'reset', 'server-error', 'overload'] as const)(
        'may be repeated in %s',
        async (kind) => {
          bench.trouble(kind);
          expect(await bench.control.dial(order)).toMatchObject({ kind: 'unavailable' });
          expect(bench.dialled()).toEqual([]);
        },
      );

      it('tells a number that cannot be called from other refusals', async () => {
        const invalid = { kind: 'refused', code: 'invalid-number' };
        expect(await bench.control.dial({ ...order, to: Personal.of(bench.invalidNumber) })).toEqual(invalid);
        expect(await bench.control.dial({ ...order, to: Personal.of('nowhere') })).toEqual(invalid);
        const refused = await bench.control.dial({ ...order, ringSecs: 1 });
        expect(refused).toMatchObject({ kind: 'refused' });
        expect(refused).not.toEqual(invalid);
      });
    });

    it('refuses what the carrier refuses', async () => {
      const result = await bench.control.transfer(leg(), { commandId: 'c1', to: 'nowhere', ringSecs: 30 });
      expect(result).toMatchObject({ kind: 'refused' });
    });

    it('tells living legs from ended and unknown ones', async () => {
      expect(await bench.control.status(leg())).toEqual({ kind: 'alive' });
      bench.end(leg());
      expect(await bench.control.status(leg())).toEqual({ kind: 'gone' });
      expect(await bench.control.status('v3:never')).toEqual({ kind: 'gone' });
    });

    it('stops asking a carrier that has failed again and again', async () => {
      bench.trouble('server-error');
      for (let i = 0; i < 12; i += 1) await bench.control.hangUp(leg(), { commandId: `c${String(i)}` });
      bench.trouble('none');
      expect(await bench.control.hangUp(leg(), { commandId: 'last' })).toMatchObject({ kind: 'unavailable' });
      expect(bench.effectsOn(leg())).toEqual([]);
    });
  });
}

import fc from 'fast-check';
import { againInAnyOrder, recipientFact } from '../testing/arbitrary-facts.ts';
import { campaignFiguresOf, recipientFiguresOf, type CampaignCall } from './campaign-figures.ts';
import type { CampaignChangedFact, RecipientSettledFact } from './facts.ts';

const calls = fc.array(
  fc.record({
    answered: fc.boolean(),
    outcome: fc.constantFrom('confirmed', 'not-booked', 'machine', 'unspecified'),
  }),
  { maxLength: 4 },
);
const settled = (result: string, attempts: number): RecipientSettledFact => ({
  kind: 'recipient-settled',
  recipientId: 'r',
  campaignId: 'campaign',
  clinicId: 'clinic',
  result,
  attempts,
  settledAtMs: 1,
});
const figures = (facts: RecipientSettledFact[], made: CampaignCall[]) => recipientFiguresOf('r', facts, made);

describe('the figures of a recipient', () => {
  it('are the same for any order and repetition of facts and calls', () => {
    const inputs = fc.tuple(fc.array(recipientFact('r'), { maxLength: 6 }), calls);
    fc.assert(
      fc.property(
        inputs.chain(([facts, made]) =>
          fc.tuple(fc.constant({ facts, made }), againInAnyOrder(facts), againInAnyOrder(made)),
        ),
        ([{ facts, made }, facts2, made2]) =>
          expect(recipientFiguresOf('r', facts2, made2)).toEqual(recipientFiguresOf('r', facts, made)),
      ),
    );
  });

  it('never go further than the step before', () => {
    fc.assert(
      fc.property(fc.array(recipientFact('r'), { maxLength: 6 }), calls, (facts, made) => {
        const { called, answered, decided } = recipientFiguresOf('r', facts, made);
        expect(answered && !called).toBe(false);
        expect(decided && !answered).toBe(false);
      }),
    );
  });

  it.each<[string, RecipientSettledFact[], CampaignCall[], [boolean, boolean, boolean]]>([
    ['of whom nothing is known yet', [], [], [false, false, false]],
    ['who was called in vain', [], [{ answered: false, outcome: 'unspecified' }], [true, false, false]],
    ['who picked up', [], [{ answered: true, outcome: 'unspecified' }], [true, true, false]],
    ['who confirmed', [], [{ answered: true, outcome: 'confirmed' }], [true, true, true]],
    ['whose calls were not seen, but the result', [settled('moved', 2)], [], [true, true, true]],
    ['whose calls were not seen, in vain', [settled('not-reached', 3)], [], [true, false, false]],
    ['who opted out without a call', [settled('opted-out', 0)], [], [false, false, false]],
    [
      'who opted out elsewhere after a call in vain',
      [settled('opted-out', 1)],
      [{ answered: false, outcome: 'unspecified' }],
      [true, false, false],
    ],
  ])('of one %s', (_, facts, made, [called, answered, decided]) => {
    expect(figures(facts, made)).toMatchObject({ called, answered, decided });
  });
});

describe('the figures of a campaign itself', () => {
  it('are those of its newest change', () => {
    const change = (recipients: number, changedAtMs: number): CampaignChangedFact => ({
      kind: 'campaign-changed',
      campaignId: 'campaign',
      clinicId: 'clinic',
      state: 'running',
      recipients,
      changedAtMs,
    });
    const changes = fc.array(
      fc.tuple(fc.nat(9), fc.nat(3)).map(([n, ms]) => change(n, ms)),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(
        changes.chain((all) => fc.tuple(fc.constant(all), againInAnyOrder(all))),
        ([all, again]) =>
          expect(campaignFiguresOf('campaign', again)).toEqual(campaignFiguresOf('campaign', all)),
      ),
    );
    expect(campaignFiguresOf('campaign', [change(7, 2), change(5, 1)]).recipients).toBe(7);
  });
});

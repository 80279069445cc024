import { completes, isUnfinished, requiredSilenceMs } from './end-of-turn.ts';
import type { Expectation } from '@wardline/dialogue-words';
import { defaultListenSettings } from './listen-settings.ts';

const settings = (expects: Expectation[], endOfTurnMs?: number) => ({
  ...defaultListenSettings,
  expects,
  endOfTurnMs,
});

describe('requiredSilenceMs', () => {
  it.each([
    [['yes-no'], '', 450],
    [['yes-no'], 'yes', 400],
    [['yes-no'], 'yes please', 400],
    [['date'], 'tuesday', 400],
    [['date'], 'on', 900],
    [['date'], 'march the', 900],
    [['date'], 'march the third', 400],
    [['date'], 'the third', 550],
    [['time'], 'ten thirty', 400],
    [['time'], 'at ten', 550],
    [['time'], 'ten a m', 400],
    [['time'], 'ten p.m.', 400],
    [['person-name'], 'anna smith', 650],
    [['digits'], 'two zero two', 800],
    [['open', 'digits'], 'i', 800],
    [['open'], 'an appointment with doctor', 900],
    [[], '', 550],
  ] as [Expectation[], string, number][])('%j after "%s": %i ms', (expects, partial, ms) => {
    expect(requiredSilenceMs(settings(expects), partial)).toBe(ms);
  });

  it("takes the dialogue's own figure, within bounds", () => {
    expect(requiredSilenceMs(settings(['open'], 1_200), '')).toBe(1_200);
    expect(requiredSilenceMs(settings(['open'], 10), '')).toBe(350);
    expect(requiredSilenceMs(settings(['open'], 60_000), '')).toBe(2_000);
  });
});

it('knows words that cannot end a sentence', () => {
  expect(isUnfinished('on the')).toBe(true);
  expect(isUnfinished('on tuesday')).toBe(false);
  expect(isUnfinished('')).toBe(false);
  expect(completes(['yes-no'], '')).toBe(false);
  expect(completes(['yes-no'], 'yes and')).toBe(false);
});

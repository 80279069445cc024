import { parseScenario, ScenarioInvalid } from '../scenario/scenario.ts';
import { fillTemplates } from './fill-templates.ts';
import { readScenarioFile, scenarioNames } from './scenario-files.ts';
import { slotWords } from './slot-words.ts';

describe('scenario files', () => {
  const words = slotWords(new Date('2026-12-08T15:30:00Z'), 'America/New_York');
  const values = {
    doctor: 'doctor Sharma',
    department: 'cardiology',
    clinic: 'Riverside Clinic',
    ...prefixed('slot', words),
    ...prefixed('otherSlot', words),
  };

  it.each(scenarioNames())('%s is well-formed and its templates have values', (name) => {
    const scenario = parseScenario(fillTemplates(readScenarioFile(name), values), name);
    expect(scenario.name).toBe(name);
    expect(JSON.stringify(scenario)).not.toContain('{{');
  });

  it('names every problem with the step it is in', () => {
    try {
      parseScenario(
        {
          ...readScenarioFile('plain-booking'),
          steps: [
            { id: 'a', say: 'x', heard: ['one'], afterMs: 5 },
            { id: 'a', press: '1', needs: ['b'] },
          ],
        },
        'mine',
      );
      throw new Error('accepted');
    } catch (error) {
      expect(error).toBeInstanceOf(ScenarioInvalid);
      expect((error as ScenarioInvalid).problems).toEqual(
        expect.arrayContaining([
          { where: 'step "a"', problem: expect.stringContaining('at most one of') },
          { where: 'step "a".id', problem: expect.stringContaining('used twice') },
          { where: 'step "a".needs', problem: expect.stringContaining('unknown step "b"') },
        ]),
      );
    }
  });

  it('refuses a template that nobody fills in', () => {
    expect(() => fillTemplates({ say: '{{slot.colour}} {{nobody}}' }, values)).toThrow(
      'no value for {{slot.colour}}, {{nobody}}',
    );
  });

  it('says a slot in the clinic’s zone', () => {
    expect(words).toMatchObject({
      date: 'Tuesday December eighth',
      time: 'ten thirty AM',
      local: '2026-12-08 10:30',
    });
    expect(slotWords(new Date('2026-12-01T17:05:00Z'), 'Europe/London')).toMatchObject({
      date: 'Tuesday December first',
      time: 'five oh five PM',
    });
  });
});

function prefixed(prefix: string, of: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(of).map(([k, v]) => [`${prefix}.${k}`, v]));
}

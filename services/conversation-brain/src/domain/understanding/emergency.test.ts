import { readEmergency, strongPhrases } from './emergency.ts';
import { tokensOf } from './words.ts';

describe('emergency phrases', () => {
  it.each([
    'i have chest pain',
    "i have chest pain and i can't breathe properly",
    "i can't breathe",
    'i cant breathe',
    'he cannot breathe',
    'she can not breathe',
    'my father is having a heart attack',
    "i think it's a stroke",
    'my husband had a stroke just now',
    "she's bleeding heavily",
    "it won't stop bleeding",
    "i can't stop the bleeding",
    'he is unconscious',
    'my son passed out',
    'she is not breathing',
    'i want to kill myself',
    'i am thinking about suicide',
    'i took an overdose',
    'she took too many pills',
    'i have a pain in my chest',
    "there's a tightness in my chest",
    'my chest hurts',
    'my baby is choking',
    'this is an emergency',
    "it's a medical emergency",
    'please call an ambulance',
    'i need an ambulance',
    "no i can't breathe",
    'no she is having a seizure',
    'i have no time i have chest pain',
    'book me an appointment i have chest pain',
    'cancel my appointment i have chest pain',
    "not the arm it's chest pain",
    'no chest pain this morning but now i have chest pain',
  ])('acts on "%s"', (phrase) => {
    expect(readEmergency(tokensOf(phrase))).toBe('strong');
  });

  it.each([
    'is this the emergency department',
    'i was bleeding a bit',
    'i had a stroke last year and need a follow up',
    'i had a heart attack two years ago',
    'a check up after my heart attack',
    'there is a history of stroke in my family',
    "i don't want to die",
    'i fainted',
  ])('asks about "%s"', (phrase) => {
    expect(readEmergency(tokensOf(phrase))).toBe('possible');
  });

  it.each([
    'no chest pain',
    "i don't have chest pain",
    'i do not have any chest pain',
    "it's not a stroke",
    'i never had a seizure',
    'without chest pain',
    'i had a chest x-ray',
    'cancel my chest x-ray',
    "it's not an emergency",
    'this is not a medical emergency',
    'my emergency contact is my wife',
    "i'd like to book an appointment",
    'i have back pain',
    'i want to see a cardiologist',
    'take a deep breath',
    'yes',
    'no',
  ])('lets "%s" be', (phrase) => {
    expect(readEmergency(tokensOf(phrase))).toBe('none');
  });

  it('finds every phrase of its own table, said alone or in a sentence', () => {
    for (const phrase of strongPhrases) {
      const said = phrase.replace('*', 'his');
      expect([phrase, readEmergency(tokensOf(said))]).toEqual([phrase, 'strong']);
      expect([phrase, readEmergency(tokensOf(`please help me ${said} right now`))]).toEqual([
        phrase,
        'strong',
      ]);
    }
  });
});

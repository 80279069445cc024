import { readOutreach } from './outreach.ts';
import { tokensOf } from './words.ts';

const read = (text: string) => readOutreach(tokensOf(text));

describe('no more calls', () => {
  it.each([
    'stop calling me',
    'please stop calling',
    'stop calling',
    'stop these calls',
    "don't call me again",
    'do not call me again',
    'please do not call me again',
    "don't call me",
    "don't call me any more",
    "don't call me anymore",
    "don't ever call me again",
    "don't call me at all",
    "don't call me on this number",
    "don't call this number again",
    "don't call here again",
    'never call me again',
    'no more calls please',
    'take me off your list',
    'take me off the list please',
    'can you take my number off your list',
    'please remove me from your list',
    'remove my number',
    'unsubscribe',
    'i want to opt out',
    "i don't want these calls",
    "i don't want any more calls",
    'i do not want to be called',
    "yes but please don't call me again",
    'can you stop calling me',
    'could you please stop calling this number',
    'leave me alone',
    'put me on your do not call list',
    "don't call me in the future",
    'quit calling me',
    'lose my number',
  ])('"%s"', (text) => expect(read(text).stopCalls).toBe('asked'));

  it.each([
    "don't call me before noon",
    "don't call me after six",
    "don't call me in the morning",
    "don't call me at work",
    "don't call me on sunday",
    "don't call me on fridays",
    "please don't call me today",
    "don't call me so early",
    "don't call me this late",
    "don't call me while i'm at work",
    "don't call me until next week",
    "don't call me tomorrow",
    'stop calling me at work',
    "don't call me when i'm driving",
    'never call me before nine',
  ])('"%s" says when, and is asked about', (text) => expect(read(text).stopCalls).toBe('perhaps'));

  it.each([
    'call me later',
    'call me before noon',
    'you can call me again',
    "i didn't call you",
    "don't stop calling me",
    "i didn't ask you to stop calling",
    'why did you stop calling me',
    "don't take me off the list",
    "please don't remove me",
    'stop',
    'can we stop here',
    'i will call you again',
    "don't cancel it",
    'who is calling me',
    'yes',
    'no',
    'i need to call my wife',
    'the doctor called me',
  ])('not "%s"', (text) => expect(read(text).stopCalls).toBe('no'));
});

describe('who is on the line', () => {
  it.each([
    ['wrong number', 'wrong-number'],
    ['no you have the wrong number', 'wrong-number'],
    ['sorry you have the wrong person', 'wrong-number'],
    ['there is nobody by that name here', 'wrong-number'],
    ["she doesn't live here any more", 'wrong-number'],
    ["she's not here", 'not-here'],
    ['no he is not here', 'not-here'],
    ["she isn't home", 'not-here'],
    ["he can't come to the phone right now", 'not-here'],
    ["she's at work", 'not-here'],
    ['he passed away last year', 'deceased'],
    ['yes', undefined],
    ['speaking', undefined],
    ["i can't come", undefined],
  ])('"%s": %s', (text, wrong) => expect(read(text).wrongPerson).toBe(wrong));

  it.each(['speaking', "that's me", 'yes this is she', "it's me"])('"%s" is the patient', (text) =>
    expect(read(text)).toMatchObject({ isPatient: true, isOther: false }),
  );
  it.each(["that's not me", 'yes this is his wife', "no i'm not", "this isn't him"])('"%s" is not', (text) =>
    expect(read(text)).toMatchObject({ isPatient: false, isOther: true }),
  );
  it.each(['who is this', "who's calling please", 'are you a robot', 'what is this about'])(
    '"%s" asks',
    (text) => expect(read(text).whoIsThis).toBe(true),
  );
});

describe('what becomes of the appointment', () => {
  const kinds = ['move', 'cancel', 'cannotCome', 'willCome', 'keep'] as const;
  it.each([
    ["yes i'll come", ['willCome']],
    ["i'll be there", ['willCome']],
    ['see you then', ['willCome']],
    ["i can't make it", ['cannotCome']],
    ["sorry i won't be able to come", ['cannotCome']],
    ["i can't make it can we move it", ['move', 'cannotCome']],
    ["i won't be there please cancel it", ['cancel', 'cannotCome']],
    ['can we move it', ['move']],
    ['i need another time', ['move']],
    ['is there a different day', ['move']],
    ['cancel it please', ['cancel']],
    ['yes cancel it', ['cancel']],
    ["don't cancel it", ['keep']],
    ['please do not cancel my appointment', ['keep']],
    ["i don't want to cancel", ['keep']],
    ["i don't want to move it", []],
    ["no need to move it i'll be there", ['move', 'willCome']],
    ['keep it', ['keep']],
    ['never mind', ['keep']],
    ['yes', []],
    ['no', []],
  ] as const)('"%s"', (text, expected) => {
    const reading = read(text);
    expect(kinds.filter((kind) => reading[kind])).toEqual(expected);
  });
});

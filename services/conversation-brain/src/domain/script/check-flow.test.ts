import { readyFlow } from '../../testing/fake-outreach.ts';
import { checkFlow, parseFlow } from './check-flow.ts';
import { textIn } from './flow.ts';
import { needsOf } from './placeholders.ts';

type Json = Record<string, unknown>;
const hello = 'Hello, this is {assistant.name}. {call.optOut} Am I speaking with {patient.name}?';

/** A small flow in order; a test changes one thing of it. */
function small(): { nodes: Json[] } & Json {
  return {
    format: 1,
    title: 'Small',
    languages: ['en'],
    begin: 'greeting',
    nodes: [
      {
        id: 'greeting',
        kind: 'ask',
        identifies: true,
        texts: { en: hello },
        answers: [
          { means: 'yes', key: '1', next: 'coming' },
          { means: 'no', key: '2', next: 'bye' },
        ],
      },
      {
        id: 'coming',
        kind: 'ask',
        texts: { en: 'Will you come on {appointment.when}?' },
        answers: [
          { means: 'yes', next: 'confirm' },
          { means: 'no', next: 'bye' },
        ],
      },
      { id: 'confirm', kind: 'tool', tool: 'confirm-appointment', done: 'bye', failed: 'bye' },
      { id: 'bye', kind: 'end', texts: { en: 'Goodbye.' } },
    ],
  };
}

function problemsOf(change: (flow: ReturnType<typeof small>) => void): string[] {
  const flow = small();
  change(flow);
  return checkFlow(flow).map(({ at, problem }) => `${at} ${problem}`);
}
const node = (flow: ReturnType<typeof small>, id: string): Json =>
  flow.nodes.find((one) => one['id'] === id)!;
const answer = (flow: ReturnType<typeof small>, id: string, i: number): Json =>
  (node(flow, id)['answers'] as Json[])[i]!;

it('finds nothing wrong with what is in order', () => {
  expect(problemsOf(() => {})).toEqual([]);
  for (const id of ['appointment-reminder', 'no-show-recovery'] as const)
    expect(checkFlow(readyFlow(id))).toEqual([]);
});

it.each<[string, (flow: ReturnType<typeof small>) => void, RegExp]>([
  [
    'an unknown target',
    (f) => (answer(f, 'coming', 1)['next'] = 'nowhere'),
    /^\/nodes\/1\/answers\/1\/next there is no node "nowhere"/,
  ],
  ['an unknown beginning', (f) => (f['begin'] = 'nowhere'), /^\/begin there is no node/],
  [
    'two nodes of one name',
    (f) => f.nodes.push({ id: 'bye', kind: 'end', texts: { en: 'x' } }),
    /^\/nodes\/4\/id another node/,
  ],
  [
    'a node that nothing leads to',
    (f) => f.nodes.push({ id: 'lost', kind: 'end', texts: { en: 'x' } }),
    /^\/nodes\/4 nothing leads here/,
  ],
  ['an unknown kind', (f) => (node(f, 'bye')['kind'] = 'sing'), /^\/nodes\/3/],
  ['an unknown tool', (f) => (node(f, 'confirm')['tool'] = 'launch'), /^\/nodes\/2\/tool/],
  ['a field that means nothing', (f) => (node(f, 'bye')['next'] = 'greeting'), /^\/nodes\/3 .*next/],
  [
    'a text that is missing',
    (f) => (f['languages'] = ['en', 'es']),
    /^\/nodes\/0\/texts the text in "es" is missing/,
  ],
  [
    'a language that is not declared',
    (f) => (node(f, 'bye')['texts'] = { en: 'Bye.', es: 'Adios.' }),
    /^\/nodes\/3\/texts\/es "es" is not among/,
  ],
  [
    'no English',
    (f) => {
      f['languages'] = ['es'];
      for (const one of f.nodes) if (one['texts']) one['texts'] = { es: (one['texts'] as Json)['en'] };
    },
    /^\/languages add "en"/,
  ],
  [
    'an unknown placeholder',
    (f) => (node(f, 'bye')['texts'] = { en: 'Bye {patient.shoeSize}.' }),
    /^\/nodes\/3\/texts\/en \{patient\.shoeSize\} is not known/,
  ],
  [
    'a stray brace',
    (f) => (node(f, 'bye')['texts'] = { en: 'Bye {patient.name.' }),
    /^\/nodes\/3\/texts\/en a brace/,
  ],
  ['an empty text', (f) => (node(f, 'bye')['texts'] = { en: '  ' }), /^\/nodes\/3\/texts\/en/],
  [
    'a text that is too long',
    (f) => (node(f, 'bye')['texts'] = { en: 'x'.repeat(401) }),
    /^\/nodes\/3\/texts\/en/,
  ],
  [
    'no opt-out at the start',
    (f) => (node(f, 'greeting')['texts'] = { en: hello.replace('{call.optOut} ', '') }),
    /^\/nodes\/0\/texts\/en .*\{call\.optOut\}/,
  ],
  [
    'a start that does not say who calls',
    (f) => (node(f, 'greeting')['texts'] = { en: hello.replace('{assistant.name}', 'Bob') }),
    /^\/nodes\/0\/texts\/en .*\{assistant\.name\}/,
  ],
  [
    'the appointment before the patient is there',
    (f) => (node(f, 'greeting')['texts'] = { en: `${hello} {appointment.when}` }),
    /^\/nodes\/0\/texts\/en \{appointment\.when\} is for the patient alone/,
  ],
  [
    'the appointment behind a no',
    (f) => (answer(f, 'greeting', 1)['next'] = 'coming'),
    /^\/nodes\/1\/texts\/en .*for the patient alone/,
  ],
  [
    'a commit without a yes',
    (f) => (answer(f, 'coming', 1)['next'] = 'confirm'),
    /^\/nodes\/1\/answers\/1\/next .*needs a clear yes/,
  ],
  ['a commit at the start', (f) => (f['begin'] = 'confirm'), /^\/begin a call cannot begin/],
  [
    'a commit to a question that does not say what',
    (f) => (node(f, 'coming')['texts'] = { en: 'Will you come?' }),
    /^\/nodes\/1\/texts\/en .*say which appointment/,
  ],
  ['a key twice', (f) => (answer(f, 'greeting', 1)['key'] = '1'), /^\/nodes\/0\/answers\/1\/key the key 1/],
  ['a key of ours', (f) => (answer(f, 'greeting', 1)['key'] = '9'), /^\/nodes\/0\/answers\/1\/key .*0 and 9/],
  ['an answer twice', (f) => (answer(f, 'greeting', 1)['means'] = 'yes'), /^\/nodes\/0\/answers\/1\/means/],
  [
    'no end',
    (f) => {
      Object.assign(node(f, 'confirm'), { done: 'greeting', failed: 'greeting' });
      answer(f, 'greeting', 1)['next'] = 'greeting';
      answer(f, 'coming', 1)['next'] = 'greeting';
      f.nodes.pop();
    },
    /^\/nodes there is no end/,
  ],
  [
    'a loop without a question',
    (f) => {
      node(f, 'confirm')['failed'] = 'again';
      f.nodes.push({ id: 'again', kind: 'tool', tool: 'call-back', done: 'bye', failed: 'again' });
    },
    /^\/nodes\/4 this leads back here/,
  ],
  [
    'a way without an end',
    (f) => {
      f.nodes.push({ id: 'pit', kind: 'ask', texts: { en: 'x' }, answers: [{ means: 'any', next: 'pit' }] });
      answer(f, 'coming', 1)['next'] = 'pit';
    },
    /^\/nodes\/4 no end can be come to/,
  ],
  [
    'two messages',
    (f) => {
      for (const id of ['m1', 'm2']) f.nodes.push({ id, kind: 'message', texts: { en: 'x' } });
    },
    /^\/nodes\/5 there is a message/,
  ],
  [
    'a secret on a machine',
    (f) => f.nodes.push({ id: 'm', kind: 'message', texts: { en: 'See {appointment.doctor}.' } }),
    /^\/nodes\/4\/texts\/en .*may not be left on a machine/,
  ],
  [
    'a message that is gone to',
    (f) => {
      f.nodes.push({ id: 'm', kind: 'message', texts: { en: 'x' } });
      answer(f, 'coming', 1)['next'] = 'm';
    },
    /^\/nodes\/1\/answers\/1\/next "m" is for answering machines/,
  ],
  ['a transfer without words', (f) => f.nodes.push({ id: 't', kind: 'transfer' }), /^\/nodes\/4\/texts/],
  ['another format', (f) => (f['format'] = 2), /^\/format/],
  ['no nodes', (f) => (f.nodes = []), /^\/nodes/],
])('finds %s', (_, change, expected) => {
  const problems = problemsOf(change);
  expect(problems.some((one) => expected.test(one)) ? [] : problems).toEqual([]);
  expect(problems).not.toEqual([]);
});

it('takes time in proportion to the flow, however its branches cross', () => {
  const flow = small();
  const branches = Array.from({ length: 50 }, (_, i): Json => {
    const next = i === 49 ? 'greeting' : `b${i + 1}`;
    return { id: `b${i}`, kind: 'branch', if: 'appointment-ahead', then: next, else: next };
  });
  expect(checkFlow({ ...flow, begin: 'b0', nodes: [...branches, ...flow.nodes] })).toEqual([]);
});

it('says what is no JSON, or too much of it', () => {
  expect(parseFlow('{')).toMatchObject({ problems: [{ problem: expect.stringMatching(/^it is not JSON/) }] });
  expect(parseFlow(' '.repeat(70_000))).toMatchObject({
    problems: [{ problem: expect.stringMatching(/64 KB/) }],
  });
  for (const odd of ['null', '[]', '3', '"x"', '{}', '{"nodes":{}}'])
    expect(parseFlow(odd)).toHaveProperty('problems');
});

it('knows what a campaign has to give', () => {
  expect(needsOf(readyFlow('appointment-reminder'))).toEqual([
    'appointment.doctor',
    'appointment.when',
    'patient.name',
  ]);
});

it('falls back from a language to its primary tag, then to English', () => {
  const texts = { en: 'hello', es: 'hola', 'es-MX': 'quiubo' };
  expect(['es-MX', 'ES-mx', 'es-AR', 'es', 'fr', ''].map((language) => textIn(texts, language))).toEqual([
    'quiubo',
    'quiubo',
    'hola',
    'hola',
    'hello',
    'hello',
  ]);
});

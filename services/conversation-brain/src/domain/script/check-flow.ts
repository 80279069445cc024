import {
  edgesOf,
  type Flow,
  flowSchema,
  type FlowNode,
  nodeOf,
  textIn,
  textsOf,
  type ToolNode,
} from './flow.ts';
import { placeholders, placeholdersIn } from './placeholders.ts';

export interface FlowProblem {
  /** JSON pointer into the definition, such as "/nodes/3/texts/en". */
  readonly at: string;
  /** What is wrong, and what to do. */
  readonly problem: string;
}

type Report = (at: string, problem: string) => void;
type Checked = { readonly flow: Flow } | { readonly problems: readonly FlowProblem[] };

/** Larger than any script that somebody could read. */
export const definitionCharsMax = 64 * 1024;

/** All that is wrong with a definition. Empty: it can be run, and a call that follows it never gets stuck. */
export function checkFlow(definition: unknown): readonly FlowProblem[] {
  const checked = readFlow(definition);
  return 'problems' in checked ? checked.problems : [];
}

/** A flow out of JSON text, or what is wrong with it. */
export function parseFlow(json: string): Checked {
  if (json.length > definitionCharsMax)
    return { problems: [{ at: '', problem: 'it is too long: 64 KB at most' }] };
  let definition: unknown;
  try {
    definition = JSON.parse(json);
  } catch (error) {
    const why = error instanceof Error ? error.message : '';
    return { problems: [{ at: '', problem: `it is not JSON: ${why}` }] };
  }
  return readFlow(definition);
}

function readFlow(definition: unknown): Checked {
  const parsed = flowSchema.safeParse(definition);
  if (!parsed.success) {
    return {
      problems: parsed.error.issues.map(({ path, message }) => ({ at: pointer(path), problem: message })),
    };
  }
  const flow = parsed.data;
  const problems: FlowProblem[] = [];
  const report: Report = (at, problem) => problems.push({ at, problem });
  checkIds(flow, report);
  // Everything further follows the edges; with a wrong one it would report nonsense.
  if (problems.length === 0) {
    checkReachable(flow, report);
    checkWaysOut(flow, report);
    checkLoops(flow, report);
    checkTexts(flow, report);
    checkAsks(flow, report);
    checkMachine(flow, report);
    checkBeginning(flow, report);
    checkIdentified(flow, report);
    checkCommits(flow, report);
  }
  return problems.length > 0 ? { problems } : { flow };
}

function pointer(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

const place = (flow: Flow, one: FlowNode): string => `/nodes/${flow.nodes.indexOf(one)}`;

function checkIds(flow: Flow, report: Report): void {
  const seen = new Set<string>();
  for (const one of flow.nodes) {
    if (seen.has(one.id)) report(`${place(flow, one)}/id`, `another node is called "${one.id}": rename one`);
    seen.add(one.id);
  }
  const target = (at: string, to: string): void => {
    const found = nodeOf(flow, to);
    if (!found) report(at, `there is no node "${to}"`);
    else if (found.kind === 'message')
      report(at, `"${to}" is for answering machines and cannot be gone to: use an end`);
  };
  target('/begin', flow.begin);
  for (const one of flow.nodes)
    for (const { at, to } of edgesOf(one)) target(`${place(flow, one)}/${at}`, to);
}

/** Nodes that can be come to from `from`, itself included. `follow` leaves edges out. */
function reach(
  flow: Flow,
  from: string,
  follow: (one: FlowNode, at: string) => boolean = () => true,
): Set<string> {
  const seen = new Set([from]);
  const open = [from];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    const one = nodeOf(flow, id);
    if (!one) continue;
    for (const { at, to } of edgesOf(one)) {
      if (seen.has(to) || !follow(one, at)) continue;
      seen.add(to);
      open.push(to);
    }
  }
  return seen;
}

function checkReachable(flow: Flow, report: Report): void {
  const reached = reach(flow, flow.begin);
  for (const one of flow.nodes) {
    if (one.kind !== 'message' && !reached.has(one.id))
      report(place(flow, one), 'nothing leads here: lead something to it, or remove it');
  }
}

const isOut = (one: FlowNode): boolean => one.kind === 'end' || one.kind === 'transfer';

function checkWaysOut(flow: Flow, report: Report): void {
  if (!flow.nodes.some(({ kind }) => kind === 'end'))
    report('/nodes', 'there is no end: add a node of that kind');
  for (const one of flow.nodes) {
    if (one.kind === 'message') continue;
    if (![...reach(flow, one.id)].some((id) => isOut(nodeOf(flow, id)!)))
      report(place(flow, one), 'no end can be come to from here');
  }
}

/** A way round without a question would be gone round for ever. */
function checkLoops(flow: Flow, report: Report): void {
  for (const one of flow.nodes) {
    if (one.kind !== 'ask' && comesBack(flow, one))
      report(
        place(flow, one),
        'this leads back here without a question in between: ask something on the way',
      );
  }
}

function comesBack(flow: Flow, one: FlowNode): boolean {
  const open = edgesOf(one).map(({ to }) => to);
  const seen = new Set<string>();
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (id === one.id) return true;
    const node = nodeOf(flow, id);
    if (!node || seen.has(id) || node.kind === 'ask') continue;
    seen.add(id);
    open.push(...edgesOf(node).map(({ to }) => to));
  }
  return false;
}

function checkTexts(flow: Flow, report: Report): void {
  if (!flow.languages.includes('en'))
    report('/languages', 'add "en": what a patient\'s language has no text in is said in English');
  for (const one of flow.nodes) {
    for (const { at, texts } of textsOf(one)) {
      for (const language of flow.languages) {
        if (texts[language] === undefined)
          report(`${place(flow, one)}/${at}`, `the text in "${language}" is missing`);
      }
      for (const [language, text] of Object.entries(texts)) {
        const here = `${place(flow, one)}/${at}/${language}`;
        if (!flow.languages.includes(language)) report(here, `"${language}" is not among the languages`);
        for (const name of placeholdersIn(text)) {
          if (!placeholders[name])
            report(here, `{${name}} is not known: use one of ${Object.keys(placeholders).join(', ')}`);
        }
        if (/[{}]/.test(text.replaceAll(/\{[^{}]*\}/g, '')))
          report(here, 'a brace stands alone: write {name}');
      }
    }
  }
}

function checkAsks(flow: Flow, report: Report): void {
  for (const one of flow.nodes) {
    if (!('answers' in one) || !one.answers) continue;
    const known = new Set<string>();
    for (const [i, { means, key }] of one.answers.entries()) {
      const here = `${place(flow, one)}/answers/${i}`;
      if (known.has(means)) report(`${here}/means`, `"${means}" leads somewhere else already`);
      if (key !== undefined && known.has(key))
        report(`${here}/key`, `the key ${key} leads somewhere else already`);
      if (one.kind === 'tool' && (means === 'yes' || means === 'no' || means === 'any' || key !== undefined))
        report(
          here,
          'while a time is looked for, yes, no and keys answer its own questions: use another meaning',
        );
      known.add(means);
      if (key !== undefined) known.add(key);
    }
    if (one.kind === 'ask' && one.identifies && !known.has('yes'))
      report(`${place(flow, one)}/answers`, 'who identifies themselves says yes: add that answer');
  }
}

function checkMachine(flow: Flow, report: Report): void {
  const messages = flow.nodes.filter(({ kind }) => kind === 'message');
  for (const one of messages.slice(1))
    report(place(flow, one), 'there is a message for machines already: keep one');
  for (const one of messages) {
    for (const { at, texts } of textsOf(one)) {
      for (const [language, text] of Object.entries(texts)) {
        for (const name of placeholdersIn(text)) {
          if (placeholders[name] && placeholders[name].for !== 'machine')
            report(
              `${place(flow, one)}/${at}/${language}`,
              `{${name}} may not be left on a machine, where anybody may hear it: take it out`,
            );
        }
      }
    }
  }
}

/** Says at its start who calls, and how to have no more calls: before the first question is over. */
function checkBeginning(flow: Flow, report: Report): void {
  const needed = [
    ['call.optOut', 'how to have no more of these calls'],
    ['assistant.name', 'who calls, and that it is a machine'],
  ] as const;
  for (const language of flow.languages) {
    const been = new Set<string>();
    const walk = (id: string, before: ReadonlySet<string>): void => {
      const state = `${id} ${[...before].sort().join(' ')}`;
      const one = nodeOf(flow, id);
      if (!one || been.has(state)) return;
      been.add(state);
      const named = 'texts' in one ? placeholdersIn(textIn(one.texts, language)) : [];
      const said = new Set([...before, ...named.filter((name) => needed.some(([one]) => one === name))]);
      if (one.kind === 'say') return walk(one.next, said);
      if (one.kind === 'branch') {
        walk(one.then, said);
        return walk(one.else, said);
      }
      const at = 'texts' in one ? `${place(flow, one)}/texts/${language}` : place(flow, one);
      for (const [name, what] of needed.filter(([name]) => !said.has(name)))
        report(at, `the call begins with this and does not say ${what}: add {${name}} to what is said first`);
    };
    walk(flow.begin, new Set());
  }
}

/** What is about the appointment is for the patient alone: behind the yes to a question that identifies. */
function checkIdentified(flow: Flow, report: Report): void {
  const open = reach(flow, flow.begin, (one, at) => {
    if (one.kind !== 'ask' || !one.identifies) return true;
    return one.answers[Number(at.split('/')[1])]?.means !== 'yes';
  });
  for (const one of flow.nodes) {
    if (!open.has(one.id) || one.kind === 'message') continue;
    const advice = 'only behind the yes to an ask with "identifies": true';
    if (one.kind === 'tool' && one.tool !== 'call-back')
      report(place(flow, one), `nobody but the patient may do this: lead here ${advice}`);
    for (const { at, texts } of textsOf(one)) {
      for (const [language, text] of Object.entries(texts)) {
        const secret = placeholdersIn(text).find((name) => placeholders[name]?.for === 'patient');
        if (secret !== undefined)
          report(
            `${place(flow, one)}/${at}/${language}`,
            `{${secret}} is for the patient alone: lead here ${advice}`,
          );
      }
    }
  }
}

const isCommit = (one: FlowNode | undefined): one is ToolNode =>
  one?.kind === 'tool' && (one.tool === 'confirm-appointment' || one.tool === 'cancel-appointment');

/** Nothing is confirmed or cancelled without a clear yes to a question that said which appointment. */
function checkCommits(flow: Flow, report: Report): void {
  if (isCommit(nodeOf(flow, flow.begin))) report('/begin', 'a call cannot begin with this: ask first');
  const toldOff = new Set<FlowNode>();
  for (const one of flow.nodes) {
    for (const { at, to } of edgesOf(one)) {
      if (!isCommit(nodeOf(flow, to))) continue;
      const means = one.kind === 'ask' ? one.answers[Number(at.split('/')[1])]?.means : undefined;
      if (one.kind !== 'ask' || means !== 'yes') {
        report(
          `${place(flow, one)}/${at}`,
          `"${to}" needs a clear yes: lead to it from the answer "yes" of an ask only`,
        );
        continue;
      }
      if (toldOff.has(one)) continue;
      toldOff.add(one);
      for (const { at: where, texts } of textsOf(one)) {
        for (const [language, text] of Object.entries(texts)) {
          if (!placeholdersIn(text).includes('appointment.when'))
            report(
              `${place(flow, one)}/${where}/${language}`,
              `the yes to this leads to "${to}": say which appointment, with {appointment.when}`,
            );
        }
      }
    }
  }
}

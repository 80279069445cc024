import { prompts } from '../prompts.en.ts';
import { nodeOf } from '../script/flow.ts';
import type { Reading } from '../understanding/understand.ts';
import { hasDetails } from './collect.ts';
import { sayAgain, takeTime } from './hear.ts';
import { go, goodbye, leave, toPerson } from './leave.ts';
import { optOut } from './opt-out.ts';
import { ask } from './questions.ts';
import { askNodeOf, enter, onJob } from './script.ts';
import { listen, release, type Step } from './step.ts';

/** What works at every question of a call that we make, whatever the script. Returns whether it was that. */
export function alwaysOutbound(step: Step, r: Reading, text: string): boolean {
  const { s } = step;
  const { outreach: o } = r;
  const busy = ['holding', 'booking', 'calling-back', 'doing', 'opting-out'].includes(s.phase.kind);
  if (o.stopCalls === 'asked') {
    optOut(step, { source: 'voice', note: text });
    return true;
  }
  if (r.intents.includes('person')) {
    toPerson(step, 'caller-asked', prompts.asking);
    return true;
  }
  if (busy) return false;
  if (o.stopCalls === 'perhaps') {
    s.aside = { kind: 'stop-calls', note: text.slice(0, 200) };
    ask(step);
    return true;
  }
  if (s.phase.kind === 'picked-up') return false;
  if (o.whoIsThis) {
    const { clinic } = step.context;
    ask(step, { lead: prompts.whoWeAre(clinic.assistantName, clinic.name) });
    return true;
  }
  if (isWrongPerson(step, r)) return true;
  if (sayAgain(step, r)) return true;
  if (leaveJob(step, r)) return true;
  if (takeTime(step, r)) return true;
  const decides =
    o.move || o.cancel || o.cannotCome || o.willCome || o.keep || hasDetails(r) || r.yesNo !== 'unclear';
  if (o.later && !decides) {
    goodbye(step);
    return true;
  }
  if ((r.intents.includes('goodbye') || r.intents.includes('give-up')) && !decides) {
    goodbye(step);
    return true;
  }
  if (r.intents.includes('other-topic') && !decides) {
    s.aside = { kind: 'person' };
    ask(step);
    return true;
  }
  return false;
}

/** "wrong number", "she's not here": nothing more is said, and least of all what the call is about. */
function isWrongPerson(step: Step, r: Reading): boolean {
  const { s, context } = step;
  const { wrongPerson } = r.outreach;
  if (wrongPerson === undefined || !s.progress) return false;
  if (wrongPerson !== 'wrong-number' && s.progress.identified) return false;
  // A script that has its own answer for somebody who is not there gives that.
  if (wrongPerson === 'not-here' && askNodeOf(step)?.answers.some(({ means }) => means === 'not-here'))
    return false;
  s.progress.notPatient = true;
  // Nobody calls the dead a second time.
  if (wrongPerson === 'deceased') {
    s.progress.notPatient = false;
    optOut(step, { source: 'voice', note: 'was told that the patient has died' });
    return true;
  }
  release(step);
  const words = wrongPerson === 'wrong-number' ? prompts.wrongNumber : prompts.notHere(context.clinic.name);
  leave(step, { kind: 'hang-up', outcome: s.outcome ?? 'wrong-person' }, words);
  return true;
}

/** While a new time is looked for: "never mind", or one of the ways out that the script names. */
function leaveJob(step: Step, r: Reading): boolean {
  const { s, context } = step;
  const job = s.progress?.job;
  const node = job && context.flow ? nodeOf(context.flow, job.node) : undefined;
  if (!s.progress || node?.kind !== 'tool' || !('declined' in node)) return false;
  const { cancel, keep, declines } = r.outreach;
  const ways = node.answers ?? [];
  const way = cancel && !hasDetails(r) ? ways.find(({ means }) => means === 'cancel') : undefined;
  if (way) {
    delete s.progress.job;
    release(step);
    s.wish = { soonest: false };
    delete s.aside;
    enter(step, way.next);
    return true;
  }
  // Nothing is booked yet that could be cancelled: whoever says so wants nothing to be.
  const wantsNone = job?.kind === 'book' && (cancel || (declines && !r.choice)) && r.yesNo !== 'yes';
  const gaveUp =
    wantsNone ||
    keep ||
    r.intents.includes('give-up') ||
    (r.intents.includes('goodbye') && r.yesNo !== 'yes');
  if (!gaveUp || hasDetails(r)) return false;
  delete s.aside;
  onJob(step, 'declined');
  return true;
}

/** Over our last words: only what somebody must be able to say even then. */
export function hearOverLastWords(step: Step, r: Reading, text: string): void {
  const { s } = step;
  const { outreach: o } = r;
  if (s.phase.kind !== 'leaving' || s.progress?.machine) return listen(step, ['open'], 10_000);
  if (o.stopCalls === 'asked' && s.outcome !== 'opted-out')
    return optOut(step, { source: 'voice', note: text });
  // What was just agreed is not undone by a word over the good-bye: a person looks after it.
  if (r.intents.includes('person') || o.cancel || o.move || o.cannotCome) {
    if (s.outcome !== 'opted-out') return toPerson(step, 'caller-asked', prompts.asking);
  }
  if (s.phase.interrupted) return go(step);
  listen(step, ['open'], 10_000);
}

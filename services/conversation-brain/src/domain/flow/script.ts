import type { ToolResult } from '../effects.ts';
import { prompts } from '../prompts.en.ts';
import { type AskNode, type Condition, messageOf, nodeOf, textIn, type ToolNode } from '../script/flow.ts';
import { fillIn } from '../script/placeholders.ts';
import type { Slot } from '../state.ts';
import type { Reading } from '../understanding/understand.ts';
import { tokensOf } from '../understanding/words.ts';
import { clearBooking, findSlots, proceed, takeDetails } from './collect.ts';
import { leave, toPerson } from './leave.ts';
import { optOut } from './opt-out.ts';
import { ask } from './questions.ts';
import { listen, release, run, say, type Step } from './step.ts';

/** A call of ours begins: whoever picked up says their "hello" first, or nothing. */
const firstWordMs = 1_500;

export function waitForFirstWord(step: Step): void {
  step.s.phase = { kind: 'picked-up' };
  listen(step, ['open'], firstWordMs);
}

/** The first word, or the silence instead of it. */
export function begin(step: Step): void {
  const { flow } = step.context;
  if (!step.s.script || !flow) return cannotGoOn(step);
  enter(step, flow.begin);
}

/** An answering machine has finished its greeting: the message, whole, and nothing else. */
export function leaveMessage(step: Step): void {
  const { s, context } = step;
  const message = context.flow && messageOf(context.flow);
  const text = message && s.script && filled(step, message.texts);
  if (s.progress) s.progress.machine = true;
  s.open = [];
  s.callerGone = false;
  release(step);
  delete s.aside;
  // Something was achieved with a person before: then it is no machine that we owe a message to.
  if (s.outcome) return leave(step, { kind: 'hang-up', outcome: s.outcome }, prompts.goodbyeOutbound);
  if (text === undefined) {
    const request = run(step, { kind: 'hang-up', outcome: 'machine' });
    s.phase = { kind: 'gone', how: { kind: 'hang-up', outcome: 'machine' }, request };
    return listen(step, ['open'], 10_000);
  }
  leave(step, { kind: 'hang-up', outcome: 'voicemail-left' }, text, { interruptible: false });
}

/**
 * Goes on at a node: says what is to be said, up to the next question, tool or end. `wish`: what was said with the answer
 * that led here, such as a day with the yes.
 */
export function enter(
  step: Step,
  id: string,
  o: { lead?: string | undefined; wish?: Reading | undefined } = {},
): void {
  const { s, context } = step;
  const { flow } = context;
  if (!s.script || !s.progress || !flow) return cannotGoOn(step);
  if (s.progress.optOut) return optOut(leaveDoing(step), s.progress.optOut);
  const said = o.lead === undefined ? [] : [o.lead];
  let next = id;
  // A checked flow comes to a question, a tool or an end before it has been at each of its nodes.
  for (let i = 0; i <= flow.nodes.length; i++) {
    const node = nodeOf(flow, next);
    if (!node) break;
    if (node.kind === 'branch') {
      next = holds(step, node.if) ? node.then : node.else;
      continue;
    }
    if (node.kind === 'tool') return use(step, node, said.join(' '), o.wish);
    const text = filled(step, node.texts);
    if (text === undefined || node.kind === 'message') break;
    if (node.kind === 'say') {
      said.push(text);
      next = node.next;
      continue;
    }
    if (node.kind === 'ask') {
      s.phase = { kind: 'scripted', node: node.id, said: '', heard: false };
      return ask(step, { lead: said.join(' ') });
    }
    const words = [...said, text].join(' ');
    if (node.kind === 'transfer') return toPerson(step, 'script', words);
    return leave(step, { kind: 'hang-up', outcome: s.outcome ?? node.outcome ?? 'not-booked' }, words);
  }
  cannotGoOn(step);
}

/** The commit that held the wish for no more calls back has its answer. */
function leaveDoing(step: Step): Step {
  step.s.phase = { kind: 'picked-up' };
  return step;
}

export function cannotGoOn(step: Step): void {
  const outcome = step.s.outcome ?? 'not-booked';
  leave(step, { kind: 'hang-up', outcome }, prompts.cannotGoOn);
}

/** A text of the script in the call's language; undefined when it names something that is not known. */
export function filled(step: { s: Step['s']; context: Step['context'] }, texts: Record<string, string>) {
  const { script } = step.s;
  return script && fillIn(textIn(texts, script.language), script, step.context.clinic);
}

/** The question that the call is at, if it is at one of the script. */
export function askNodeOf(step: { s: Step['s']; context: Step['context'] }): AskNode | undefined {
  const { phase } = step.s;
  if (phase.kind !== 'scripted' || !step.context.flow) return undefined;
  const node = nodeOf(step.context.flow, phase.node);
  return node?.kind === 'ask' ? node : undefined;
}

function holds({ s, context }: Step, condition: Condition): boolean {
  const appointment = s.script?.appointment;
  if (!appointment) return false;
  const booked = appointment.status === 'booked';
  switch (condition) {
    case 'appointment-ahead':
      return booked && appointment.startMs > context.nowMs;
    case 'appointment-past':
      return booked && appointment.startMs <= context.nowMs;
    case 'appointment-cancelled':
      return !booked;
    case 'appointment-confirmed':
      return booked && appointment.confirmed;
    default:
      return condition satisfies never;
  }
}

function use(step: Step, node: ToolNode, lead: string, wish: Reading | undefined): void {
  const { s, context } = step;
  const { script, progress } = s;
  if (!script || !progress) return cannotGoOn(step);
  const { appointment } = script;
  if (node.tool === 'move-appointment' || node.tool === 'book-appointment') {
    if (node.tool === 'move-appointment' && !appointment) return enter(step, node.failed);
    clearBooking(s);
    progress.job = { kind: node.tool === 'move-appointment' ? 'move' : 'book', node: node.id };
    s.name = script.patient.name;
    s.phone = { number: script.number, said: false };
    const doctor = context.clinic.doctors.find(({ doctorId }) => doctorId === appointment?.doctorId);
    if (doctor?.acceptsBookings) s.wish.who = { kind: 'doctor', doctorId: doctor.doctorId };
    else if (appointment) s.wish.who = { kind: 'department', department: appointment.department };
    // Whoever moves an appointment may as well name the day that it is on.
    if (wish && node.tool === 'book-appointment' && takeWish(step, wish) === 'asked') return;
    // The next free times at once: a question less than "which day?", and any day may still be named instead.
    if (s.wish.who) return findSlots(step, lead);
    return proceed(step, { lead });
  }
  let request: number;
  if (node.tool === 'call-back') {
    const note = `call of ours, "${context.flow?.title ?? ''}": it did not work as it should`;
    request = run(step, { kind: 'call-back', reason: 'other', note });
  } else {
    if (!appointment) return enter(step, node.failed);
    const kind = node.tool === 'confirm-appointment' ? 'confirm' : 'cancel';
    request = run(step, { kind, appointmentId: appointment.appointmentId });
  }
  s.phase = { kind: 'doing', node: node.id, request };
  if (lead !== '') say(step, lead);
  listen(step, ['open'], 9_000);
}

/** "Yes, on Friday": what was named with the answer is not asked for again. The name stays the patient's. */
function takeWish(step: Step, r: Reading): ReturnType<typeof takeDetails> {
  const who = r.who?.kind === 'found' ? r.who : undefined;
  const date = r.date?.kind === 'days' ? r.date : undefined;
  return takeDetails(step, { ...r, name: undefined, who, date });
}

const achieved = {
  'confirm-appointment': 'confirmed',
  'cancel-appointment': 'cancelled',
  'call-back': 'call-back-requested',
} as const;

/** The answer of a tool of the script. What is said about it comes after it, and after the outcome was recorded. */
export function onDone(step: Step, result: ToolResult): void {
  const { s, context } = step;
  const node = s.phase.kind === 'doing' && context.flow ? nodeOf(context.flow, s.phase.node) : undefined;
  if (node?.kind !== 'tool' || !(node.tool in achieved)) return cannotGoOn(step);
  if (result.kind !== 'done') return enter(step, node.failed);
  noteAchieved(step, node.tool as keyof typeof achieved);
  enter(step, node.done);
}

export function noteAchieved(step: Step, tool: keyof typeof achieved): void {
  const { s } = step;
  const appointment = s.script?.appointment;
  if (appointment && tool === 'confirm-appointment') appointment.confirmed = true;
  if (appointment && tool === 'cancel-appointment') appointment.status = 'cancelled';
  s.outcome = achieved[tool];
  step.effects.push({ type: 'record-outcome', outcome: s.outcome });
}

/** A new time was looked for: booked or moved to `slot`, declined, or not to be had. */
export function onJob(step: Step, how: 'done' | 'declined' | 'failed'): void {
  const { s, context } = step;
  const job = s.progress?.job;
  const node = job && context.flow ? nodeOf(context.flow, job.node) : undefined;
  if (s.progress) delete s.progress.job;
  release(step);
  clearBooking(s);
  if (node?.kind !== 'tool' || !('declined' in node)) return cannotGoOn(step);
  enter(step, node[how]);
}

/** From now on the appointment is at that time: what the script says of it next is true. */
export function noteSlot(step: Step, slot: Slot): void {
  const { script } = step.s;
  if (!script) return;
  const { doctorId, doctorName, department, startMs } = slot;
  const appointmentId = script.appointment?.appointmentId ?? '';
  script.appointment = {
    appointmentId,
    doctorId,
    doctorName,
    department,
    startMs,
    status: 'booked',
    confirmed: false,
  };
}

/** Which of the answers was given; undefined when none was. */
function chosen(step: Step, node: AskNode, r: Reading): number | undefined {
  const { outreach: o } = r;
  const at = (means: AskNode['answers'][number]['means']): number | undefined => {
    const i = node.answers.findIndex((one) => one.means === means);
    return i < 0 ? undefined : i;
  };
  const tool = (means: 'yes'): string | undefined => {
    const i = at(means);
    const target = i === undefined ? undefined : nodeOf(step.context.flow!, node.answers[i]!.next);
    return target?.kind === 'tool' ? target.tool : undefined;
  };
  if (o.wrongPerson === 'not-here' && at('not-here') !== undefined && r.yesNo !== 'yes')
    return at('not-here');
  // Asked whether to cancel, "please cancel it" is the yes; asked whether they come, "I'll be there" is.
  const books = tool('yes') === 'book-appointment';
  // "I already have a new appointment" has the words of a wish in it.
  if (books && o.declines && r.yesNo !== 'yes') return at('no');
  const agreed =
    (books && o.book && !o.cancel) ||
    (tool('yes') === 'cancel-appointment' && o.cancel && !o.keep && !o.move) ||
    (tool('yes') === 'confirm-appointment' && o.willCome && !o.cancel && !o.move) ||
    (node.identifies === true && o.isPatient);
  // "Yes, this is his wife" is a no, whatever it begins with.
  if (node.identifies === true && o.isOther) return at('no');
  if (agreed && r.yesNo !== 'no') return at('yes');
  if (o.cancel && o.move) return undefined;
  if (o.cancel && tool('yes') === 'cancel-appointment') return undefined;
  if (o.cancel && at('cancel') !== undefined) return at('cancel');
  if (o.move && at('move') !== undefined) return at('move');
  if (o.cannotCome && at('cannot-come') !== undefined) return at('cannot-come');
  if (o.keep && r.yesNo !== 'yes' && at('no') !== undefined) return at('no');
  const asksForOther = o.cancel || o.move || o.cannotCome;
  if (r.yesNo === 'yes' && !asksForOther) return at('yes') ?? at('any');
  if (r.yesNo === 'no') return at('no') ?? at('any');
  return at('any');
}

export function answerScripted(step: Step, r: Reading): 'done' | 'unclear' {
  const node = askNodeOf(step);
  if (!node) {
    cannotGoOn(step);
    return 'done';
  }
  const choice = chosen(step, node, r);
  if (choice === undefined) return 'unclear';
  choose(step, node, choice, r);
  return 'done';
}

/** Keys stand for answers: what this one does, if the question has it. */
export function answerByKey(step: Step, digit: string): (() => void) | undefined {
  const node = askNodeOf(step);
  const choice = node?.answers.findIndex(({ key }) => key === digit) ?? -1;
  return node && choice >= 0 ? () => choose(step, node, choice) : undefined;
}

/**
 * Goes where the answer leads. One that confirms or cancels counts once the question was heard to its end: nobody agrees to
 * what they did not hear.
 */
function choose(step: Step, node: AskNode, choice: number, wish?: Reading): void {
  const { s, context } = step;
  const answer = node.answers[choice];
  if (s.phase.kind !== 'scripted' || !answer || !s.progress) return cannotGoOn(step);
  const target = context.flow && nodeOf(context.flow, answer.next);
  const commits =
    target?.kind === 'tool' &&
    (target.tool === 'confirm-appointment' || target.tool === 'cancel-appointment');
  if (commits && !s.phase.heard) {
    const { said } = s.phase;
    if (s.open.some(({ text }) => text.includes(said))) {
      s.phase.choice = choice;
      return listen(step, ['yes-no'], 6_000);
    }
    return ask(step, { lead: prompts.inFull });
  }
  if (node.identifies) {
    s.progress.identified = answer.means === 'yes';
    s.progress.notPatient = answer.means === 'no';
  }
  enter(step, answer.next, { wish });
}

/** A question of the script was asked in these words; the same words again stay heard. */
export function noteAsked(step: Step, text: string): void {
  const { phase } = step.s;
  if (phase.kind !== 'scripted') return;
  phase.heard = phase.heard && phase.said === text;
  phase.said = text;
  delete phase.choice;
}

/** An utterance has ended; if it was the question, remember whether it was heard, but for its very last word. */
export function noteAskHeard(step: Step, text: string, heardText: string, played: boolean): void {
  const { phase } = step.s;
  if (phase.kind !== 'scripted' || phase.said === '' || !text.includes(phase.said)) return;
  const needed = tokensOf(text.slice(0, text.indexOf(phase.said) + phase.said.length)).slice(0, -1);
  const heard = tokensOf(heardText);
  if (played || needed.every((word, i) => heard[i] === word)) phase.heard = true;
  const { choice } = phase;
  if (choice === undefined || step.s.aside) return;
  delete phase.choice;
  const node = askNodeOf(step);
  if (node) choose(step, node, choice);
}

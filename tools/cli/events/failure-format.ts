import {
  attemptsIn,
  policyOf,
  type Attempt,
  type DeadLetter,
  type DeadLetterCount,
  type ParkedKeySummary,
  type Released,
  type ReleaseHow,
} from '@wardline/event-bus';
import { duration } from './age.ts';
import { count, shownData, traceIdOf } from './format.ts';

/** "7 attempts". Of a long history only the newest are kept. */
function attemptsWords(history: readonly Attempt[]): string {
  const { attempts, atLeast } = attemptsIn(history);
  return `${atLeast ? 'at least ' : ''}${count(attempts, 'attempt')}`;
}

export function deadLetterLine(letter: DeadLetter): string {
  const key = !letter.holdsKey
    ? 'its key went on'
    : letter.waiting === 0
      ? 'its key waits'
      : `${letter.waiting} waiting behind it`;
  const columns = [
    letter.id,
    letter.deadAt.toISOString(),
    letter.group,
    letter.topic,
    letter.key,
    letter.reason,
  ];
  return `${columns.join('  ')}  (${attemptsWords(letter.history)}; ${key})`;
}

/** For programs: what is stored, and what follows from it. */
export function deadLetterObject(letter: DeadLetter): Record<string, unknown> {
  return {
    ...letter,
    onFailure: policyOf(letter.topic),
    attempts: attemptsIn(letter.history).attempts,
    tenantId: letter.event.tenant_id,
  };
}

/** What stands below a list: how much there is in all, and what to do about it. */
export function deadLettersSummary(counts: readonly DeadLetterCount[], shown: number, now: Date): string {
  const letters = counts.reduce((sum, row) => sum + row.letters, 0);
  const waiting = counts.reduce((sum, row) => sum + row.waiting, 0);
  const rows = counts.map((row) => [
    row.group,
    row.topic,
    String(row.letters),
    String(row.waiting),
    policyOf(row.topic) === 'park' ? 'key waits' : 'key goes on',
    `${duration(now.getTime() - row.oldest.getTime())} ago`,
  ]);
  return [
    '',
    `${count(letters, 'dead letter')}${letters > shown ? ` (the newest ${shown} are shown; --limit)` : ''}, ${count(waiting, 'event')} waiting behind`,
    ...table(['GROUP', 'TOPIC', 'DEAD', 'WAITING', 'POLICY', 'OLDEST'], rows).map((line) => `  ${line}`),
    'Next: dlq show ID for the history; when the cause is mended, dlq replay ID, or all of a heap with',
    '      dlq replay --all --group G --topic T',
    '',
  ].join('\n');
}

export function deadLetterPage(letter: DeadLetter): string {
  const { event } = letter;
  const behind = count(letter.waiting, 'event');
  const effect = letter.holdsKey
    ? {
        replay: `handle it again${letter.waiting > 0 ? `, then the ${behind} that wait behind it, in order` : ''}`,
        discard: `leave it out for ${letter.group}${letter.waiting > 0 ? `, and handle the ${behind} behind it` : ''}`,
      }
    : {
        replay: 'handle it again, after later events of its key, which have gone on',
        discard: `forget it; its key has gone on`,
      };
  const fields = [
    ['group', letter.group],
    ['topic', `${letter.topic} (partition ${event.partition}, offset ${event.offset})`],
    ['key', letter.key],
    ['event', `${event.type} ${event.id}, ${event.subject} no. ${event.sequence}`],
    ['tenant', event.tenant_id],
    ['trace', traceIdOf(event)],
    ['published', new Date(event.published_at).toISOString()],
    ['given up', letter.deadAt.toISOString()],
    ['reason', letter.reason],
    ['key now', letter.holdsKey ? `waits, with ${behind} behind this one` : 'went on without this event'],
    ['data', shownData(event.data)],
  ] as const;
  return [
    `Dead letter ${letter.id}`,
    ...fields.map(([name, value]) => `  ${name.padEnd(10)} ${value}`),
    `  ${'history'.padEnd(10)} ${attemptsWords(letter.history)}`,
    ...historyLines(letter.history),
    `  dlq replay ${letter.id}   ${effect.replay}`,
    `  dlq discard ${letter.id}  ${effect.discard}`,
    '',
  ].join('\n');
}

function historyLines(history: readonly Attempt[]): string[] {
  return history.map(({ at, reason }, i) => {
    const before = history[i - 1];
    const after = before ? `+${duration(Date.parse(at) - Date.parse(before.at))}` : '';
    return `    ${new Date(at).toISOString()}  ${after.padEnd(8)}  ${reason}`;
  });
}

export function parkedLine(parked: ParkedKeySummary, now: Date): string {
  const dueMs = parked.nextAttemptAt.getTime() - now.getTime();
  const due = dueMs <= 0 ? 'now' : `in ${duration(dueMs)}`;
  const columns = [
    parked.parkedSince.toISOString(),
    ...[parked.group, parked.topic, parked.key],
    parked.history.at(-1)?.reason ?? '(not tried yet)',
  ];
  return `${columns.join('  ')}  (${count(parked.attempts, 'attempt')}; next ${due}; ${parked.waiting} waiting behind it)`;
}

/** What was done, or would be. */
export function releaseLine(how: ReleaseHow, released: Released): string {
  const { id, group, key, waiting } = released;
  const behind =
    waiting === 0 ? '' : `, then the ${count(waiting, 'event')} behind it on key ${key}, in order`;
  if (how === 'replay') {
    const late = released.heldKey ? behind : `, after later events of key ${key}`;
    return `${id} will be handled again by ${group}${late}`;
  }
  const goesOn =
    waiting === 0 ? '' : `; the ${count(waiting, 'event')} behind it on key ${key} will be handled`;
  return `${id} is discarded for ${group}${goesOn}`;
}

/** Columns as wide as their widest cell. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const widths = head.map((name, i) => Math.max(name.length, ...rows.map((row) => row[i]?.length ?? 0)));
  return [head, ...rows].map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

import {
  countDeadLetters,
  findDeadLetter,
  letGo,
  listDeadLetters,
  listParkedKeys,
  type FailureFilter,
  type ReleaseHow,
} from '@wardline/event-bus';
import type pg from 'pg';
import {
  deadLetterLine,
  deadLetterObject,
  deadLetterPage,
  deadLettersSummary,
  parkedLine,
  releaseLine,
} from './failure-format.ts';
import { count } from './format.ts';
import { UsageError } from './running-bus.ts';

export interface FailureFlags {
  filter: FailureFilter;
  json: boolean;
}

/** More than anybody reads, and less than fills the memory. */
const ALL_MAX = 10_000;
const print = (text: string): void => void process.stdout.write(`${text}\n`);
const noSuchLetter = (id: string): UsageError =>
  new UsageError(`there is no dead letter ${id}; it may have been released already: see dlq list`);

export async function listDlq(client: pg.Client, { filter, json }: FailureFlags): Promise<void> {
  const letters = await listDeadLetters(client, filter);
  for (const letter of letters) {
    print(json ? JSON.stringify(deadLetterObject(letter)) : deadLetterLine(letter));
  }
  if (json) return;
  if (letters.length === 0) print('no dead letters');
  else
    print(deadLettersSummary(await countDeadLetters(client, filter), letters.length, new Date()).trimEnd());
}

export async function showDlq(client: pg.Client, id: string, json: boolean): Promise<void> {
  const letter = await findDeadLetter(client, id);
  if (!letter) throw noSuchLetter(id);
  print(json ? JSON.stringify(deadLetterObject(letter), undefined, 2) : deadLetterPage(letter).trimEnd());
}

export async function releaseOne(
  client: pg.Client,
  id: string,
  how: ReleaseHow,
  json: boolean,
): Promise<void> {
  const released = await letGo(client, id, how);
  if (!released) throw noSuchLetter(id);
  print(json ? JSON.stringify({ action: how, ...released }) : releaseLine(how, released));
}

/** All of one group and topic, oldest first. Without `yes` it only says what it would do. */
export async function releaseAll(
  client: pg.Client,
  how: ReleaseHow,
  { filter, json }: FailureFlags,
  yes: boolean,
): Promise<void> {
  const { group, topic } = filter;
  if (group === undefined || topic === undefined)
    throw new UsageError(`dlq ${how} --all needs --group G and --topic T; dlq list names them`);
  const letters = (await listDeadLetters(client, { ...filter, limit: ALL_MAX })).reverse();
  const waiting = letters.reduce((sum, letter) => sum + letter.waiting, 0);
  const what = `${count(letters.length, 'dead letter')} of ${group} on ${topic}, with ${count(waiting, 'event')} waiting behind`;
  if (!yes) {
    throw new UsageError(
      letters.length === 0
        ? `there is nothing to ${how}: ${what}; see dlq list`
        : `nothing is done yet: this would ${how} ${what}; repeat with --yes`,
    );
  }
  let done = 0;
  for (const { id } of letters) {
    const released = await letGo(client, id, how);
    // Someone else was faster.
    if (!released) continue;
    done += 1;
    print(json ? JSON.stringify({ action: how, ...released }) : releaseLine(how, released));
  }
  if (!json) print(`${how === 'replay' ? 'replayed' : 'discarded'}: ${done} of ${what}`);
}

export async function listParked(client: pg.Client, { filter, json }: FailureFlags): Promise<void> {
  const parked = await listParkedKeys(client, filter);
  for (const key of parked) print(json ? JSON.stringify(key) : parkedLine(key, new Date()));
  if (json) return;
  if (parked.length === 0) print('no key is being retried');
  else print(`\n${count(parked.length, 'key')} being retried; what is given up in the end is in dlq list`);
}

/**
 * The judge of a drill: pure, and knowing nothing of the product. It is given what really happened (domain rows), what
 * the topics hold, and what consumers did (effects), and says where they disagree.
 */

/** An event that happened: its transaction has committed. */
export interface DomainRow {
  readonly eventId: string;
  readonly tenantId: string;
  readonly topic: string;
  readonly key: string;
  /** Of the key within the topic, from 1, in the order of commits. */
  readonly n: number;
  /** Milliseconds since the epoch. */
  readonly committedAt: number;
}

export interface EffectRow {
  readonly group: string;
  readonly eventId: string;
  readonly tenantId: string;
  readonly topic: string;
  readonly key: string;
  readonly n: number;
  /** In the order of writing. */
  readonly position: number;
  readonly committedAt: number;
}

/** One record of a topic; the same event may stand there twice. */
export interface TopicRecord {
  readonly topic: string;
  readonly partition: number;
  /** Position in the partition; no numbers need to follow one another. */
  readonly offset: number;
  readonly eventId: string;
  readonly tenantId: string;
  readonly key: string;
  readonly n: number;
  readonly subject: string;
  readonly sequence: number;
}

export interface Evidence {
  readonly groups: readonly string[];
  readonly domain: readonly DomainRow[];
  readonly effects: readonly EffectRow[];
  readonly records: readonly TopicRecord[];
  /** Events still parked or dead-lettered, and outbox rows that nobody took. */
  readonly parked: number;
  readonly deadLetters: number;
  readonly unsent: number;
}

export interface Verdict {
  readonly ok: boolean;
  readonly produced: number;
  /** Events without an effect in a group, or not in their topic. */
  readonly lost: number;
  /** Effects beyond the first of an event in a group. */
  readonly doubled: number;
  /** Steps back within a key: in effects, in a topic; gaps or steps back in a subject's sequence; keys in two partitions. */
  readonly outOfOrder: number;
  /** Records and effects of events that never happened, or that differ from them. */
  readonly invented: number;
  /** Parked, dead-lettered, or left in an outbox. */
  readonly waiting: number;
  /** Records beyond the first of an event. Allowed: a relay that dies between writing and remembering writes again. */
  readonly redelivered: number;
  /** The first findings of each kind, in words. */
  readonly findings: readonly string[];
}

const FINDINGS_MAX_PER_KIND = 6;

export function check(evidence: Evidence): Verdict {
  const { domain, effects, records, groups } = evidence;
  const findings: string[] = [];
  const counts = { lost: 0, doubled: 0, outOfOrder: 0, invented: 0, redelivered: 0 };
  const found = (kind: keyof typeof counts, text: string): void => {
    counts[kind] += 1;
    if (counts[kind] <= FINDINGS_MAX_PER_KIND) findings.push(`${kind}: ${text}`);
  };
  const known = new Map(domain.map((row) => [row.eventId, row]));
  const label = ({ topic, key, n }: { topic: string; key: string; n: number }): string =>
    `${topic} ${key} #${n}`;
  const matches = (seen: EffectRow | TopicRecord): boolean => {
    const row = known.get(seen.eventId);
    return (
      row !== undefined &&
      row.tenantId === seen.tenantId &&
      row.topic === seen.topic &&
      row.key === seen.key &&
      row.n === seen.n
    );
  };

  // Effects, per group.
  for (const group of groups) {
    const own = effects.filter((effect) => effect.group === group).sort((a, b) => a.position - b.position);
    const first = new Map<string, EffectRow>();
    for (const effect of own) {
      if (!matches(effect)) found('invented', `effect of ${group} for ${label(effect)}`);
      if (first.has(effect.eventId)) found('doubled', `${label(effect)} in ${group}`);
      else first.set(effect.eventId, effect);
    }
    for (const row of domain) if (!first.has(row.eventId)) found('lost', `${label(row)} in ${group}`);
    const newest = new Map<string, EffectRow>();
    for (const effect of first.values()) {
      const place = `${effect.topic} ${effect.key}`;
      const before = newest.get(place);
      // By the order of writing, and by that of commits: two transactions that overlap could differ in them.
      if (before && (effect.n <= before.n || effect.committedAt < before.committedAt))
        found('outOfOrder', `effect ${label(effect)} after #${before.n} in ${group}`);
      if (!before || effect.n > before.n) newest.set(place, effect);
    }
  }

  // Topics.
  const firstRecords = new Map<string, TopicRecord>();
  const partitions = new Map<string, number>();
  const newestOfKey = new Map<string, number>();
  const newestOfSubject = new Map<string, number>();
  for (const record of [...records].sort((a, b) => a.offset - b.offset)) {
    if (!matches(record)) found('invented', `record ${label(record)}`);
    const place = `${record.topic} ${record.key}`;
    const home = partitions.get(place) ?? record.partition;
    partitions.set(place, home);
    if (home !== record.partition)
      found('outOfOrder', `key ${place} in partitions ${home} and ${record.partition}`);
    const earlier = firstRecords.get(record.eventId);
    if (earlier) {
      counts.redelivered += 1;
      if (earlier.sequence !== record.sequence)
        found(
          'outOfOrder',
          `${label(record)} came again as sequence ${record.sequence}, not ${earlier.sequence}`,
        );
      continue;
    }
    firstRecords.set(record.eventId, record);
    const n = newestOfKey.get(place) ?? 0;
    if (record.n <= n) found('outOfOrder', `record ${label(record)} after #${n}`);
    newestOfKey.set(place, Math.max(n, record.n));
    const subject = `${record.topic} ${record.subject}`;
    const sequence = newestOfSubject.get(subject) ?? 0;
    if (record.sequence !== sequence + 1)
      found('outOfOrder', `sequence of ${subject} goes from ${sequence} to ${record.sequence}`);
    newestOfSubject.set(subject, record.sequence);
  }
  for (const row of domain) if (!firstRecords.has(row.eventId)) found('lost', `${label(row)} in its topic`);

  const waiting = evidence.parked + evidence.deadLetters + evidence.unsent;
  if (waiting > 0)
    findings.push(
      `waiting: ${evidence.parked} parked, ${evidence.deadLetters} dead letters, ${evidence.unsent} in outboxes`,
    );
  const { lost, doubled, outOfOrder, invented, redelivered } = counts;
  const ok = domain.length > 0 && lost + doubled + outOfOrder + invented + waiting === 0;
  if (domain.length === 0) findings.push('nothing happened: there is nothing to judge');
  return { ok, produced: domain.length, lost, doubled, outOfOrder, invented, waiting, redelivered, findings };
}

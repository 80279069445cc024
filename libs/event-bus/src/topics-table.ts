import { topics, type Topic } from './topics.ts';

/** The declaration as a Markdown table, for `docs/events.md` and `npm run events -- topics table`. */
export function topicsTable(declaration: Readonly<Record<string, Topic>> = topics): string {
  const rows = Object.entries(declaration).map(([name, topic]) => [
    `\`${name}\``,
    String(topic.partitions),
    topic.keyDescription,
    `${topic.producers.join(', ')} → ${topic.consumers.join(', ')}`,
    topic.retentionMs === null ? 'newest per key' : `${topic.retentionMs / 86_400_000} days`,
    topic.onFailure,
    topic.egress ? 'yes' : 'no',
    topic.messageTypes.map((type) => `\`${type.split('.').at(-1)}\``).join(', ') || '(reserved)',
  ]);
  const head = [
    'topic',
    'partitions',
    'key',
    'from → to',
    'kept',
    'after a dead letter',
    'integrators',
    'message',
  ];
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}

const BEGIN = '<!-- topics: rendered by `npm run events -- topics table --write` -->';
const END = '<!-- /topics -->';

/**
 * A document with its table brought up to date.
 *
 * @throws RangeError when the document has no place for it
 */
export function withTopicsTable(document: string): string {
  const begin = document.indexOf(BEGIN);
  const end = document.indexOf(END);
  if (begin < 0 || end < begin) throw new RangeError('the document has no marked place for the topics');
  return `${document.slice(0, begin + BEGIN.length)}\n\n${topicsTable()}\n\n${document.slice(end)}`;
}

import type { Rules } from './rules.ts';

const BEGIN = '<!-- arrows: rendered by `node tools/architecture/cli.ts --write` -->';
const END = '<!-- /arrows -->';

/** The rules as the two tables of docs/architecture.md. */
export function arrowTables({ layers, asks }: Rules): string {
  const code = (names: readonly string[]): string => names.map((name) => `\`${name}\``).join(' ');
  const services = Object.entries(asks)
    .filter(([, callees]) => callees.length > 0)
    .map(([caller, callees]) => `| \`${caller}\` | ${code(callees)} |`);
  const libraries = layers.map((layer, height) => `| ${height} | ${code(layer)} |`);
  return [
    ['| service | asks by RPC |', '|---|---|', ...services].join('\n'),
    ['| layer | libraries, each of which may use only lower layers |', '|---|---|', ...libraries].join('\n'),
  ].join('\n\n');
}

/**
 * A document with its tables brought up to date.
 *
 * @throws RangeError when the document has no place for them
 */
export function withArrowTables(document: string, rules: Rules): string {
  const begin = document.indexOf(BEGIN);
  const end = document.indexOf(END);
  if (begin < 0 || end < begin) throw new RangeError('the document has no marked place for the arrows');
  return `${document.slice(0, begin + BEGIN.length)}\n\n${arrowTables(rules)}\n\n${document.slice(end)}`;
}

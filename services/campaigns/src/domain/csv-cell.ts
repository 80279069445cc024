/**
 * A cell of a CSV file by RFC 4180, harmless in a spreadsheet: a text that would be taken for a formula (it begins with
 * `=`, `+`, `-`, `@`, a tab or a carriage return, spaces before them or full-width forms of them included) gets an apostrophe
 * before it. So do telephone numbers, which begin with `+`: they stay whole and readable, and our own import takes the
 * apostrophe away again.
 */
export function csvCell(text: string): string {
  const harmless = /^(?:[\t\r\n]|\s*[=+\-@＝＋－＠])/u.test(text) ? `'${text}` : text;
  return /[",;\r\n\t]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

export function csvLine(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

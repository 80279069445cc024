import { response } from './client.ts';

/** Hands something to the browser as a file. */
export function saveAs(fileName: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = fileName;
  link.click();
  // The browser has taken it by then; without this it would keep the content as long as the page is open.
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/** Fetches a file with the bearer token, which a link could not send, and hands it to the browser. */
export async function download(path: string, fileName: string): Promise<void> {
  saveAs(fileName, await (await response('GET', path)).blob());
}

const formula = /^[=+\-@\t\r]/;

/** RFC 4180, with a byte order mark for spreadsheets; a cell that one would take for a formula is neutralised. */
export function csvOf(rows: readonly (readonly string[])[]): Blob {
  const cell = (text: string) => `"${(formula.test(text) ? `'${text}` : text).replaceAll('"', '""')}"`;
  const text = rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('');
  return new Blob([`\uFEFF${text}`], { type: 'text/csv;charset=utf-8' });
}

/** A piece of a page. Made by `html` alone, so that whatever is put into one is escaped. */
export interface Html {
  readonly markup: string;
}
type Part = Html | string | number | readonly Part[] | undefined;

/** Markup with values in it: texts are escaped, pieces and lists of pieces are not, undefined is nothing. */
export function html(strings: TemplateStringsArray, ...parts: Part[]): Html {
  return { markup: strings.map((text, i) => text + (i < parts.length ? markupOf(parts[i]) : '')).join('') };
}

/** Text in which `code` is marked by backticks, as comments of the contracts write it. */
export function prose(text: string): Html {
  const pieces = text
    .split('`')
    .map((piece, i) => (i % 2 === 1 ? html`<code>${piece}</code>` : html`${piece}`));
  return html`${pieces}`;
}

/** A block of code. */
export function code(label: string, text: string): Html {
  return html`<figure class="code">
    <figcaption>${label}</figcaption>
    <pre tabindex="0"><code>${text.trim()}</code></pre>
  </figure>`;
}

/** A block of JSON, indented, its names and values told apart. */
export function jsonCode(label: string, value: unknown): Html {
  const text = JSON.stringify(value, undefined, 2);
  const pieces = text.split(/("(?:[^"\\]|\\.)*"(?:\s*:)?)/).map((piece, i) => {
    if (i % 2 === 0) return html`${piece}`;
    const name = /^(".*")(\s*:)$/s.exec(piece);
    return name
      ? html`<span class="json-name">${name[1]}</span>${name[2]}`
      : html`<span class="json-text">${piece}</span>`;
  });
  return html`<figure class="code">
    <figcaption>${label}</figcaption>
    <pre tabindex="0"><code>${pieces}</code></pre>
  </figure>`;
}

function markupOf(part: Part): string {
  if (part === undefined) return '';
  if (typeof part === 'string' || typeof part === 'number') return escaped(String(part));
  return 'markup' in part ? part.markup : part.map(markupOf).join('');
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

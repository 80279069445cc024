/**
 * Tokens of an utterance, the same whether the recogniser writes "10:30 a.m." or "ten thirty a m". Two markers are in
 * capitals because their plain spelling means something else: AM and PM ("i am alex" is not a time of day).
 */
export type Tokens = readonly string[];

/** Half-open range of token positions. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

const spelling: Record<string, string> = {
  dr: 'doctor',
  docter: 'doctor',
  cant: "can't",
  dont: "don't",
  im: "i'm",
  thats: "that's",
  whats: "what's",
  isnt: "isn't",
  doesnt: "doesn't",
  wont: "won't",
  couldnt: "couldn't",
  didnt: "didn't",
  oclock: "o'clock",
  ok: 'okay',
  mr: 'mister',
  tmrw: 'tomorrow',
  tommorow: 'tomorrow',
};

export function tokensOf(text: string): string[] {
  const plain = text
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .replace(/[’`´]/g, "'")
    .toLowerCase()
    .replace(/\b(\d{1,2})[.:](\d{2})\b/g, '$1:$2')
    .replace(/(\d)\s*(?:a\.?\s?m\.?)(?![a-z])/g, '$1 AM')
    .replace(/(\d)\s*(?:p\.?\s?m\.?)(?![a-z])/g, '$1 PM')
    .replace(/\ba\.m\b\.?/g, 'AM')
    .replace(/\bp\.m\b\.?/g, 'PM')
    .replace(/\bo'? clock\b/g, "o'clock")
    .replace(/\bcan not\b/g, 'cannot');
  const raw = plain
    .replace(/[^A-Za-z0-9':+ ]+/g, ' ')
    .split(/\s+/)
    .map((word) => word.replace(/^'+|'+$/g, ''))
    .filter((word) => word !== '');
  const tokens: string[] = [];
  for (let i = 0; i < raw.length; i++) {
    const word = raw[i]!;
    if ((word === 'a' || word === 'p') && raw[i + 1] === 'm') {
      tokens.push(word === 'a' ? 'AM' : 'PM');
      i++;
    } else if (word === 'pm') tokens.push('PM');
    else if (word === 'am' && isNumberWord(tokens.at(-1))) tokens.push('AM');
    else tokens.push(spelling[word] ?? word);
  }
  return tokens;
}

/** Whether the words of `phrase` stand in `tokens` next to each other; where, if so. */
export function findPhrase(tokens: Tokens, phrase: string, from = 0): Span | undefined {
  const words = phrase.split(' ');
  for (let start = from; start + words.length <= tokens.length; start++) {
    if (words.every((word, k) => tokens[start + k] === word)) return { start, end: start + words.length };
  }
  return undefined;
}

export function hasPhrase(tokens: Tokens, phrases: readonly string[]): boolean {
  return phrases.some((phrase) => findPhrase(tokens, phrase) !== undefined);
}

export function overlaps(a: Span, b: Span): boolean {
  return a.start < b.end && b.start < a.end;
}

/** The utterance without the words inside the spans: what is left to be read as something else. */
export function without(tokens: Tokens, spans: readonly Span[]): string[] {
  return tokens.filter((_, i) => !spans.some((span) => i >= span.start && i < span.end));
}

/** Words that carry no answer of their own: what remains of "maybe ten please" without them is "ten". */
export const fillers: ReadonlySet<string> = new Set(
  (
    "a about actually ah an and any anything appointment at be better book can could day do erm fine for good great have hello hi hmm how i i'd i'll i'm is it it's just let's like " +
    'make maybe mm my near of oh okay on or perhaps please prefer say see so sorry sounds sure take thank thanks that the then there think time ' +
    "to try uh um want we well what what's with work works would yeah yes you"
  ).split(' '),
);

const numberWords =
  /^(\d{1,2}(:\d{2})?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|(thir|four|fif|six|seven|eigh|nine)teen|twenty|thirty|forty|fifty)$/;
function isNumberWord(word: string | undefined): boolean {
  return word !== undefined && numberWords.test(word);
}

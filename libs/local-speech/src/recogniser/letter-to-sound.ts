/**
 * A pronunciation guess, in the phones of the CMU dictionary, for words the dictionary does not know (mostly names).
 * Rules per letter group, first match wins: [letters, what must stand before, what must stand after, phones]. The
 * contexts are regular expressions on the word; `^` and `$` are its ends. Meant for a recogniser, which forgives a wrong
 * vowel, not for synthesis. Measured on a sample of the dictionary in the test beside this file.
 */
type Rule = readonly [letters: string, before: string, after: string, phones: string];

const RULES: Readonly<Record<string, readonly Rule[]>> = {
  a: [
    ['augh', '', 't', 'AO'],
    ['au', '', '', 'AO'],
    ['aw', '', '', 'AO'],
    ['aa', '', '', 'AA'],
    ['air', '', '', 'EH R'],
    ['ai', '', '', 'EY'],
    ['ay', '', '', 'EY'],
    ['arr', '', '', 'EH R'],
    ['ar', '', '[aeiou]', 'EH R'],
    ['ar', 'w', '', 'AO R'],
    ['ar', '.', '$', 'ER'],
    ['ar', '', '', 'AA R'],
    ['alk', '', '', 'AO K'],
    ['all', '', '$', 'AO L'],
    ['al', '.', '$', 'AH L'],
    ['a', '', 'tion', 'EY'],
    ['a', '', '[bcdfghjklmnpqrstvz]e(s|d)?$', 'EY'],
    ['a', '[^aeiou]', 'ble$', 'AH'],
    ['a', '.', '$', 'AH'],
    ['an', '..', '$', 'AH N'],
    ['a', '^', '[^aeiou][aeiou]', 'AH'],
    ['a', '', '', 'AE'],
  ],
  b: [
    ['bb', '', '', 'B'],
    ['b', 'm', '$', ''],
    ['b', '', '', 'B'],
  ],
  c: [
    ['cch', '', '', 'K'],
    ['cc', '', '[eiy]', 'K S'],
    ['cc', '', '', 'K'],
    ['chr', '', '', 'K R'],
    ['ch', '', '', 'CH'],
    ['ck', '', '', 'K'],
    ['ci', '', '[ao]', 'SH'],
    ['c', '', '[eiy]', 'S'],
    ['c', '', '', 'K'],
  ],
  d: [
    ['dge', '', '', 'JH'],
    ['dd', '', '', 'D'],
    ['dh', '', '', 'D'],
    ['d', '', '', 'D'],
  ],
  e: [
    ['eau', '', '', 'OW'],
    ['ear', '', '[^aeiou]', 'ER'],
    ['ear', '', '', 'IH R'],
    ['eer', '', '', 'IH R'],
    ['ee', '', '', 'IY'],
    ['ea', '', '', 'IY'],
    ['eigh', '', '', 'EY'],
    ['ei', '', '', 'AY'],
    ['ey', '', '$', 'IY'],
    ['ey', '', '', 'EY'],
    ['ew', '', '', 'UW'],
    ['eu', '', '', 'UW'],
    ['err', '', '', 'EH R'],
    ['er', '', '[aeiou]', 'EH R'],
    ['er', '', '', 'ER'],
    ['es', 'ch|sh|s|z|x', '$', 'IH Z'],
    ['es', '[^aeiou]', '$', 'Z'],
    ['ed', '[td]', '$', 'IH D'],
    ['ed', '[pkfsxc]', '$', 'T'],
    ['ed', '[^aeiou]', '$', 'D'],
    ['el', '.', '$', 'AH L'],
    ['en', '.', '$', 'AH N'],
    ['e', '^[^aeiou]*', '$', 'IY'],
    ['e', '', '$', ''],
    ['e', '[aeiouy][^aeiou]+', '(ly|ment|less|ful|s)$', ''],
    ['e', '^[bdpr]', '[^aeiou][aeiou]', 'IH'],
    ['e', '', '', 'EH'],
  ],
  f: [
    ['ff', '', '', 'F'],
    ['f', '', '', 'F'],
  ],
  g: [
    ['gg', '', '', 'G'],
    ['gh', '^', '', 'G'],
    ['gh', '', '', ''],
    ['gn', '^', '', 'N'],
    ['gn', '', '$', 'N'],
    ['ge', '', '$', 'JH'],
    ['g', '', '[ei]', 'JH'],
    ['gy', '', '', 'JH IY'],
    ['g', '', '', 'G'],
  ],
  h: [
    ['h', '[aeiou]', '([^aeiouy]|$)', ''],
    ['h', '', '', 'HH'],
  ],
  i: [
    ['igh', '', '', 'AY'],
    ['ier', '', '$', 'IY ER'],
    ['ies', '', '$', 'IY Z'],
    ['ied', '', '$', 'IY D'],
    ['ie', '', '', 'IY'],
    ['ind', '', '$', 'AY N D'],
    ['ing', '.', '$', 'IH NG'],
    ['ir', '', '[aeiou]', 'IH R'],
    ['ir', '', '', 'ER'],
    ['ion', '[^aeioust]', '', 'IY AH N'],
    ['i', '.', '$', 'IY'],
    ['i', '', '[aou]', 'IY'],
    ['i', '', '[bcdfgklmnprstvz]e(s|d)?$', 'AY'],
    ['i', '', '', 'IH'],
  ],
  j: [['j', '', '', 'JH']],
  k: [
    ['kh', '', '', 'K'],
    ['kk', '', '', 'K'],
    ['kn', '^', '', 'N'],
    ['k', '', '', 'K'],
  ],
  l: [
    ['le', '[^aeioul]', '$', 'AH L'],
    ['ll', '', '', 'L'],
    ['l', '', '', 'L'],
  ],
  m: [
    ['mm', '', '', 'M'],
    ['mc', '^', '', 'M AH K'],
    ['m', '', '', 'M'],
  ],
  n: [
    ['ng', '', '$', 'NG'],
    ['ng', '', '(s|er|ing|ton|ham)', 'NG'],
    ['ng', '', '[^eiy]', 'NG G'],
    ['nk', '', '', 'NG K'],
    ['nn', '', '', 'N'],
    ['n', '', '', 'N'],
  ],
  o: [
    ['ough', '', 't', 'AO'],
    ['ough', '', '', 'AH F'],
    ['ould', '', '', 'UH D'],
    ['ook', '', '', 'UH K'],
    ['oor', '', '', 'AO R'],
    ['oo', '', '', 'UW'],
    ['our', '', '', 'AO R'],
    ['ous', '', '$', 'AH S'],
    ['ou', '', '', 'AW'],
    ['oy', '', '', 'OY'],
    ['oi', '', '', 'OY'],
    ['oa', '', '', 'OW'],
    ['ow', '', '$', 'OW'],
    ['ow', '', '', 'AW'],
    ['or', 'w', '', 'ER'],
    ['or', '..', '$', 'ER'],
    ['or', '', '', 'AO R'],
    ['old', '', '', 'OW L D'],
    ['on', '..', '$', 'AH N'],
    ['om', '..', '$', 'AH M'],
    ['o', '', '$', 'OW'],
    ['oe', '', '', 'OW'],
    ['o', '', '[bcdfgklmnprstvz]e(s|d|y)?$', 'OW'],
    ['o', '', '[^aeiou][aeiou]', 'OW'],
    ['o', '', '', 'AA'],
  ],
  p: [
    ['ph', '', '', 'F'],
    ['pp', '', '', 'P'],
    ['ps', '^', '', 'S'],
    ['p', '', '', 'P'],
  ],
  q: [
    ['que', '', '$', 'K'],
    ['qu', '', '', 'K W'],
    ['q', '', '', 'K'],
  ],
  r: [
    ['rr', '', '', 'R'],
    ['rh', '^', '', 'R'],
    ['r', '', '', 'R'],
  ],
  s: [
    ['sch', '', '', 'SH'],
    ['sh', '', '', 'SH'],
    ['sc', '', '[eiy]', 'S'],
    ['ssion', '', '', 'SH AH N'],
    ['sion', '[aeiou]', '', 'ZH AH N'],
    ['sion', '', '', 'SH AH N'],
    ['ss', '', '', 'S'],
    ['s', '[aeiou]', 'm$', 'Z'],
    ['se', '[aeiou]', '$', 'Z'],
    ['s', '[bdglmnrvwyaeiou]', '$', 'Z'],
    ['s', '[aeiou]', '[aeiou]', 'Z'],
    ['s', '', '', 'S'],
  ],
  t: [
    ['tch', '', '', 'CH'],
    ['tion', '', '', 'SH AH N'],
    ['ti', '', '[ao]', 'SH'],
    ['ture', '', '', 'CH ER'],
    ['th', '', '', 'TH'],
    ['tt', '', '', 'T'],
    ['t', '', '', 'T'],
  ],
  u: [
    ['ur', '', '[aeiou]', 'UH R'],
    ['ur', '', '', 'ER'],
    ['ue', '', '$', 'UW'],
    ['ui', '', '', 'UW'],
    ['uy', '', '', 'AY'],
    ['um', '.', '$', 'AH M'],
    ['us', '.', '$', 'AH S'],
    ['u', '^', '[^aeiou][aeiou]', 'Y UW'],
    ['u', '', '$', 'UW'],
    ['u', '[^rljs]', '[^aeiou]e(s|d)?$', 'Y UW'],
    ['u', '', '[bcdfgklmnprstvz][aeiou]', 'UW'],
    ['u', '', '', 'AH'],
  ],
  v: [['v', '', '', 'V']],
  w: [
    ['wh', '', '', 'W'],
    ['wr', '', '', 'R'],
    ['w', '', '', 'W'],
  ],
  x: [
    ['x', '^', '', 'Z'],
    ['x', '', '', 'K S'],
  ],
  y: [
    ['y', '^', '', 'Y'],
    ['y', '', '[aeiou]', 'Y'],
    ['y', '^[^aeiou]+', '$', 'AY'],
    ['y', '', '$', 'IY'],
    ['y', '', '[^aeiou]e$', 'AY'],
    ['y', '', '', 'IH'],
  ],
  z: [
    ['zz', '', '', 'Z'],
    ['z', '', '', 'Z'],
  ],
};

interface CompiledRule {
  readonly letters: string;
  readonly before: RegExp | undefined;
  readonly after: RegExp | undefined;
  readonly phones: string;
}

const COMPILED: ReadonlyMap<string, readonly CompiledRule[]> = new Map(
  Object.entries(RULES).map(([letter, rules]) => [
    letter,
    rules.map(([letters, before, after, phones]) => ({
      letters,
      before: before ? new RegExp(`(?:${before})$`) : undefined,
      after: after ? new RegExp(`^(?:${after})`) : undefined,
      phones,
    })),
  ]),
);

/** Phones separated by spaces. Other characters than letters are skipped; a word without any becomes one vowel. */
export function guessPronunciation(word: string): string {
  const letters = word
    .toLowerCase()
    .normalize('NFKD')
    .replace(/[^a-z]/g, '');
  const phones: string[] = [];
  for (let at = 0; at < letters.length;) {
    const before = letters.slice(0, at);
    const rule = COMPILED.get(letters[at] as string)?.find((candidate) => {
      if (!letters.startsWith(candidate.letters, at)) return false;
      const after = letters.slice(at + candidate.letters.length);
      return (candidate.before?.test(before) ?? true) && (candidate.after?.test(after) ?? true);
    });
    if (rule?.phones) phones.push(rule.phones);
    at += rule?.letters.length ?? 1;
  }
  return phones.length === 0 ? 'AH' : phones.join(' ');
}

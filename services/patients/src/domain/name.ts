/**
 * The words of a name as they are compared: lower case, without punctuation, accents of Latin letters taken off
 * ("José" and "JOSE" are one word). Marks of other scripts stay, because there they are vowels: without them रवि
 * and रव would be one name. The order of the words stays, too; whether "Lopez Maria" is "Maria Lopez" would be a guess.
 */
export function nameWords(name: string): string[] {
  return name
    .normalize('NFKD')
    .replace(/(\p{Script=Latin})[\u0300-\u036f]+/gu, '$1')
    .normalize('NFKC')
    .toLowerCase()
    .replace(/['’ʼ`]/gu, '')
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter((word) => word !== '');
}

/** The whole name in the form in which it identifies, or '' when nothing of it does. */
export function normalisedName(name: string): string {
  return nameWords(name).join(' ');
}

/**
 * Flite reads "AM" as the verb and "a m" with the article's vowel; neither is heard as a time of day over a telephone.
 * As capital letters both are named: "ten A M".
 */
export const spokenForm = (text: string): string =>
  text
    .replace(/\b(AM|a\.m\.|A\.M\.|a m)(?=$|[^A-Za-z'])/g, 'A M')
    .replace(/\b(PM|p\.m\.|P\.M\.)(?=$|[^A-Za-z'])/g, 'P M');

/** A reason of a score as a sentence: "often-not-understood" is "Often not understood". */
export function scoreReasonInWords(reason: string): string {
  const words = reason.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

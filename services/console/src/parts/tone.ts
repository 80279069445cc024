/** How much a state calls for attention; apart from the badge that shows it, for the lists of words that need no page. */
export type Tone = 'plain' | 'accent' | 'good' | 'warn' | 'bad';

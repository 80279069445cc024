import type { ReactNode } from 'react';
import type { Tone } from './tone.ts';

/** A state in a word. Colour only underlines what the word says. */
export function Badge({ tone = 'plain', children }: { readonly tone?: Tone; readonly children: ReactNode }) {
  return <span className={`badge badge-${tone}`}>{children}</span>;
}

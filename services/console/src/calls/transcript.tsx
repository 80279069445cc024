import { useEffect, useRef } from 'react';
import { timeIn } from '../api/clinic-day.ts';
import type { TranscriptLine } from '../api/types.ts';
import type { Party } from './words.ts';
import './calls.css';

interface TranscriptProps {
  readonly lines: readonly TranscriptLine[];
  /** Whom the assistant speaks with. */
  readonly party: Party;
  /** What they are saying right now. */
  readonly partial?: string | undefined;
  readonly timeZone: string;
  /**
   * In its full length and read out as it grows, instead of a box that follows the last line: of several calls at once nobody
   * wants to hear every word.
   */
  readonly whole?: boolean;
}

/** Below this the recogniser was not sure, and the reader should know. */
const sureFrom = 0.6;

export function Transcript({ lines, party, partial, timeZone, whole = false }: TranscriptProps) {
  const box = useRef<HTMLOListElement>(null);
  useEffect(() => {
    // Only the box: scrolling the page would take the reader away from wherever they are.
    if (box.current && !whole) box.current.scrollTop = box.current.scrollHeight;
  }, [lines.length, partial, whole]);
  return (
    <ol
      ref={box}
      className={`transcript ${whole ? 'transcript-whole' : ''}`}
      aria-live={whole ? 'polite' : 'off'}
    >
      {lines.map((line) => (
        <li key={line.sequence} className={`line line-${line.speaker}`}>
          <span className="line-who">
            {line.speaker === 'agent' ? 'Assistant' : party}
            {line.at && <time dateTime={line.at}>{timeIn(timeZone, line.at)}</time>}
          </span>
          <span className="line-text">
            {line.text}
            {line.interrupted && <em className="line-note"> — interrupted</em>}
            {line.speaker === 'caller' && line.confidence > 0 && line.confidence < sureFrom && (
              <em className="line-note"> — unsure</em>
            )}
          </span>
        </li>
      ))}
      {partial && (
        <li className="line line-caller line-partial">
          <span className="line-who">{party}</span>
          <span className="line-text">{partial}…</span>
        </li>
      )}
    </ol>
  );
}

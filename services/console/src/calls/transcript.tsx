import { useEffect, useRef } from 'react';
import { timeIn } from '../api/clinic-day.ts';
import type { TranscriptLine } from '../api/types.ts';

interface TranscriptProps {
  readonly lines: readonly TranscriptLine[];
  /** What the caller is saying right now. */
  readonly partial?: string | undefined;
  readonly timeZone: string;
}

/** Below this the recogniser was not sure, and the reader should know. */
const sureFrom = 0.6;

export function Transcript({ lines, partial, timeZone }: TranscriptProps) {
  const end = useRef<HTMLLIElement>(null);
  useEffect(() => {
    end.current?.scrollIntoView({ block: 'nearest' });
  }, [lines.length, partial]);
  return (
    <ol className="transcript" aria-live="polite">
      {lines.map((line) => (
        <li key={line.sequence} className={`line line-${line.speaker}`}>
          <span className="line-who">
            {line.speaker === 'agent' ? 'Agent' : 'Caller'}
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
          <span className="line-who">Caller</span>
          <span className="line-text">{partial}…</span>
        </li>
      )}
      <li ref={end} aria-hidden="true" className="transcript-end" />
    </ol>
  );
}

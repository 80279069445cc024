/** What the other end of the line hears of frames that arrive at these instants (ms), 20 ms of audio each. */
export function playbackGaps(arrivals: readonly number[], utterancePauseMs = 300): number[] {
  const gaps: number[] = [];
  let playedUntil: number | undefined;
  for (const at of arrivals) {
    // Longer silence is the pause between two utterances.
    if (playedUntil !== undefined && at > playedUntil && at - playedUntil < utterancePauseMs)
      gaps.push(at - playedUntil);
    playedUntil = Math.max(playedUntil ?? at, at) + 20;
  }
  return gaps;
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

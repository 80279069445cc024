import type { FactLog } from '../ports/figures.ts';

/** Calls that are looked at in one turn; what is left has its turn at the next. */
const AT_MOST = 500;

/**
 * Scores the calls whose conversation nobody reported within the grace time, such as one whose brain was killed.
 * @returns how many
 */
export async function endGrace(
  log: Pick<FactLog, 'awaitingSince' | 'endGrace'>,
  o: { nowMs: number; graceMs: number },
): Promise<number> {
  const waiting = await log.awaitingSince(o.nowMs - o.graceMs, AT_MOST);
  let scored = 0;
  for (const [tenantId, calls] of Map.groupBy(waiting, (call) => call.tenantId)) {
    scored += await log.endGrace(
      tenantId,
      calls.map(({ callId }) => callId),
    );
  }
  return scored;
}

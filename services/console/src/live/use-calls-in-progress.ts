import { useQuery } from '@tanstack/react-query';
import { callQueries } from '../api/calls.ts';
import type { Call } from '../api/types.ts';
import { isOver } from '../calls/words.ts';

const liveOnly = (calls: readonly Call[]) => calls.filter(({ state }) => !isOver(state));

/** The clinic's calls that go on right now. */
export const useCallsInProgress = (clinic: string) =>
  useQuery({ ...callQueries.live(clinic), select: liveOnly });

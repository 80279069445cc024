import { useQuery } from '@tanstack/react-query';
import { integrationQueries } from '../api/integrations.ts';
import { queries } from '../api/queries.ts';
import { useDesk } from '../escalations/desk.tsx';

/** Calls that wait for a person. */
export function useWaitingCount() {
  const { waiting } = useDesk();
  return { count: waiting.length, tone: 'alarm', words: 'waiting for a person' } as const;
}

export function useFailureCount() {
  const { data } = useQuery(queries.deadLetters);
  return { count: data?.items.length ?? 0, tone: 'bad', words: 'to look at' } as const;
}

/** Webhooks that were switched off. */
export function useOffCount() {
  const { data } = useQuery(integrationQueries.webhooks);
  const count = data?.items.filter(({ state }) => state === 'disabled').length ?? 0;
  return { count, tone: 'bad', words: 'to look at' } as const;
}

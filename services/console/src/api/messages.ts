import { infiniteQueryOptions } from '@tanstack/react-query';
import { query, request, type Slice } from './client.ts';
import type { MessageFilter, SentMessage } from './message-types.ts';

export const messageQueries = {
  list: (filter: MessageFilter) =>
    infiniteQueryOptions({
      queryKey: ['messages', filter.clinic, 'list', filter],
      initialPageParam: '',
      queryFn: ({ pageParam, signal }) =>
        request<Slice<SentMessage>>(
          'GET',
          `/messages${query({ ...filter, limit: 50, cursor: pageParam })}`,
          undefined,
          { signal },
        ),
      getNextPageParam: ({ next }) => next || undefined,
    }),
};

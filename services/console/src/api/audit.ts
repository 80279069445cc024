import { infiniteQueryOptions } from '@tanstack/react-query';
import type { AuditFilter, AuditLine, Integrity } from './audit-types.ts';
import { query, request, type Slice } from './client.ts';

export const auditQueries = {
  list: (filter: AuditFilter) =>
    infiniteQueryOptions({
      queryKey: ['audit', filter],
      initialPageParam: '',
      queryFn: ({ pageParam, signal }) =>
        request<Slice<AuditLine>>(
          'GET',
          `/audit${query({ ...filter, limit: 100, cursor: pageParam })}`,
          undefined,
          { signal },
        ),
      getNextPageParam: ({ next }) => next || undefined,
      staleTime: 10_000,
    }),
};

/** Looks whether lines were changed or removed behind the application's back. Reads all of them. */
export const checkAudit = () => request<Integrity>('GET', '/audit/integrity');

import { type QueryClient, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { type FeedState, followLiveFeed, type LiveMessage } from './feed.ts';
import { setPartial } from './partials.ts';

/** What each kind of live message makes stale: the beginnings of query keys. Another page's kinds are added here. */
const stale: Record<string, (message: LiveMessage) => readonly (readonly string[])[]> = {
  line: ({ callId }) => (callId ? [['transcript', callId]] : []),
  call: ({ callId }) => [['calls'], ['call-backs'], ...(callId ? [['transcript', callId]] : [])],
  'hand-off': () => [['escalations'], ['call-backs'], ['calls']],
  appointment: () => [['appointments']],
  message: () => [['messages']],
  webhook: () => [['integrations']],
  campaign: () => [['campaigns']],
};

/** A message is marked sent a moment after the event that ordered it: looked at again then. */
const messageSettlesMs = 1_500;

function react(client: QueryClient, kind: string, message: LiveMessage): void {
  const { callId, speaker, text } = message;
  if (kind === 'partial' && callId) return setPartial(callId, text);
  if (kind === 'line' && callId && speaker === 'caller') setPartial(callId, undefined);
  const again = () => {
    for (const queryKey of stale[kind]?.(message) ?? []) void client.invalidateQueries({ queryKey });
  };
  again();
  if (kind === 'message') setTimeout(again, messageSettlesMs);
}

/**
 * Keeps what is shown up to date without a reload: each live message makes stale what it is about. Where the feed cannot say
 * what was missed everything is fetched anew, so that nothing that happened meanwhile is missing.
 */
export function useLiveFeed(): FeedState {
  const client = useQueryClient();
  const [state, setState] = useState<FeedState>('connecting');
  useEffect(
    () =>
      followLiveFeed({
        onState: setState,
        onMessage: (kind, message) => react(client, kind, message),
        onReset: () => void client.invalidateQueries({ refetchType: 'active' }),
      }),
    [client],
  );
  return state;
}

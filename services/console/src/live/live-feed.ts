import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';

/** What a caller is saying right now, before it is final. Replaced with every partial, gone with the final line. */
export type Partials = ReadonlyMap<string, string>;

interface LiveMessage {
  readonly callId?: string;
  readonly text?: string;
  readonly speaker?: string;
}

/** A message is marked sent a moment after the event that ordered it: looked at again then. */
const messageSettlesMs = 1_500;

/**
 * Keeps what is shown up to date without a reload: each live message makes stale what it is about. After a lost
 * connection everything is fetched anew, so nothing that happened meanwhile is missing.
 */
export function useLiveFeed(): { connected: boolean; partials: Partials } {
  const client = useQueryClient();
  const [connected, setConnected] = useState(false);
  const [partials, setPartials] = useState<Partials>(new Map());

  useEffect(() => {
    const source = new EventSource('/api/v1/live');
    const stale = (...keys: string[]) => {
      for (const key of keys) void client.invalidateQueries({ queryKey: [key] });
    };
    const on = (kind: string, react: (message: LiveMessage) => void) =>
      source.addEventListener(kind, (event) =>
        react(JSON.parse((event as MessageEvent<string>).data) as LiveMessage),
      );
    const setPartial = (callId: string, text: string | undefined) =>
      setPartials((before) => {
        const after = new Map(before);
        if (text) after.set(callId, text);
        else after.delete(callId);
        return after;
      });

    on('ready', () => {
      setConnected(true);
      stale('calls', 'transcript', 'appointments', 'messages', 'call-backs');
    });
    on('partial', ({ callId, text }) => callId && setPartial(callId, text));
    on('line', ({ callId, speaker }) => {
      if (!callId) return;
      if (speaker === 'caller') setPartial(callId, undefined);
      void client.invalidateQueries({ queryKey: ['transcript', callId] });
    });
    on('call', ({ callId }) => {
      stale('calls', 'call-backs');
      if (callId) void client.invalidateQueries({ queryKey: ['transcript', callId] });
    });
    on('webhook', () => stale('integrations'));
    on('appointment', () => stale('appointments'));
    on('message', () => {
      stale('messages');
      setTimeout(() => stale('messages'), messageSettlesMs);
    });
    source.addEventListener('error', () => setConnected(false));
    return () => source.close();
  }, [client]);

  return { connected, partials };
}

import {
  type CallStart,
  type Conversation,
  type ConversationDeps,
  holdConversation,
} from './hold-conversation.ts';

export interface Switchboard {
  /** Begins a call's conversation on a new stream and ends the older one. Undefined for an owner that is out of date. */
  connect(start: CallStart): Conversation | undefined;
  /** Resolves when every conversation has ended and is stored, or after `limitMs`. */
  drained(limitMs: number): Promise<void>;
  /** This instance is ending: a conversation that stops now is to go on at another one. */
  readonly draining: boolean;
}

/** The conversations of this process: one per call. Across processes the store decides by stream number. */
export function createSwitchboard(deps: ConversationDeps): Switchboard {
  const current = new Map<string, { conversation: Conversation; epoch: number }>();
  const all = new Set<Promise<void>>();
  let draining = false;
  return {
    get draining() {
      return draining;
    },
    connect(start) {
      const key = `${start.tenantId} ${start.callId}`;
      const older = current.get(key);
      if (older && older.epoch > start.epoch) return undefined;
      older?.conversation.replace();
      const conversation = holdConversation(deps, start);
      const entry = { conversation, epoch: start.epoch };
      current.set(key, entry);
      all.add(conversation.finished);
      void conversation.finished.then(() => {
        all.delete(conversation.finished);
        if (current.get(key) === entry) current.delete(key);
      });
      return conversation;
    },
    async drained(limitMs) {
      draining = true;
      for (const { conversation } of current.values()) conversation.inputEnded();
      let timer: ReturnType<typeof setTimeout> | undefined;
      const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, limitMs)));
      await Promise.race([Promise.all(all), late]);
      clearTimeout(timer);
    },
  };
}

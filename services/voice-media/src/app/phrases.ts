/**
 * What this service says on its own account, when the dialogue cannot: fixed, short, and made before the first call.
 * English only, as the embedded voice is.
 */
export const phrases = {
  /** The dialogue needs longer than a pause in a conversation. */
  thinking: 'One moment.',
  /** The dialogue's stream broke and is being restored. */
  reconnecting: 'One moment please.',
  lost: 'I am sorry, something went wrong on our side. Please hold the line.',
} as const;

/** From here on a silence after the caller's turn is felt as one. */
export const fillerAfterMs = 700;

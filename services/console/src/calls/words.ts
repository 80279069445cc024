/** How states and outcomes of the API are called on screen; an unknown one is shown as it came. */
const words: Record<string, string> = {
  queued: 'Queued',
  initiating: 'Connecting',
  ringing: 'Ringing',
  active: 'In conversation',
  ending: 'Ending',
  completed: 'Completed',
  escalated: 'With a person',
  failed: 'Failed',
  booked: 'Booked',
  'call-back-requested': 'Call back requested',
  'transferred-to-person': 'Handed to a person',
  'emergency-transferred': 'Emergency, handed over',
  'no-input': 'Caller was silent',
  'not-booked': 'Not booked',
  abandoned: 'Caller hung up',
  'cancel-appointment': 'Wants to cancel',
  'move-appointment': 'Wants to move',
  other: 'Other',
};

export const inWords = (value: string) => words[value] ?? value;

const terminal = new Set(['completed', 'escalated', 'failed']);
export const isOver = (state: string) => terminal.has(state);

export const tone = (call: { state: string; outcome: string | null }) =>
  call.outcome === 'booked'
    ? 'good'
    : call.outcome === 'emergency-transferred' || call.state === 'failed'
      ? 'bad'
      : 'plain';

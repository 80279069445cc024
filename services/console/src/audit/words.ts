/** What was done, as a person says it. An action that is not here is shown as it came. */
const actions: Record<string, string> = {
  'sign-in': 'Signed in',
  'live.follow': 'Followed calls live',
  'calls.list': 'Listed calls',
  'calls.read': 'Opened a call',
  'transcripts.read': 'Read a transcript',
  'escalations.list': 'Listed escalations',
  'escalations.read': 'Opened an escalation',
  'escalations.accept': 'Took a call over',
  'escalations.decline': 'Declined a call',
  'call-backs.list': 'Listed call-backs',
  'call-backs.done': 'Ticked off a call-back',
  'appointments.list': 'Looked at the calendar',
  'appointments.read': 'Opened an appointment',
  'appointments.book': 'Booked an appointment',
  'appointments.move': 'Moved an appointment',
  'appointments.cancel': 'Cancelled an appointment',
  'appointments.confirm': 'Confirmed an appointment',
  'messages.list': 'Read messages',
  'campaigns.create': 'Made a campaign',
  'campaigns.update': 'Changed a campaign',
  'campaigns.start': 'Started a campaign',
  'campaigns.pause': 'Paused a campaign',
  'campaigns.resume': 'Resumed a campaign',
  'campaigns.cancel': 'Cancelled a campaign',
  'campaigns.import': 'Uploaded people',
  'campaigns.refused-rows': 'Looked at refused rows',
  'campaigns.dry-run': 'Looked at a plan of calls',
  'campaigns.recipients': 'Looked at people of a campaign',
  'campaigns.export': 'Exported results',
  'dialling.set': 'Stopped or allowed dialling',
  'do-not-call.list': 'Looked at the do-not-call list',
  'do-not-call.add': 'Added to the do-not-call list',
  'do-not-call.remove': 'Took off the do-not-call list',
  'patients.list': 'Listed patients',
  'patients.read': 'Opened a patient',
  'patients.consent': 'Recorded a consent',
  'flows.save': 'Saved a script',
  'insights.rebuild': 'Had figures counted again',
  'settings.clinic': 'Changed a clinic',
  'staff.list': 'Looked at users',
  'staff.add': 'Made a user',
  'staff.save': 'Changed a user',
  'audit.read': 'Read the audit',
};
export const knownActions = Object.keys(actions);
export const actionInWords = (action: string) => actions[action] ?? action;

const kinds: Record<string, string> = {
  call: 'Call',
  campaign: 'Campaign',
  appointment: 'Appointment',
  clinic: 'Clinic',
  patient: 'Patient',
  staff: 'User',
  import: 'Upload',
  flow: 'Script',
  message: 'Messages',
  dialling: 'Dialling',
  'do-not-call': 'Do-not-call list',
  escalation: 'Escalation',
  audit: 'Audit',
};

export interface Subject {
  readonly words: string;
  /** Its id or name, shortened. */
  readonly of: string | undefined;
  /** Its page in the console, where it has one. */
  readonly to: string | undefined;
}

/** "call/0193…" as what it is, and where it can be looked at. */
export function subjectOf(subject: string): Subject {
  const [kind = '', ...rest] = subject.split('/');
  const id = rest.join('/');
  const known = kinds[kind];
  // A refused attempt has its path for a subject.
  if (!known) return { words: subject, of: undefined, to: undefined };
  const to =
    id === ''
      ? undefined
      : kind === 'call'
        ? `/calls/${id}`
        : kind === 'campaign'
          ? `/campaigns/${id}`
          : undefined;
  return { words: known, of: id || undefined, to };
}

export const shortId = (id: string) => (/^[0-9a-f-]{36}$/.test(id) ? `…${id.slice(-8)}` : id);

/** "import: 12, refused: 3": numbers, words and yes or no; nothing else is in them. */
export const detailsInWords = (details: Readonly<Record<string, unknown>>) =>
  Object.entries(details)
    .map(
      ([name, value]) =>
        `${name}: ${value === true ? 'yes' : value === false ? 'no' : shortId(String(value))}`,
    )
    .join(', ');

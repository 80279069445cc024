/** What a line may be about: one of them, and all of them. A test holds them against the kinds that the gateway writes. */
const kinds: Record<string, readonly [one: string, all: string]> = {
  appointment: ['Appointment', 'Appointments'],
  audit: ['Audit', 'Audit'],
  call: ['Call', 'Calls'],
  'call-back': ['Call-back', 'Call-backs'],
  campaign: ['Campaign', 'Campaigns'],
  clinic: ['Clinic', 'Clinics'],
  'dead-letter': ['Failed event', 'Failed events'],
  dialling: ['Dialling', 'Dialling'],
  'do-not-call': ['Entry of the do-not-call list', 'Do-not-call list'],
  escalation: ['Escalation', 'Escalations'],
  flow: ['Script', 'Scripts'],
  import: ['Upload', 'Uploads'],
  insights: ['Figures', 'Figures'],
  'kafka-access': ['Access to the Kafka topic', 'Access to the Kafka topic'],
  live: ['Live calls', 'Live calls'],
  message: ['Message', 'Messages'],
  patient: ['Patient', 'Patients'],
  staff: ['User', 'Users'],
  'stream-access': ['Access to the event stream', 'Access to the event stream'],
  // Of a sign-in.
  user: ['Own account', 'Own accounts'],
  webhook: ['Webhook', 'Webhooks'],
};

/** Of a refused attempt, the path: what it leads to, by its beginning, the longest first. */
const areas: readonly (readonly [path: string, words: string])[] = [
  ['/integrations/webhooks', 'Webhooks'],
  ['/integrations/streams', 'Access to the event stream'],
  ['/integrations/kafka', 'Access to the Kafka topic'],
  ['/operations', 'Failed events'],
  ['/appointments', 'Appointments'],
  ['/audit', 'Audit'],
  ['/call-backs', 'Call-backs'],
  ['/calls', 'Calls'],
  ['/campaigns', 'Campaigns'],
  ['/clinics', 'Clinics'],
  ['/dialling', 'Dialling'],
  ['/do-not-call', 'Do-not-call list'],
  ['/escalations', 'Escalations'],
  ['/flows', 'Scripts'],
  ['/imports', 'Uploads'],
  ['/insights', 'Figures'],
  ['/live', 'Live calls'],
  ['/messages', 'Messages'],
  ['/patients', 'Patients'],
  ['/presence', 'Supervisors who are here'],
  ['/slots', 'Free times'],
  ['/staff', 'Users'],
];

export interface Subject {
  readonly words: string;
  /** Its id or name. */
  readonly of: string | undefined;
  /** Its page in the console, where it has one. */
  readonly to: string | undefined;
}

const pages: Record<string, string> = { call: '/calls', campaign: '/campaigns' };

/** "call/0193…" as what it is, and where it can be looked at. What is not known here is shown as it came. */
export function subjectOf(subject: string): Subject {
  if (subject.startsWith('/')) {
    const path = subject.replace(/^\/api\/v1(?=\/)/, '');
    const area = areas.find(([beginning]) => path === beginning || path.startsWith(`${beginning}/`));
    return { words: area?.[1] ?? subject, of: undefined, to: undefined };
  }
  const [kind = '', ...rest] = subject.split('/');
  const id = rest.join('/');
  const known = kinds[kind];
  if (!known) return { words: subject, of: undefined, to: undefined };
  if (id === '') return { words: known[1], of: undefined, to: undefined };
  return { words: known[0], of: id, to: pages[kind] && `${pages[kind]}/${id}` };
}

/** What was typed to look for, as the audit has it: "Do-not-call list" is do-not-call, "call/0193…" stays. */
export function subjectTyped(typed: string): string {
  const wanted = typed.trim();
  if (Object.hasOwn(kinds, wanted)) return wanted;
  const same = (word: string) => word.toLowerCase() === wanted.toLowerCase();
  return Object.entries(kinds).find(([, names]) => names.some(same))?.[0] ?? wanted;
}

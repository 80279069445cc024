/**
 * Who may use whom. An arrow that is not here is a decision to be made, not a line to be added in passing: the tables of
 * docs/architecture.md are rendered from it, and the test of this package holds the source against it.
 */
export interface Rules {
  /** Libraries by height: one may import what stands in an earlier row, nothing beside or after it. */
  readonly layers: readonly (readonly string[])[];
  /** Service → the services that it asks by RPC while somebody waits. */
  readonly asks: Readonly<Record<string, readonly string[]>>;
  /** RPC service of the contracts → who serves it. */
  readonly servedBy: Readonly<Record<string, string>>;
  /** Services that are no part of the platform and may import only these libraries of ours. */
  readonly strangers: Readonly<Record<string, readonly string[]>>;
  /** The one place where services meet. */
  readonly mayImportServices: readonly string[];
}

export const rules: Rules = {
  layers: [
    [
      'audio',
      'clinic-time',
      'config',
      'dialogue-words',
      'embedded-postgres',
      'local-infrastructure',
      'persistence',
      'personal-data',
      'seeded-random',
    ],
    ['field-encryption', 'local-speech', 'observability'],
    ['service-runtime'],
    ['event-bus', 'rpc'],
    ['contracts'],
    ['key-value', 'staff-sign-in'],
  ],
  asks: {
    'voice-media': ['conversation-brain'],
    'conversation-brain': ['appointments', 'campaigns', 'directory', 'patients', 'telephony-gateway'],
    'telephony-gateway': ['campaigns', 'directory'],
    appointments: [],
    directory: [],
    notifications: ['directory'],
    campaigns: ['appointments', 'conversation-brain', 'directory', 'patients', 'telephony-gateway'],
    patients: [],
    insights: [],
    'api-gateway': [
      'appointments',
      'campaigns',
      'conversation-brain',
      'directory',
      'insights',
      'notifications',
      'patients',
      'telephony-gateway',
    ],
    console: [],
    'carrier-simulator': [],
    'event-relay': [],
    standalone: [],
  },
  servedBy: {
    DialogueService: 'conversation-brain',
    FlowService: 'conversation-brain',
    CallControlService: 'telephony-gateway',
    HandOffService: 'telephony-gateway',
    AppointmentsService: 'appointments',
    DirectoryService: 'directory',
    NotificationsService: 'notifications',
    CampaignsService: 'campaigns',
    DiallingService: 'campaigns',
    PatientsService: 'patients',
    InsightsService: 'insights',
    // Of the library key-value: whichever process holds the store.
    KeyValueService: 'key-value',
  },
  strangers: {
    // It knows the carrier's wire only; its command line also knows the platform's public API.
    'carrier-simulator': [
      'audio',
      'clinic-time',
      'config',
      'contracts',
      'local-speech',
      'observability',
      'seeded-random',
      'staff-sign-in',
    ],
    console: [],
  },
  mayImportServices: ['standalone'],
};

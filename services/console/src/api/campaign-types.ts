/** The JSON of campaigns as the console uses it. Instants are ISO 8601 in UTC. */
export interface CampaignSettings {
  readonly clinic: string;
  readonly name: string;
  /** The script's id. */
  readonly flow: string;
  /** 1 Monday to 7 Sunday. */
  readonly isoWeekdays: readonly number[];
  /** "09:00", by the clock of the person who is called; the end may be "24:00". */
  readonly fromLocalTime: string;
  readonly toLocalTime: string;
  /** "2026-12-01" by the clinic's calendar; empty: today, and without end. */
  readonly firstDay: string;
  readonly lastDay: string;
  readonly callsAtOnceMax: number;
  readonly attemptsMax: number;
  readonly attemptsPerDayMax: number;
  /** ISO 3166, for numbers written without a country. */
  readonly defaultRegion: string;
  readonly ringSeconds: number;
}

export type CampaignState = 'draft' | 'running' | 'paused' | 'completed' | 'cancelled';

export interface Progress {
  readonly recipients: number;
  readonly waiting: number;
  readonly queued: number;
  readonly live: number;
  readonly settled: number;
  readonly calls: number;
  readonly results: readonly { readonly result: string; readonly count: number }[];
}

export interface Campaign {
  readonly id: string;
  readonly settings: CampaignSettings;
  readonly state: CampaignState;
  readonly flowVersion: number;
  readonly progress: Progress;
  readonly createdAt: string | null;
  readonly startedAt: string | null;
  readonly endedAt: string | null;
  readonly revision: number;
  /** Why nobody is called right now, as a word. */
  readonly holdingBack: string | null;
}

export interface Import {
  readonly id: string;
  readonly fileName: string;
  readonly state: string;
  readonly rows: number;
  readonly accepted: number;
  readonly refused: number;
  readonly repeated: number;
  readonly at: string | null;
}

export interface CampaignWithImports extends Campaign {
  readonly imports: readonly Import[];
}

export const columnRoles = ['name', 'phone', 'externalId', 'timeZone', 'appointment', 'language'] as const;
/** Which column of a file holds what, by its header; empty: none. */
export type Mapping = Readonly<Record<(typeof columnRoles)[number], string>>;

export interface Inspection {
  readonly columns: readonly string[];
  readonly suggested: Mapping;
  readonly encoding: string;
  readonly delimiter: string;
  readonly sample: readonly (readonly string[])[];
}

export interface RefusedRow {
  readonly line: number;
  readonly code: string;
  readonly problem: string;
  readonly row: string;
}

export interface DryRun {
  readonly callable: number;
  readonly notCallable: number;
  readonly reasons: readonly { readonly reason: string; readonly count: number }[];
  readonly firstCallAt: string | null;
  readonly lastCallAt: string | null;
  readonly sample: readonly {
    readonly recipient: string;
    readonly name: string;
    readonly number: string;
    readonly timeZone: string;
    /** Null: never. */
    readonly callAt: string | null;
    readonly reason: string | null;
  }[];
}

export interface Recipient {
  readonly id: string;
  readonly name: string;
  readonly number: string;
  readonly timeZone: string;
  readonly appointment: string | null;
  readonly state: string;
  readonly result: string | null;
  readonly attempts: number;
  readonly nextCallAt: string | null;
  /** Newest first. */
  readonly calls: readonly {
    readonly id: string;
    readonly call: string;
    readonly dialledAt: string | null;
    readonly result: string | null;
  }[];
  readonly patient: string | null;
  readonly externalId: string | null;
}

export interface CampaignInsight {
  readonly recipients: number;
  readonly called: number;
  readonly answered: number;
  /** Spoken with to an end: also given to a person, to be called back, or wants no more calls. */
  readonly decided: number;
  readonly calls: number;
  readonly callsAnswered: number;
  readonly talkSeconds: number;
  readonly scoreMean: number | null;
}

export interface Dialling {
  readonly stopped: boolean;
  readonly changedByName: string | null;
  readonly note: string;
  readonly changedAt: string | null;
}

/** A script that outbound calls follow. */
export interface Flow {
  readonly id: string;
  readonly version: number;
  readonly title: string;
  readonly readyMade: boolean;
  readonly languages: readonly string[];
  /** What a campaign must know of each patient, such as "appointment.when". */
  readonly needs: readonly string[];
  readonly leavesVoicemail: boolean;
}

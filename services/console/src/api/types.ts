/** The JSON of /api/v1 as the console uses it. Instants are ISO 8601 in UTC. */
export interface Me {
  readonly user: {
    readonly id: string;
    readonly name: string;
    readonly role: string;
    /** E.164, where calls are handed to. */
    readonly phone: string | null;
  };
  readonly hospital: { readonly id: string };
  readonly permissions: readonly string[];
}

export interface Clinic {
  readonly id: string;
  readonly name: string;
  readonly timeZone: string;
  readonly language: string;
  readonly numbers: readonly string[];
}

export interface Call {
  readonly id: string;
  readonly clinic: string;
  readonly direction: string;
  readonly state: string;
  readonly outcome: string | null;
  readonly callerNumber: string | null;
  readonly initiatedAt: string | null;
  readonly answeredAt: string | null;
  readonly endedAt: string | null;
  readonly endReason: string | null;
  readonly campaign?: string | null;
  readonly clinicNumber?: string | null;
}

export interface TranscriptLine {
  readonly sequence: number;
  readonly speaker: 'agent' | 'caller' | 'unknown';
  readonly text: string;
  readonly confidence: number;
  readonly at: string | null;
  readonly interrupted: boolean;
}

/** Figures of one call, made from its events. A figure that is not known is null or -1. */
export interface CallInsight {
  readonly talkSeconds: number;
  readonly turns: number;
  readonly notUnderstood: number;
  readonly interruptions: number;
  readonly responseMsP50: number;
  readonly responseMsMax: number;
  readonly timeToHumanSeconds: number | null;
  readonly score: number | null;
  readonly scoreReasons: readonly string[];
}

export interface Appointment {
  readonly id: string;
  readonly clinic: string;
  readonly doctorName: string;
  readonly department: string;
  readonly start: string;
  readonly end: string;
  readonly timeZone: string;
  readonly patient: { readonly name: string; readonly phone: string };
  readonly channel: string;
  readonly call: string | null;
  readonly status: string;
}

export interface Message {
  readonly id: string;
  readonly to: string;
  readonly text: string;
  readonly purpose: string;
  readonly status: string;
  readonly createdAt: string | null;
  readonly sentAt: string | null;
  readonly appointment?: string | null;
}

export interface CallBack {
  readonly id: string;
  readonly call: string;
  readonly reason: string;
  readonly note: string;
  readonly callerNumber: string | null;
  readonly requestedAt: string | null;
  readonly completedAt?: string | null;
  readonly completedByName?: string | null;
}

export interface Briefing {
  /** Empty when not known. */
  readonly patientName: string;
  readonly summary: string;
  readonly details: readonly { readonly label: string; readonly value: string }[];
  readonly lines: readonly { readonly agent: boolean; readonly text: string }[];
}

export type EscalationState =
  'requested' | 'offered' | 'accepted' | 'connected' | 'declined' | 'timed-out' | 'abandoned';

/** A call that a person is asked to take. */
export interface Escalation {
  readonly id: string;
  readonly call: string;
  readonly clinic: string;
  readonly state: EscalationState;
  readonly reason: string;
  readonly briefing: Briefing | null;
  readonly callerNumber: string | null;
  readonly requestedAt: string | null;
  readonly offeredAt: string | null;
  readonly acceptedAt: string | null;
  readonly connectedAt: string | null;
  readonly endedAt: string | null;
  /** Until when it can be accepted. */
  readonly expiresAt: string | null;
  readonly acceptedByUser: string | null;
  readonly acceptedByName: string | null;
  /** It is not offered to them any more. */
  readonly declinedByUsers?: readonly string[];
  readonly campaign: string | null;
}

export interface Presence {
  readonly user: string;
  readonly displayName: string;
  readonly since: string | null;
}

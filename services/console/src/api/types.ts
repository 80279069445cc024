/** The JSON of /api/v1 as the console uses it. Instants are ISO 8601 in UTC. */
export interface Session {
  readonly userId: string;
  readonly displayName: string;
  readonly role: string;
  readonly expiresAt: string;
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
}

export interface TranscriptLine {
  readonly sequence: number;
  readonly speaker: 'agent' | 'caller' | 'unknown';
  readonly text: string;
  readonly confidence: number;
  readonly at: string | null;
  readonly interrupted: boolean;
}

export interface CallWithTranscript extends Call {
  readonly transcript: readonly TranscriptLine[];
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
}

export interface CallBack {
  readonly id: string;
  readonly call: string;
  readonly reason: string;
  readonly note: string;
  readonly callerNumber: string | null;
  readonly requestedAt: string | null;
}

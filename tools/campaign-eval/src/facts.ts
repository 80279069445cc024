/**
 * Everything that the checker is given: what was wanted, what really happened on the phone, and what the platform made of
 * it in the end. Instants are milliseconds since the epoch. Nothing here is of the platform's code.
 */
export type Wish =
  /** Wants to come. */
  | 'confirm'
  /** Wants another time. */
  | 'move'
  | 'cancel'
  /** Missed an appointment, and wants a new one. */
  | 'book'
  /** Missed an appointment, and wants none. */
  | 'decline'
  | 'person'
  | 'no-more-calls'
  /** Decides nothing: silent, hangs up, is somebody else, is not reached. */
  | 'nothing';

export type Leave =
  | 'may-be-called'
  | 'do-not-call'
  | 'outside-window'
  /** The number of somebody else in the file, whose turn comes first. */
  | 'shared-number'
  /** The row cannot be used at all. */
  | 'bad-row';

export interface PatientFact {
  /** The hospital's own id in the file. */
  readonly externalId: string;
  readonly name: string;
  /** E.164; empty for a bad row. */
  readonly number: string;
  readonly behaviour: string;
  readonly wish: Wish;
  readonly leave: Leave;
  /** When several calls may be needed, or another one at that number may be first: it may also not be called yet. */
  readonly mayWait: boolean;
  readonly appointment: AppointmentFact | undefined;
  /** With whom somebody who missed an appointment wants a new one. */
  readonly doctor: string | undefined;
}

export interface AppointmentFact {
  readonly id: string;
  readonly doctor: string;
  readonly startMs: number;
  readonly status: string;
  readonly confirmed: boolean;
}

/** An appointment that came about while the campaign ran. */
export interface NewAppointmentFact extends AppointmentFact {
  readonly number: string;
  /** Of the patient. */
  readonly name: string;
}

/** One call as the person on the phone and their carrier know it. */
export interface CallFact {
  readonly id: string;
  readonly number: string;
  readonly dialledMs: number;
  /** Undefined: it goes on. */
  readonly endedMs: number | undefined;
  readonly answered: boolean;
  readonly cause: string;
  readonly endedBy: string;
  /** The platform was heard before anybody had picked up. */
  readonly soundBeforeAnswerMs: number;
  readonly notAllowed: readonly string[];
  readonly overlapped: readonly string[];
  readonly decisions: readonly { readonly decision: string; readonly heard: string }[];
  readonly heard: readonly string[];
  readonly machine:
    { readonly overGreetingMs: number; readonly messageMs: number; readonly message: string } | undefined;
  readonly transferredTo: string | undefined;
}

export interface RecipientFact {
  readonly externalId: string;
  readonly number: string;
  readonly state: string;
  readonly result: string | undefined;
  readonly attempts: number;
  readonly calls: number;
  /** When, by the campaign's own account: two on one telephone are told apart by it. */
  readonly dialledMs: readonly number[];
}

/** A time in which nobody was to be called: the campaign's own pause, or the hospital's switch that stops all dialling. */
export interface Pause {
  readonly by: 'pause' | 'stop';
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Facts {
  readonly patients: readonly PatientFact[];
  readonly calls: readonly CallFact[];
  readonly recipients: readonly RecipientFact[];
  readonly refusedRows: number;
  /** As they are in the end, by id. */
  readonly appointments: readonly AppointmentFact[];
  readonly newAppointments: readonly NewAppointmentFact[];
  readonly callBacks: readonly { readonly number: string; readonly reason: string }[];
  readonly messages: readonly { readonly appointment: string; readonly purpose: string }[];
  /** Numbers that the platform says campaigns may not call any more. */
  readonly optedOut: readonly string[];
  readonly pauses: readonly Pause[];
  /** When a service was killed, and when it answered again. */
  readonly interruptions: readonly {
    readonly service: string;
    readonly atMs: number;
    readonly backMs: number;
  }[];
  readonly attemptsMax: number;
  /** What was wrong with the console, when the run was made in it. */
  readonly consoleProblems?: readonly string[];
  /** Cells of the exported results that a spreadsheet would execute. */
  readonly formulas?: readonly string[];
  /** How the clinic would say an instant: words of the date and of the time. */
  readonly spoken: (atMs: number) => { readonly date: string; readonly time: string };
  /** Words that would tell a stranger about an appointment: names of doctors, for a start. */
  readonly secretWords: readonly string[];
}

import { create, toJson, type JsonObject } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import { events } from '@wardline/contracts';
import type { NewEvent } from '@wardline/event-bus';

/** What others must know of a person, or of a number that is an entry of its own. */
export interface PatientState {
  readonly patientId: string;
  readonly numberKeys: readonly string[];
  readonly outreachAllowed: boolean;
  readonly blockedNumberKeys: readonly string[];
  /** The call in which they said that they want no calls; empty when they may be called, or said so elsewhere. */
  readonly optedOutInCall: string;
}

const { PatientChangedSchema } = events;

export function patientChanged(tenantId: string, state: PatientState, atMs: number): NewEvent {
  const message = create(PatientChangedSchema, {
    patientId: state.patientId,
    numberKeys: [...state.numberKeys],
    outreachAllowed: state.outreachAllowed,
    blockedNumberKeys: [...state.blockedNumberKeys],
    optedOutInCall: state.optedOutInCall,
    changedAt: timestampFromMs(atMs),
  });
  return {
    topic: 'patients.changed',
    type: PatientChangedSchema.typeName,
    key: state.patientId,
    subject: `patients/${state.patientId}`,
    tenantId,
    data: toJson(PatientChangedSchema, message, { alwaysEmitImplicit: true }) as JsonObject,
  };
}

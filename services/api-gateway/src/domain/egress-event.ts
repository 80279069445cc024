import type { Personal } from '@wardline/personal-data';

/** An event as it lies in the egress log, sealed fields still sealed. */
export interface EgressRow {
  readonly tenantId: string;
  /** In the tenant's log, from 1, without gaps, in the order of commit. */
  readonly position: bigint;
  /** UUIDv7; the same in every delivery. */
  readonly eventId: string;
  readonly topic: string;
  /** Full name of the message: `wardline.events.v1.CallCompleted`. */
  readonly type: string;
  readonly key: string;
  readonly subject: string;
  readonly sequence: number;
  readonly occurredAt: Date;
  readonly traceparent: string;
  readonly data: Json;
  readonly recordedAt: Date;
}

export type Json = { readonly [name: string]: JsonPart };
export type JsonPart = null | boolean | number | string | readonly JsonPart[] | Json;

/** The public form of an event: CloudEvents 1.0 in JSON. Extension attributes are lower-case, as the specification has it. */
export interface EgressEvent {
  readonly specversion: '1.0';
  readonly id: string;
  readonly source: string;
  readonly type: string;
  readonly subject: string;
  readonly time: string;
  readonly datacontenttype: 'application/json';
  readonly data: Json;
  /** The hospital, for a receiver that serves several. */
  readonly tenantid: string;
  /** Our topic's name, such as `calls.completed`. */
  readonly topic: string;
  /** What stays in order: events with the same key arrive in the order in which they happened. */
  readonly partitionkey: string;
  /** Of the subject within its topic, from 1 (text, as the CloudEvents extension `sequence` has it). */
  readonly sequence: string;
  readonly traceparent: string;
}

/** The part of a `FieldCipher` that is needed here. */
export interface Opener {
  /** @throws an error with a `code` when the value cannot be opened */
  open(tenantId: string, sealed: string, context: string): Personal;
}

/** Which sealed fields of which topic integrators with the personal scope are given, and what each is bound to. */
export const openedFields: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'appointments.changed': {
    patientName: 'appointments.changed/patient_name',
    patientPhone: 'appointments.changed/patient_phone',
  },
};

/** "<keyId>.<nonce>.<ciphertext and tag>": 12 bytes of nonce and at least 16 of tag, base64url. */
const looksSealed = /^[A-Za-z0-9-]{1,64}\.[\w-]{16}\.[\w-]{22,}$/;

/** `source` of every public event; with `id` it is unique. */
export const egressSource = '/wardline';

/**
 * What a subscription is given of an event. A personal field is opened for one with the scope and left out, name and all,
 * for others. A field that nobody has put on the list stays out either way, as does one whose key was erased.
 */
export function egressEventOf(
  row: EgressRow,
  subscription: { readonly personal: boolean },
  cipher: Opener,
): EgressEvent {
  const contexts = subscription.personal ? (openedFields[row.topic] ?? {}) : {};
  return {
    specversion: '1.0',
    id: row.eventId,
    source: egressSource,
    type: row.type,
    subject: row.subject,
    time: row.occurredAt.toISOString(),
    datacontenttype: 'application/json',
    data: withPersonal(row, contexts, cipher),
    tenantid: row.tenantId,
    topic: row.topic,
    partitionkey: row.key,
    sequence: String(row.sequence),
    traceparent: row.traceparent,
  };
}

function withPersonal(row: EgressRow, contexts: Readonly<Record<string, string>>, cipher: Opener): Json {
  const data: Record<string, JsonPart> = {};
  for (const [name, part] of Object.entries(row.data)) {
    const context = Object.hasOwn(contexts, name) ? contexts[name] : undefined;
    const kept = isSealed(part)
      ? context === undefined
        ? undefined
        : openedOrNothing(row.tenantId, part.sealed, context, cipher)
      : withoutSealed(part);
    // Defined rather than assigned: a field called `__proto__` is a field like any other.
    if (kept !== undefined) Object.defineProperty(data, name, { value: kept, enumerable: true });
  }
  return data;
}

/** A key that was erased takes the value with it everywhere: the field is then absent, as if it had never been there. */
function openedOrNothing(
  tenantId: string,
  sealed: string,
  context: string,
  cipher: Opener,
): string | undefined {
  try {
    return cipher.open(tenantId, sealed, context).reveal();
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}

function isSealed(part: JsonPart): part is { readonly sealed: string } {
  return typeof part === 'object' && part !== null && 'sealed' in part && typeof part.sealed === 'string';
}

/** Whatever is sealed further down has no place on the list, so it goes. */
function withoutSealed(part: JsonPart): JsonPart | undefined {
  if (typeof part === 'string') return looksSealed.test(part) ? undefined : part;
  if (typeof part !== 'object' || part === null) return part;
  if (Array.isArray(part)) {
    return (part as readonly JsonPart[]).flatMap((element) => {
      const kept = isSealed(element) ? undefined : withoutSealed(element);
      return kept === undefined ? [] : [kept];
    });
  }
  const object: Record<string, JsonPart> = {};
  for (const [name, inner] of Object.entries(part as Json)) {
    const kept = isSealed(inner) ? undefined : withoutSealed(inner);
    if (kept !== undefined) Object.defineProperty(object, name, { value: kept, enumerable: true });
  }
  return object;
}

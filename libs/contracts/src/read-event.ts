import { fromJson, type DescMessage, type JsonValue, type MessageShape } from '@bufbuild/protobuf';
import { normaliseEnums } from './unknown-enums.ts';
import { locateProblem } from './locate-problem.ts';

/** What became of reading an event. */
export type EventRead<Schema extends DescMessage> =
  | {
      readonly kind: 'read';
      readonly message: MessageShape<Schema>;
      /** Enum values of a newer producer, by path (`doctors[2].state`); the message has `*_UNSPECIFIED` there. */
      readonly unknownEnumTexts: ReadonlyMap<string, string>;
    }
  | UnreadableEvent;

/** It does not get better by waiting: dead-letter it, with `reason`. */
export interface UnreadableEvent {
  readonly kind: 'unreadable';
  /** Where: `start`, `doctors[2].name`; empty for the whole. */
  readonly path: string;
  /** What was expected there. Never what was found: that can be personal. */
  readonly problem: string;
  /** All of it in one line that may be stored and shown. */
  readonly reason: string;
}

/**
 * Reads the JSON of an event by the rules of `docs/events.md`: fields that are not known are ignored, so that a newer
 * producer may add some; an enum value that is not known reads as `*_UNSPECIFIED` and its text is kept; a value of another
 * type makes the event unreadable.
 *
 * @param type the event's type, where a topic could carry several; one that is not the schema's makes it unreadable,
 *   since any JSON object would else read as a message whose fields are all empty
 */
export function readEvent<Schema extends DescMessage>(
  schema: Schema,
  data: unknown,
  type?: string,
): EventRead<Schema> {
  if (type !== undefined && type !== schema.typeName) return unreadable(schema, '', 'another message type');
  if (!isJsonObject(data)) return unreadable(schema, '', 'not a JSON object');
  const unknownEnumTexts = new Map<string, string>();
  const known = normaliseEnums(schema, data, unknownEnumTexts);
  try {
    const message = fromJson(schema, known, { ignoreUnknownFields: true });
    return { kind: 'read', message, unknownEnumTexts };
  } catch {
    // The library's text can hold the value; where and what is found again without it.
    const { path, problem } = locateProblem(schema, known);
    return unreadable(schema, path, problem);
  }
}

function unreadable(schema: DescMessage, path: string, problem: string): UnreadableEvent {
  const where = path === '' ? '' : ` at ${path}`;
  return { kind: 'unreadable', path, problem, reason: `unreadable ${schema.name}${where}: ${problem}` };
}

function isJsonObject(data: unknown): data is { [key: string]: JsonValue } {
  return typeof data === 'object' && data !== null && !Array.isArray(data);
}

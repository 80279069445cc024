import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Case } from './cases.ts';
import type { Json, OpenApi, Operation } from './document.ts';

export interface Answered {
  readonly status: number;
  readonly contentType: string;
  /** Undefined: an answer that does not end, of which the body is not looked at. */
  readonly text: string | undefined;
}

const formats: Record<string, RegExp> = {
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
  'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/,
  date: /^\d{4}-\d\d-\d\d$/,
  email: /^[^@\s]+@[^@\s]+$/,
  uri: /^[a-z][a-z0-9+.-]*:/i,
};

/** Says what of an answer is not as the document has it. */
export function createJudge(document: OpenApi) {
  const ajv = new Ajv2020({ strict: false, allErrors: false });
  for (const [name, format] of Object.entries(formats)) ajv.addFormat(name, format);
  ajv.addSchema({ $id: 'doc:', components: document.components });
  const known = new WeakMap<Json, ValidateFunction>();
  const validatorOf = (schema: Json): ValidateFunction => {
    const found = known.get(schema);
    if (found) return found;
    const absolute = JSON.parse(
      JSON.stringify(schema).replaceAll('"#/components/', '"doc:#/components/'),
    ) as Json;
    const made = ajv.compile(absolute);
    known.set(schema, made);
    return made;
  };

  /** @param role undefined: nobody signed in */
  return function judge(
    operation: Operation,
    one: Case,
    role: string | undefined,
    answer: Answered,
  ): string[] {
    const { status } = answer;
    const found: string[] = [];
    const types = operation.answers.get(status);
    if (status >= 500 && status !== 501) found.push(`${status}: an error of ours`);
    if (!types) return [...found, `status ${status} is not declared`];
    found.push(...bodyProblems(types, answer));
    const good = status >= 200 && status < 300;
    if (good && operation.staff && role === undefined) found.push(`${status} for nobody`);
    if (good && role !== undefined && operation.roles && !operation.roles.includes(role))
      found.push(`${status} for a ${role}, who may not`);
    if (good && one.json !== undefined && operation.body && !validatorOf(operation.body.schema)(one.json))
      found.push(`${status} for a body that the document does not allow`);
    return found;
  };

  function bodyProblems(types: ReadonlyMap<string, Json>, { contentType, text }: Answered): string[] {
    if (types.size === 0) return text ? ['a body where there should be none'] : [];
    const type = contentType.split(';')[0]?.trim();
    const [, schema] = [...types].find(([declared]) => declared.split(';')[0] === type) ?? [];
    if (!schema) return [`content type "${contentType}" is not declared`];
    if (text === undefined || !type?.endsWith('json')) return [];
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return ['the body is not JSON'];
    }
    const validate = validatorOf(schema);
    if (validate(value)) return [];
    // Where and what, not the value: it may be personal.
    return [`the body breaks its schema: ${ajv.errorsText(validate.errors, { dataVar: '' })}`];
  }
}

import { Ajv } from 'ajv';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { JsonSchema } from '../documentation/index.ts';

const rfc3339 = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

function prepared<A extends Ajv | Ajv2020>(ajv: A): A {
  ajv.addFormat('date-time', (text: string) => rfc3339.test(text) && !Number.isNaN(Date.parse(text)));
  ajv.addFormat('uuid', uuid);
  return ajv;
}

/** What checks data against a schema document of an event, by the rules of JSON Schema 2020-12. */
export function validatorOf(schema: JsonSchema): ValidateFunction {
  return prepared(
    new Ajv2020({ allErrors: true, strict: true, strictTypes: false, keywords: ['x-personal'] }),
  ).compile(schema);
}

/** What checks data against `#/components/schemas/<name>` of an AsyncAPI document, whose schemas are a kind of draft-07. */
export function componentValidatorOf(document: JsonSchema, name: string): ValidateFunction {
  const ajv = prepared(new Ajv({ allErrors: true, strict: false }));
  // Without the rest, whose `id` would be taken for the schema's.
  ajv.addSchema({ components: document['components'] }, 'document');
  return ajv.compile({ $ref: `document#/components/schemas/${name}` });
}

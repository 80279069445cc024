import { Code, ConnectError } from '@connectrpc/connect';
import { Personal } from '@wardline/personal-data';
import { normalisedName } from '../domain/name.ts';
import type { NewPerson } from '../ports/people.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const E164 = /^\+[1-9]\d{6,14}$/;
const TEXT_MAX = 200;

/** Collects what is wrong with a request, so that its sender learns everything at once. Problems never hold the value. */
export function checks() {
  const problems: string[] = [];
  const problem = (text: string): void => {
    problems.push(text);
  };
  const text = (field: string, value: string, size: { min?: number; max?: number } = {}): string => {
    const { min = 0, max = TEXT_MAX } = size;
    if (value.length < min || value.length > max) problem(`${field} must have ${min} to ${max} characters`);
    return value;
  };
  const number = (field: string, value: string): Personal => {
    if (!E164.test(value)) problem(`${field} must be a phone number in E.164, such as +12025550143`);
    return Personal.of(value);
  };
  return {
    problem,
    text,
    number,
    uuid(field: string, value: string): string {
      if (!UUID.test(value)) problem(`${field} must be a UUID`);
      return value.toLowerCase();
    },
    /** 0 means 50. */
    limit(value: number, max: number): number {
      if (value < 0 || value > max) problem(`limit must be between 1 and ${max}`);
      return value === 0 ? 50 : value;
    },
    size(field: string, count: number, max: number): void {
      if (count > max) problem(`${field}: at most ${max} at once`);
    },
    newPerson(at: string, row: { externalId: string; name: string; number: string }): NewPerson {
      const externalId = text(`${at}.external_id`, row.externalId).trim();
      const name = text(`${at}.name`, row.name).trim();
      const names = normalisedName(name) !== '';
      if (externalId === '' && !names) problem(`${at} needs a name or an external_id`);
      return {
        externalId: externalId === '' ? undefined : Personal.of(externalId),
        name: names ? Personal.of(name) : undefined,
        number: number(`${at}.number`, row.number),
      };
    },
    /** @throws ConnectError InvalidArgument that names the problems, the first twenty of them */
    done(): void {
      if (problems.length === 0) return;
      const more = problems.length > 20 ? [`and ${problems.length - 20} more`] : [];
      throw new ConnectError([...problems.slice(0, 20), ...more].join('; '), Code.InvalidArgument);
    },
  };
}

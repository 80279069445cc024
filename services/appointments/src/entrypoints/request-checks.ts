import { timestampMs, type Timestamp } from '@bufbuild/protobuf/wkt';
import { Code, ConnectError } from '@connectrpc/connect';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function invalid(problems: readonly string[]): ConnectError {
  return new ConnectError(problems.join('; '), Code.InvalidArgument);
}

/** Collects what is wrong with a request, so that its sender learns everything at once. */
export function checks() {
  const problems: string[] = [];
  const problem = (text: string): void => {
    problems.push(text);
  };
  return {
    problems,
    problem,
    uuid(field: string, value: string): string {
      if (!UUID.test(value)) problem(`${field} must be a UUID`);
      return value.toLowerCase();
    },
    instant(field: string, value: Timestamp | undefined): number {
      const ms = value ? timestampMs(value) : Number.NaN;
      // The range in which a Date exists and PostgreSQL agrees with it.
      if (!(ms > -62_135_596_800_000 && ms < 253_402_300_800_000)) {
        problem(`${field} must be an instant`);
        return 0;
      }
      return ms;
    },
    text(field: string, value: string, size: { min: number; max: number }): string {
      if (value.length < size.min || value.length > size.max) {
        problem(`${field} must have ${size.min} to ${size.max} characters`);
      }
      return value;
    },
    /** 0 means 50. */
    limit(value: number, max: number): number {
      if (value < 0 || value > max) problem(`limit must be between 1 and ${max}`);
      return value === 0 ? 50 : value;
    },
    /** @throws ConnectError InvalidArgument that names every problem */
    done(): void {
      if (problems.length > 0) throw invalid(problems);
    },
  };
}

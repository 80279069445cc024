import type { Personal } from '@wardline/personal-data';
import { nameWords, normalisedName } from '../../domain/name.ts';
import { indexPurposes } from '../../domain/sealing.ts';
import type { NewPerson } from '../../ports/people.ts';
import type { PostgresDeps } from './patients-database.ts';

type Indexing = Pick<PostgresDeps, 'cipher'>;

/** A row with everything by which it identifies its person. */
export interface KeyedRow extends NewPerson {
  readonly externalIdKey: string | undefined;
  readonly nameKey: string | undefined;
  readonly numberKey: string;
}

export function keyedRow(deps: Indexing, tenantId: string, row: NewPerson): KeyedRow {
  const name = row.name?.map(normalisedName);
  return {
    ...row,
    externalIdKey: row.externalId && indexOf(deps, tenantId, row.externalId, 'externalId'),
    nameKey: name && indexOf(deps, tenantId, name, 'name'),
    numberKey: indexOf(deps, tenantId, row.number, 'number'),
  };
}

/** The keyed hash by which a value is found. */
export function indexOf(
  { cipher }: Indexing,
  tenantId: string,
  value: Personal,
  purpose: keyof typeof indexPurposes,
): string {
  return cipher.blindIndex(tenantId, value.reveal(), indexPurposes[purpose]);
}

export function wordKeys({ cipher }: Indexing, tenantId: string, name: Personal): string[] {
  const words = new Set(nameWords(name.reveal()));
  return [...words].map((word) => cipher.blindIndex(tenantId, word, indexPurposes.nameWord));
}

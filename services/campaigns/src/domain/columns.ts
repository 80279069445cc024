/** Which column holds what: header texts. Undefined: the file has no such column. */
export interface ColumnMapping {
  readonly name?: string;
  readonly phone?: string;
  readonly externalId?: string;
  readonly timeZone?: string;
  readonly appointmentId?: string;
  readonly language?: string;
}
export type ColumnRole = keyof ColumnMapping;

/** Words of headers, as hospitals write them; the earlier in its list, the better it fits. */
const headerWords: Readonly<Record<ColumnRole, readonly string[]>> = {
  phone: [
    ...[
      'phone',
      'phone number',
      'mobile',
      'mobile number',
      'mobile phone',
      'cell',
      'cell phone',
      'telephone',
    ],
    ...[
      'telephone number',
      'tel',
      'contact number',
      'patient phone',
      'primary phone',
      'home phone',
      'number',
    ],
    ...['telefon', 'handy', 'téléphone', 'teléfono', 'telefono'],
  ],
  name: ['name', 'patient name', 'full name', 'patient', 'display name', 'nom', 'nombre', 'patientenname'],
  externalId: [
    ...['patient id', 'mrn', 'medical record number', 'external id', 'record number', 'patient number'],
    ...['patient no', 'nhs number', 'hospital number', 'id'],
  ],
  timeZone: ['time zone', 'timezone', 'tz', 'zone', 'zeitzone'],
  appointmentId: ['appointment id', 'appointment', 'appt id', 'booking id'],
  language: ['language', 'preferred language', 'lang', 'locale', 'sprache'],
};

export const columnRoles = Object.keys(headerWords) as ColumnRole[];

/** What the columns seem to be, by their headers. No column is taken twice. */
export function suggestMapping(headers: readonly string[]): ColumnMapping {
  const words = headers.map((header) =>
    header
      .replace(/([a-z])([A-Z])/g, '$1 $2')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}]+/gu, ' ')
      .trim(),
  );
  const taken = new Set<number>();
  const suggested: Partial<Record<ColumnRole, string>> = {};
  for (const role of columnRoles) {
    const index = headerWords[role]
      .map((word) => words.findIndex((text, at) => text === word && !taken.has(at)))
      .find((at) => at >= 0);
    if (index === undefined) continue;
    taken.add(index);
    suggested[role] = headers[index]!;
  }
  return suggested;
}

/** The places of mapped columns among the headers, or every problem of the mapping. */
export function placesOf(
  headers: readonly string[],
  mapping: ColumnMapping,
): { places: Partial<Record<ColumnRole, number>> } | { problems: string[] } {
  const problems: string[] = [];
  const places: Partial<Record<ColumnRole, number>> = {};
  for (const role of columnRoles) {
    const wanted = mapping[role];
    if (wanted === undefined) continue;
    const found = headers.flatMap((header, at) => (header.trim() === wanted.trim() ? [at] : []));
    if (found.length === 0) problems.push(`the file has no column "${wanted}" (for ${role})`);
    else if (found.length > 1)
      problems.push(`the file has ${found.length} columns "${wanted}"; rename all but one`);
    else places[role] = found[0]!;
  }
  if (mapping.phone === undefined) problems.push('say which column has the phone numbers');
  if (mapping.name === undefined) problems.push('say which column has the names');
  return problems.length > 0 ? { problems } : { places };
}

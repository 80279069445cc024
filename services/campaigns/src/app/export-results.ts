import { csvLine } from '../domain/csv-cell.ts';
import type { RecipientList, RecipientView } from '../ports/recipient-list.ts';

const PAGE = 500;

const header = [
  ...['Name', 'Phone', 'Patient ID', 'State', 'Result', 'Reason', 'Calls', 'Last call (UTC)'],
  ...['Time zone', 'Appointment', 'Patient (Wardline)'],
];

/** Results as CSV, a page of recipients at a time; undefined for an unknown campaign. */
export async function exportResults(
  deps: { recipients: RecipientList },
  tenantId: string,
  campaignId: string,
): Promise<AsyncGenerator<Uint8Array> | undefined> {
  const page = (afterId: string | undefined) =>
    deps.recipients.list(tenantId, {
      ...{ campaignId, afterId, limit: PAGE },
      ...{ state: undefined, result: undefined },
    });
  const first = await page(undefined);
  return first && pages(first, page);
}

async function* pages(
  first: readonly RecipientView[],
  next: (afterId: string) => Promise<RecipientView[] | undefined>,
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  // Without the mark, spreadsheets read UTF-8 as something else.
  yield encoder.encode(`\uFEFF${csvLine(header)}`);
  let rows: readonly RecipientView[] = first;
  for (;;) {
    const last = rows.at(-1);
    if (!last) return;
    yield encoder.encode(rows.map(lineOf).join(''));
    if (rows.length < PAGE) return;
    rows = (await next(last.recipientId)) ?? [];
  }
}

function lineOf(r: RecipientView): string {
  const [lastCall] = r.calls;
  return csvLine([
    r.name.reveal(),
    r.number.reveal(),
    r.externalId?.reveal() ?? '',
    r.state,
    r.result ?? '',
    r.reason,
    String(r.calls.length),
    lastCall ? new Date(lastCall.dialledAtMs).toISOString() : '',
    r.timeZone,
    r.appointmentId ?? '',
    r.patientId ?? '',
  ]);
}

import type { Import } from '../api/campaign-types.ts';
import { dateIn, timeIn } from '../api/clinic-day.ts';
import { Badge } from '../parts/badge.tsx';
import { Section } from '../parts/panel.tsx';
import { useShell } from '../shell/shell-context.ts';
import { RefusedOnDemand } from './import-report.tsx';
import { inDigits } from './words.ts';

/** What has been uploaded, newest first. */
export function Imports({ imports }: { readonly imports: readonly Import[] }) {
  const { clinic } = useShell();
  return (
    <Section title="Uploaded files" count={imports.length}>
      <ul className="rows">
        {imports.map((entry) => (
          <li key={entry.id} className="import">
            <span className="row-main">
              <strong>{entry.fileName || 'A file'}</strong>
              <span className="row-sub">
                {inDigits(entry.rows)} rows: {inDigits(entry.accepted)} accepted, {inDigits(entry.repeated)}{' '}
                repeated, {inDigits(entry.refused)} refused
                {entry.at && ` · ${dateIn(clinic.timeZone, entry.at)}, ${timeIn(clinic.timeZone, entry.at)}`}
              </span>
            </span>
            {entry.state === 'refused' && <Badge tone="bad">Not taken</Badge>}
            {entry.refused > 0 && <RefusedOnDemand of={entry} />}
          </li>
        ))}
      </ul>
    </Section>
  );
}

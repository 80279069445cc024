import { Button } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQuery } from '@tanstack/react-query';
import type { AuditLine } from '../api/audit-types.ts';
import { auditQueries, checkAudit } from '../api/audit.ts';
import { dateIn, dayOf, instantIn } from '../api/clinic-day.ts';
import { settingsQueries } from '../api/settings.ts';
import { Badge } from '../parts/badge.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Notice } from '../parts/notice.tsx';
import { Page } from '../parts/page.tsx';
import { Link, useAddressQuery } from '../parts/router.tsx';
import { toast } from '../parts/toasts.ts';
import { ShowMore } from '../parts/show-more.tsx';
import { roleInWords } from '../settings/role-words.ts';
import { useShell } from '../shell/shell-context.ts';
import { AuditFilters, isFiltered } from './audit-filters.tsx';
import { subjectOf, subjectTyped } from './subject-words.ts';
import { actionInWords, detailsInWords, shortId } from './words.ts';
import './audit.css';

/** Who has seen, changed, or was refused what. Looking at it is recorded, too. */
export default function AuditPage() {
  const { clinic, may } = useShell();
  const { timeZone } = clinic;
  const [values] = useAddressQuery();
  const staff = useQuery({ ...settingsQueries.staff, enabled: may('staff:read') });
  const lines = useInfiniteQuery(
    auditQueries.list({
      user: values['user'] ?? '',
      action: values['action'] ?? '',
      subject: subjectTyped(values['subject'] ?? ''),
      outcome: values['outcome'] ?? '',
      from: values['from'] ? dayOf(values['from'], timeZone).from.toISOString() : '',
      to: values['to'] ? dayOf(values['to'], timeZone).to.toISOString() : '',
    }),
  );
  const check = useMutation({
    mutationFn: checkAudit,
    onSuccess: ({ intact, lines: count }) => {
      if (intact) toast.done(`All ${count.toLocaleString('en-GB')} lines are as they were written.`);
    },
    onError: (error) => toast.failed('Could not be checked', error),
  });
  const names = new Map(staff.data?.map(({ id, name }) => [id, name]));
  return (
    <Page
      title="Audit"
      lead="Who has seen or changed something, or was refused, newest first. Looking at it is recorded as well."
      actions={
        <Button variant="default" loading={check.isPending} onClick={() => check.mutate()}>
          Check that nothing is missing
        </Button>
      }
    >
      {check.data && !check.data.intact && (
        <Notice
          tone="bad"
          title="The audit was changed behind Wardline’s back"
          text={`Line ${String(check.data.brokenAt)} is missing, or is not what was written. Nothing after it can be relied on.`}
        />
      )}
      <section className="panel column" aria-label="Audit lines">
        <AuditFilters staff={staff.data ?? []} />
        <Loaded
          query={lines}
          rows={10}
          isEmpty={({ pages }) => pages.every(({ items }) => items.length === 0)}
          empty={
            isFiltered(values)
              ? { title: 'Nothing is like that', text: 'Take away a filter, or choose other days.' }
              : { title: 'Nothing yet', text: 'Each access to personal data is listed here.' }
          }
        >
          {({ pages }) => (
            <div>
              <AuditTable lines={pages.flatMap(({ items }) => items)} names={names} timeZone={timeZone} />
              <ShowMore of={lines} label="Show older lines" />
            </div>
          )}
        </Loaded>
      </section>
    </Page>
  );
}

interface TableProps {
  readonly lines: readonly AuditLine[];
  readonly names: ReadonlyMap<string, string>;
  readonly timeZone: string;
}

function AuditTable({ lines, names, timeZone }: TableProps) {
  return (
    <div className="table-box" tabIndex={0} role="region" aria-label="Audit">
      <table className="table audit-table">
        <thead>
          <tr>
            <th scope="col">When</th>
            <th scope="col">Who</th>
            <th scope="col">What</th>
            <th scope="col">Of what</th>
            <th scope="col">Details</th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={line.position}>
              <td className="figures nowrap" title={`Line ${line.position}, ${dateIn(timeZone, line.at)}`}>
                {instantIn(timeZone, line.at)}
              </td>
              <td>
                {names.get(line.user) ?? <span title={line.user}>{shortId(line.user)}</span>}
                <span className="row-sub">{roleInWords(line.role)}</span>
              </td>
              <td>
                {actionInWords(line.action)} {line.outcome === 'refused' && <Badge tone="bad">Refused</Badge>}
              </td>
              <td>
                <SubjectCell subject={line.subject} names={names} />
              </td>
              <td className="muted audit-details">{detailsInWords(line.details)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function SubjectCell({
  subject,
  names,
}: {
  readonly subject: string;
  readonly names: ReadonlyMap<string, string>;
}) {
  const { words, of, to } = subjectOf(subject);
  const shown = of && (names.get(of) ?? shortId(of));
  return (
    <span title={subject}>
      {to ? <Link to={to}>{words}</Link> : words}
      {shown && <span className="row-sub">{shown}</span>}
    </span>
  );
}

import { Button, NativeSelect } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { columnRoles, type Import, type Inspection, type Mapping } from '../api/campaign-types.ts';
import { campaigns } from '../api/campaigns.ts';
import { FormError } from '../parts/form-error.tsx';
import { Section } from '../parts/panel.tsx';
import { ImportReport } from './import-report.tsx';

const roleWords: Record<(typeof columnRoles)[number], string> = {
  name: 'Name',
  phone: 'Telephone number',
  externalId: 'Your id of the patient',
  timeZone: 'Time zone',
  appointment: 'Wardline’s id of the appointment',
  language: 'Language',
};
const needed = new Set<string>(['name', 'phone']);
const delimiters: Record<string, string> = { ',': 'commas', ';': 'semicolons', '\t': 'tabs', '|': 'bars' };
const megabytes = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 1 });
const size = (bytes: number) =>
  bytes < 1_048_576
    ? `${megabytes.format(Math.max(0.1, bytes / 1_024))} KB`
    : `${megabytes.format(bytes / 1_048_576)} MB`;

interface ColumnMappingProps {
  readonly campaign: string;
  readonly file: File;
  readonly inspection: Inspection;
  readonly onAnother: () => void;
}

/** What the columns of a file are: suggested by their headings, seen in its first rows, decided here; then the upload. */
export function ColumnMapping({ campaign, file, inspection, onAnother }: ColumnMappingProps) {
  const client = useQueryClient();
  const [mapping, setMapping] = useState<Mapping>(inspection.suggested);
  const [share, setShare] = useState(0);
  const stop = useRef<AbortController>(undefined);
  useEffect(() => () => stop.current?.abort(), []);
  const send = useMutation<Import, Error>({
    mutationFn: () => {
      setShare(0);
      stop.current = new AbortController();
      return campaigns.upload(campaign, file, mapping, { onProgress: setShare, signal: stop.current.signal });
    },
    onSettled: () => client.invalidateQueries({ queryKey: ['campaigns'] }),
  });
  if (send.data) return <ImportReport done={send.data} onAnother={onAnother} />;
  const missing = columnRoles.filter((role) => needed.has(role) && mapping[role] === '');
  const delimiter = delimiters[inspection.delimiter] ?? inspection.delimiter;
  return (
    <Section
      title={file.name}
      lead={`${size(file.size)} · ${inspection.encoding.toUpperCase()} · columns divided by ${delimiter}`}
      actions={
        !send.isPending && (
          <Button variant="default" size="xs" onClick={onAnother}>
            Another file
          </Button>
        )
      }
    >
      <div className="form">
        <fieldset disabled={send.isPending}>
          <legend>What the columns are</legend>
          <div className="mapping">
            {columnRoles.map((role) => (
              <NativeSelect
                key={role}
                label={roleWords[role]}
                required={needed.has(role)}
                value={mapping[role]}
                data={[{ value: '', label: '– not in this file –' }, ...inspection.columns]}
                onChange={(event) => {
                  const column = event.currentTarget.value;
                  setMapping((before) => ({ ...before, [role]: column }));
                }}
              />
            ))}
          </div>
        </fieldset>
        <p className="field-hint">
          Without a time zone it follows from the number where a number has one, otherwise it is the clinic’s.
        </p>
        <SampleRows inspection={inspection} mapping={mapping} />
        <FormError error={send.error} />
        {send.isPending ? (
          <Uploading share={share} onStop={() => stop.current?.abort()} />
        ) : (
          <div className="form-end">
            {missing.length > 0 && (
              <span className="muted">
                Say which column is {missing.map((role) => roleWords[role].toLowerCase()).join(' and ')}.
              </span>
            )}
            <Button disabled={missing.length > 0} onClick={() => send.mutate()}>
              Upload
            </Button>
          </div>
        )}
      </div>
    </Section>
  );
}

function SampleRows({ inspection, mapping }: { readonly inspection: Inspection; readonly mapping: Mapping }) {
  const roleOf = (column: string) => columnRoles.find((role) => mapping[role] === column);
  return (
    <div className="table-box" tabIndex={0} role="region" aria-label="First rows of the file">
      <table className="table sample">
        <thead>
          <tr>
            {inspection.columns.map((column, index) => {
              const role = roleOf(column);
              return (
                <th key={index} scope="col" className={role ? 'is-used' : ''}>
                  {column || <em>no heading</em>}
                  <span className="sample-role">{role ? roleWords[role] : 'not used'}</span>
                </th>
              );
            })}
          </tr>
        </thead>
        <tbody>
          {inspection.sample.map((cells, row) => (
            <tr key={row}>
              {inspection.columns.map((column, index) => (
                <td key={index} className={roleOf(column) ? '' : 'muted'}>
                  {cells[index] ?? ''}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Uploading({ share, onStop }: { readonly share: number; readonly onStop: () => void }) {
  const sent = share >= 1;
  return (
    <div className="uploading">
      <progress
        max={1}
        // Without a value it says only that something goes on: the server is reading.
        {...(sent ? {} : { value: share })}
        aria-label="Upload"
      />
      <span role="status">
        {sent ? 'All of it has arrived; each row is being checked…' : `${Math.round(share * 100)} % sent`}
      </span>
      <Button variant="default" size="xs" onClick={onStop}>
        Stop
      </Button>
    </div>
  );
}

import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useInfiniteQuery, useMutation } from '@tanstack/react-query';
import type { Import } from '../api/campaign-types.ts';
import { allRefusedRows, campaignQueries } from '../api/campaigns.ts';
import { csvOf, saveAs } from '../api/download.ts';
import { Loaded } from '../parts/loaded.tsx';
import { toast } from '../parts/toasts.ts';
import { ShowMore } from '../parts/show-more.tsx';
import { inDigits } from './words.ts';

/** Rows that were refused, in the order of the file, each with what to do about it; all of them as a file. */
export function RefusedRows({ of }: { readonly of: Import }) {
  const rows = useInfiniteQuery(campaignQueries.refusedRows(of.id));
  const save = useMutation({
    mutationFn: async () => {
      const all = await allRefusedRows(of.id);
      const lines = all.map(({ line, problem, row }) => [String(line), problem, row]);
      saveAs(
        `refused-${of.fileName.replace(/\.[^.]*$/, '') || 'rows'}.csv`,
        csvOf([['Line', 'Problem', 'Row'], ...lines]),
      );
    },
    onError: (error) => toast.failed('Could not be downloaded', error),
  });
  return (
    <div className="refused">
      <header className="panel-head">
        <h3>Refused rows</h3>
        <span className="spacer" />
        <Button
          variant="default"
          size="xs"
          leftSection={<IconDownload size={16} aria-hidden="true" />}
          loading={save.isPending}
          onClick={() => save.mutate()}
        >
          Download all {inDigits(of.refused)}
        </Button>
      </header>
      <Loaded query={rows}>
        {({ pages }) => (
          <>
            <div
              className="table-box"
              tabIndex={0}
              role="region"
              aria-label={`Refused rows of ${of.fileName}`}
            >
              <table className="table refused-table">
                <thead>
                  <tr>
                    <th scope="col" className="is-number">
                      Line
                    </th>
                    <th scope="col">What is wrong</th>
                    <th scope="col">The row</th>
                  </tr>
                </thead>
                <tbody>
                  {pages
                    .flatMap(({ items }) => items)
                    .map(({ line, problem, row }) => (
                      <tr key={line}>
                        <td className="is-number">{line}</td>
                        <td>{problem}</td>
                        <td className="raw">{row}</td>
                      </tr>
                    ))}
                </tbody>
              </table>
            </div>
            <ShowMore of={rows} label="Show more refused rows" />
          </>
        )}
      </Loaded>
    </div>
  );
}

import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { CampaignWithImports } from '../api/campaign-types.ts';
import { campaigns } from '../api/campaigns.ts';
import { Section } from '../parts/panel.tsx';
import { navigate } from '../parts/router.tsx';
import { FormError } from '../parts/form-error.tsx';
import { ColumnMapping } from './column-mapping.tsx';
import { DropZone } from './drop-zone.tsx';
import { Imports } from './imports.tsx';
import { people } from './words.ts';

/** Who is called: files, one after the other, each looked at before it is taken. */
export function RecipientsStep({ campaign }: { readonly campaign: CampaignWithImports }) {
  const { id, progress, imports } = campaign;
  const [file, setFile] = useState<File>();
  const [refused, setRefused] = useState<string>();
  const inspect = useMutation({ mutationFn: campaigns.inspect });
  const look = (chosen: File) => {
    setRefused(undefined);
    setFile(chosen);
    inspect.mutate(chosen);
  };
  const another = () => {
    setFile(undefined);
    inspect.reset();
  };
  return (
    <div className="column">
      {file && inspect.data ? (
        <ColumnMapping
          key={`${file.name} ${file.lastModified}`}
          campaign={id}
          file={file}
          inspection={inspect.data}
          onAnother={another}
        />
      ) : (
        <Section title={imports.length === 0 ? 'Upload who is to be called' : 'Add more people'}>
          <DropZone
            busy={inspect.isPending}
            onFile={look}
            onRefused={(reason) => {
              another();
              setRefused(reason);
            }}
          />
          <FormError error={refused ? new Error(refused) : inspect.error} />
        </Section>
      )}
      {imports.length > 0 && <Imports imports={imports} />}
      <div className="form-end">
        <span className="muted">{people(progress.recipients)} on the list.</span>
        <Button disabled={progress.recipients === 0} onClick={() => navigate(`/campaigns/${id}/check`)}>
          Go on to the check
        </Button>
      </div>
    </div>
  );
}

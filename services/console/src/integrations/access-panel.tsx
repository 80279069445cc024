import { useMutation, useQueryClient, type QueryKey, type UseQueryResult } from '@tanstack/react-query';
import { useState } from 'react';
import type { IntegratorAccess, NewAccess } from '../api/integrations.ts';
import { Confirm } from '../parts/dialog.tsx';
import { Panel } from '../parts/panel.tsx';
import { AccessForm } from './access-form.tsx';
import { AccessList } from './access-list.tsx';
import { ShownOnce } from './shown-once.tsx';

interface AccessPanelProps<Made extends IntegratorAccess> {
  readonly title: string;
  readonly lead: string;
  readonly timeZone: string;
  readonly query: UseQueryResult<readonly IntegratorAccess[]>;
  /** What is looked at anew after a change. */
  readonly queryKey: QueryKey;
  readonly empty: { readonly title: string; readonly text: string };
  /** Absent: none can be made here. */
  readonly makeLabel?: string;
  readonly form: {
    readonly title: string;
    readonly action: string;
    readonly namePlaceholder: string;
    readonly topics?: readonly string[];
  };
  readonly create: (wish: NewAccess) => Promise<Made>;
  /** The secrets of what was made. */
  readonly shown: (made: Made) => {
    readonly title: string;
    readonly text: string;
    readonly values: readonly { readonly label: string; readonly value: string }[];
  };
  readonly revoke: (id: string) => Promise<void>;
  readonly revokeText: string;
  /** How its last use is told; absent where nobody knows of it. */
  readonly usedWords?: string;
}

/** Access that is made with a secret shown once, listed, and revoked: tokens of streams, users of Kafka. */
export function AccessPanel<Made extends IntegratorAccess>(props: AccessPanelProps<Made>) {
  const { form, makeLabel } = props;
  const client = useQueryClient();
  const [asked, setAsked] = useState<'create' | IntegratorAccess>();
  const afterwards = {
    onSuccess: () => setAsked(undefined),
    onSettled: () => client.invalidateQueries({ queryKey: props.queryKey }),
  };
  const create = useMutation({ mutationFn: props.create, ...afterwards });
  const revoke = useMutation({ mutationFn: props.revoke, ...afterwards });
  const ask = (what: 'create' | IntegratorAccess) => {
    create.reset();
    revoke.reset();
    setAsked(what);
  };
  return (
    <Panel
      title={props.title}
      query={props.query}
      {...(makeLabel ? { action: { label: makeLabel, act: () => ask('create') } } : {})}
      lead={props.lead}
      empty={props.empty}
      extra={
        <>
          {asked === 'create' && (
            <AccessForm
              {...form}
              busy={create.isPending}
              error={create.error}
              onCreate={(wish) => create.mutate(wish)}
              onClose={() => setAsked(undefined)}
            />
          )}
          {create.data && <ShownOnce {...props.shown(create.data)} onClose={() => create.reset()} />}
          {asked !== undefined && asked !== 'create' && (
            <Confirm
              title={`Revoke “${asked.name}”?`}
              text={props.revokeText}
              action="Revoke"
              tone="danger"
              busy={revoke.isPending}
              error={revoke.error}
              onConfirm={() => revoke.mutate(asked.id)}
              onClose={() => setAsked(undefined)}
            />
          )}
        </>
      }
    >
      {(items) => (
        <AccessList
          items={items}
          timeZone={props.timeZone}
          usedWords={props.usedWords}
          actions={(item) => (
            <button
              type="button"
              className="button button-small button-danger-quiet"
              onClick={() => ask(item)}
              aria-label={`Revoke ${item.name}`}
            >
              Revoke…
            </button>
          )}
        />
      )}
    </Panel>
  );
}

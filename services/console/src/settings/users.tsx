import { Button } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { StaffUser } from '../api/settings-types.ts';
import { settingsQueries } from '../api/settings.ts';
import { Badge } from '../parts/badge.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Section } from '../parts/panel.tsx';
import { readableNumber } from '../parts/phone.tsx';
import { useShell } from '../shell/shell-context.ts';
import { roleInWords } from './role-words.ts';
import { UserDialog } from './user-dialog.tsx';

/** Who works here and what they may do. */
export function Users() {
  const { may, me } = useShell();
  const staff = useQuery(settingsQueries.staff);
  const [asked, setAsked] = useState<StaffUser | 'new'>();
  const manages = may('staff:manage');
  return (
    <Section
      title="Users"
      count={staff.data?.length}
      actions={
        manages && (
          <Button
            size="xs"
            leftSection={<IconPlus size={16} aria-hidden="true" />}
            onClick={() => setAsked('new')}
          >
            New user
          </Button>
        )
      }
    >
      <Loaded query={staff} empty={{ title: 'Nobody', text: 'Nobody can sign in yet.' }}>
        {(items) => (
          <div className="table-box" tabIndex={0} role="region" aria-label="Who they are">
            <table className="table">
              <thead>
                <tr>
                  <th scope="col">Name</th>
                  <th scope="col">Role</th>
                  <th scope="col">Calls are handed to</th>
                  <th scope="col">
                    <span className="for-readers">Change</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {items.map((user) => (
                  <tr key={user.id} className={user.active ? '' : 'is-inactive'}>
                    <td>
                      <strong>{user.name}</strong>
                      {user.id === me.user.id && <span className="muted"> (you)</span>}
                      <span className="row-sub">{user.login}</span>
                    </td>
                    <td>
                      {roleInWords(user.role)} {!user.active && <Badge tone="warn">Cannot sign in</Badge>}
                    </td>
                    <td className="figures">
                      {user.phone ? readableNumber(user.phone) : <span className="muted">–</span>}
                    </td>
                    <td className="is-number">
                      {manages && (
                        <button
                          type="button"
                          className="button button-small"
                          aria-label={`Change ${user.name}`}
                          onClick={() => setAsked(user)}
                        >
                          Change
                        </button>
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Loaded>
      {asked && (
        <UserDialog
          user={asked === 'new' ? undefined : asked}
          isMe={asked !== 'new' && asked.id === me.user.id}
          onClose={() => setAsked(undefined)}
        />
      )}
    </Section>
  );
}

import type { ReactNode } from 'react';
import type { IntegratorAccess } from '../api/integrations.ts';
import { Ago } from '../parts/ago.tsx';

interface AccessListProps {
  readonly items: readonly IntegratorAccess[];
  readonly timeZone: string;
  readonly usedWords?: string | undefined;
  readonly actions: (item: IntegratorAccess) => ReactNode;
}

export function AccessList({ items, timeZone, usedWords, actions }: AccessListProps) {
  return (
    <ul className="accesses">
      {items.map((item) => (
        <li key={item.id} className="access">
          <div className="access-main">
            <span className="access-name">{item.name}</span>
            <span className="access-badges">
              {item.personal && <span className="badge badge-personal">Personal data</span>}
              <AccessState item={item} />
            </span>
            <span className="access-sub muted">
              Made <Ago at={item.createdAt} timeZone={timeZone} />
              {usedWords && (
                <>
                  {' · '}
                  {item.lastUsedAt ? (
                    <>
                      {usedWords} <Ago at={item.lastUsedAt} timeZone={timeZone} />
                    </>
                  ) : (
                    'never used'
                  )}
                </>
              )}
            </span>
          </div>
          <div className="access-actions">{actions(item)}</div>
        </li>
      ))}
    </ul>
  );
}

function AccessState({ item }: { readonly item: IntegratorAccess }) {
  if (item.expiresAt && Date.parse(item.expiresAt) <= Date.now())
    return <span className="badge badge-bad">Expired</span>;
  if (item.state !== 'active') return <span className="badge badge-bad">Closed</span>;
  return <span className="badge badge-good">Open</span>;
}

import { Button } from '@mantine/core';
import { IconAlertTriangle, IconCircleDashed } from '@tabler/icons-react';
import type { ReactNode } from 'react';

interface NoticeProps {
  readonly tone: 'calm' | 'bad';
  readonly title: string;
  readonly text: ReactNode;
  readonly action?: { readonly label: string; readonly act: () => void };
}

/** What stands where there is nothing to show: an empty list, or what went wrong and what to do about it. */
export function Notice({ tone, title, text, action }: NoticeProps) {
  const Icon = tone === 'bad' ? IconAlertTriangle : IconCircleDashed;
  return (
    <div className={`notice notice-${tone}`} role={tone === 'bad' ? 'alert' : undefined}>
      <Icon size={22} aria-hidden="true" />
      <p className="notice-title">{title}</p>
      <p>{text}</p>
      {action && (
        <Button variant="default" size="xs" onClick={action.act}>
          {action.label}
        </Button>
      )}
    </div>
  );
}

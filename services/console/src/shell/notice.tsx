interface NoticeProps {
  readonly tone: 'calm' | 'bad';
  readonly title: string;
  readonly text: string;
  readonly action?: { readonly label: string; readonly act: () => void };
}

/** What stands where there is nothing to show: an empty list, or what went wrong and what to do about it. */
export function Notice({ tone, title, text, action }: NoticeProps) {
  return (
    <div className={`notice notice-${tone}`} role={tone === 'bad' ? 'alert' : undefined}>
      <p className="notice-title">{title}</p>
      <p>{text}</p>
      {action && (
        <button type="button" className="button" onClick={action.act}>
          {action.label}
        </button>
      )}
    </div>
  );
}

import { CopyField } from '../parts/copy-field.tsx';
import { Dialog } from '../parts/dialog.tsx';

interface ShownOnceProps {
  readonly title: string;
  readonly text: string;
  readonly values: readonly { readonly label: string; readonly value: string }[];
  readonly onClose: () => void;
}

/** Secrets after they were made. Neither Escape nor a click beside it loses them. */
export function ShownOnce({ title, text, values, onClose }: ShownOnceProps) {
  return (
    <Dialog title={title}>
      <p className="once">{text}</p>
      {values.map(({ label, value }) => (
        <CopyField key={label} label={label} value={value} />
      ))}
      <div className="dialog-actions">
        <button type="button" className="button button-primary" onClick={onClose}>
          I have kept it
        </button>
      </div>
    </Dialog>
  );
}

import { type FormEvent, useId } from 'react';
import type { NewAccess } from '../api/integrations.ts';
import { Dialog } from '../parts/dialog.tsx';

interface AccessFormProps {
  readonly title: string;
  readonly action: string;
  readonly namePlaceholder: string;
  /** Absent: it gets all there are. */
  readonly topics?: readonly string[];
  readonly withUrl?: boolean;
  readonly busy: boolean;
  readonly error: Error | null;
  readonly onCreate: (wish: NewAccess) => void;
  readonly onClose: () => void;
}

/** Asks what a new integration is to get. Personal data is a choice of its own, and never the default. */
export function AccessForm(props: AccessFormProps) {
  const hint = useId();
  const personalHint = useId();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const text = (name: string) => String(form.get(name) ?? '').trim();
    props.onCreate({
      name: text('name'),
      personal: form.get('personal') !== null,
      ...(props.topics ? { topics: form.getAll('topic').map(String) } : {}),
      ...(props.withUrl ? { url: text('url') } : {}),
    });
  };
  return (
    <Dialog title={props.title} onClose={props.onClose}>
      <form className="form" onSubmit={submit}>
        <label className="field">
          Name
          <input
            name="name"
            required
            maxLength={100}
            autoFocus
            autoComplete="off"
            placeholder={props.namePlaceholder}
          />
        </label>
        {props.withUrl && (
          <label className="field">
            Address
            <input
              name="url"
              type="url"
              required
              autoComplete="off"
              placeholder="https://his.example.org/wardline"
              aria-describedby={hint}
            />
            <span className="field-hint" id={hint}>
              HTTPS, and reachable from the internet.
            </span>
          </label>
        )}
        {props.topics && (
          <fieldset>
            <legend>Events</legend>
            <div className="choices">
              {props.topics.map((topic) => (
                <label key={topic} className="choice">
                  <input type="checkbox" name="topic" value={topic} defaultChecked />
                  {topic}
                </label>
              ))}
            </div>
          </fieldset>
        )}
        <div>
          <label className="choice">
            <input type="checkbox" name="personal" aria-describedby={personalHint} />
            Include personal data
          </label>
          <p className="field-hint" id={personalHint}>
            Names and numbers of patients. Without it these fields are left out altogether.
          </p>
        </div>
        {props.error && (
          <p className="form-error" role="alert">
            {props.error.message}
          </p>
        )}
        <div className="dialog-actions">
          <button type="button" className="button" onClick={props.onClose}>
            Cancel
          </button>
          <button type="submit" className="button button-primary" disabled={props.busy}>
            {props.busy ? 'One moment…' : props.action}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

import { IconCheck } from '@tabler/icons-react';
import { Link } from '../parts/router.tsx';

export type StepName = 'settings' | 'recipients' | 'check';

const steps: readonly (readonly [StepName, string])[] = [
  ['settings', 'Script and hours'],
  ['recipients', 'Who is called'],
  ['check', 'Check and start'],
];

interface StepsProps {
  readonly now: StepName;
  /** Absent: there is no campaign yet, and the later steps have no address. */
  readonly id?: string;
  readonly done: ReadonlySet<StepName>;
}

/** The way from nothing to a campaign that calls. */
export function Steps({ now, id, done }: StepsProps) {
  return (
    <nav aria-label="Steps">
      <ol className="steps">
        {steps.map(([name, label], index) => (
          <li key={name} className={done.has(name) ? 'is-done' : ''}>
            <Step name={name} id={id} current={name === now}>
              <span className="step-mark" aria-hidden="true">
                {done.has(name) ? <IconCheck size={15} /> : index + 1}
              </span>
              {label}
              {done.has(name) && <span className="for-readers"> (done)</span>}
            </Step>
          </li>
        ))}
      </ol>
    </nav>
  );
}

function Step(props: {
  readonly name: StepName;
  readonly id: string | undefined;
  readonly current: boolean;
  readonly children: React.ReactNode;
}) {
  if (props.current)
    return (
      <span className="step" aria-current="step">
        {props.children}
      </span>
    );
  if (!props.id) return <span className="step is-later">{props.children}</span>;
  return (
    <Link to={`/campaigns/${props.id}/${props.name}`} className="step">
      {props.children}
    </Link>
  );
}

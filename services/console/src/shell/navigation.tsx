import { Mark } from '../parts/mark.tsx';
import { Link } from '../parts/router.tsx';
import { type PageEntry, pageAt, pages } from './pages.ts';
import { useShell } from './shell-context.ts';

const groups = [
  { id: 'desk', label: 'Desk' },
  { id: 'outreach', label: 'Outreach' },
  { id: 'house', label: 'House' },
] as const;

export function Navigation({ path }: { readonly path: string }) {
  const { may } = useShell();
  const here = pageAt(path)?.entry;
  const allowed = pages.filter(({ permissions }) => permissions.some(may));
  return (
    <nav className="nav" aria-label="Pages">
      <span className="nav-brand">
        <Mark /> <span className="nav-name">Wardline</span>
      </span>
      {groups.map(({ id, label }) => {
        const entries = allowed.filter(({ group }) => group === id);
        return (
          entries.length > 0 && (
            <ul key={id} className="nav-group" aria-label={label}>
              {entries.map((entry) => (
                <li key={entry.path}>
                  {entry.useCount ? (
                    <CountedLink entry={entry} useCount={entry.useCount} isHere={entry === here} />
                  ) : (
                    <NavLink entry={entry} isHere={entry === here} />
                  )}
                </li>
              ))}
            </ul>
          )
        );
      })}
    </nav>
  );
}

interface NavLinkProps {
  readonly entry: PageEntry;
  readonly isHere: boolean;
  readonly counted?: ReturnType<NonNullable<PageEntry['useCount']>>;
}

function CountedLink(props: NavLinkProps & { readonly useCount: NonNullable<PageEntry['useCount']> }) {
  const { useCount, ...rest } = props;
  return <NavLink {...rest} counted={useCount()} />;
}

function NavLink({ entry, isHere, counted }: NavLinkProps) {
  const { path, label, icon: Icon, preload } = entry;
  return (
    <Link
      to={path}
      className="nav-link"
      aria-current={isHere ? 'page' : undefined}
      onPointerEnter={preload}
      onFocus={preload}
    >
      <Icon size={21} stroke={1.8} aria-hidden="true" />
      <span className="nav-label">{label}</span>
      {counted && counted.count > 0 && (
        <span className={`nav-count nav-count-${counted.tone}`}>
          {counted.count}
          <span className="for-readers"> {counted.words}</span>
        </span>
      )}
    </Link>
  );
}

import { spawnSync, type SpawnOptions } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { binariesIn, type Binaries } from './binaries.ts';
import { PostgresError } from './errors.ts';

/** How PostgreSQL, which refuses to run as root, is run here. */
export interface RunAs {
  readonly kind: 'self' | 'user-namespace' | 'other-user';
  readonly binaries: Binaries;
  /** The user who must own the data folder; undefined when that is the user who runs us. */
  readonly owner: { readonly uid: number; readonly gid: number } | undefined;
  command(program: string, args: readonly string[]): { file: string; args: string[]; options: SpawnOptions };
}

const NOBODY = 65534;
const namespace = ['--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`];

/**
 * Chooses how to run the server on a data folder below `parent`.
 *
 * An ordinary user runs it as they are. As root the first choice is a user namespace in which root is called
 * "nobody": for the kernel the files still belong to root, so it works below a 0700 home and leaves no foreign files
 * behind. Where namespaces are refused (many containers), an unprivileged user runs it, and the binaries are copied to
 * a place which that user can read.
 */
export function chooseRunAs(binaries: Binaries, parent: string, prefer?: RunAs['kind']): RunAs {
  if (prefer === 'self' || (process.getuid?.() ?? 1) !== 0) return asSelf(binaries);
  if (prefer !== 'other-user' && namespacesWork(binaries)) return inNamespace(binaries);
  return asOtherUser(binaries, parent);
}

function asSelf(binaries: Binaries): RunAs {
  return {
    kind: 'self',
    binaries,
    owner: undefined,
    command: (file, args) => ({ file, args: [...args], options: {} }),
  };
}

function namespacesWork(binaries: Binaries): boolean {
  return (
    spawnSync('unshare', [...namespace, binaries.postgres, '--version'], { stdio: 'ignore' }).status === 0
  );
}

function inNamespace(binaries: Binaries): RunAs {
  return {
    kind: 'user-namespace',
    binaries,
    owner: undefined,
    command: (program, args) => ({ file: 'unshare', args: [...namespace, program, ...args], options: {} }),
  };
}

function asOtherUser(installed: Binaries, parent: string): RunAs {
  const owner = unprivilegedUser();
  const can = (flag: '-x' | '-r', file: string): boolean =>
    spawnSync('test', [flag, file], { ...owner, stdio: 'ignore' }).status === 0;
  // Others may pass through the folder, not list it; the password in it keeps its own mode 0600.
  if (!can('-x', parent)) chmodSync(parent, 0o711);
  if (!can('-x', parent)) {
    throw new PostgresError(
      'postgres-cannot-run-as-root',
      `PostgreSQL refuses to run as root, user namespaces are not allowed here, and the user with id ${owner.uid} ` +
        `cannot enter ${parent}. Run as an ordinary user, or set WARDLINE_DATA to a folder that other users can enter ` +
        '(for example /var/lib/wardline).',
    );
  }
  const binaries = can('-x', installed.postgres) ? installed : copyForOthers(installed);
  return {
    kind: 'other-user',
    binaries,
    owner,
    command: (file, args) => ({ file, args: [...args], options: owner }),
  };
}

/** "postgres" where the machine has that user, else "nobody". */
function unprivilegedUser(): { uid: number; gid: number } {
  const id = (flag: string): number => {
    const result = spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' });
    return result.status === 0 ? Number.parseInt(result.stdout, 10) : NOBODY;
  };
  return { uid: id('-u'), gid: id('-g') };
}

/** A copy outside a folder such as /root; named by the package's path so that two checkouts do not share one. */
function copyForOthers(installed: Binaries): Binaries {
  const name = `wardline-postgres-${Buffer.from(installed.root).toString('hex').slice(-24)}`;
  const base = existsSync('/var/lib') ? '/var/lib' : os.tmpdir();
  const target = path.join(base, name);
  if (!existsSync(target)) {
    const draft = `${target}.${process.pid}`;
    mkdirSync(draft, { recursive: true });
    cpSync(installed.root, draft, { recursive: true, verbatimSymlinks: true });
    chmodSync(draft, 0o755);
    try {
      renameSync(draft, target);
    } catch (error) {
      rmSync(draft, { recursive: true, force: true });
      // Another process finished the same copy first; theirs is as good as ours.
      if (!existsSync(target)) throw error;
    }
  }
  return binariesIn(target);
}

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Where a container engine listens: DOCKER_HOST, else the usual sockets (Docker, rootless, Docker Desktop, Podman). */
function candidates(env: NodeJS.ProcessEnv): string[] {
  if (env['DOCKER_HOST']) return [env['DOCKER_HOST']];
  const runtime = env['XDG_RUNTIME_DIR'];
  return [
    '/var/run/docker.sock',
    ...(runtime ? [`${runtime}/docker.sock`, `${runtime}/podman/podman.sock`] : []),
    path.join(os.homedir(), '.docker/run/docker.sock'),
    path.join(os.homedir(), '.docker/desktop/docker.sock'),
  ].map((file) => `unix://${file}`);
}

const ask = `
  const { hostname, port, protocol, pathname } = new URL(process.argv[1]);
  const target = protocol === 'unix:' ? { path: pathname } : { host: hostname, port: Number(port || 2375) };
  const socket = require('node:net').connect({ ...target, timeout: 1500 });
  socket.on('connect', () => process.exit(0)).on('timeout', () => process.exit(1)).on('error', () => process.exit(1));
`;

const answers = new Map<string, boolean>();

/**
 * Whether a container engine answers here. It is the socket that is asked: the `docker` command may be there alone.
 * Synchronous, because a test suite must know when it is declared; each is asked once per process.
 */
export function dockerAnswers(env: NodeJS.ProcessEnv = process.env): boolean {
  const key = candidates(env).join(' ');
  const known = answers.get(key);
  if (known !== undefined) return known;
  const answer = candidates(env).some((url) => {
    if (url.startsWith('unix://') && !existsSync(new URL(url).pathname)) return false;
    return spawnSync(process.execPath, ['-e', ask, url], { stdio: 'ignore', timeout: 5_000 }).status === 0;
  });
  answers.set(key, answer);
  return answer;
}

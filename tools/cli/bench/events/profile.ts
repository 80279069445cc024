import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

interface CpuProfile {
  nodes: { id: number; callFrame: { functionName: string; url: string; lineNumber: number } }[];
  samples: number[];
  timeDeltas: number[];
}

/** Where each process's busy time went: the share of self time by package, and the functions with the most of it. */
export function summariseProfiles(dir: string): Record<string, unknown> {
  const files = readdirSync(dir).filter((name) => name.endsWith('.cpuprofile'));
  return Object.fromEntries(
    files.map((name) => [
      path.basename(name, '.cpuprofile'),
      summarise(JSON.parse(readFileSync(path.join(dir, name), 'utf8'))),
    ]),
  );
}

function summarise(profile: CpuProfile) {
  const selfMs = new Map<number, number>();
  profile.samples.forEach((id, i) =>
    selfMs.set(id, (selfMs.get(id) ?? 0) + (profile.timeDeltas[i] ?? 0) / 1_000),
  );
  const byPart = new Map<string, number>();
  const byFunction = new Map<string, number>();
  let busy = 0;
  for (const { id, callFrame } of profile.nodes) {
    const ms = selfMs.get(id) ?? 0;
    if (callFrame.functionName === '(idle)' || callFrame.functionName === '(program)') continue;
    busy += ms;
    const part = partOf(callFrame);
    byPart.set(part, (byPart.get(part) ?? 0) + ms);
    const label = `${callFrame.functionName || '(anonymous)'} ${part}/${path.basename(callFrame.url)}:${callFrame.lineNumber + 1}`;
    byFunction.set(label, (byFunction.get(label) ?? 0) + ms);
  }
  const share = (entries: Map<string, number>, most: number) =>
    Object.fromEntries(
      [...entries]
        .sort((a, b) => b[1] - a[1])
        .slice(0, most)
        .map(([name, ms]) => [name, `${((100 * ms) / busy).toFixed(1)} %`]),
    );
  return { busy_ms: Math.round(busy), by_part: share(byPart, 8), by_function: share(byFunction, 15) };
}

function partOf(frame: { functionName: string; url: string }): string {
  if (frame.functionName === '(garbage collector)') return 'gc';
  const [, dependency] = /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(frame.url) ?? [];
  if (dependency) return dependency;
  if (frame.url.startsWith('node:') || frame.url === '') return 'node';
  return /(libs|tools|services)\/[^/]+/.exec(frame.url)?.[0] ?? 'other';
}

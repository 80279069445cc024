import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

it('lets the engine report to nobody, and leave no number for this machine', () => {
  const home = mkdtempSync(path.join(tmpdir(), 'wardline-home-'));
  const vad = path.join(import.meta.dirname, 'vad.ts');
  const script = `const { createVad } = await import(${JSON.stringify(vad)});
    const vad = createVad(); await vad.ready(); await vad.close();`;
  try {
    // Not as under CI, where the engine keeps quiet by itself.
    writeFileSync(path.join(home, 'use-vad.mjs'), script);
    execFileSync(process.execPath, [path.join(home, 'use-vad.mjs')], {
      env: { PATH: process.env['PATH'], HOME: home },
    });
    expect(existsSync(path.join(home, '.cache/Microsoft'))).toBe(false);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { startTestApp, type TestApp } from '../testing/test-app.ts';

describe('the files of the console', () => {
  const dir = mkdtempSync(path.join(os.tmpdir(), 'wardline-console-'));
  const script = `console.log('hello');\n`.repeat(500);
  let app: TestApp;
  beforeAll(async () => {
    mkdirSync(path.join(dir, 'assets'));
    writeFileSync(path.join(dir, 'assets/app-1a2b.js'), script);
    writeFileSync(path.join(dir, 'index.html'), '<!doctype html><title>Wardline</title>');
    app = await startTestApp({ endpoints: [], consoleDir: dir });
  });
  afterAll(async () => {
    await app.close();
    rmSync(dir, { recursive: true, force: true });
  });

  it('are sent compressed, and kept for good since their names change with them', async () => {
    const answer = await fetch(`${app.origin}/assets/app-1a2b.js`, {
      headers: { 'accept-encoding': 'gzip' },
    });
    expect(answer.headers.get('content-encoding')).toBe('gzip');
    expect(answer.headers.get('cache-control')).toMatch(/max-age=31536000, immutable/);
    expect(await answer.text()).toBe(script);
  });

  it('are the page that names them for every address of the console, asked for anew each time', async () => {
    const answer = await fetch(`${app.origin}/campaigns/some`, { headers: { accept: 'text/html' } });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-cache');
    expect(await answer.text()).toContain('Wardline');
  });

  it('are not invented', async () => {
    expect((await fetch(`${app.origin}/assets/old-9f8e.js`)).status).toBe(404);
  });
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { dataDirOf, forgetDataDir, noteDataDir } from './data-dir.ts';

/** A port that no copy listens on: it is below those that are given out. */
const port = 3;

describe('where a running copy keeps its state', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), 'wardline-data-'));
  });
  afterEach(() => {
    forgetDataDir(port);
    rmSync(dir, { recursive: true, force: true });
  });

  it('is found by the port alone', () => {
    writeFileSync(path.join(dir, 'run.json'), '{}');
    noteDataDir(port, dir);
    expect(dataDirOf({ WARDLINE_PORT: String(port) }, '/checkout')).toBe(dir);
  });

  it('is the checkout’s when the copy on that port is gone, or never was', () => {
    expect(dataDirOf({ WARDLINE_PORT: String(port) }, '/checkout')).toBe('/checkout/.wardline');
    noteDataDir(port, dir);
    expect(dataDirOf({ WARDLINE_PORT: String(port) }, '/checkout')).toBe('/checkout/.wardline');
  });

  it('is what WARDLINE_DATA says, whatever was noted', () => {
    mkdirSync(path.join(dir, 'other'));
    writeFileSync(path.join(dir, 'run.json'), '{}');
    noteDataDir(port, dir);
    expect(
      dataDirOf({ WARDLINE_PORT: String(port), WARDLINE_DATA: path.join(dir, 'other') }, '/checkout'),
    ).toBe(path.join(dir, 'other'));
  });
});

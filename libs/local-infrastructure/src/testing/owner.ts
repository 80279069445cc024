/** A process that owns servers and is there to be killed: prints who they are, as one line of JSON. */
import { readFileSync } from 'node:fs';
import { startKafka, startRedis } from '../index.ts';

const kafka = await startKafka({ own: true });
const redis = await startRedis({ own: true }).catch(() => undefined);
const pids = [kafka.nodes[0]?.pid, redis?.pid].filter((pid) => pid !== undefined);
const command = readFileSync(`/proc/${pids[0]}/cmdline`, 'utf8');
const dir = /-Dwardline\.kafka=(.*?)\/node-1/.exec(command)?.[1] ?? '';
process.stdout.write(`${JSON.stringify({ pids, dir })}\n`);
setInterval(() => undefined, 60_000);

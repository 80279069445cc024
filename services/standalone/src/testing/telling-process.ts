// A process that writes down how it was started, and then says that it is ready.
import { writeFileSync } from 'node:fs';
import { getPriority } from 'node:os';
import { getHeapStatistics } from 'node:v8';

const heapMbMax = Math.round(getHeapStatistics().heap_size_limit / 1_048_576);
writeFileSync(process.env['TELL_FILE'] ?? '', JSON.stringify({ niceness: getPriority(), heapMbMax }));
process.on('disconnect', () => process.exit());
process.send?.({ ready: true });

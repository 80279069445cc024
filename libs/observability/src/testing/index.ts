import { Writable } from 'node:stream';
import { createLogger, type Logger } from '../logger.ts';

export interface LogLine {
  level: string;
  message: string;
  [field: string]: unknown;
}

/** A real logger whose lines are kept instead of written. */
export function createRecordingLogger(service = 'test'): Logger & { lines: LogLine[]; text(): string } {
  const raw: string[] = [];
  const lines: LogLine[] = [];
  const destination = new Writable({
    write(chunk: Buffer, _encoding, done) {
      raw.push(chunk.toString());
      lines.push(JSON.parse(chunk.toString()) as LogLine);
      done();
    },
  });
  const logger = createLogger({ service, level: 'debug', destination });
  return { ...logger, lines, text: () => raw.join('') };
}

import path from 'node:path';
import { checkout } from './config.ts';
import type { ServiceName } from './environment.ts';

/** What runs together in one process. */
export interface ProcessPlan {
  readonly name: string;
  readonly entry: string;
  readonly services: readonly ServiceName[];
  /**
   * Its work may take a moment: it leaves processors to those whose work people on the phone wait for, and V8 is told to
   * keep its memory small.
   */
  readonly inBackground: boolean;
}

const embedded = (
  name: string,
  services: readonly ServiceName[],
  { inBackground = false } = {},
): ProcessPlan => ({
  name,
  entry: path.join(import.meta.dirname, 'processes', `${name}.ts`),
  services,
  inBackground,
});

/** `npm start`: three processes, which share what they can. */
export const embeddedProcesses: readonly ProcessPlan[] = [
  embedded('media', ['voice-media']),
  embedded('realtime', [
    'directory',
    'appointments',
    'telephony-gateway',
    'conversation-brain',
    'event-relay',
    'key-value',
  ]),
  embedded('back-office', ['notifications', 'campaigns', 'patients', 'insights', 'api-gateway'], {
    inBackground: true,
  }),
];

const ownProcess = (name: ServiceName, { inBackground = false } = {}): ProcessPlan => ({
  name,
  entry: path.join(checkout, 'services', name, 'src/main.ts'),
  services: [name],
  inBackground,
});

/** `npm run platform`: every service by itself, as in a deployment. */
export const platformProcesses: readonly ProcessPlan[] = [
  ownProcess('directory'),
  ownProcess('appointments'),
  ownProcess('telephony-gateway'),
  ownProcess('conversation-brain'),
  ownProcess('voice-media'),
  ownProcess('notifications', { inBackground: true }),
  ownProcess('campaigns', { inBackground: true }),
  ownProcess('patients', { inBackground: true }),
  ownProcess('insights', { inBackground: true }),
  ownProcess('api-gateway'),
  ownProcess('event-relay'),
];

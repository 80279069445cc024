export { RunningCopy, until, type CommandResult } from './running-copy.ts';
export { freeSlot, signIn, type Api } from './api-client.ts';

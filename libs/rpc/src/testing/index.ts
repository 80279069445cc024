export { createTestClients, type TestClients } from './test-clients.ts';
export { refusalOf } from './refusal.ts';

export { asyncApiDocument, type AsyncApiOptions } from './asyncapi.ts';
export { schemaDocument, type JsonSchema } from './json-schema.ts';
export { publicEvents, type PublicEvent } from './public-events.ts';
export { eventsPage } from './page.ts';

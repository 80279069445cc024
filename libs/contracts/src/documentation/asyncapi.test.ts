import { Parser } from '@asyncapi/parser';
import { egressTopicNames } from '@wardline/event-bus/topics';
import { componentValidatorOf } from '../testing/index.ts';
import { asyncApiDocument, publicEvents } from './index.ts';

const events = publicEvents();
const document = asyncApiDocument(events, { publicUrl: 'https://wardline.hospital.example' });

/** Everything but the advice that there is an AsyncAPI 3.1 by now. */
async function problemsOf(candidate: object) {
  const { diagnostics } = await new Parser().parse(JSON.stringify(candidate));
  return diagnostics
    .filter(({ code }) => code !== 'asyncapi-latest-version')
    .map(({ message, path }) => `${path.join('/')}: ${message}`);
}

interface Message {
  name: string;
  headers?: { $ref: string };
  payload: { $ref?: string; oneOf?: { $ref: string }[] };
  examples: { name: string; headers?: unknown; payload: { type?: string } }[];
}
const { messages } = document['components'] as { messages: Record<string, Message> };
const nameOf = (ref: { $ref: string }) => ref.$ref.replace('#/components/schemas/', '');

describe('the AsyncAPI document', () => {
  it('passes the validator of the AsyncAPI initiative without an error or warning', async () => {
    expect(await problemsOf(document)).toEqual([]);
  });

  it('would not pass with a mistake in it', async () => {
    const broken = structuredClone(document) as { operations: { sendCallInitiated: { action: string } } };
    broken.operations.sendCallInitiated.action = 'shout';
    expect(await problemsOf(broken)).not.toEqual([]);
  });

  it('has a channel and an operation for every topic that integrators may have, and for no other', () => {
    const channels = Object.keys(document['channels'] as object);
    expect(channels.filter((name) => name.includes('.'))).toEqual([...egressTopicNames]);
    expect(channels).not.toContain('sms.send');
    const operations = Object.keys(document['operations'] as object);
    for (const { name } of events) expect(operations).toContain(`send${name}`);
  });

  it.each(Object.entries(messages))('gives examples of %s that its schemas accept', (_, message) => {
    expect(message.examples.length).toBeGreaterThan(0);
    for (const example of message.examples) {
      const accepts = (schema: string, data: unknown) => {
        const validate = componentValidatorOf(document, schema);
        validate(data);
        expect([schema, validate.errors ?? []]).toEqual([schema, []]);
      };
      const own = (ref: { $ref: string }) => nameOf(ref) === `${example.name}Event`;
      const payload = message.payload.oneOf?.find(own) ?? message.payload;
      accepts(nameOf(payload as { $ref: string }), example.payload);
      if (message.headers) accepts(nameOf(message.headers), example.headers);
    }
  });

  it('describes events so that another one, or one without its envelope, is not accepted', () => {
    const validate = componentValidatorOf(document, 'CallCompletedEvent');
    const [first, , third] = events;
    expect(validate(third?.example)).toBe(true);
    expect(validate(first?.example)).toBe(false);
    expect(validate(third?.example.data)).toBe(false);
  });

  it('says nothing of what is inside the platform', () => {
    const text = JSON.stringify(document);
    for (const word of ['EncryptedText', '"sealed"', 'sms.send', 'AES-']) expect(text).not.toContain(word);
  });
});

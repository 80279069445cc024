import { create, fromJson, toJson } from '@bufbuild/protobuf';
import { events } from './index.ts';

describe('event contracts in JSON', () => {
  it('reads an event of a newer producer, whose unknown field it ignores', () => {
    const read = fromJson(
      events.CallInitiatedSchema,
      { callId: 'c1', somethingNew: 1 },
      { ignoreUnknownFields: true },
    );
    expect(read.callId).toBe('c1');
  });

  it('emits defaults, so that a consumer without our code sees every field', () => {
    const json = toJson(events.SmsSendSchema, create(events.SmsSendSchema, { messageId: 'm1' }), {
      alwaysEmitImplicit: true,
    });
    expect(json).toMatchObject({ messageId: 'm1', purpose: '' });
  });
});

import { parsePrismaSchema } from './prisma-schema.ts';

const text = `
model Call {
  id        String   @id @db.Uuid // a comment
  tenantId  String   @map("tenant_id") @db.Uuid
  url       String   @default("https://example.org") @db.VarChar(20)
  count     BigInt?
  tags      String[]
  state     CallState @default(ringing)
  startedAt DateTime @map("started_at") @db.Timestamptz(3)
  during    Unsupported("tstzrange")?
  legs      Leg[]

  @@index([tenantId])
  @@map("call")
  @@schema("telephony")
}

model Leg {
  id     String @id @db.Uuid
  callId String @map("call_id") @db.Uuid
  call   Call   @relation(fields: [callId], references: [id])

  @@schema("elsewhere")
}

enum CallState {
  ringing
  onHold @map("on-hold")

  @@map("call_state")
  @@schema("telephony")
}
`;

describe('parsePrismaSchema', () => {
  it('reads tables, columns and enums of one schema', () => {
    const parsed = parsePrismaSchema(text, 'telephony');
    expect(parsed.tables).toEqual([
      {
        name: 'call',
        columns: [
          { name: 'id', type: 'uuid', nullable: false },
          { name: 'tenant_id', type: 'uuid', nullable: false },
          { name: 'url', type: 'character varying(20)', nullable: false },
          { name: 'count', type: 'bigint', nullable: true },
          { name: 'tags', type: 'text[]', nullable: false },
          { name: 'state', type: 'call_state', nullable: false },
          { name: 'started_at', type: 'timestamp with time zone', nullable: false },
          { name: 'during', type: 'tstzrange', nullable: true },
        ],
      },
    ]);
    expect([...parsed.enums]).toEqual([['call_state', ['ringing', 'on-hold']]]);
  });

  it('stops at what it does not know, instead of passing over it', () => {
    expect(() => parsePrismaSchema('model A {\n  x Unknown\n}\n', 'a')).toThrow('unknown type');
    expect(() => parsePrismaSchema('model A {\n  x String @db.Strange\n}\n', 'a')).toThrow('unknown type');
  });
});

import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { ServiceImpl } from '@connectrpc/connect';
import type { campaigns } from '@wardline/contracts';
import { Personal } from '@wardline/personal-data';
import { tenantOf } from '@wardline/rpc';
import type { CallBlocks, Dialling } from '../ports/call-blocks.ts';
import type { PhoneNumbers } from '../ports/phone-numbers.ts';
import { timeField } from './campaign-messages.ts';
import { cursorAfter, invalid, limitOf, notFound, positionOf, textOf, uuidOf } from './request-checks.ts';

const NUMBERS_MAX = 1_000;

type Handlers = Pick<
  ServiceImpl<typeof campaigns.CampaignsService>,
  'setDialling' | 'getDialling' | 'listDoNotCall' | 'addDoNotCall' | 'removeDoNotCall'
>;

/** What keeps people from being called: the hospital’s switch and its do-not-call list. */
export function blockHandlers(deps: {
  blocks: CallBlocks;
  phones: PhoneNumbers;
  now: () => number;
}): Handlers {
  const { blocks, now } = deps;
  return {
    async setDialling({ stopped, userId, displayName, note }, ctx) {
      const dialling = await blocks.setDialling(tenantOf(ctx), {
        stopped,
        userId: textOf('user_id', userId, 100),
        displayName: textOf('display_name', displayName, 200),
        note: textOf('note', note, 1_000),
        nowMs: now(),
      });
      return { dialling: diallingMessage(dialling) };
    },

    async getDialling(_request, ctx) {
      return { dialling: diallingMessage(await blocks.dialling(tenantOf(ctx))) };
    },

    async listDoNotCall({ limit: asked, cursor, number }, ctx) {
      const limit = limitOf(asked, 200, 50);
      const found = await blocks.doNotCall(tenantOf(ctx), {
        limit: limit + 1,
        after: positionOf(cursor),
        number: number === '' ? undefined : Personal.of(numberOf(number)),
      });
      const page = found.slice(0, limit);
      const last = page.at(-1);
      return {
        entries: page.map((entry) => ({
          entryId: entry.entryId,
          number: entry.number.reveal(),
          note: entry.note.reveal(),
          addedByName: entry.addedByName,
          addedAt: timestampFromMs(entry.addedAtMs),
        })),
        nextCursor:
          found.length > limit && last ? cursorAfter({ atMs: last.addedAtMs, id: last.entryId }) : '',
      };
    },

    async addDoNotCall({ numbers, defaultRegion, note, userId, displayName }, ctx) {
      if (numbers.length === 0 || numbers.length > NUMBERS_MAX)
        throw invalid(`numbers must be 1 to ${NUMBERS_MAX}`);
      if (defaultRegion !== '' && !deps.phones.isRegion(defaultRegion))
        throw invalid('default_region must be a country, such as "US", or empty');
      return blocks.addDoNotCall(tenantOf(ctx), {
        numbers: numbersOf(numbers, defaultRegion),
        note: Personal.of(textOf('note', note, 1_000)),
        userId: textOf('user_id', userId, 100),
        displayName: textOf('display_name', displayName, 200),
        nowMs: now(),
      });
    },

    async removeDoNotCall({ entryId }, ctx) {
      if (!(await blocks.removeDoNotCall(tenantOf(ctx), uuidOf('entry_id', entryId))))
        throw notFound('entry');
      return {};
    },
  };

  /** Without a region: what has no country's code is no number of anybody's. */
  function numberOf(text: string): string {
    const number = deps.phones.parse(text, '');
    if (number.kind !== 'number') throw invalid(`number: ${number.problem}`);
    return number.e164;
  }

  /** Those that are no numbers are named by their place: the texts are personal. */
  function numbersOf(texts: readonly string[], region: string): Personal[] {
    const problems: string[] = [];
    const numbers = new Set<string>();
    texts.forEach((text, index) => {
      const number = deps.phones.parse(text, region);
      if (number.kind === 'number') numbers.add(number.e164);
      else problems.push(`numbers[${index}]: ${number.problem}`);
    });
    if (problems.length > 0) throw invalid(problems.slice(0, 20).join('; '));
    return [...numbers].map((number) => Personal.of(number));
  }
}

function diallingMessage({ changedAtMs, ...dialling }: Dialling) {
  return { ...dialling, ...timeField('changedAt', changedAtMs) };
}

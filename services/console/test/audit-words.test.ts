// Every word that the gateway can write into the audit has one for people.
import { auditVocabulary } from '@wardline/api-gateway/testing';
import { subjectOf, subjectTyped } from '../src/audit/subject-words.ts';
import { actionInWords, knownActions } from '../src/audit/words.ts';

const vocabulary = auditVocabulary();
/** Begins as a sentence does, and holds nothing that only programs write. */
const human = /^[A-Z][^/_{}.]*$/;

describe('the words of the audit', () => {
  it.each(vocabulary.kinds)('say what is meant by %s, one and all of them', (kind) => {
    const id = '01930000-0000-7000-9000-000000000001';
    expect(subjectOf(kind)).toEqual({ words: expect.stringMatching(human), of: undefined, to: undefined });
    expect(subjectOf(`${kind}/${id}`)).toMatchObject({ words: expect.stringMatching(human), of: id });
    expect(subjectTyped(kind)).toBe(kind);
  });

  it('say what was done', () => {
    expect(vocabulary.actions.length).toBeGreaterThan(40);
    expect(vocabulary.actions.filter((action) => !knownActions.includes(action))).toEqual([]);
  });

  it('say what was refused', () => {
    expect(vocabulary.refusals.length).toBeGreaterThan(60);
    for (const { action, subject } of vocabulary.refusals) {
      expect([subject, subjectOf(subject).words]).toEqual([subject, expect.stringMatching(human)]);
      expect([action, actionInWords(action)]).toEqual([action, expect.stringMatching(human)]);
    }
  });

  it('find what was typed as it stands on the page', () => {
    expect(subjectTyped(' do-not-call LIST ')).toBe('do-not-call');
    expect(subjectTyped('call/0193')).toBe('call/0193');
    expect(subjectOf('something/new').words).toBe('something/new');
  });
});

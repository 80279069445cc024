import type { Party } from './words.ts';

/** What took points off a call, in words, where "{party}" is the caller or the patient. */
const words: Record<string, string> = {
  'slow-answers': 'Answers were slow',
  'long-wait': 'The {party} waited long for an answer once',
  'not-understood': 'The {party} was often not understood',
  silences: 'The {party} was silent several times',
  interruptions: 'The assistant was often interrupted',
  'slow-hand-over': 'It took long until a person was there',
  abandoned: 'The {party} hung up before anything was achieved',
  'nothing-heard': 'Nothing was heard from the {party}',
  'given-up': 'The assistant gave up',
  'technical-end': 'The call ended for a technical reason',
  'report-missing': 'The call was never reported to its end',
};

/** One that is not known here is shown as it came. */
export const scoreReasonInWords = (reason: string, party: Party) =>
  words[reason]?.replace('{party}', party.toLowerCase()) ?? reason;

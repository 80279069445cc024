/** What took points off a call, in words; one that is not known here is shown as it came. */
const words: Record<string, string> = {
  'slow-answers': 'Answers were slow',
  'long-wait': 'The caller waited long for an answer once',
  'not-understood': 'The caller was often not understood',
  silences: 'The caller was silent several times',
  interruptions: 'The assistant was often interrupted',
  'slow-hand-over': 'It took long until a person was there',
  abandoned: 'The caller hung up before anything was achieved',
  'nothing-heard': 'Nothing was heard from the caller',
  'given-up': 'The assistant gave up',
  'technical-end': 'The call ended for a technical reason',
  'report-missing': 'The call was never reported to its end',
};

export const scoreReasonInWords = (reason: string) => words[reason] ?? reason;

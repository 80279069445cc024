/** What the carrier answers when it refuses: an HTTP status and `{errors:[{code,title,detail}]}`. */
export interface CommandError {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  readonly pointer?: string;
}

/** Seen in captures of the real API (pipecat-ai/pipecat pull request 2054). */
export const callEnded: CommandError = {
  status: 422,
  code: '90018',
  title: 'Call has already ended',
  detail: "This call is no longer active and can't receive commands.",
};

export const unknownCall: CommandError = {
  status: 404,
  code: '10005',
  title: 'Resource not found',
  detail: 'The requested resource or URL could not be found.',
};

export const unauthorised: CommandError = {
  status: 401,
  code: '10009',
  title: 'Authentication failed',
  detail: 'The API key was missing, malformed or is not known.',
};

export const invalidParameter = (pointer: string, detail: string): CommandError => ({
  status: 422,
  code: '10015',
  title: 'Invalid parameter',
  detail,
  pointer,
});

export const wrongState = (detail: string): CommandError => ({
  status: 422,
  code: '90034',
  title: 'Call not in the right state',
  detail,
});

/** developers.telnyx.com, API error codes. */
export const numberNotE164: CommandError = {
  status: 422,
  code: '10016',
  title: 'Phone number must be in +E.164 format',
  detail: 'The specified phone number parameter must be in +E.164 format.',
  pointer: '/to',
};

export const invalidNumber: CommandError = {
  status: 422,
  code: '10002',
  title: 'Invalid phone number',
  detail: 'The phone number is invalid.',
  pointer: '/to',
};

/** developers.telnyx.com, rate limiting. */
export const tooManyRequests: CommandError = {
  status: 429,
  code: '10011',
  title: 'Too many requests',
  detail: 'You have exceeded the maximum number of allowed requests.',
};

export const errorBody = (...errors: readonly CommandError[]) => ({
  errors: errors.map(({ code, title, detail, pointer }) => ({
    code,
    title,
    detail,
    ...(pointer === undefined ? {} : { source: { pointer } }),
    meta: { url: `https://developers.telnyx.com/docs/overview/errors/${code}` },
  })),
});

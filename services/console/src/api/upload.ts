import { auth } from '../auth/auth.ts';
import { ApiError, type FieldProblem } from './client.ts';

interface UploadOptions {
  readonly contentType: string;
  /** How much has left this computer, 0 to 1. What comes after that is the server's work. */
  readonly onProgress: (share: number) => void;
  readonly signal: AbortSignal;
}

interface Answer {
  readonly status: number;
  readonly text: string;
}

/** XMLHttpRequest, because fetch does not tell how much of a body has been sent. */
function send(path: string, body: Blob, token: string | undefined, o: UploadOptions): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', `/api/v1${path}`);
    request.setRequestHeader('content-type', o.contentType);
    if (token) request.setRequestHeader('authorization', `Bearer ${token}`);
    request.upload.onprogress = ({ loaded, total }) => o.onProgress(total > 0 ? loaded / total : 0);
    request.onload = () => resolve({ status: request.status, text: request.responseText });
    request.onerror = () =>
      reject(new ApiError(0, 'unreachable', 'The connection broke before the file was taken. Try it again.'));
    request.onabort = () => reject(new ApiError(0, 'stopped', 'The upload was stopped. Nothing was taken.'));
    o.signal.addEventListener('abort', () => request.abort());
    request.send(body);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {}; // Not of the API: something between here and there answered.
  }
}

/** Sends a file of any size with the bearer token; a token that has just run out is renewed, once. Throws ApiError. */
export async function upload<T>(path: string, body: Blob, o: UploadOptions): Promise<T> {
  let answer = await send(path, body, await auth.accessToken(), o);
  if (answer.status === 401 && (await auth.renew()))
    answer = await send(path, body, await auth.accessToken(), o);
  if (answer.status >= 200 && answer.status < 300) return parsed(answer.text) as T;
  if (answer.status === 401) auth.lost();
  const { code, detail, problems } = parsed(answer.text) as {
    code?: string;
    detail?: string;
    problems?: readonly FieldProblem[];
  };
  throw new ApiError(
    answer.status,
    code ?? '',
    detail ?? 'The server did not answer as expected. Please try again.',
    problems ?? [],
  );
}

import { ApiError } from '../api/client.ts';

const sentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);

/** What was wrong with what was sent: the sentence, and each field that it is about. */
export function FormError({ error }: { readonly error: Error | null | undefined }) {
  if (!error) return null;
  const problems = error instanceof ApiError ? error.problems : [];
  return (
    <div className="form-error" role="alert">
      <p>{sentence(error.message)}</p>
      {problems.length > 0 && (
        <ul className="form-error-fields">
          {problems.map(({ field, problem }) => (
            <li key={`${field} ${problem}`}>
              <strong>{field}</strong>: {problem}
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

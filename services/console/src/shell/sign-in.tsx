import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { api } from '../api/client.ts';
import { queries } from '../api/queries.ts';
import { Mark } from './mark.tsx';

export function SignIn() {
  const client = useQueryClient();
  const signIn = useMutation({
    mutationFn: ({ login, password }: { login: string; password: string }) => api.signIn(login, password),
    onSuccess: (session) => client.setQueryData(queries.session.queryKey, session),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    signIn.mutate({ login: String(form.get('login')), password: String(form.get('password')) });
  };
  return (
    <main className="sign-in">
      <form onSubmit={submit} className="sign-in-card">
        <h1>
          <Mark /> Wardline
        </h1>
        <p className="muted">Sign in to see your clinic’s calls.</p>
        <label>
          E-mail
          <input name="login" type="email" autoComplete="username" required autoFocus />
        </label>
        <label>
          Password
          <input name="password" type="password" autoComplete="current-password" required />
        </label>
        {signIn.isError && (
          <p className="form-error" role="alert">
            {signIn.error.message}
          </p>
        )}
        <button type="submit" className="button button-primary" disabled={signIn.isPending}>
          {signIn.isPending ? 'Signing in…' : 'Sign in'}
        </button>
      </form>
    </main>
  );
}

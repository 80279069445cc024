import { Button, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { FormEvent } from 'react';
import { signIn as openSession } from '../api/me.ts';
import { queries } from '../api/queries.ts';
import { Mark } from '../parts/mark.tsx';

export function SignIn() {
  const client = useQueryClient();
  const signIn = useMutation({
    mutationFn: ({ login, password }: { login: string; password: string }) => openSession(login, password),
    onSuccess: () => client.resetQueries(queries.me),
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    signIn.mutate({ login: String(form.get('login')), password: String(form.get('password')) });
  };
  return (
    <main className="splash">
      <form onSubmit={submit} className="panel form sign-in">
        <h1>
          <Mark /> Wardline
        </h1>
        <p className="muted">Sign in to see your clinic’s calls.</p>
        <TextInput
          label="E-mail"
          name="login"
          type="email"
          autoComplete="username"
          required
          withAsterisk={false}
          autoFocus
        />
        <TextInput
          label="Password"
          name="password"
          type="password"
          autoComplete="current-password"
          required
          withAsterisk={false}
        />
        {signIn.isError && (
          <p className="form-error" role="alert">
            {signIn.error.message}
          </p>
        )}
        <Button type="submit" loading={signIn.isPending}>
          Sign in
        </Button>
      </form>
    </main>
  );
}

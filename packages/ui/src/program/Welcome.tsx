import { Button, PasswordInput, Skeleton, Stack, TextInput } from '@mantine/core';
import { IconLinkOff } from '@tabler/icons-react';
import { type FormEvent, useEffect, useState } from 'react';
import { Notice } from '../Notice.tsx';
import { toProblem } from '../problem.ts';
import { EmptyState } from '../states.tsx';
import { AuthCard } from './AuthCard.tsx';
import { useProgram } from './program.ts';
import { send } from './send.ts';
import { useAction } from './use-action.ts';

interface WelcomeInput {
  readonly token: string;
  readonly name: string;
  readonly password: string;
  readonly email?: string;
}

/** The one-time link of a new person: name and password, and in. */
export function Welcome() {
  document.title = `Welcome · Gatehouse ${useProgram().name}`;
  const [token] = useState(readToken);
  const check = useAction({
    mutationFn: (presented: string) =>
      send<{ email: string | null; name: string | null }>('POST', '/api/welcome/check', { token: presented }),
  });
  // Once, when the page opens.
  useEffect(() => check.mutate(token), []);
  if (check.data !== undefined) return <WelcomeForm token={token} {...check.data} />;
  return (
    <AuthCard title="Welcome">
      {check.error === null ? (
        <Stack gap="md" role="status" aria-label="Loading">
          <Skeleton height={36} />
          <Skeleton height={36} />
        </Stack>
      ) : (
        <EmptyState
          icon={<IconLinkOff size={28} stroke={1.5} />}
          title="This link does not work any more"
          actions={
            <Button component="a" href="/sign-in" variant="default">
              Sign in
            </Button>
          }
        >
          It was used, or it is too old. Ask for a new one: an administrator can invite you again, and whoever runs this
          server can print a new link for the first administrator.
        </EmptyState>
      )}
    </AuthCard>
  );
}

/** From the fragment, which no log sees; older links carry it in the query. */
const readToken = () =>
  decodeURIComponent(location.hash.slice(1)) || (new URLSearchParams(location.search).get('token') ?? '');

function WelcomeForm({ token, email, name }: { token: string; email: string | null; name: string | null }) {
  const { forget, go, home } = useProgram();
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  const accept = useAction({
    mutationFn: (input: WelcomeInput) => send<null>('POST', '/api/welcome', input),
    onSuccess: () => {
      forget();
      go(home.href, { replace: true });
    },
  });
  const problem = accept.error === null ? null : toProblem(accept.error);
  const differs = again !== '' && again !== password ? 'The two are not the same.' : undefined;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (password !== again) return;
    const form = new FormData(event.currentTarget);
    accept.mutate({
      token,
      name: String(form.get('name') ?? '').trim(),
      password,
      ...(email === null ? { email: String(form.get('email') ?? '').trim() } : {}),
    });
  };
  return (
    <AuthCard
      title="Welcome to Gatehouse"
      lead={email === null ? 'You become the first administrator of this server.' : `Your account is ${email}.`}
    >
      <form onSubmit={submit}>
        <Stack gap="md">
          {problem !== null && Object.keys(problem.fields).length === 0 ? (
            <Notice tone="critical" title={problem.title} isUrgent>
              {problem.detail}
            </Notice>
          ) : null}
          <TextInput
            name="name"
            label="Your name"
            required
            autoFocus
            maxLength={120}
            defaultValue={name ?? ''}
            autoComplete="name"
            error={problem?.fields.name}
          />
          {email === null ? (
            <TextInput
              name="email"
              type="email"
              label="E-mail"
              required
              maxLength={300}
              autoComplete="username"
              error={problem?.fields.email}
            />
          ) : (
            <input type="hidden" name="username" autoComplete="username" value={email} readOnly />
          )}
          <PasswordInput
            label="Password"
            description="At least 12 characters. A few words that only you would put together are best."
            required
            minLength={12}
            maxLength={128}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            autoComplete="new-password"
            error={problem?.fields.password}
          />
          <PasswordInput
            label="Password again"
            required
            value={again}
            onChange={(event) => setAgain(event.currentTarget.value)}
            autoComplete="new-password"
            error={differs}
          />
          <Button type="submit" loading={accept.isPending}>
            Set password and sign in
          </Button>
        </Stack>
      </form>
    </AuthCard>
  );
}

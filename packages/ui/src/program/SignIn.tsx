import { Anchor, Button, Divider, PasswordInput, Stack, TextInput } from '@mantine/core';
import { IconFingerprint, IconInfoCircle, IconLogin2 } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { Notice } from '../Notice.tsx';
import { toProblem } from '../problem.ts';
import { AuthCard } from './AuthCard.tsx';
import { sessionPath, useApi } from './client.ts';
import { useCrumbs } from './crumbs.tsx';
import { hasPasskeys, signInWithPasskey } from './passkey.ts';
import { at } from './path.ts';
import { useProgram } from './program.ts';
import { send } from './send.ts';
import { useAction } from './use-action.ts';

const providersPath = at<readonly { id: string; name: string }[]>('/api/auth/providers');

/** Password with a second step, passkey, or a provider of the organisation. */
export function SignIn() {
  useCrumbs({ title: 'Sign in' });
  const { name, home } = useProgram();
  document.title = `Sign in · Gatehouse ${name}`;
  const query = new URLSearchParams(location.search);
  const next = ownPath(query.get('next')) ?? home.href;
  const [isSecondStep, setSecondStep] = useState(false);
  const finish = useFinish(next);
  return isSecondStep ? (
    <SecondStep onDone={finish} onBack={() => setSecondStep(false)} />
  ) : (
    <FirstStep next={next} refusal={query.get('error')} onDone={finish} onSecondStep={() => setSecondStep(true)} />
  );
}

const useFinish = (next: string) => {
  const { forget, go } = useProgram();
  return () => {
    forget();
    go(next, { replace: true });
  };
};

/** Only an address of these pages: signing in never leads elsewhere. */
const ownPath = (next: string | null) => (next !== null && /^\/(?![/\\])/.test(next) ? next : null);

interface FirstStepProps {
  next: string;
  refusal: string | null;
  onDone(): void;
  onSecondStep(): void;
}

function FirstStep({ next, refusal, onDone, onSecondStep }: FirstStepProps) {
  const session = useApi(sessionPath);
  const providers = useApi(providersPath);
  const password = useAction({
    mutationFn: (body: { email: string; password: string }) =>
      send<{ twoFactorRedirect?: boolean } | null>('POST', '/api/auth/sign-in/email', body),
    onSuccess: (answer) => (answer?.twoFactorRedirect ? onSecondStep() : onDone()),
  });
  const passkey = useAction({ mutationFn: signInWithPasskey, onSuccess: onDone });
  const provider = useAction({
    mutationFn: (id: string) =>
      send<{ url: string }>('POST', '/api/auth/sign-in/social', {
        provider: id,
        callbackURL: next,
        errorCallbackURL: '/sign-in',
      }),
    onSuccess: ({ url }) => location.assign(url),
  });
  const failed = password.error ?? passkey.error ?? provider.error;
  const problem = failed === null ? null : toProblem(failed);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    passkey.reset();
    provider.reset();
    password.mutate({ email: String(form.get('email') ?? '').trim(), password: String(form.get('password') ?? '') });
  };
  return (
    <AuthCard title="Sign in">
      <form onSubmit={submit}>
        <Stack gap="md">
          {session.data?.setup ? (
            <Notice tone="low" icon={<IconInfoCircle size={17} />} title="Nobody has an account yet">
              The first administrator is made with the one-time link that was printed when Gatehouse started.
            </Notice>
          ) : null}
          {refusal !== null && problem === null ? (
            <Notice tone="critical" title="Signing in did not work" isUrgent>
              The provider sent you back without an account that was invited here. Ask an administrator.
            </Notice>
          ) : null}
          {problem === null ? null : (
            <Notice tone="critical" title={problem.title} isUrgent>
              {problem.detail}
            </Notice>
          )}
          <TextInput name="email" type="email" label="E-mail" required autoComplete="username webauthn" autoFocus />
          <PasswordInput name="password" label="Password" required autoComplete="current-password" />
          <Button type="submit" fullWidth loading={password.isPending}>
            Sign in
          </Button>
        </Stack>
      </form>
      {hasPasskeys() || (providers.data?.length ?? 0) > 0 ? <Divider label="or" my="md" /> : null}
      <Stack gap="xs">
        {hasPasskeys() ? (
          <Button
            variant="default"
            leftSection={<IconFingerprint size={17} />}
            loading={passkey.isPending}
            onClick={() => {
              password.reset();
              passkey.mutate();
            }}
          >
            Sign in with a passkey
          </Button>
        ) : null}
        {(providers.data ?? []).map(({ id, name }) => (
          <Button
            key={id}
            variant="default"
            leftSection={<IconLogin2 size={17} />}
            loading={provider.isPending && provider.variables === id}
            onClick={() => provider.mutate(id)}
          >
            Sign in with {name}
          </Button>
        ))}
      </Stack>
    </AuthCard>
  );
}

function SecondStep({ onDone, onBack }: { onDone(): void; onBack(): void }) {
  const [isBackup, setBackup] = useState(false);
  const verify = useAction({
    mutationFn: (code: string) =>
      send('POST', `/api/auth/two-factor/${isBackup ? 'verify-backup-code' : 'verify-totp'}`, { code }),
    onSuccess: onDone,
  });
  const problem = verify.error === null ? null : toProblem(verify.error);
  return (
    <AuthCard
      title="Second step"
      lead={
        isBackup ? 'Enter one of the backup codes that you kept.' : 'Enter the code that your authenticator app shows.'
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          verify.mutate(String(new FormData(event.currentTarget).get('code') ?? '').trim());
        }}
      >
        <Stack gap="md">
          <TextInput
            key={String(isBackup)}
            name="code"
            label={isBackup ? 'Backup code' : 'Code'}
            required
            autoFocus
            autoComplete="one-time-code"
            inputMode={isBackup ? 'text' : 'numeric'}
            maxLength={40}
            error={problem === null ? undefined : problem.message}
          />
          <Button type="submit" loading={verify.isPending}>
            Verify
          </Button>
          <Anchor component="button" type="button" size="sm" onClick={() => setBackup(!isBackup)}>
            {isBackup ? 'Use the authenticator app' : 'Use a backup code'}
          </Anchor>
          <Anchor component="button" type="button" size="sm" onClick={onBack}>
            Back to the password
          </Anchor>
        </Stack>
      </form>
    </AuthCard>
  );
}

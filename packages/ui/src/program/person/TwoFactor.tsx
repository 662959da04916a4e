import {
  Button,
  Code,
  CopyButton,
  Group,
  Modal,
  PasswordInput,
  SimpleGrid,
  Stack,
  Text,
  TextInput,
} from '@mantine/core';
import { IconShieldCheck, IconShieldOff } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { CopyField } from '../../CopyField.tsx';
import { Section } from '../../Page.tsx';
import { toProblem } from '../../problem.ts';
import { QrCode } from '../../QrCode.tsx';
import { Tag } from '../../Tag.tsx';
import { toast } from '../../toast.tsx';
import { useApi, useRefresh } from '../client.ts';
import type { ApiPath } from '../path.ts';
import { send } from '../send.ts';
import { useAction } from '../use-action.ts';

const mePath = '/api/me' as ApiPath<{ twoFactor: boolean }>;

interface Enrolment {
  readonly totpURI: string;
  readonly backupCodes: readonly string[];
}

/** The authenticator app as a second step: enrolled with a QR code, proven with one code before it counts. */
export function TwoFactor() {
  const me = useApi(mePath);
  const [opened, setOpened] = useState<'enable' | 'disable' | null>(null);
  const isOn = me.data?.twoFactor ?? false;
  return (
    <Section
      title="Authenticator app"
      lead="A second step after the password: a code that changes every 30 seconds."
      actions={
        me.data === undefined ? null : isOn ? (
          <Tag tone="good" icon={<IconShieldCheck size={13} />}>
            On
          </Tag>
        ) : (
          <Tag tone="medium" icon={<IconShieldOff size={13} />}>
            Off
          </Tag>
        )
      }
    >
      <Button variant="default" disabled={me.data === undefined} onClick={() => setOpened(isOn ? 'disable' : 'enable')}>
        {isOn ? 'Turn off' : 'Set up an authenticator app'}
      </Button>
      <Modal
        opened={opened !== null}
        onClose={() => setOpened(null)}
        title={opened === 'disable' ? 'Turn off the authenticator app' : 'Set up an authenticator app'}
        size="md"
      >
        {opened === 'enable' ? <Enrol onDone={() => setOpened(null)} /> : null}
        {opened === 'disable' ? <Disable onDone={() => setOpened(null)} /> : null}
      </Modal>
    </Section>
  );
}

function Enrol({ onDone }: { onDone(): void }) {
  const refresh = useRefresh();
  const begin = useAction({
    mutationFn: (password: string) => send<Enrolment>('POST', '/api/auth/two-factor/enable', { password }),
  });
  const verify = useAction({
    mutationFn: (code: string) => send('POST', '/api/auth/two-factor/verify-totp', { code }),
    onSuccess: () => {
      void refresh(mePath);
      toast.done('The authenticator app is on.');
      onDone();
    },
  });
  if (begin.data === undefined)
    return <PasswordAsk action="Continue" error={begin.error} isBusy={begin.isPending} onPassword={begin.mutate} />;
  const { totpURI, backupCodes } = begin.data;
  const secret = new URL(totpURI).searchParams.get('secret') ?? '';
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        verify.mutate(String(new FormData(event.currentTarget).get('code') ?? ''));
      }}
    >
      <Stack gap="md">
        <Text size="sm">1. Scan this with your authenticator app, or enter the key by hand.</Text>
        <Group justify="center">
          <QrCode text={totpURI} label="QR code for your authenticator app" />
        </Group>
        <CopyField label="Key" value={secret} />
        <Text size="sm">
          2. Keep these backup codes where only you can read them. Each works once, should you lose the app.
        </Text>
        <SimpleGrid cols={2} spacing={6}>
          {backupCodes.map((code) => (
            <Code key={code}>{code}</Code>
          ))}
        </SimpleGrid>
        <CopyButton value={backupCodes.join('\n')}>
          {({ copied, copy }) => (
            <Button variant="default" size="compact-sm" onClick={copy} style={{ alignSelf: 'flex-start' }}>
              {copied ? 'Copied' : 'Copy backup codes'}
            </Button>
          )}
        </CopyButton>
        <TextInput
          name="code"
          label="3. Enter the code that the app shows"
          required
          inputMode="numeric"
          autoComplete="one-time-code"
          error={verify.error === null ? undefined : toProblem(verify.error).message}
        />
        <Group justify="flex-end">
          <Button type="submit" loading={verify.isPending}>
            Turn on
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Disable({ onDone }: { onDone(): void }) {
  const refresh = useRefresh();
  const disable = useAction({
    mutationFn: (password: string) => send('POST', '/api/auth/two-factor/disable', { password }),
    onSuccess: () => {
      void refresh(mePath);
      toast.done('The authenticator app is off.');
      onDone();
    },
  });
  return <PasswordAsk action="Turn off" error={disable.error} isBusy={disable.isPending} onPassword={disable.mutate} />;
}

interface PasswordAskProps {
  action: string;
  error: unknown;
  isBusy: boolean;
  onPassword(password: string): void;
}

function PasswordAsk({ action, error, isBusy, onPassword }: PasswordAskProps) {
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    onPassword(String(new FormData(event.currentTarget).get('password') ?? ''));
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <PasswordInput
          name="password"
          label="Your password"
          required
          autoComplete="current-password"
          data-autofocus
          error={error === null ? undefined : toProblem(error).message}
        />
        <Group justify="flex-end">
          <Button type="submit" loading={isBusy}>
            {action}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

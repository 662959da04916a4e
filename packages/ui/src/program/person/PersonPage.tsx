import { Button, Group, PasswordInput, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { type FormEvent, useRef, useState } from 'react';
import { Page, Section } from '../../Page.tsx';
import { toProblem } from '../../problem.ts';
import { toast } from '../../toast.tsx';
import { useRefresh } from '../client.ts';
import { useCrumbs } from '../crumbs.tsx';
import { usePerson } from '../program.ts';
import { send } from '../send.ts';
import { useAction } from '../use-action.ts';
import { ApiKeys } from './ApiKeys.tsx';
import { Passkeys } from './Passkeys.tsx';
import { SignIns } from './SignIns.tsx';
import { TwoFactor } from './TwoFactor.tsx';

/** How a person signs in, and where they are signed in. */
export function PersonPage() {
  useCrumbs({ title: 'Your account' });
  const { email } = usePerson();
  return (
    <Page title="Your account" lead={email}>
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="md" style={{ alignItems: 'start' }}>
        <Stack gap="md">
          <NameForm />
          <PasswordForm />
        </Stack>
        <Stack gap="md">
          <TwoFactor />
          <Passkeys />
        </Stack>
      </SimpleGrid>
      <SignIns />
      <ApiKeys />
    </Page>
  );
}

function NameForm() {
  const { name } = usePerson();
  const refresh = useRefresh();
  const save = useAction({
    mutationFn: (next: string) => send('PATCH', '/api/me', { name: next }),
    onSuccess: () => {
      void refresh('/api/session');
      toast.done('Name saved.');
    },
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    save.mutate(String(new FormData(event.currentTarget).get('name') ?? ''));
  };
  return (
    <Section title="Name">
      <form onSubmit={submit}>
        <Group align="flex-end">
          <TextInput
            name="name"
            label="Your name"
            defaultValue={name}
            required
            maxLength={120}
            flex={1}
            error={save.error === null ? undefined : toProblem(save.error).message}
          />
          <Button type="submit" variant="default" loading={save.isPending}>
            Save name
          </Button>
        </Group>
      </form>
    </Section>
  );
}

function PasswordForm() {
  const form = useRef<HTMLFormElement>(null);
  const [differs, setDiffers] = useState(false);
  const change = useAction({
    mutationFn: (body: { currentPassword: string; newPassword: string }) =>
      send('POST', '/api/auth/change-password', body),
    onSuccess: () => {
      form.current?.reset();
      toast.done('Password changed. Every other browser was signed out.');
    },
  });
  const problem = change.error === null ? null : toProblem(change.error);
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const entered = new FormData(event.currentTarget);
    const newPassword = String(entered.get('newPassword') ?? '');
    const isSame = newPassword === String(entered.get('again') ?? '');
    setDiffers(!isSame);
    if (isSame) change.mutate({ currentPassword: String(entered.get('currentPassword') ?? ''), newPassword });
  };
  return (
    <Section title="Password" lead="Changing it signs out every other browser.">
      <form onSubmit={submit} ref={form}>
        <Stack gap="sm">
          <PasswordInput
            name="currentPassword"
            label="Current password"
            required
            autoComplete="current-password"
            error={problem !== null && problem.fields.newPassword === undefined ? problem.message : undefined}
          />
          <PasswordInput
            name="newPassword"
            label="New password"
            description="At least 12 characters."
            required
            minLength={12}
            maxLength={128}
            autoComplete="new-password"
            error={problem?.fields.newPassword}
          />
          <PasswordInput
            name="again"
            label="New password again"
            required
            autoComplete="new-password"
            error={differs ? 'The two are not the same.' : undefined}
          />
          <Group>
            <Button type="submit" variant="default" loading={change.isPending}>
              Change password
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  );
}

import { ConfirmDialog, Loaded, RelativeTime, Section, toast } from '@gatehouse/ui';
import { ActionIcon, Button, Group, Text, TextInput } from '@mantine/core';
import { IconFingerprint, IconTrash } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { send, useApi, useRefresh } from '../api/client.ts';
import type { ApiPath } from '../api/paths.ts';
import { addPasskey, hasPasskeys } from '../session/passkey.ts';
import classes from './person.module.css';

interface Passkey {
  readonly id: string;
  readonly name?: string | null;
  readonly createdAt: string;
}
const passkeysPath = '/api/auth/passkey/list-user-passkeys' as ApiPath<readonly Passkey[]>;

/** Passkeys of this person: they sign in alone, and cannot be phished. */
export function Passkeys() {
  const passkeys = useApi(passkeysPath);
  const refresh = useRefresh();
  const [removed, setRemoved] = useState<Passkey | null>(null);
  const add = useMutation({
    mutationFn: addPasskey,
    onSuccess: () => {
      void refresh(passkeysPath);
      toast.done('Passkey added.');
    },
    onError: toast.failed,
  });
  const remove = useMutation({
    mutationFn: ({ id }: Passkey) => send('POST', '/api/auth/passkey/delete-passkey', { id }),
    onSuccess: () => {
      setRemoved(null);
      void refresh(passkeysPath);
      toast.done('Passkey deleted.');
    },
    onError: toast.failed,
  });
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    add.mutate(String(new FormData(form).get('name') ?? '').trim(), { onSuccess: () => form.reset() });
  };
  return (
    <Section title="Passkeys" lead="Sign in with your device instead of a password. They cannot be phished.">
      <Loaded query={passkeys} rows={1}>
        {(all) => (
          <ul className={classes.rows}>
            {all.map((passkey) => (
              <li key={passkey.id}>
                <IconFingerprint size={17} aria-hidden="true" />
                <span className={classes.grow}>{passkey.name ?? 'Passkey'}</span>
                <Text size="sm" c="dimmed">
                  added <RelativeTime at={passkey.createdAt} />
                </Text>
                <ActionIcon onClick={() => setRemoved(passkey)} aria-label={`Delete the passkey ${passkey.name ?? ''}`}>
                  <IconTrash size={16} />
                </ActionIcon>
              </li>
            ))}
          </ul>
        )}
      </Loaded>
      {hasPasskeys() ? (
        <form onSubmit={submit}>
          <Group align="flex-end" mt="sm">
            <TextInput
              name="name"
              label="Name of a new passkey"
              placeholder="Work laptop"
              required
              maxLength={120}
              flex={1}
            />
            <Button type="submit" variant="default" loading={add.isPending}>
              Add passkey
            </Button>
          </Group>
        </form>
      ) : (
        <Text size="sm" c="dimmed">
          This browser cannot use passkeys.
        </Text>
      )}
      <ConfirmDialog
        opened={removed !== null}
        title="Delete this passkey?"
        action="Delete passkey"
        danger
        busy={remove.isPending}
        onConfirm={() => removed !== null && remove.mutate(removed)}
        onClose={() => setRemoved(null)}
      >
        “{removed?.name ?? 'Passkey'}” will no longer sign you in. Remove it from the device as well.
      </ConfirmDialog>
    </Section>
  );
}

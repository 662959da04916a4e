import { ActionIcon, Button, Group, Text, TextInput } from '@mantine/core';
import { IconFingerprint, IconTrash } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { ConfirmDialog } from '../../ConfirmDialog.tsx';
import { Section } from '../../Page.tsx';
import { RelativeTime } from '../../RelativeTime.tsx';
import { Loaded } from '../../states.tsx';
import { toast } from '../../toast.tsx';
import { useApi, useRefresh } from '../client.ts';
import { addPasskey, hasPasskeys } from '../passkey.ts';
import type { ApiPath } from '../path.ts';
import { send } from '../send.ts';
import { useAction } from '../use-action.ts';
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
  const add = useAction({
    mutationFn: addPasskey,
    onSuccess: () => {
      void refresh(passkeysPath);
      toast.done('Passkey added.');
    },
    onError: toast.failed,
  });
  const remove = useAction({
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

import { Section } from '@gatehouse/ui';
import { Button, Group, PasswordInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { ItemDetail } from '../api/paths.ts';
import type { Opening } from './use-opening.ts';

/** The second way in: what the person knows. It is used for this session and not kept. */
export function OwnPassword({ item, opening }: { item: ItemDetail; opening: Opening }) {
  const [username, setUsername] = useState(item.suggestedUsername);
  const [password, setPassword] = useState('');
  const isBusy = opening.busy?.from === 'person';
  return (
    <Section title="Use your own user name and password" lead="They are used for this session and not kept.">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          opening.open({ from: 'person', username: username.trim(), password });
        }}
      >
        <Group gap="sm" align="flex-end">
          <TextInput
            label="User name"
            // Many VNC servers know a password only.
            required={item.type !== 'remote-vnc'}
            maxLength={256}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            value={username}
            onChange={(event) => setUsername(event.currentTarget.value)}
          />
          <PasswordInput
            label="Password"
            w={220}
            maxLength={1_000}
            autoComplete="off"
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
          />
          <Button
            type="submit"
            variant="default"
            loading={isBusy}
            disabled={!opening.isAllowed || (opening.busy !== null && !isBusy)}
          >
            Open session
          </Button>
        </Group>
      </form>
    </Section>
  );
}

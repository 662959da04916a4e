import { ConfirmDialog, Section, ShownOnce, Tag, useSend } from '@gatehouse/ui';
import { Button, Group, PasswordInput, Stack, Text } from '@mantine/core';
import { IconKey, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { type Item, paths } from '../api/paths.ts';
import { outboundRecipients } from '../objects/kinds.ts';

/** By what a recipient knows that an event is from this site. */
export function RecipientSecrets({ recipient }: { recipient: Item }) {
  return (
    <>
      <SigningSecret recipient={recipient} />
      <Token recipient={recipient} />
    </>
  );
}

const refresh = [outboundRecipients.api];

function SigningSecret({ recipient: { id, signed, name } }: { recipient: Item }) {
  const [isAsking, setAsking] = useState(false);
  const make = useSend<{ readonly secret: string }>({ refresh, onDone: () => setAsking(false) });
  const send = () => make.mutate({ method: 'POST', path: `${paths.recipient(Number(id))}/secret`, body: {} });
  return (
    <Section
      title="Signature"
      lead="With the signing secret a recipient checks that an event is from this site and unchanged: the headers are those of Standard Webhooks."
    >
      <Group gap="sm">
        {signed ? <Tag tone="good">Signed</Tag> : <Tag tone="medium">Not signed</Tag>}
        <Button
          size="compact-sm"
          variant="default"
          leftSection={<IconKey size={15} />}
          loading={make.isPending}
          onClick={() => (signed ? setAsking(true) : send())}
        >
          {signed ? 'Make a new signing secret' : 'Make a signing secret'}
        </Button>
      </Group>
      <ConfirmDialog
        opened={isAsking}
        title="Make a new signing secret?"
        action="Make a new one"
        danger
        busy={make.isPending}
        onConfirm={send}
        onClose={() => setAsking(false)}
      >
        From the next event on the old one signs nothing. {String(name)} refuses events until it has the new one.
      </ConfirmDialog>
      <ShownOnce
        title="Signing secret"
        label="Signing secret"
        value={make.data?.secret ?? null}
        onClose={() => make.reset()}
      />
    </Section>
  );
}

function Token({ recipient: { id, has_token: hasToken, name } }: { recipient: Item }) {
  const [token, setToken] = useState('');
  const [isAsking, setAsking] = useState(false);
  const path = `${paths.recipient(Number(id))}/token`;
  const save = useSend({ refresh, done: 'Token saved.', onDone: () => setToken('') });
  const remove = useSend({ refresh, done: 'Token removed.', onDone: () => setAsking(false) });
  return (
    <Section
      title="Token in the address"
      lead="For recipients that know the site by a secret in the URL. It is kept sealed, and added as outbound_event_token."
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate({ method: 'PUT', path, body: { token } });
        }}
      >
        <Stack gap="sm" align="flex-start">
          <Text size="sm">{hasToken ? 'A token is added to the address.' : 'No token is added.'}</Text>
          <Group align="flex-end" gap="sm">
            <PasswordInput
              label={hasToken ? 'New token' : 'Token'}
              maxLength={500}
              autoComplete="off"
              w={300}
              maw="100%"
              value={token}
              onChange={(event) => setToken(event.currentTarget.value)}
            />
            <Button type="submit" variant="default" loading={save.isPending} disabled={token === ''}>
              Save the token
            </Button>
            {hasToken ? (
              <Button variant="default" leftSection={<IconTrash size={16} />} onClick={() => setAsking(true)}>
                Remove it
              </Button>
            ) : null}
          </Group>
        </Stack>
      </form>
      <ConfirmDialog
        opened={isAsking}
        title={`Send events to ${String(name)} without a token?`}
        action="Remove the token"
        danger
        busy={remove.isPending}
        onConfirm={() => remove.mutate({ method: 'PUT', path, body: { token: null } })}
        onClose={() => setAsking(false)}
      >
        The token cannot be read again. A recipient that asks for it refuses every event from then on.
      </ConfirmDialog>
    </Section>
  );
}

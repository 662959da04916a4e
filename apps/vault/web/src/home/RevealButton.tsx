import { CopyField, Notice, send, toProblem, useApi } from '@gatehouse/ui';
import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { paths } from '../api/paths.ts';
import { Form } from '../parts/Form.tsx';
import { StateTag } from '../parts/tags.tsx';
import { askFields } from './MyAccounts.tsx';

interface RevealProps {
  checkoutId: string;
  credentialId: string;
  about: string;
}

/** Lets a holder see the password: with a request that a second person granted, and a code of a second factor. */
export function RevealButton(props: RevealProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button size="compact-sm" variant="default" onClick={() => setOpen(true)}>
        Reveal
      </Button>
      <Modal opened={isOpen} onClose={() => setOpen(false)} title={`Reveal ${props.about}`} size="lg">
        <Reveal {...props} onClose={() => setOpen(false)} />
      </Modal>
    </>
  );
}

function Reveal({ checkoutId, credentialId, onClose }: RevealProps & { onClose(): void }) {
  const requests = useApi(paths.myRequests({ limit: '200' }), { every: 5_000 });
  const open = requests.data?.items.find(
    (one) =>
      one.credentialId === credentialId && one.purpose === 'reveal' && ['pending', 'granted'].includes(one.state),
  );
  if (open?.state === 'granted') return <Prove checkoutId={checkoutId} onClose={onClose} />;
  if (open !== undefined)
    return (
      <Stack gap="sm">
        <StateTag state="pending" />
        <Text size="sm">Another person has to grant it. This page notices when they have.</Text>
      </Stack>
    );
  return (
    <Stack gap="sm">
      <Text size="sm">
        To see a password takes a second person who grants it, and a code of your authenticator app.
      </Text>
      <Form
        fields={askFields.slice(0, 1)}
        method="POST"
        path="/api/my/requests"
        action="Ask to see it"
        refresh={['/api/my/requests']}
        toBody={(body) => ({ comment: '', ...body, credentialId, purpose: 'reveal' })}
      />
    </Stack>
  );
}

function Prove({ checkoutId, onClose }: { checkoutId: string; onClose(): void }) {
  const reveal = useMutation({
    mutationFn: (code: string) =>
      send<{ password: string }>('POST', `/api/my/checkouts/${checkoutId}/reveal`, { code }),
    // Gone from memory with the dialog.
    gcTime: 0,
  });
  if (reveal.data !== undefined)
    return (
      <Stack gap="md">
        <Notice tone="medium" title="It is shown until you close this">
          That you saw it is in the audit.
        </Notice>
        <CopyField label="Password" value={reveal.data.password} />
        <Group justify="flex-end">
          <Button onClick={onClose}>Close</Button>
        </Group>
      </Stack>
    );
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    reveal.mutate(String(new FormData(event.currentTarget).get('code') ?? '').trim());
  };
  const problem = reveal.error === null ? null : toProblem(reveal.error);
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <TextInput
          name="code"
          label="Code of your authenticator app"
          inputMode="numeric"
          autoComplete="one-time-code"
          required
          maxLength={6}
          data-autofocus
          error={problem === null ? undefined : (problem.fields.code ?? problem.message)}
        />
        <Group justify="flex-end">
          <Button type="submit" loading={reveal.isPending}>
            Reveal
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

import { CopyField, Notice, send, toast, toProblem, useRefresh, wordsOf } from '@gatehouse/ui';
import { Button, Checkbox, Group, PasswordInput, Select, Stack, Switch, TextInput } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { answerWithinSeconds } from '../../../src/api/webhooks.ts';
import { paths } from '../api/paths.ts';
import type { Webhook, WebhookCreated, WebhookInput } from '../api/types.ts';

/** What a webhook can tell, and the words for it. */
export const events: readonly { value: WebhookInput['events'][number]; label: string }[] = [
  { value: 'finding.opened', label: 'A finding opens' },
  { value: 'finding.resolved', label: 'A finding is resolved' },
  { value: 'connection.health_changed', label: 'The connectivity of a connector changes' },
];
type Event = WebhookInput['events'][number];
type Severity = NonNullable<WebhookInput['minimumSeverity']>;

interface WebhookFormProps {
  tenantId: string;
  /** Absent: a new one. */
  webhook?: Webhook;
  onClose(): void;
}

/** A new webhook, whose secret is shown once, or a change of one that exists. */
export function WebhookForm({ tenantId, webhook, onClose }: WebhookFormProps) {
  const refresh = useRefresh();
  const [name, setName] = useState(webhook?.name ?? '');
  const [url, setUrl] = useState(webhook?.url ?? '');
  const [chosen, setChosen] = useState<readonly Event[]>(
    webhook === undefined
      ? ['finding.opened']
      : events.map(({ value }) => value).filter((one) => webhook.events.includes(one)),
  );
  const [severity, setSeverity] = useState<Severity>(webhook?.minimumSeverity ?? 'high');
  const [enabled, setEnabled] = useState(webhook?.enabled ?? true);
  const [secret, setSecret] = useState('');
  const save = useMutation({
    mutationFn: (input: WebhookInput) =>
      webhook === undefined
        ? send<WebhookCreated>('POST', paths.webhooks(tenantId), input)
        : send<WebhookCreated>('PATCH', `${paths.webhooks(tenantId)}/${webhook.webhookId}`, input),
    onSuccess: (saved) => {
      void refresh(paths.webhooks(tenantId));
      if (saved.revealedSecret) return;
      toast.done('Webhook saved.');
      onClose();
    },
  });
  if (save.data?.revealedSecret)
    return (
      <Stack gap="md">
        <Notice tone="low" icon={<IconKey size={17} />} title="Copy the secret now">
          It is shown once. The receiver checks with it that a message is ours (Standard Webhooks, HMAC-SHA256).
        </Notice>
        <CopyField label="Signing secret" value={save.data.revealedSecret} />
        <Group justify="flex-end">
          <Button onClick={onClose}>Done</Button>
        </Group>
      </Stack>
    );
  const problem = save.error === null ? null : toProblem(save.error);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate({
          name: name.trim(),
          url: url.trim(),
          events: [...chosen],
          minimumSeverity: severity,
          enabled,
          ...(secret === '' ? {} : { secret }),
        });
      }}
    >
      <Stack gap="md">
        <TextInput
          label="Name"
          required
          maxLength={120}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={problem?.fields.name}
          data-autofocus
        />
        <TextInput
          label="Address"
          description={`Takes POST with JSON, and answers with a status of 200 to 299 within ${answerWithinSeconds} seconds.`}
          placeholder="https://"
          inputMode="url"
          autoComplete="off"
          required
          maxLength={2000}
          value={url}
          onChange={(event) => setUrl(event.currentTarget.value)}
          error={problem?.fields.url}
        />
        <Checkbox.Group
          label="Tell it when"
          value={[...chosen]}
          onChange={(values) => setChosen(events.map(({ value }) => value).filter((one) => values.includes(one)))}
          error={problem?.fields.events}
        >
          <Stack gap={8} mt={8}>
            {events.map((event) => (
              <Checkbox key={event.value} {...event} size="sm" />
            ))}
          </Stack>
        </Checkbox.Group>
        <Select
          label="Findings from severity"
          maw={220}
          allowDeselect={false}
          data={(['low', 'medium', 'high', 'critical'] as const).map((value) => ({ value, label: wordsOf(value) }))}
          value={severity}
          onChange={(value) => setSeverity((value ?? 'high') as Severity)}
        />
        <PasswordInput
          label={webhook === undefined ? 'Signing secret' : 'Replace the signing secret'}
          description={
            webhook === undefined ? 'Leave it empty to have one made.' : 'Leave it empty to keep the one that is set.'
          }
          minLength={16}
          maxLength={200}
          value={secret}
          onChange={(event) => setSecret(event.currentTarget.value)}
          autoComplete="new-password"
          error={problem?.fields.secret}
        />
        <Switch label="On" checked={enabled} onChange={(event) => setEnabled(event.currentTarget.checked)} />
        {problem !== null && Object.keys(problem.fields).length === 0 ? (
          <Notice tone="critical" title={problem.title} isUrgent>
            {problem.detail}
          </Notice>
        ) : null}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={save.isPending} disabled={chosen.length === 0}>
            {webhook === undefined ? 'Create webhook' : 'Save webhook'}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

import { type FormErrors, Notice, Section, send, toast } from '@gatehouse/ui';
import { Button, Group, Stack, Switch, Text, Textarea, TextInput } from '@mantine/core';
import { IconEye } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import type { z } from 'zod';
import type { MailPreview } from '../../../src/api/connections.ts';
import classes from '../parts/Parts.module.css';
import type { ConnectionValues } from './values.ts';

type Values = Pick<ConnectionValues, 'mailSubject' | 'mailTemplate' | 'transcripts'>;
interface MailFieldsProps {
  values: Values;
  errors: FormErrors;
  onChange(next: Partial<Values>): void;
}

const known =
  '{{ session.url }}, {{ session.key }}, {{ session.expires }}, {{ customer.name }}, {{ technician.name }}, {{ ticket.number }}, {{ ticket.subject }}';

/** The mail that a customer gets with a session key, and whether they get what was said. */
export function MailFields({ values: { mailSubject, mailTemplate, transcripts }, errors, onChange }: MailFieldsProps) {
  const preview = useMutation({
    mutationFn: () =>
      send<z.output<typeof MailPreview>>('POST', '/api/mail-templates/preview', { mailSubject, mailTemplate }),
    onError: toast.failed,
  });
  const change = (next: Partial<Values>) => {
    preview.reset();
    onChange(next);
  };
  return (
    <Section
      title="Mail to the customer"
      lead="What “Send to the customer” begins with, in Liquid and plain text. Empty: as the site words it."
      actions={
        <Button
          variant="default"
          size="compact-sm"
          leftSection={<IconEye size={14} />}
          loading={preview.isPending}
          onClick={() => preview.mutate()}
        >
          Preview mail
        </Button>
      }
    >
      <Stack gap="md" maw={720}>
        <TextInput
          label="Subject of the mail"
          description="For example: [{{ ticket.number }}] Your support session"
          maxLength={300}
          value={mailSubject}
          error={errors.mailSubject}
          onChange={(event) => change({ mailSubject: event.currentTarget.value })}
        />
        <Textarea
          label="Words of the mail"
          description={`Filled in: ${known}.`}
          className={classes.mono}
          autosize
          minRows={3}
          maxRows={14}
          spellCheck={false}
          value={mailTemplate}
          error={errors.mailTemplate}
          onChange={(event) => change({ mailTemplate: event.currentTarget.value })}
        />
        <div aria-live="polite">
          {preview.data === undefined ? null : (
            <Stack gap="xs">
              {preview.data.problem === null ? null : (
                <Notice tone="medium" title="The usual words would be sent">
                  {preview.data.problem}
                </Notice>
              )}
              <Group gap="xs">
                <Text size="sm" c="dimmed">
                  Subject
                </Text>
                <Text size="sm" fw={600}>
                  {preview.data.subject}
                </Text>
              </Group>
              <Text size="sm" className={classes.words}>
                {preview.data.body}
              </Text>
            </Stack>
          )}
        </div>
        <Switch
          label="Send customers what was said"
          description="When a session is over, its chat goes to the customer of the ticket by mail: never notes, and nothing that representatives said among themselves."
          checked={transcripts}
          onChange={(event) => change({ transcripts: event.currentTarget.checked })}
        />
      </Stack>
    </Section>
  );
}

import { type FieldSchema, type FormErrors, SchemaForm, Section, sentValues, startValues, useApi } from '@gatehouse/ui';
import { Button, Group, Radio, Select, Stack, Switch, TagsInput, Textarea, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { usualTemplate } from '../../../src/api/usual-template.ts';
import { errorOf, errorsWithin, focusFirstError, missingWithin } from '../parts/form-errors.ts';
import classes from '../parts/Parts.module.css';
import { StepsTest } from '../parts/StepsTest.tsx';
import { useForm } from '../parts/use-form.ts';
import { type Connection, type DeskKind, supportPaths } from '../support/paths.ts';
import { AssignmentField, isWhole } from './AssignmentField.tsx';
import { KeyTimeField } from './KeyTimeField.tsx';
import { MailFields } from './MailFields.tsx';
import { type ConnectionValues, emptyConnection, toBody, usualSettings, valuesOf } from './values.ts';

interface ConnectionFormProps<T> {
  desk: DeskKind;
  /** Left out: it is a new one. */
  known?: Connection;
  onDone?(answer: T): void;
}

const unstartedChoices = [
  { value: 'ignore', label: 'Leave them alone' },
  { value: 'attach', label: 'Write them to the ticket that they name' },
  { value: 'create', label: 'Make a ticket where they name none' },
] as const;

/** Everything that is set about a connection. */
export function ConnectionForm<T extends Connection>({ desk, known, onDone }: ConnectionFormProps<T>) {
  // The API publishes plain JSON Schema; the form reads the words it knows and ignores the rest.
  const schema = desk.schema as FieldSchema;
  const [missing, setMissing] = useState<FormErrors>({});
  const [tries, setTries] = useState(0);
  const form = useForm<ConnectionValues, T>({
    ...(known === undefined
      ? {
          start: { ...emptyConnection, settings: usualSettings(schema) },
          method: 'POST',
          path: supportPaths.connections,
        }
      : {
          start: { ...valuesOf(known), settings: startValues(schema, known.settings) },
          ...({
            method: 'PATCH',
            path: supportPaths.connection(known.connectionId),
            done: 'Connection saved.',
          } as const),
        }),
    refresh: ['/api/connections', '/api/own-connections'],
    toBody: (values) => (known === undefined ? { ...toBody(values), desk: desk.id } : toBody(values)),
    onDone: (saved) => {
      form.set({ settings: startValues(schema, saved.settings) });
      onDone?.(saved);
    },
  });
  const { values, set } = form;
  const errors = { ...form.errors, ...missing };
  const isWrong = Object.keys(errors).length > 0;
  useEffect(() => {
    if (tries > 0 && isWrong) focusFirstError();
  }, [tries, isWrong]);
  const change = (next: Partial<ConnectionValues>) => {
    setMissing({});
    set(next);
  };
  return (
    <Stack gap="md">
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          const found = missingOf(schema, values);
          setMissing(found);
          setTries(tries + 1);
          if (Object.keys(found).length === 0) form.submit(event);
        }}
      >
        <Stack gap="md">
          <Section title="What it connects">
            <Stack gap="md" maw={720}>
              <TextInput
                label="Name"
                description="How it is called here, for example “Service desk”."
                withAsterisk
                maxLength={120}
                value={values.name}
                error={errors.name}
                onChange={(event) => change({ name: event.currentTarget.value })}
              />
              <SiteField value={values.siteId} error={errors.siteId} onChange={(siteId) => change({ siteId })} />
              <Switch
                label="Enabled"
                description="Switched off, events of the site are refused and nothing is written."
                checked={values.enabled}
                onChange={(event) => change({ enabled: event.currentTarget.checked })}
              />
            </Stack>
          </Section>
          <Section title={desk.name} lead="How this program signs in at the desk, and which fields hold what.">
            <SchemaForm
              schema={schema}
              values={values.settings}
              errors={errorsWithin(errors, 'settings')}
              onChange={(settings) => change({ settings })}
            />
          </Section>
          <Section title="Session keys">
            <Stack gap="md" maw={720}>
              <AssignmentField
                value={values.assignment}
                error={errorOf(errors, 'assignment')}
                onChange={(assignment) => change({ assignment })}
              />
              <KeyTimeField
                seconds={values.keySeconds}
                error={errors.keySeconds}
                onChange={(keySeconds) => change({ keySeconds })}
              />
            </Stack>
          </Section>
          <Section title="Sessions">
            <Stack gap="md" maw={720}>
              <TagsInput
                label="Hosts that events may come from"
                description="Names, addresses or networks such as 10.0.0.0/8: those of the site. Press Enter after each."
                withAsterisk
                acceptValueOnBlur
                value={[...values.senders]}
                error={errorOf(errors, 'senders')}
                onChange={(senders) => change({ senders })}
              />
              <Radio.Group
                label="Sessions that no ticket started"
                value={values.unstarted}
                error={errors.unstarted}
                onChange={(chosen) =>
                  change({ unstarted: unstartedChoices.find(({ value }) => value === chosen)?.value ?? 'attach' })
                }
              >
                <Stack gap={8} mt={8}>
                  {unstartedChoices.map(({ value, label }) => (
                    <Radio key={value} value={value} label={label} />
                  ))}
                </Stack>
              </Radio.Group>
              <TextInput
                label="Status of the ticket when a session has ended"
                description="In the words of the desk. Empty: it stays where it is."
                maxLength={100}
                value={values.endStatus}
                error={errors.endStatus}
                onChange={(event) => change({ endStatus: event.currentTarget.value })}
              />
              <Textarea
                label="Blacked out in chats and notes"
                description="Regular expressions, one on each line. Passwords, cards and keys are blacked out anyway."
                className={classes.mono}
                autosize
                minRows={2}
                maxRows={10}
                spellCheck={false}
                value={values.redact}
                error={errorOf(errors, 'redact')}
                onChange={(event) => change({ redact: event.currentTarget.value })}
              />
            </Stack>
          </Section>
          <MailFields values={values} errors={errors} onChange={change} />
          <Section
            title="Report"
            lead="What is written to the ticket when a session has ended, in Liquid and HTML."
            actions={
              <Button
                variant="default"
                size="compact-sm"
                disabled={values.template === usualTemplate}
                onClick={() => change({ template: usualTemplate })}
              >
                Back to the usual one
              </Button>
            }
          >
            <Textarea
              label="Template"
              className={classes.mono}
              autosize
              minRows={6}
              maxRows={20}
              spellCheck={false}
              value={values.template}
              error={errors.template}
              onChange={(event) => change({ template: event.currentTarget.value })}
            />
          </Section>
          <Group>
            <Button type="submit" loading={form.isSaving}>
              {known === undefined ? 'Add connection' : 'Save'}
            </Button>
          </Group>
        </Stack>
      </form>
      <StepsTest
        title="Test"
        action="Test desk"
        path={known === undefined ? '/api/connections/test' : `/api/connections/${known.connectionId}/test`}
        body={() => ({
          ...(known === undefined && { desk: desk.id }),
          settings: sentValues(values.settings),
        })}
      />
    </Stack>
  );
}

/** What cannot be sent yet, in words that say what to enter. */
const missingOf = (
  schema: FieldSchema,
  { name, siteId, settings, senders, assignment }: ConnectionValues,
): FormErrors => ({
  ...(name.trim() === '' ? { name: 'Enter a name.' } : {}),
  ...(siteId === '' ? { siteId: 'Choose a site.' } : {}),
  ...(senders.length === 0 ? { senders: 'Name at least one host that events may come from.' } : {}),
  ...(isWhole(assignment) ? {} : { assignment: 'Enter a name.' }),
  ...missingWithin({ properties: { settings: schema } }, { settings }),
});

interface SiteFieldProps {
  value: string;
  error: string | undefined;
  onChange(siteId: string): void;
}

function SiteField({ value, error, onChange }: SiteFieldProps) {
  const sites = useApi(supportPaths.sites);
  const items = sites.data?.items ?? [];
  return (
    <Select
      label="Site"
      description={
        sites.data !== undefined && items.length === 0 ? (
          <>
            There is none yet. <a href="/sites/new">Add a site</a> first.
          </>
        ) : (
          'Where session keys come from.'
        )
      }
      withAsterisk
      allowDeselect={false}
      data={items.map(({ siteId, name }) => ({ value: siteId, label: name }))}
      value={value === '' ? null : value}
      error={error}
      onChange={(siteId) => onChange(siteId ?? '')}
    />
  );
}

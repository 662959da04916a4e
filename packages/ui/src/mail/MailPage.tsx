import { Button, Group, TextInput } from '@mantine/core';
import { useState } from 'react';
import { SchemaForm } from '../form/SchemaForm.tsx';
import { type FieldSchema, type FormValues, sentValues, startValues } from '../form/schema.ts';
import { RemoveButton } from '../list/RemoveButton.tsx';
import { StepsTest } from '../list/StepsTest.tsx';
import { useForm } from '../list/use-form.ts';
import { Notice } from '../Notice.tsx';
import { Page, Section } from '../Page.tsx';
import { useApi } from '../program/client.ts';
import { useCrumbs } from '../program/crumbs.tsx';
import { usePerson } from '../program/program.ts';
import { Loaded } from '../states.tsx';
import { MailList } from './MailList.tsx';
import { type MailState, mailPaths } from './paths.ts';

/** How mail leaves this program, and what waits, was sent or was refused. */
export function MailPage({ lead }: { lead: string }) {
  useCrumbs({ title: 'Mail' });
  const state = useApi(mailPaths.mail, { every: 30_000 });
  const isSetUp = state.data?.settings != null;
  return (
    <Page
      title="Mail"
      lead={lead}
      actions={
        isSetUp ? (
          <RemoveButton
            path={mailPaths.mail}
            title="Remove the mail server?"
            action="Remove mail server"
            done="Mail server removed."
            refresh={['/api/mail']}
          >
            Its password is forgotten, and mail waits until another one is entered.
          </RemoveButton>
        ) : null
      }
    >
      <Loaded query={state} rows={6} height={44}>
        {(found) => (
          <>
            {found.advice === null ? null : (
              <Notice tone={isSetUp ? 'critical' : 'medium'} title="Mail waits">
                {found.advice}
              </Notice>
            )}
            <Server key={String(isSetUp)} state={found} />
          </>
        )}
      </Loaded>
      <MailList />
    </Page>
  );
}

function Server({ state }: { state: MailState }) {
  const { email } = usePerson();
  // The API publishes plain JSON Schema; the form reads the words it knows and ignores the rest.
  const schema = state.schema as FieldSchema;
  const [to, setTo] = useState(email);
  const form = useForm<FormValues, MailState>({
    start: startValues(schema, state.settings ?? {}),
    ...({ method: 'PUT', path: mailPaths.mail, refresh: ['/api/mail'], done: 'Mail server saved.' } as const),
    toBody: sentValues,
    onDone: ({ settings }) => {
      form.set({ password: settings?.password });
    },
  });
  return (
    <>
      <Section title="Mail server" lead="Any SMTP server that takes mail of this program.">
        <form noValidate onSubmit={form.submit}>
          <SchemaForm schema={schema} values={form.values} errors={form.errors} onChange={form.set} />
          <Group mt="lg">
            <Button type="submit" loading={form.isSaving}>
              Save
            </Button>
          </Group>
        </form>
      </Section>
      <StepsTest
        title="Test"
        action="Test mail"
        path="/api/mail/test"
        body={() => ({ settings: sentValues(form.values), ...(to.trim() !== '' && { to: to.trim() }) })}
      >
        <TextInput
          label="Send a test mail to"
          description="Empty: it only signs in."
          type="email"
          maw={420}
          mb="md"
          value={to}
          onChange={(event) => setTo(event.currentTarget.value)}
        />
      </StepsTest>
    </>
  );
}

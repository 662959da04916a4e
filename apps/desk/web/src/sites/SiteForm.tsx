import {
  type FieldSchema,
  type FormErrors,
  type FormValues,
  SchemaForm,
  Section,
  sentValues,
  startValues,
} from '@gatehouse/ui';
import { Button, Group, Stack } from '@mantine/core';
import { useEffect, useState } from 'react';
import { focusFirstError, missingWithin } from '../parts/form-errors.ts';
import { StepsTest } from '../parts/StepsTest.tsx';
import { useForm } from '../parts/use-form.ts';
import { type Site, supportPaths } from '../support/paths.ts';

const schema: FieldSchema = {
  required: ['name', 'url', 'clientId', 'clientSecret'],
  properties: {
    name: { type: 'string', title: 'Name', description: 'How it is called here.' },
    url: {
      ...{ type: 'string', format: 'uri', title: 'Address' },
      description: 'Where people open the site, for example `https://support.example.com`.',
    },
    clientId: {
      ...{ type: 'string', title: 'OAuth client ID' },
      description:
        'Of an API account of the site (Management > API Configuration) with full access to the Command API and to reports of support sessions.',
    },
    clientSecret: {
      ...{ type: 'string', format: 'password', writeOnly: true, title: 'OAuth client secret' },
      description: 'Shown once, when the secret of the API account is made.',
    },
    certificateAuthorities: {
      ...{ type: 'string', format: 'textarea', title: 'Certificate authorities' },
      description:
        'In PEM form, of the authority that issued the certificate of the site. Empty where this machine trusts it already.',
    },
  },
};

/** What is entered about a site. */
const sent = (values: FormValues) => ({
  ...sentValues(values),
  // Empty means none there, and not that it stays.
  certificateAuthorities: values.certificateAuthorities ?? '',
});

export function SiteForm({ site, onDone }: { site?: Site; onDone?(site: Site): void }) {
  const [missing, setMissing] = useState<FormErrors>({});
  const form = useForm<FormValues, Site>({
    ...(site === undefined
      ? { start: startValues(schema), method: 'POST', path: supportPaths.sites, done: 'Site added.' }
      : { start: startValues(schema, { ...site }), method: 'PATCH', path: supportPaths.site(site.siteId) }),
    ...(site === undefined ? {} : { done: 'Site saved.' }),
    refresh: ['/api/sites'],
    toBody: sent,
    onDone: (saved) => {
      form.set({ clientSecret: saved.clientSecret });
      onDone?.(saved);
    },
  });
  const errors = { ...form.errors, ...missing };
  const isWrong = Object.keys(errors).length > 0;
  useEffect(() => {
    if (isWrong) focusFirstError();
  }, [isWrong]);
  return (
    <Stack gap="md">
      <Section
        title="Settings"
        lead={site === undefined ? undefined : 'A secret is never shown again. Replace it, or leave it as it is.'}
      >
        <form
          noValidate
          onSubmit={(event) => {
            const found = missingWithin(schema, form.values);
            setMissing(found);
            if (Object.keys(found).length === 0) form.submit(event);
            else event.preventDefault();
          }}
        >
          <SchemaForm
            schema={schema}
            values={form.values}
            errors={errors}
            onChange={(values) => {
              setMissing({});
              form.set(values);
            }}
          />
          <Group mt="lg">
            <Button type="submit" loading={form.isSaving}>
              {site === undefined ? 'Add site' : 'Save'}
            </Button>
          </Group>
        </form>
      </Section>
      <StepsTest
        title="Test"
        action="Test site"
        path={site === undefined ? '/api/sites/test' : `/api/sites/${site.siteId}/test`}
        body={() => ({ settings: sent(form.values) })}
      />
    </Stack>
  );
}

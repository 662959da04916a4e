import {
  ErrorState,
  type FieldSchema,
  type FormErrors,
  type FormValues,
  Loaded,
  Notice,
  OutsideLink,
  Page,
  Problem,
  SchemaForm,
  Steps,
  send,
  toProblem,
  useApi,
  useCrumbs,
  useRefresh,
} from '@gatehouse/ui';
import { Box, Button, Code, CopyButton, Group, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { pages } from '../../../src/api/pages.ts';
import { useGo, useParam, useTenantId } from '../address.ts';
import { paths } from '../api/paths.ts';
import type { AvailableConnector, NewConnection } from '../api/types.ts';
import { keepFreshKey } from '../collectors/fresh-keys.ts';
import { WhatHappensNext } from '../collectors/WhatHappensNext.tsx';
import { useMay } from '../frame/tenant.ts';
import classes from './connections.module.css';
import { SetupText } from './SetupText.tsx';
import { TestPanel } from './TestPanel.tsx';
import { useDraft, withoutSecrets } from './use-draft.ts';
import { focusFirstError, settingErrors, useSettingsForm } from './use-settings-form.ts';

/** Creates a connector: numbered steps, each with the help a person needs there. */
export function WizardPage() {
  const tenantId = useTenantId();
  const id = useParam('connector');
  const connectors = useApi(paths.connectors);
  const connector = connectors.data?.find((one) => one.id === id);
  useCrumbs(
    { title: 'Connectors', href: pages.connections(tenantId) },
    { title: 'Available', href: pages.availableConnectors(tenantId) },
    { title: `Create ${connector?.name ?? id} connector` },
  );
  const mayChange = useMay('administrator');
  return (
    <Loaded query={connectors} rows={6} height={80}>
      {() =>
        connector === undefined ? (
          <ErrorState error={new Problem(404, 'Not found')} />
        ) : mayChange ? (
          <Wizard tenantId={tenantId} connector={connector} />
        ) : (
          <ErrorState
            error={new Problem(403, 'Not allowed', 'Only an administrator of this tenant can add a connector.')}
          />
        )
      }
    </Loaded>
  );
}

function Wizard({ tenantId, connector }: { tenantId: string; connector: AvailableConnector }) {
  const go = useGo();
  const refresh = useRefresh();
  const draft = useDraft(`gatehouse.wizard.${tenantId}.${connector.id}`);
  const [name, setName] = useState(draft.kept.name);
  const [nameError, setNameError] = useState<string | null>(null);
  const form = useSettingsForm({ tenantId, connector, known: draft.kept.settings });
  draft.keep({ name, settings: withoutSecrets(form.schema, form.values) });
  const create = useMutation({
    mutationFn: () =>
      send<NewConnection>('POST', paths.connections(tenantId), {
        connector: connector.id,
        name: name.trim(),
        settings: form.sent(),
      }),
    onSuccess: ({ connectionId, installation }) => {
      draft.forget();
      void refresh(paths.tenant(tenantId));
      if (installation === null) return go(pages.connection(tenantId, connectionId));
      keepFreshKey(connectionId, installation);
      go(pages.connectionSettings(tenantId, connectionId));
    },
    onError: focusFirstError,
  });
  const problem = create.error === null ? null : toProblem(create.error);
  const errors: FormErrors = { ...settingErrors(create.error), ...form.errors };
  const submit = () => {
    setNameError(name.trim() === '' ? 'Enter a name.' : null);
    if (!form.isComplete() || name.trim() === '') return focusFirstError();
    create.mutate();
  };
  const nameStep = {
    id: 'name',
    title: 'Name the connector',
    isDone: name.trim() !== '',
    children: (
      <TextInput
        label="Connector name"
        description={`How people in this tenant will know it, for example “${connector.agent === null ? `${connector.name} production` : 'Head office'}”.`}
        required
        maxLength={120}
        value={name}
        onChange={(event) => {
          setName(event.currentTarget.value);
          setNameError(null);
        }}
        error={nameError ?? problem?.fields.name}
      />
    ),
  };
  const steps = connector.setup.map((step, position) => ({
    id: String(position),
    title: step.title,
    isDone: isFilled(form.schema, step.settings, form.values),
    children: (
      <>
        <SetupText lines={step.text} />
        {step.links.length > 0 ? (
          <Group gap="md" mb="sm">
            {step.links.map((link) => (
              <OutsideLink key={link.url} {...link} />
            ))}
          </Group>
        ) : null}
        {step.showsEgress ? <EgressAddresses /> : null}
        <SchemaForm
          schema={form.schema}
          values={form.values}
          onChange={form.change}
          errors={errors}
          only={step.settings}
        />
      </>
    ),
  }));
  // Settings that no step asks for still have to be entered somewhere.
  const asked = new Set(connector.setup.flatMap(({ settings }) => settings));
  const rest = Object.keys(form.schema.properties ?? {}).filter((setting) => !asked.has(setting));
  const all =
    rest.length === 0
      ? [nameStep, ...steps]
      : [
          nameStep,
          ...steps,
          {
            id: 'rest',
            title: 'Other settings',
            isDone: false,
            children: (
              <SchemaForm
                schema={form.schema}
                values={form.values}
                onChange={form.change}
                errors={errors}
                only={rest}
              />
            ),
          },
        ];
  return (
    <Page
      title={`Create ${connector.name} connector`}
      lead={`${connector.summary} ${connector.agent === null ? `Complete all ${all.length} steps to connect.` : 'Name it first; the next page has the program and its key.'}`}
    >
      <form
        className={classes.wizard}
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <div>
          <Steps steps={all} />
          {problem !== null && Object.keys(problem.fields).length === 0 ? (
            <Box mb="md" mt="md">
              <Notice tone="critical" title={problem.title} isUrgent>
                {problem.detail}
              </Notice>
            </Box>
          ) : null}
          <Group gap="sm" pl={48}>
            <Button type="submit" loading={create.isPending}>
              Create connector
            </Button>
            <Button
              component="a"
              href={pages.availableConnectors(tenantId)}
              variant="default"
              onClick={() => draft.forget()}
            >
              Discard
            </Button>
          </Group>
        </div>
        <div className={classes.sticky}>
          {connector.agent === null ? <TestPanel {...form.test} /> : <WhatHappensNext />}
        </div>
      </form>
    </Page>
  );
}

/** Whether a step has what it asks for; of one where all may be left out, something. */
const isFilled = ({ required = [] }: FieldSchema, settings: readonly string[], values: FormValues) => {
  const needed = settings.filter((setting) => required.includes(setting));
  return needed.length > 0
    ? needed.every((setting) => Boolean(values[setting]))
    : settings.some((setting) => Boolean(values[setting]));
};

/** Where pulls come from, for the allow-list of the system. */
function EgressAddresses() {
  const egress = useApi(paths.egress);
  const addresses = egress.data?.addresses ?? [];
  if (addresses.length === 0)
    return (
      <Text size="sm" c="dimmed" mb="sm">
        This server has not been told from which addresses its pulls leave. An operator can set them.
      </Text>
    );
  return (
    <div className={classes.egress}>
      {addresses.map((address) => (
        <Code key={address}>{address}</Code>
      ))}
      <CopyButton value={addresses.join('\n')}>
        {({ copied, copy }) => (
          <Button size="compact-xs" variant="subtle" onClick={copy}>
            {copied ? 'Copied' : 'Copy all'}
          </Button>
        )}
      </CopyButton>
    </div>
  );
}

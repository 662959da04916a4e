import {
  ErrorState,
  Loaded,
  Notice,
  Problem,
  SchemaForm,
  Section,
  send,
  toast,
  toProblem,
  useApi,
  useRefresh,
} from '@gatehouse/ui';
import { Box, Button, Group } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { paths } from '../api/paths.ts';
import type { AvailableConnector, ConnectionDetail } from '../api/types.ts';
import { useMay } from '../frame/tenant.ts';
import classes from './connections.module.css';
import { TestPanel } from './TestPanel.tsx';
import { focusFirstError, settingErrors, useSettingsForm } from './use-settings-form.ts';

/** The settings of a connection. Secrets are only "set", and can be replaced. */
export function SettingsForm({ tenantId, connection }: { tenantId: string; connection: ConnectionDetail }) {
  const connectors = useApi(paths.connectors);
  return (
    <Loaded query={connectors} rows={4} height={60}>
      {(all) => {
        const connector = all.find(({ id }) => id === connection.connector);
        return connector === undefined ? (
          <ErrorState error={new Problem(0, 'This connector is not part of this installation')} />
        ) : (
          <Form tenantId={tenantId} connection={connection} connector={connector} />
        );
      }}
    </Loaded>
  );
}

interface FormProps {
  tenantId: string;
  connection: ConnectionDetail;
  connector: AvailableConnector;
}

function Form({ tenantId, connection, connector }: FormProps) {
  const mayChange = useMay('administrator');
  const refresh = useRefresh();
  const { connectionId, settings } = connection;
  const form = useSettingsForm({ tenantId, connector, known: settings, connectionId });
  const save = useMutation({
    mutationFn: () =>
      send<ConnectionDetail>('PATCH', paths.connection(tenantId, connectionId), { settings: form.sent() }),
    onSuccess: (saved) => {
      form.change(saved.settings);
      void refresh(paths.connection(tenantId, connectionId));
      toast.done('Settings saved.');
    },
    onError: focusFirstError,
  });
  const problem = save.error === null ? null : toProblem(save.error);
  const errors = { ...settingErrors(save.error), ...form.errors };
  return (
    <form
      className={classes.wizard}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (form.isComplete()) save.mutate();
        else focusFirstError();
      }}
    >
      <Section title="Settings" lead="A secret is never shown again. Replace it, or leave it as it is.">
        <SchemaForm
          schema={form.schema}
          values={form.values}
          onChange={form.change}
          errors={errors}
          disabled={!mayChange}
        />
        {problem !== null && Object.keys(problem.fields).length === 0 ? (
          <Box mb="md" mt="md">
            <Notice tone="critical" title={problem.title} isUrgent>
              {problem.detail}
            </Notice>
          </Box>
        ) : null}
        {mayChange ? (
          <Group mt="lg">
            <Button type="submit" loading={save.isPending}>
              Save settings
            </Button>
          </Group>
        ) : null}
      </Section>
      {mayChange ? (
        <div className={classes.sticky}>
          <TestPanel {...form.test} />
        </div>
      ) : null}
    </form>
  );
}

import {
  ConfirmDialog,
  ErrorState,
  Loaded,
  Notice,
  Page,
  Problem,
  Section,
  send,
  toast,
  toProblem,
  useApi,
  useCrumbs,
  useRefresh,
} from '@gatehouse/ui';
import { Button, Code, Group, NumberInput, Stack, Switch, TagsInput, Text, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { useGo, useTenantId } from '../address.ts';
import { paths } from '../api/paths.ts';
import type { TenantSettings } from '../api/types.ts';
import { useMay } from '../frame/tenant.ts';

/** What is particular to this organisation. */
export function SettingsPage() {
  const tenantId = useTenantId();
  useCrumbs({ title: 'Settings' });
  const isAdministrator = useMay('administrator');
  const settings = useApi(paths.settings(tenantId), { enabled: isAdministrator });
  if (!isAdministrator)
    return (
      <ErrorState
        error={new Problem(403, 'Not allowed', 'Only an administrator of this tenant can see its settings.')}
      />
    );
  return (
    <Page title="Settings">
      <Loaded query={settings} rows={5} height={60}>
        {(data) => (
          <>
            <SettingsForm tenantId={tenantId} settings={data} />
            <DeleteTenant tenantId={tenantId} name={data.name} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

/** Settings as they are typed: a number may be missing for a while. */
type Entered = { [K in keyof TenantSettings]: TenantSettings[K] extends number ? number | '' : TenantSettings[K] };

/** Numbers of three digits need no long box; their words do. */
const narrow = { wrapper: { maxWidth: 140 } };

function SettingsForm({ tenantId, settings }: { tenantId: string; settings: TenantSettings }) {
  const [values, setValues] = useState<Entered>(settings);
  const refresh = useRefresh();
  const save = useMutation({
    mutationFn: (next: Entered) => send<TenantSettings>('PATCH', paths.settings(tenantId), next),
    onSuccess: (saved) => {
      setValues(saved);
      void refresh('/api/tenants');
      toast.done('Settings saved.');
    },
  });
  const problem = save.error === null ? null : toProblem(save.error);
  const errorOf = (name: keyof TenantSettings) =>
    Object.entries(problem?.fields ?? {}).find(([field]) => field === name || field.startsWith(`${name}.`))?.[1];
  const set = (part: Partial<Entered>) => setValues({ ...values, ...part });
  /** An emptied field is empty, not the least there is: 0 days of retention would mean for ever. */
  const numberOf = (name: 'dormantDays' | 'maximumSuperAdmins' | 'eventRetentionDays') => ({
    required: true,
    allowDecimal: false,
    clampBehavior: 'none' as const,
    styles: narrow,
    value: values[name],
    onChange: (entered: number | string) => set({ [name]: entered === '' ? '' : Number(entered) }),
    error: errorOf(name),
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(values);
      }}
    >
      <Stack gap="md" maw={860}>
        <Section title="Organisation">
          <Stack gap="md">
            <TextInput
              label="Name"
              required
              maxLength={120}
              value={values.name}
              onChange={(event) => set({ name: event.currentTarget.value })}
              error={errorOf('name')}
            />
            <TagsInput
              label="Owned mail domains"
              description="Accounts are joined to one identity by e-mail address only within these."
              placeholder="example.com"
              value={values.ownedDomains}
              onChange={(ownedDomains) => set({ ownedDomains })}
              error={errorOf('ownedDomains')}
              acceptValueOnBlur
            />
          </Stack>
        </Section>
        <Section title="Joining accounts to identities">
          <Stack gap="md">
            <TextInput
              label="Pattern of administrator accounts"
              description={
                <>
                  A regular expression with a group named <Code>base</Code>, for example{' '}
                  <Code>{'^adm-(?<base>.+)$'}</Code>. Empty: this rule is off.
                </>
              }
              maxLength={200}
              value={values.adminAccountPattern ?? ''}
              onChange={(event) =>
                set({ adminAccountPattern: event.currentTarget.value === '' ? null : event.currentTarget.value })
              }
              error={errorOf('adminAccountPattern')}
              styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
            />
            <Switch
              label="Ignore zeros at the beginning of employee numbers"
              description="00042 and 42 are the same person."
              checked={values.stripLeadingZeros}
              onChange={(event) => set({ stripLeadingZeros: event.currentTarget.checked })}
            />
          </Stack>
        </Section>
        <Section title="Rules">
          <Stack gap="md">
            <NumberInput
              label="Days until an account is dormant"
              description="An enabled account that was not used for so long."
              min={1}
              max={730}
              {...numberOf('dormantDays')}
            />
            <NumberInput
              label="Most super administrators"
              description="More than this in one system is a finding."
              min={1}
              max={100}
              {...numberOf('maximumSuperAdmins')}
            />
          </Stack>
        </Section>
        <Section title="Retention">
          <NumberInput
            label="Days that events are kept"
            description="Older ones are deleted. 0: all are kept for ever."
            min={0}
            max={3650}
            {...numberOf('eventRetentionDays')}
          />
        </Section>
        {problem !== null && Object.keys(problem.fields).length === 0 ? (
          <Notice tone="critical" title={problem.title} isUrgent>
            {problem.detail}
          </Notice>
        ) : null}
        <Group>
          <Button type="submit" loading={save.isPending}>
            Save settings
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function DeleteTenant({ tenantId, name }: { tenantId: string; name: string }) {
  const [isOpen, setOpen] = useState(false);
  const go = useGo();
  const refresh = useRefresh();
  const remove = useMutation({
    mutationFn: () => send('DELETE', paths.tenant(tenantId)),
    onSuccess: async () => {
      go('/');
      await refresh(paths.tenants);
      toast.done(`${name} was deleted.`);
    },
    onError: toast.failed,
  });
  return (
    <Stack maw={860}>
      <Section
        title="Delete this tenant"
        lead="With its connectors, inventory, findings and decisions. The audit log stays."
      >
        <Button variant="default" style={{ color: 'var(--gh-critical)' }} onClick={() => setOpen(true)}>
          Delete tenant…
        </Button>
      </Section>
      <ConfirmDialog
        opened={isOpen}
        title={`Delete ${name}?`}
        action="Delete tenant"
        danger
        typeToConfirm={name}
        busy={remove.isPending}
        onConfirm={() => remove.mutate()}
        onClose={() => setOpen(false)}
      >
        <Text>
          This cannot be undone. Everything that was read, found and decided in this tenant is deleted, and its
          connectors stop. Nothing changes in the connected systems.
        </Text>
      </ConfirmDialog>
    </Stack>
  );
}

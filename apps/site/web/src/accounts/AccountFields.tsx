import { type FormErrors, Section } from '@gatehouse/ui';
import { Checkbox, Code, Fieldset, Radio, Stack, Switch, Text, Textarea, TextInput } from '@mantine/core';
import type { Item } from '../api/paths.ts';
import { apis } from './permissions.ts';

interface AccountFieldsProps {
  values: Item;
  onChange(values: Item): void;
  errors: FormErrors;
}

/** Account Settings, Permissions and Network Restrictions of an API account. */
export function AccountFields({ values, onChange, errors }: AccountFieldsProps) {
  const set = (change: Item) => onChange({ ...values, ...change });
  return (
    <>
      <Section title="Account Settings">
        <Stack gap="md">
          <TextInput
            label="Name"
            required
            maxLength={255}
            value={String(values.name ?? '')}
            onChange={(event) => set({ name: event.currentTarget.value })}
            error={errors.name}
          />
          <Textarea
            label="Comments"
            autosize
            minRows={2}
            maxLength={4096}
            value={String(values.comments ?? '')}
            onChange={(event) => set({ comments: event.currentTarget.value })}
            error={errors.comments}
          />
          <Switch
            label="Enabled"
            description="Switched off, its tokens end at once."
            checked={values.enabled === true}
            onChange={(event) => set({ enabled: event.currentTarget.checked })}
          />
        </Stack>
      </Section>
      <Section title="Permissions">
        <Permissions values={values} set={set} errors={errors} />
      </Section>
      <Section title="Network Restrictions">
        <NetworkRestrictions values={values} set={set} error={errors.ip_addresses} />
      </Section>
    </>
  );
}

/** As the label of the radios above. */
const legend = { legend: { fontSize: 'var(--mantine-font-size-sm)', fontWeight: 600, padding: 0, marginBottom: 8 } };

function Permissions({ values, set, errors }: { values: Item; set(change: Item): void; errors: FormErrors }) {
  return (
    <Stack gap="md">
      <Radio.Group
        label="Command API"
        value={String(values.perm_command ?? 'deny')}
        onChange={(perm_command) => set({ perm_command })}
      >
        <Stack gap={8} mt={8}>
          <Radio value="deny" label="Deny" />
          <Radio value="read_only" label="Read-Only" />
          <Radio value="full_access" label="Full Access" />
        </Stack>
      </Radio.Group>
      {apis.map(({ api, note, boxes }) => (
        <Fieldset key={api} legend={api} variant="unstyled" styles={legend}>
          <Stack gap={8}>
            {boxes.map(({ field, label, with: other }) => (
              <Checkbox
                key={field}
                label={label}
                checked={values[field] === true}
                disabled={other !== undefined && values[other] !== true}
                error={errors[field]}
                onChange={(event) => {
                  const isOn = event.currentTarget.checked;
                  const lost = isOn ? [] : boxes.filter((box) => box.with === field).map((box) => [box.field, false]);
                  set({ [field]: isOn, ...Object.fromEntries(lost) });
                }}
              />
            ))}
            {note === undefined ? null : (
              <Text size="xs" c="dimmed">
                NOTE: {note}
              </Text>
            )}
          </Stack>
        </Fieldset>
      ))}
    </Stack>
  );
}

interface NetworkRestrictionsProps {
  values: Item;
  set(change: Item): void;
  error: string | undefined;
}

function NetworkRestrictions({ values, set, error }: NetworkRestrictionsProps) {
  return (
    <Textarea
      label="Networks this account may come from"
      description={
        <>
          Network address prefixes, one a line. A netmask is optional and may be dotted or a number; without one a line
          is a single address. Empty: from everywhere. Examples: <Code>192.168.0.0/255.255.0.0</Code>{' '}
          <Code>192.168.100.0/24</Code> <Code>192.168.100.10</Code>
        </>
      }
      autosize
      minRows={3}
      spellCheck={false}
      value={String(values.ip_addresses ?? '')}
      onChange={(event) => set({ ip_addresses: event.currentTarget.value })}
      error={error}
      styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
    />
  );
}

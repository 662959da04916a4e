import { CopyField, formatTime, Notice, Problem, send, toProblem, useRefresh } from '@gatehouse/ui';
import { Button, Group, Modal, Select, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { jumpClientInstallers, schemaOf } from '../objects/kinds.ts';
import { ReferenceField } from '../objects/ReferenceField.tsx';
import classes from './JumpClients.module.css';

interface Made {
  readonly expiration_timestamp: string;
  readonly key_info: { readonly encodedInfo: string };
}

/** What the machine becomes, then the one command that is run on it. */
export function InstallerDialog({ opened, onClose }: { opened: boolean; onClose(): void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Install a Jump Client" size="lg">
      {opened ? <InstallerForm onClose={onClose} /> : null}
    </Modal>
  );
}

const lifetimes = [
  { value: '60', label: 'One hour' },
  { value: '1440', label: 'One day' },
  { value: '10080', label: 'One week' },
  { value: '43200', label: '30 days' },
];

function InstallerForm({ onClose }: { onClose(): void }) {
  const refresh = useRefresh();
  const schema = useMemo(() => schemaOf(jumpClientInstallers.shape), []);
  const [values, setValues] = useState({ name: '', tag: '', comments: '', valid: '1440' });
  const [group, setGroup] = useState<number | null>(null);
  const [policy, setPolicy] = useState<number | null>(null);
  const make = useMutation({
    mutationFn: () => {
      const { valid, ...said } = values;
      return send<Made>('POST', '/api/jump-client-installers', {
        ...{ ...said, valid_duration: Number(valid) },
        ...(group !== null && { jump_group_id: group }),
        ...(policy !== null && { jump_policy_id: policy }),
      });
    },
    onSuccess: () => void refresh('/api/jump-client-installers'),
  });
  if (make.data !== undefined) return <InstallerMade made={make.data} onClose={onClose} />;
  const problem = make.error === null ? null : toProblem(make.error);
  const fields = problem instanceof Problem ? problem.fields : {};
  const input = (name: 'name' | 'tag' | 'comments', label: string, description: string, maxLength: number) => (
    <TextInput
      label={label}
      description={description}
      maxLength={maxLength}
      value={values[name]}
      error={fields[name]}
      onChange={(event) => {
        const { value } = event.currentTarget;
        setValues((before) => ({ ...before, [name]: value }));
      }}
    />
  );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        make.mutate();
      }}
    >
      <Stack gap="md">
        <ReferenceField
          name="jump_group_id"
          schema={schema.properties?.jump_group_id ?? {}}
          required
          value={group}
          error={fields.jump_group_id}
          onChange={setGroup}
        />
        {input(
          'name',
          'Name',
          'Empty: what the machine is called. Several machines have one name only where it is meant.',
          128,
        )}
        {input('tag', 'Tag', 'For finding it.', 64)}
        {input('comments', 'Comments', 'For finding it, and for whoever looks at it.', 1_024)}
        <ReferenceField
          name="jump_policy_id"
          schema={schema.properties?.jump_policy_id ?? {}}
          required={false}
          value={policy}
          error={fields.jump_policy_id}
          onChange={setPolicy}
        />
        <Select
          label="The command works for"
          data={lifetimes}
          value={values.valid}
          allowDeselect={false}
          onChange={(valid) => setValues((before) => ({ ...before, valid: valid ?? '1440' }))}
        />
        {problem === null ? null : (
          <Notice tone="critical" title={problem.title} isUrgent>
            {problem.detail}
          </Notice>
        )}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={make.isPending} disabled={group === null}>
            Make the command
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function InstallerMade({ made, onClose }: { made: Made; onClose(): void }) {
  const command = `gatehouse jump-client install --site ${location.origin} --key-file -`;
  return (
    <Stack gap="md">
      <CopyField label="1. Run this on the machine" value={command} />
      <CopyField label="2. Give it this key when it asks" value={made.key_info.encodedInfo} />
      <p className={classes.dim}>
        The key is shown this once. It pins machines until {formatTime(new Date(made.expiration_timestamp))}; delete the
        installer, and it pins none any more.
      </p>
      <Group justify="flex-end" gap="sm">
        <Button onClick={onClose}>Done</Button>
      </Group>
    </Stack>
  );
}

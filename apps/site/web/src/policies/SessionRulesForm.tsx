import { Loaded, Notice, Section, send, toast, toProblem, useApi, useRefresh } from '@gatehouse/ui';
import { Button, Group, NumberInput, Stack, Switch } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { SessionRules } from '../../../src/api/console.ts';
import { paths } from '../api/paths.ts';

/** What a session policy asks for, limits and allows. */
export function SessionRulesForm({ id }: { id: string }) {
  const rules = useApi(paths.rules(id));
  return (
    <Section title="Rules" lead="For sessions that begin from now on.">
      <Loaded query={rules} rows={4}>
        {(found) => <Rules key={JSON.stringify(found)} id={id} start={found} />}
      </Loaded>
    </Section>
  );
}

const switches: readonly (readonly [Flag, string, string])[] = [
  ['reasonRequired', 'Ask for a reason', 'Nobody opens a session without saying why. It is kept with the session.'],
  ['upload', 'Send files', 'Files may be sent to the endpoint, and renamed and deleted there.'],
  ['download', 'Fetch files', 'Files of the endpoint may be taken away.'],
  ['clipboard', 'Clipboard', 'Text may be copied out of the session and pasted into it.'],
  [
    'recordInput',
    'Record what is typed',
    'Beside what is shown. Passwords that are typed are then in the recording, too.',
  ],
];
type Flag = 'reasonRequired' | 'upload' | 'download' | 'clipboard' | 'recordInput';

function Rules({ id, start }: { id: string; start: SessionRules }) {
  const refresh = useRefresh();
  const [rules, setRules] = useState(start);
  const change = (part: Partial<SessionRules>) => setRules({ ...rules, ...part });
  const save = useMutation({
    mutationFn: (body: SessionRules) => send('PUT', paths.rules(id), body),
    onSuccess: () => {
      void refresh(paths.rules(id));
      toast.done('Rules saved.');
    },
  });
  const problem = save.error === null ? null : toProblem(save.error);
  const limit = (name: 'idleMinutes' | 'limitMinutes', label: string, description: string) => (
    <NumberInput
      label={label}
      description={description}
      placeholder="No limit"
      suffix=" minutes"
      maw={420}
      min={1}
      max={10_080}
      allowDecimal={false}
      value={rules[name] ?? ''}
      error={problem?.fields[name]}
      onChange={(value) => change({ [name]: value === '' ? null : Number(value) })}
    />
  );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(rules);
      }}
    >
      <Stack gap="md">
        {limit('idleMinutes', 'End when nothing is done for', 'Its person is warned before. Empty: no limit.')}
        {limit('limitMinutes', 'End in any case after', 'Empty: no limit.')}
        {switches.map(([name, label, description]) => (
          <Switch
            key={name}
            name={name}
            label={label}
            description={description}
            checked={rules[name]}
            onChange={(event) => change({ [name]: event.currentTarget.checked })}
          />
        ))}
        <NumberInput
          label="Largest file"
          description="That is sent or fetched."
          suffix=" MiB"
          maw={420}
          min={1}
          max={102_400}
          allowDecimal={false}
          required
          disabled={!rules.upload && !rules.download}
          value={rules.fileMegabytes}
          error={problem?.fields.fileMegabytes}
          onChange={(value) => change({ fileMegabytes: Number(value) })}
        />
        {problem !== null && Object.keys(problem.fields).length === 0 ? (
          <Notice tone="critical" title={problem.title} isUrgent>
            {problem.detail}
          </Notice>
        ) : null}
        <Group>
          <Button type="submit" loading={save.isPending}>
            Save rules
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

import { Loaded, Page, Section, send, toast, toProblem, useApi, useCrumbs, useRefresh } from '@gatehouse/ui';
import { Button, Group, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { paths } from '../api/paths.ts';
import type { PasswordRules, Policy, PolicyPreset } from '../api/types.ts';
import { useParam } from '../parts/address.ts';
import { RemoveButton } from '../parts/RemoveButton.tsx';
import { PolicyExample } from './PolicyExample.tsx';
import { RuleFields } from './RuleFields.tsx';

export function NewPolicyPage() {
  useCrumbs({ title: 'Password policies', href: '/policies' }, { title: 'Add policy' });
  const presets = useApi(paths.presets);
  return (
    <Page title="Add policy" lead="Begin with one of these, and change what your systems want otherwise.">
      <Loaded query={presets} rows={5} height={44}>
        {(all) => <Begun presets={all} />}
      </Loaded>
    </Page>
  );
}

function Begun({ presets }: { presets: readonly PolicyPreset[] }) {
  const [chosen, setChosen] = useState(presets[0]);
  if (chosen === undefined) return null;
  return (
    <>
      <Group gap="xs">
        {presets.map((preset) => (
          <Button
            key={preset.id}
            variant={preset.id === chosen.id ? 'light' : 'default'}
            aria-pressed={preset.id === chosen.id}
            onClick={() => setChosen(preset)}
          >
            {preset.title} · {preset.bits} bits
          </Button>
        ))}
      </Group>
      <PolicyForm key={chosen.id} start={chosen.rules} />
    </>
  );
}

export function PolicyPage() {
  const id = useParam('id');
  const { history } = useRouter();
  const policy = useApi(paths.policy(id));
  useCrumbs({ title: 'Password policies', href: '/policies' }, { title: policy.data?.name ?? '…' });
  return (
    <Loaded query={policy} rows={5} height={44}>
      {(found) => (
        <Page
          title={found.name}
          lead={`${found.bits} bits; used by ${found.credentials} credentials`}
          actions={
            <RemoveButton
              path={`/api/policies/${id}`}
              title={`Delete ${found.name}?`}
              action="Delete"
              done="Policy deleted."
              refresh={['/api/policies?']}
              onDone={() => history.push('/policies')}
            >
              Only a policy that no credential uses can be deleted.
            </RemoveButton>
          }
        >
          <PolicyForm key={id} policy={found} start={found.rules} />
        </Page>
      )}
    </Loaded>
  );
}

function PolicyForm({ policy, start }: { policy?: Policy; start: PasswordRules }) {
  const { history } = useRouter();
  const refresh = useRefresh();
  const [name, setName] = useState(policy?.name ?? '');
  const [rules, setRules] = useState(start);
  const save = useMutation({
    mutationFn: () =>
      policy === undefined
        ? send<Policy>('POST', '/api/policies', { name, rules })
        : send<Policy>('PUT', `/api/policies/${policy.policyId}`, { name, rules }),
    onSuccess: ({ policyId }) => {
      void refresh('/api/policies');
      toast.done('Policy saved.');
      if (policy === undefined) history.push(`/policies/${policyId}`);
    },
  });
  const problem = save.error === null ? null : toProblem(save.error);
  const errors = Object.fromEntries(
    Object.entries(problem?.fields ?? {}).map(([field, words]) => [field.replace(/^rules\./, ''), words]),
  );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md" style={{ alignItems: 'start' }}>
        <Section title="Rules">
          <Stack gap="md">
            <TextInput
              label="Name"
              required
              value={name}
              maxLength={120}
              onChange={(event) => setName(event.currentTarget.value)}
              error={errors.name}
            />
            <RuleFields rules={rules} onRules={setRules} errors={errors} />
            {problem !== null && Object.keys(errors).length === 0 ? problem.message : null}
            <Group>
              <Button type="submit" loading={save.isPending}>
                {policy === undefined ? 'Add policy' : 'Save'}
              </Button>
            </Group>
          </Stack>
        </Section>
        <Section title="What they make" lead="As you change them.">
          <PolicyExample rules={rules} />
        </Section>
      </SimpleGrid>
    </form>
  );
}

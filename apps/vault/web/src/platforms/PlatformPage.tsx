import { Loaded, Page, Section, send, toast, toProblem, useApi, useCrumbs, useRefresh } from '@gatehouse/ui';
import { Button, Group, SegmentedControl, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { paths } from '../api/paths.ts';
import type { CustomPlatform, CustomRules } from '../api/types.ts';
import { useParam } from '../parts/address.ts';
import { RemoveButton } from '../parts/RemoveButton.tsx';
import { CommandFields } from './CommandFields.tsx';
import { DialogueFields } from './DialogueFields.tsx';
import { beginnings, howTitles } from './how.ts';

export function NewPlatformPage() {
  useCrumbs({ title: 'Custom platforms', href: '/platforms' }, { title: 'Add platform' });
  return (
    <Page title="Add platform" lead="Try what you write here on a system of yours first: “Verify now” changes nothing.">
      <PlatformForm />
    </Page>
  );
}

export function PlatformPage() {
  const id = useParam('id');
  const { history } = useRouter();
  const platform = useApi(paths.platform(id));
  useCrumbs({ title: 'Custom platforms', href: '/platforms' }, { title: platform.data?.name ?? '…' });
  return (
    <Loaded query={platform} rows={5} height={44}>
      {(found) => (
        <Page
          title={found.name}
          lead={`Custom platform of ${found.systems} systems`}
          actions={
            <RemoveButton
              path={`/api/platforms/${id}`}
              title={`Delete ${found.name}?`}
              action="Delete"
              done="Platform deleted."
              refresh={['/api/platforms?']}
              onDone={() => history.push('/platforms')}
            >
              Only a platform that no system has can be deleted.
            </RemoveButton>
          }
        >
          <PlatformForm key={id} platform={found} />
        </Page>
      )}
    </Loaded>
  );
}

function PlatformForm({ platform }: { platform?: CustomPlatform }) {
  const { history } = useRouter();
  const refresh = useRefresh();
  const [name, setName] = useState(platform?.name ?? '');
  const [comment, setComment] = useState(platform?.comment ?? '');
  const [rules, setRules] = useState<CustomRules>(platform?.rules ?? beginnings.commands);
  const save = useMutation({
    mutationFn: () =>
      platform === undefined
        ? send<CustomPlatform>('POST', '/api/platforms', { name, comment, rules })
        : send<CustomPlatform>('PUT', `/api/platforms/${platform.platformId}`, { name, comment, rules }),
    onSuccess: ({ platformId }) => {
      void refresh('/api/platforms');
      void refresh('/api/systems');
      toast.done('Platform saved.');
      if (platform === undefined) history.push(`/platforms/${platformId}`);
    },
  });
  const problem = save.error === null ? null : toProblem(save.error);
  const errors = problem?.fields ?? {};
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Section title="Platform">
        <Stack gap="md" maw={900}>
          <TextInput
            label="Name"
            description="Also the namespace of its accounts, in brackets: [Radio]."
            withAsterisk
            value={name}
            maxLength={60}
            onChange={(event) => setName(event.currentTarget.value)}
            error={errors.name}
          />
          <Textarea
            label="Comment"
            autosize
            minRows={2}
            value={comment}
            onChange={(event) => setComment(event.currentTarget.value)}
            error={errors.comment}
          />
          <SegmentedControl
            aria-label="How passwords are changed"
            value={rules.how}
            data={Object.entries(howTitles).map(([value, label]) => ({ value, label }))}
            onChange={(how) =>
              setRules(how === platform?.rules.how ? platform.rules : beginnings[how === 'dialogue' ? how : 'commands'])
            }
          />
          <Text size="sm" c="dimmed">
            The system’s log-in credential signs in by SSH, or each account for itself where there is none.{' '}
            {'{account}'} becomes the account’s name.
          </Text>
          {rules.how === 'commands' ? (
            <CommandFields rules={rules} errors={errors} onRules={setRules} />
          ) : (
            <DialogueFields rules={rules} errors={errors} onRules={setRules} />
          )}
          {problem !== null && Object.keys(errors).length === 0 ? problem.message : null}
          <Group>
            <Button type="submit" loading={save.isPending}>
              {platform === undefined ? 'Add platform' : 'Save'}
            </Button>
          </Group>
        </Stack>
      </Section>
    </form>
  );
}

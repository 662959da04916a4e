import {
  type FieldSchema,
  Loaded,
  Notice,
  Page,
  SchemaForm,
  Section,
  send,
  toast,
  toProblem,
  useApi,
  useCrumbs,
  useRefresh,
} from '@gatehouse/ui';
import { Anchor, Button, Group, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { z } from 'zod';
import { Options } from '../../../src/api/site.ts';
import { type Item, paths } from '../api/paths.ts';

/** Configuration > Options: how customers come, and what may be done in support sessions. */
export function SupportOptionsPage() {
  useCrumbs({ title: 'Options' });
  const options = useApi(paths.options);
  return (
    <Page title="Options" lead="How customers come to this site, and what may be shared in support sessions.">
      <Loaded query={options} rows={6} height={60}>
        {(found) => <OptionsForm key={JSON.stringify(found)} start={found} />}
      </Loaded>
    </Page>
  );
}

const parts = [
  ['Customer portal', ['company', 'portalName', 'portalGeneralQueue', 'portalAgreement']],
  ['Screens', ['customersShareScreens', 'recordScreens']],
  [
    'Files',
    ['customersSendFiles', 'representativesSendFiles', 'fileMostBytes', 'fileAllowedTypes', 'fileRefusedTypes'],
  ],
  ['Session keys', ['sessionKeySeconds', 'sessionKeyMostSeconds', 'sessionKeyMailSubject', 'sessionKeyMailBody']],
  ['Programs', ['xmlNamespace']],
] as const;

/** Some may be empty, and the site says which may not. */
const schema: FieldSchema = {
  ...(z.toJSONSchema(Options, { io: 'input', unrepresentable: 'any' }) as FieldSchema),
  required: [],
};

function OptionsForm({ start }: { start: Options }) {
  const refresh = useRefresh();
  const [values, setValues] = useState<Item>(start);
  const save = useMutation({
    mutationFn: (change: Item) => send('PATCH', paths.options, change),
    onSuccess: () => {
      void refresh(paths.options);
      toast.done('Options saved. Sessions that begin from now on have them.');
    },
  });
  const problem = save.error === null ? null : toProblem(save.error);
  const changed = Object.fromEntries(
    Object.entries(values).filter(
      ([name, value]) => JSON.stringify(value) !== JSON.stringify(Reflect.get(start, name)),
    ),
  );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate(changed);
      }}
    >
      <Stack gap="md" maw={860}>
        {parts.map(([title, only]) => (
          <Section key={title} title={title}>
            <SchemaForm {...{ schema, only, values }} errors={problem?.fields ?? {}} onChange={setValues} />
          </Section>
        ))}
        <Section title="Elsewhere">
          <Text size="sm">
            How long chats, screens, files and sessions are kept stands under{' '}
            <Anchor fz="sm" href="/login/security">
              Security
            </Anchor>
            . What both sides are asked at the end stands under{' '}
            <Anchor fz="sm" href="/login/surveys">
              Surveys
            </Anchor>
            .
          </Text>
        </Section>
        {problem === null ? null : (
          <Notice tone="critical" title={problem.title} isUrgent>
            {problem.detail}
          </Notice>
        )}
        <Group>
          <Button type="submit" loading={save.isPending} disabled={Object.keys(changed).length === 0}>
            Save options
          </Button>
          <Button variant="default" disabled={Object.keys(changed).length === 0} onClick={() => setValues(start)}>
            Undo changes
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

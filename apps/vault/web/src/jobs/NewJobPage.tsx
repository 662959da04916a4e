import { type FormErrors, type FormValues, Page, Section, send, toast, useCrumbs } from '@gatehouse/ui';
import { Button, Group, Stack } from '@mantine/core';
import { useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { paths } from '../api/paths.ts';
import type { Credential, Job, List } from '../api/types.ts';
import { useQuery } from '../parts/address.ts';
import { errorOf, type FieldSpec } from '../parts/Field.tsx';
import { Form } from '../parts/Form.tsx';
import { PickField, PickMany } from '../parts/PickField.tsx';
import { accountWords, choicesOf, jobTitles } from '../parts/words.ts';
import { settingFields, toSettings } from './settings.ts';
import { toSchedule, usualTimes, WhenFields } from './WhenFields.tsx';

const kind: FieldSpec = {
  name: 'kind',
  title: 'What it does',
  kind: 'choice',
  choices: choicesOf(jobTitles),
  required: true,
};
const comment: FieldSpec = {
  ...{ name: 'comment', title: 'Comment', kind: 'area' },
  description: '<username> becomes your name.',
};

/** A job of a person's own: what, on which accounts, when. */
export function NewJobPage() {
  useCrumbs({ title: 'Jobs', href: '/jobs' }, { title: 'New job' });
  const { history } = useRouter();
  const credentialId = useQuery().get('credentialId');
  return (
    <Page title="New job">
      <Section title="Job">
        <Form<Job>
          fields={[kind, comment, ...settingFields]}
          start={{
            ...{ kind: 'password_change', ifCheckedOut: 'wait', attempts: 8, firstRetrySeconds: 30 },
            ...{ ...usualTimes, credentialIds: credentialId === null ? [] : [credentialId] },
          }}
          method="POST"
          path="/api/jobs"
          action="Make job"
          done="Job made."
          refresh={['/api/jobs', '/api/overview']}
          toBody={toBody}
          more={(values, set, errors) => (
            <>
              <Accounts values={values} set={set} errors={errors} />
              <WhenFields values={values} set={set} errors={errors} />
            </>
          )}
          onDone={({ jobId }) => history.push(`/jobs/${jobId}`)}
        />
      </Section>
    </Page>
  );
}

const toBody = (values: FormValues): FormValues => {
  const { kind: what, comment: words, credentialIds, settings } = toSettings(values);
  return { kind: what, credentialIds, settings, schedule: toSchedule(values), ...(words ? { comment: words } : {}) };
};

interface AccountsProps {
  values: FormValues;
  errors: FormErrors;
  set(change: FormValues): void;
}

/** The credentials, one by one or all of a management set. */
function Accounts({ values, errors, set }: AccountsProps) {
  const chosen = Array.isArray(values.credentialIds) ? values.credentialIds.map(String) : [];
  const [setId, setSetId] = useState<string | null>(null);
  const [known, setKnown] = useState<ReadonlyMap<string, string>>(new Map());
  const [isAdding, setAdding] = useState(false);
  const addSet = async (id: string) => {
    setAdding(true);
    try {
      const all = await credentialsOfSet(id);
      setKnown(new Map([...known, ...all]));
      set({ credentialIds: [...new Set([...chosen, ...all.keys()])] });
      toast.done(`${all.size} credentials of the set were added.`);
    } catch (error) {
      toast.failed(error);
    }
    setAdding(false);
  };
  return (
    <Stack gap="sm">
      <PickMany
        of="credentials"
        label="Credentials"
        required
        value={chosen}
        known={known}
        error={errorOf(errors, 'credentialIds')}
        onChange={(credentialIds) => set({ credentialIds })}
      />
      <Group align="flex-end">
        <PickField of="sets" label="Or all of a management set" none="None" value={setId} onChange={setSetId} />
        <Button
          variant="default"
          disabled={setId === null}
          loading={isAdding}
          onClick={() => {
            if (setId !== null) void addSet(setId);
          }}
        >
          Add its credentials
        </Button>
      </Group>
    </Stack>
  );
}

/** A job has a thousand at most; the server says so where there are more. */
const most = 1_001;

const credentialsOfSet = async (setId: string): Promise<ReadonlyMap<string, string>> => {
  const found = new Map<string, string>();
  let cursor: string | null = '';
  while (cursor !== null && found.size < most) {
    const page: List<Credential> = await send('GET', paths.credentials({ setId, cursor, limit: '500' }));
    for (const one of page.items) found.set(one.credentialId, `${one.systemName} · ${accountWords(one)}`);
    cursor = page.next;
  }
  return found;
};

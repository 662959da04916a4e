import { Loaded, Notice, Page, send, toast, toProblem, useApi, useCrumbs, useRefresh } from '@gatehouse/ui';
import { Button, Group, Stack } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useParams, useRouter } from '@tanstack/react-router';
import { useState } from 'react';
import { apiAccount } from '../../../src/api/api-accounts.ts';
import { defaultsOf, fieldsWith } from '../../../src/api/shape.ts';
import { type Item, paths } from '../api/paths.ts';
import { apiAccounts } from '../objects/kinds.ts';
import { Delete } from '../objects/ObjectPage.tsx';
import { AccountFields } from './AccountFields.tsx';
import { isLocked } from './ApiPage.tsx';
import { Authentication, type Secret, ShownSecret } from './Authentication.tsx';

/** One API account; with the id `new` an empty one. */
export function AccountPage() {
  const { id = '' } = useParams({ strict: false }) as { id?: string };
  return id === 'new' ? <NewAccount /> : <KnownAccount key={id} id={id} />;
}

const way = { title: 'API Configuration', href: '/login/api' };

function NewAccount() {
  useCrumbs(way, { title: 'API Account Add' });
  const { history } = useRouter();
  const refresh = useRefresh();
  const [values, setValues] = useState<Item>(defaultsOf(apiAccount));
  const add = useMutation({
    mutationFn: async (body: Item) => {
      const { id } = await send<Item>('POST', apiAccounts.api, body);
      // Its secret is made apart, and answered this once.
      return await send<Secret>('POST', `${apiAccounts.api}/${String(id)}/secret`, {});
    },
    onSuccess: () => void refresh(apiAccounts.api),
  });
  if (add.data !== undefined)
    return (
      <Page title="API account added" lead={String(values.name)}>
        <ShownSecret secret={add.data} onDone={() => history.replace(`/login/api/${add.data.id}`)} />
      </Page>
    );
  return (
    <Page title="API Account Add">
      <AccountForm
        values={values}
        onChange={setValues}
        action="Add API Account"
        error={add.error}
        busy={add.isPending}
        onSubmit={() => add.mutate(values)}
      />
    </Page>
  );
}

function KnownAccount({ id }: { id: string }) {
  const account = useApi(paths.item(apiAccounts.api, id));
  const name = String(account.data?.name ?? '');
  useCrumbs(way, { title: name || 'API account' });
  return (
    <Loaded query={account} rows={4} height={44}>
      {(found) => (
        <Page title={name} lead="API account" actions={<Delete kind={apiAccounts} item={found} />}>
          {isLocked(found) ? <Locked id={id} until={String(found.failed_login_expiration)} /> : null}
          <Change key={JSON.stringify(found)} account={found} />
          <Stack maw={860}>
            <Authentication account={found} />
          </Stack>
        </Page>
      )}
    </Loaded>
  );
}

function Locked({ id, until }: { id: string; until: string }) {
  const refresh = useRefresh();
  const unlock = useMutation({
    mutationFn: () => send('POST', `${apiAccounts.api}/${id}/unlock`, {}),
    onSuccess: () => void refresh(apiAccounts.api),
    onError: toast.failed,
  });
  return (
    <Notice tone="critical" title="Locked after too many wrong secrets">
      <Group gap="sm">
        It opens again at {new Date(until).toLocaleTimeString()}.
        <Button size="compact-sm" variant="default" loading={unlock.isPending} onClick={() => unlock.mutate()}>
          Open it now
        </Button>
      </Group>
    </Notice>
  );
}

function Change({ account }: { account: Item }) {
  const refresh = useRefresh();
  const [values, setValues] = useState(account);
  const save = useMutation({
    mutationFn: (body: Item) => send('PATCH', `${apiAccounts.api}/${String(account.id)}`, body),
    onSuccess: () => {
      void refresh(apiAccounts.api);
      toast.done('API account saved.');
    },
  });
  return (
    <AccountForm
      values={values}
      onChange={setValues}
      action="Save API Account"
      error={save.error}
      busy={save.isPending}
      onSubmit={() => save.mutate(writable(values))}
    />
  );
}

/** Without what is only answered, which may have changed meanwhile. */
const writable = (values: Item): Item => {
  const kept = fieldsWith(apiAccount, 'readOnly');
  return Object.fromEntries(Object.entries(values).filter(([name]) => !kept.includes(name)));
};

interface AccountFormProps {
  values: Item;
  onChange(values: Item): void;
  action: string;
  error: unknown;
  busy: boolean;
  onSubmit(): void;
}

function AccountForm({ values, onChange, action, error, busy, onSubmit }: AccountFormProps) {
  const problem = error === null ? null : toProblem(error);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      <Stack gap="md" maw={860}>
        <AccountFields values={values} onChange={onChange} errors={problem?.fields ?? {}} />
        {problem !== null && Object.keys(problem.fields).length === 0 ? (
          <Notice tone="critical" title={problem.title} isUrgent>
            {problem.detail}
          </Notice>
        ) : null}
        <Group>
          <Button type="submit" loading={busy}>
            {action}
          </Button>
          <Button variant="default" component="a" href="/login/api">
            Cancel
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

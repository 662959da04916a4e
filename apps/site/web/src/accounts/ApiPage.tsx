import {
  Loaded,
  Page,
  Section,
  send,
  type TableColumn,
  Tag,
  toast,
  useApi,
  useCrumbs,
  useRefresh,
} from '@gatehouse/ui';
import { Button, Switch } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import type { Options } from '../../../src/api/site.ts';
import { type Item, paths } from '../api/paths.ts';
import { apiAccounts } from '../objects/kinds.ts';
import { NothingYet, ObjectTable } from '../objects/ObjectTable.tsx';
import { permissionWords } from './permissions.ts';

/** Management > API Configuration: the switch for programs, and the accounts they use. */
export function ApiPage() {
  useCrumbs({ title: 'API Configuration' });
  const options = useApi(paths.options);
  const add = (
    <Button component="a" href="/login/api/new" leftSection={<IconPlus size={16} />}>
      Add API account
    </Button>
  );
  return (
    <Page title="API Configuration" lead={apiAccounts.lead} actions={add}>
      <Section title="API">
        <Loaded query={options} rows={1}>
          {(found) => <EnableApi options={found} />}
        </Loaded>
      </Section>
      <ObjectTable
        kind={apiAccounts}
        more={columns}
        empty={
          <NothingYet kind={apiAccounts} add={add}>
            A program signs in with the client id and secret of an API account, and may do what that account may.
          </NothingYet>
        }
      />
    </Page>
  );
}

function EnableApi({ options }: { options: Options }) {
  const change = useOptionChange();
  return (
    <Switch
      label="Enable XML API"
      description="Off, no program gets a token, and every token stops working: also those of the Configuration API and of ECMs."
      checked={options.enableXmlApi}
      disabled={change.isPending}
      onChange={(event) => change.mutate({ enableXmlApi: event.currentTarget.checked })}
    />
  );
}

export const useOptionChange = () => {
  const refresh = useRefresh();
  return useMutation({
    mutationFn: (input: Partial<Options>) => send('PATCH', paths.options, input),
    onSuccess: () => {
      void refresh(paths.options);
      toast.done('Saved.');
    },
    onError: toast.failed,
  });
};

const plain = { type: 'text', sort: false, filter: false } as const;
const columns: readonly TableColumn<Item>[] = [
  {
    ...plain,
    name: 'permissions',
    title: 'Permissions',
    width: 330,
    cell: (row) => permissionWords(row).join(', ') || 'None',
  },
  {
    ...{ ...plain, name: 'failed_login_expiration', title: 'State', width: 130 },
    cell: (row) =>
      isLocked(row) ? (
        <Tag tone="critical">Locked</Tag>
      ) : row.enabled ? (
        <Tag tone="good">Enabled</Tag>
      ) : (
        <Tag tone="medium">Disabled</Tag>
      ),
  },
];

export const isLocked = ({ failed_login_expiration: until }: Item) =>
  typeof until === 'string' && new Date(until).getTime() > Date.now();

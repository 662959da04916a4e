import { EmptyState, Loaded, Page, send, useApi, useCrumbs } from '@gatehouse/ui';
import { IconLock } from '@tabler/icons-react';
import { useNavigate, useParams } from '@tanstack/react-router';
import type { ReachedDetail } from '../../../src/api/jump-clients.ts';
import { paths } from '../api/paths.ts';
import { ConditionsCard } from '../console/ConditionsCard.tsx';
import itemClasses from '../console/ItemPage.module.css';
import type { Said } from '../console/use-saying.ts';
import { StartForm } from './StartForm.tsx';
import { startWord } from './use-start.ts';

/** A session with a Jump Client begins. */
export const startSession = (clientId: number, said: Said) =>
  send<{ lsid: string }>('POST', `${paths.reachedClient(clientId)}/sessions`, said);

/** One Jump Client: what is asked before a session with it, and where it stands with its approval. */
export function ClientPage() {
  const { id = '' } = useParams({ strict: false }) as { id?: string };
  const client = useApi(paths.reachedClient(id), { every: 10_000 });
  useCrumbs(
    { title: 'Console', href: '/console' },
    { title: 'Jump Clients', href: '/console/jump-clients' },
    { title: client.data?.name ?? 'Jump Client' },
  );
  return (
    <Loaded query={client} rows={4} height={60}>
      {(found) => <Client key={id} client={found} />}
    </Loaded>
  );
}

function Client({ client }: { client: ReachedDetail }) {
  const { name, hostname, operatingSystem, comments, jumpGroup, obstacle, conditions, joins } = client;
  const navigate = useNavigate();
  return (
    <Page title={name} lead={[hostname, operatingSystem, jumpGroup?.name ?? 'Your own'].join(' · ')}>
      {comments === '' ? null : <p className={itemClasses.comments}>{comments}</p>}
      {obstacle === null ? (
        <div className={itemClasses.columns}>
          <StartForm
            client={client}
            start={{
              run: startSession,
              onBegun: ({ lsid }) => void navigate({ to: `/console/support/${lsid}` }),
            }}
            word={startWord(client)}
          />
          <ConditionsCard conditions={conditions} of="jump-client" joins={joins} />
        </div>
      ) : (
        <EmptyState icon={<IconLock size={28} stroke={1.5} />} title="You cannot start a session with it now">
          {obstacle}
        </EmptyState>
      )}
    </Page>
  );
}

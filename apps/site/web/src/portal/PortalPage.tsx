import { Loaded, Logo, useApi } from '@gatehouse/ui';
import type { ReactNode } from 'react';
import { useState } from 'react';
import type { PortalSession } from '../../../src/api/portal.ts';
import { paths } from '../api/paths.ts';
import { EntryForm } from './EntryForm.tsx';
import classes from './Portal.module.css';
import { PortalRoom } from './PortalRoom.tsx';

/** Where customers come: with the key that somebody gave them, or with a link that has it. */
export function PortalPage() {
  document.title = 'Remote support';
  const portal = useApi(paths.portal, { every: 30_000 });
  const mine = useApi(paths.portalSession, { once: true });
  const [begun, setBegun] = useState<PortalSession | null>(null);
  const [isAnew, setAnew] = useState(false);
  const session = begun ?? (isAnew ? null : (mine.data ?? null));
  // Until it is known whether they are in a session, neither is shown.
  if (mine.isPending && begun === null) return <Frame company="">{null}</Frame>;
  if (session !== null)
    return (
      <PortalRoom
        key={session.session.lsid}
        begun={session}
        company={portal.data?.company ?? ''}
        isRecorded={portal.data?.recorded ?? true}
        onAnew={() => {
          setBegun(null);
          setAnew(true);
        }}
      />
    );
  return (
    <Frame company={portal.data?.company ?? ''}>
      <Loaded query={portal} rows={4}>
        {(found) => <EntryForm portal={found} onBegun={setBegun} />}
      </Loaded>
    </Frame>
  );
}

function Frame({ company, children }: { company: string; children: ReactNode }) {
  return (
    <div className={classes.entry}>
      <header className={classes.brand}>
        <Logo size={30} />
        <span>
          <b>{company === '' || company === 'gatehouse' ? 'Gatehouse' : company}</b> Remote support
        </span>
      </header>
      <main className={classes.card}>{children}</main>
      <footer className={classes.foot}>
        <a href="/console/support">For representatives: sign in</a>
      </footer>
    </div>
  );
}

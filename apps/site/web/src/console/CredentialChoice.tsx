import { EmptyState, Notice, Section, Tag, toProblem, useApi } from '@gatehouse/ui';
import { Button, Loader } from '@mantine/core';
import { IconCertificate, IconKey, IconKeyOff, IconPassword, IconRefresh } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { type Credential, type ItemDetail, paths } from '../api/paths.ts';
import classes from './ItemPage.module.css';
import type { Opening } from './use-opening.ts';

/** The accounts that the vault has for this person and this endpoint; none of them is ever shown. */
export function CredentialChoice({ item, opening }: { item: ItemDetail; opening: Opening }) {
  // A vault that does not answer is named at once: asking again is the person's choice.
  const list = useApi(paths.credentials(item.type, item.id), { once: true });
  return (
    <Section
      title="Open with an account of the vault"
      lead="Its password goes from the vault to the endpoint. Nobody sees it, and neither do you."
    >
      {list.isFetching && list.data === undefined ? (
        <Asking name={item.name} />
      ) : list.data === undefined ? (
        <Failed error={list.error} onRetry={() => void list.refetch()} />
      ) : list.data.credentials.length === 0 ? (
        <EmptyState
          icon={<IconKeyOff size={28} stroke={1.5} />}
          title="The vault has no account for you here"
          actions={<Again busy={list.isFetching} onRetry={() => void list.refetch()} />}
        >
          Ask whoever administers the vault to share an account of {item.name} with you, or use your own below.
        </EmptyState>
      ) : (
        <>
          <ul className={classes.credentials} aria-label="Accounts">
            {list.data.credentials.map((credential) => (
              <Choice key={credential.id} credential={credential} opening={opening} />
            ))}
          </ul>
          {list.data.truncated ? <p className={classes.note}>These are the first; the vault has more.</p> : null}
        </>
      )}
    </Section>
  );
}

const kinds = { password: 'Password', 'ssh-key': 'SSH key', 'ssh-certificate': 'SSH certificate' } as const;
const icons = { password: IconPassword, 'ssh-key': IconKey, 'ssh-certificate': IconCertificate } as const;

function Choice({ credential, opening }: { credential: Credential; opening: Opening }) {
  const { id, kind, username, label, needsApproval, isRecommended } = credential;
  const Icon = icons[kind];
  const isBusy = opening.busy?.from === 'vault' && opening.busy.id === id;
  return (
    <li className={classes.credential}>
      <Icon size={19} stroke={1.7} aria-hidden="true" />
      <span className={classes.account}>
        <span className={classes.username}>{username}</span>
        <span className={classes.label}>
          {kinds[kind]}
          {label === '' || label === username ? '' : ` · ${label}`}
        </span>
      </span>
      <span className={classes.tags}>
        {isRecommended ? <Tag tone="good">Recommended</Tag> : null}
        {needsApproval ? <Tag tone="medium">Needs approval</Tag> : null}
      </span>
      <Button
        variant={isRecommended ? 'filled' : 'default'}
        loading={isBusy}
        disabled={!opening.isAllowed || (opening.busy !== null && !isBusy)}
        aria-label={`${needsApproval ? 'Ask and open' : 'Open'} as ${username}${label === '' || label === username ? '' : `, ${label}`}`}
        onClick={() => opening.open({ from: 'vault', id })}
      >
        {needsApproval ? 'Ask and open' : 'Open'}
      </Button>
    </li>
  );
}

/** Says who is being asked, and that it is still going on when it takes long. */
function Asking({ name }: { name: string }) {
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), 5_000);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div role="status" aria-label="Loading" className={classes.asking}>
      <Loader size="sm" />
      <span>
        Asking the vault, through its ECM, which accounts you may use on {name}…
        {isLong
          ? ' It takes longer than usual. You need not wait: your own user name and password work meanwhile.'
          : ''}
      </span>
    </div>
  );
}

function Failed({ error, onRetry }: { error: unknown; onRetry(): void }) {
  const problem = toProblem(error);
  return (
    <Notice tone="medium" title={problem.title} isUrgent>
      {problem.detail}
      <div className={classes.retry}>
        <Again busy={false} onRetry={onRetry} />
      </div>
    </Notice>
  );
}

function Again({ busy, onRetry }: { busy: boolean; onRetry(): void }) {
  return (
    <Button variant="default" leftSection={<IconRefresh size={16} />} loading={busy} onClick={onRetry}>
      Ask again
    </Button>
  );
}

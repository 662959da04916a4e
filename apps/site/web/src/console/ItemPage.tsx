import { EmptyState, Loaded, Notice, Page, useApi, useCrumbs } from '@gatehouse/ui';
import { IconLock } from '@tabler/icons-react';
import { useParams } from '@tanstack/react-router';
import { type ItemDetail, paths } from '../api/paths.ts';
import { ApprovalCard } from './ApprovalCard.tsx';
import { ConditionsCard } from './ConditionsCard.tsx';
import { CredentialChoice } from './CredentialChoice.tsx';
import classes from './ItemPage.module.css';
import { OthersCard } from './OthersCard.tsx';
import { OwnPassword } from './OwnPassword.tsx';
import { Prompts } from './Prompts.tsx';
import { Star } from './Star.tsx';
import { useOpening } from './use-opening.ts';
import { obstacles, protocols } from './words.tsx';

/** One endpoint: what is asked before a session with it, and as whom it can be opened. */
export function ItemPage() {
  const { type = '', id = '' } = useParams({ strict: false }) as { type?: string; id?: string };
  const item = useApi(paths.consoleItem(type, id), { every: 10_000 });
  useCrumbs({ title: 'Console', href: '/console' }, { title: item.data?.name ?? 'Endpoint' });
  return (
    <Loaded query={item} rows={4} height={60}>
      {(found) => <Item key={`${type} ${id}`} item={found} />}
    </Loaded>
  );
}

function Item({ item }: { item: ItemDetail }) {
  const where = item.port === null ? item.hostname : `${item.hostname}:${item.port}`;
  return (
    <Page
      title={item.name}
      aside={<Star item={item} />}
      lead={`${protocols[item.type]} · ${where}${item.jumpGroup === null ? '' : ` · ${item.jumpGroup.name}`}`}
    >
      {item.comments === '' ? null : <p className={classes.comments}>{item.comments}</p>}
      {item.obstacle === null ? (
        <Openable item={item} />
      ) : (
        <EmptyState icon={<IconLock size={28} stroke={1.5} />} title="You cannot open a session with it now">
          {obstacles[item.obstacle]}
        </EmptyState>
      )}
    </Page>
  );
}

function Openable({ item }: { item: ItemDetail }) {
  const opening = useOpening(item);
  const { rule, sessions } = item.others;
  const mayBegin = sessions.length === 0 || rule === 'own' || rule === 'no-join';
  return (
    <div className={classes.columns}>
      <div className={classes.main}>
        <Prompts conditions={item.conditions} saying={opening} />
        <ApprovalCard path={paths.approvalOf(item.type, item.id)} conditions={item.conditions} saying={opening} />
        {opening.problem === null || opening.busy !== null ? null : (
          <Notice tone="critical" title={opening.problem.title} isUrgent>
            {opening.problem.detail}
          </Notice>
        )}
        <OthersCard item={item} opening={opening} />
        {mayBegin ? (
          <>
            <CredentialChoice item={item} opening={opening} />
            <OwnPassword item={item} opening={opening} />
          </>
        ) : null}
      </div>
      <ConditionsCard conditions={item.conditions} />
    </div>
  );
}

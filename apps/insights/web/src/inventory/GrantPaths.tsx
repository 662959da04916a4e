import { EmptyState, PrivilegeBadge, Tag, WordBadge, wordsOf } from '@gatehouse/ui';
import { IconArrowNarrowRight, IconUserCircle, IconUserShield, IconUsersGroup } from '@tabler/icons-react';
import { Fragment, type ReactNode } from 'react';
import type { GrantPath } from '../api/types.ts';
import classes from './GrantPaths.module.css';
import { linkHref } from './links.ts';

interface GrantPathsProps {
  tenantId: string;
  /** Who holds the grants. */
  holder: string;
  grants: readonly GrantPath[];
}

/** Every way by which somebody holds a role, drawn as steps from the holder to what it opens. */
export function GrantPaths({ tenantId, holder, grants }: GrantPathsProps) {
  if (grants.length === 0) return <EmptyState title="No grants">Nothing that was read gives this a role.</EmptyState>;
  return (
    <ul className={classes.paths}>
      {grants.map((grant, position) => (
        <li key={`${position}:${grant.roleName}`} className={classes.path}>
          <div className={classes.head}>
            <span className={classes.role}>
              {grant.role === null ? grant.roleName : <a href={linkHref(tenantId, grant.role)}>{grant.roleName}</a>}
            </span>
            <PrivilegeBadge privilege={grant.privilege} />
            {grant.state === 'active' ? null : <WordBadge word={grant.state} />}
            <Tag tone="quiet">
              {grant.through.length === 0 ? 'Direct' : `Through ${stepsWords(grant.through.length)}`}
            </Tag>
          </div>
          <ol className={classes.steps} aria-label={`How ${holder} holds ${grant.roleName}`}>
            <Node icon={<IconUserCircle size={15} />} title={holder} />
            {grant.through.map(({ group, via }) => (
              <Fragment key={`${group.stream}:${group.id}`}>
                <Edge words={via === 'direct' ? 'member' : wordsOf(via).toLowerCase()} />
                <Node icon={<IconUsersGroup size={15} />} title={group.label} href={linkHref(tenantId, group)} />
              </Fragment>
            ))}
            <Edge words="holds" />
            <Node
              icon={<IconUserShield size={15} />}
              title={grant.roleName}
              {...(grant.role === null ? {} : { href: linkHref(tenantId, grant.role) })}
            />
            <Edge words="on" />
            {grant.resource === null ? (
              <Node title="The whole organisation" />
            ) : (
              <Node title={grant.resource.label} href={linkHref(tenantId, grant.resource)} />
            )}
          </ol>
          {grant.limitedTo.length === 0 ? null : (
            <div className={classes.limits}>Limited to {grant.limitedTo.join(', ')}</div>
          )}
        </li>
      ))}
    </ul>
  );
}

const stepsWords = (steps: number) => (steps === 1 ? 'a group' : `${steps} groups`);

function Node({ icon, title, href }: { icon?: ReactNode; title: string; href?: string }) {
  return (
    <li className={classes.node} title={title}>
      {icon}
      <span>{href === undefined ? title : <a href={href}>{title}</a>}</span>
    </li>
  );
}

function Edge({ words }: { words: string }) {
  return (
    <li className={classes.edge}>
      <span>{words}</span>
      <IconArrowNarrowRight size={16} aria-hidden="true" />
    </li>
  );
}

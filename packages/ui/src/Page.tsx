import { Group, Paper, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import classes from './Page.module.css';

interface PageProps {
  title: ReactNode;
  /** One line under the title. */
  lead?: ReactNode;
  /** Badges beside the title. */
  aside?: ReactNode;
  /** Buttons at the right. */
  actions?: ReactNode;
  children: ReactNode;
}

/** One page: its title, what it is for, what can be done, and its content. */
export function Page({ title, lead, aside, actions, children }: PageProps) {
  return (
    <div className={classes.page}>
      <div className={classes.head}>
        <div className={classes.headText}>
          <Group gap="sm" wrap="wrap">
            <Title order={1} className={classes.title}>
              {title}
            </Title>
            {aside}
          </Group>
          {lead === undefined ? null : (
            <Text c="dimmed" size="sm" component="div" mt={2}>
              {lead}
            </Text>
          )}
        </div>
        {actions === undefined ? null : <Group gap="xs">{actions}</Group>}
      </div>
      {children}
    </div>
  );
}

interface SectionProps {
  title: ReactNode;
  lead?: ReactNode;
  actions?: ReactNode;
  /** Without inner padding, for tables. */
  flush?: boolean;
  children: ReactNode;
}

/** A titled card of a page. */
export function Section({ title, lead, actions, flush, children }: SectionProps) {
  return (
    <Paper component="section" className={classes.section}>
      <div className={classes.sectionHead}>
        <div>
          <Title order={2} className={classes.sectionTitle}>
            {title}
          </Title>
          {lead === undefined ? null : (
            <Text c="dimmed" size="sm">
              {lead}
            </Text>
          )}
        </div>
        {actions === undefined ? null : <Group gap="xs">{actions}</Group>}
      </div>
      <div className={flush ? classes.flush : classes.sectionBody}>{children}</div>
    </Paper>
  );
}

export interface Fact {
  readonly title: string;
  readonly value: ReactNode;
}

/** Named facts in as many columns as there is room for; `narrow` for short values and for small cards. */
export function Facts({ facts, narrow }: { facts: readonly Fact[]; narrow?: boolean }) {
  return (
    <dl className={classes.facts} data-narrow={narrow ? 'true' : undefined}>
      {facts.map(({ title, value }) => (
        <div key={title} className={classes.fact}>
          <dt>{title}</dt>
          <dd>{value ?? '—'}</dd>
        </div>
      ))}
    </dl>
  );
}

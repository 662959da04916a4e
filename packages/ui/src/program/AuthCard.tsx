import { Paper, Text, Title } from '@mantine/core';
import type { ReactNode } from 'react';
import { Logo } from '../Logo.tsx';
import classes from './AuthCard.module.css';
import { useProgram } from './program.ts';

/** The card of the pages before signing in. */
export function AuthCard({ title, lead, children }: { title: string; lead?: ReactNode; children: ReactNode }) {
  return (
    <main className={classes.screen}>
      <div className={classes.brand}>
        <Logo size={34} />
        <span>
          <b>Gatehouse</b> {useProgram().name}
        </span>
      </div>
      <Paper className={classes.card ?? ''} shadow="sm">
        <Title order={1} size="h2" mb={lead === undefined ? 'md' : 4}>
          {title}
        </Title>
        {lead === undefined ? null : (
          <Text c="dimmed" size="sm" mb="md">
            {lead}
          </Text>
        )}
        {children}
      </Paper>
    </main>
  );
}

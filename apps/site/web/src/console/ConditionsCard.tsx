import { Section } from '@gatehouse/ui';
import {
  IconClockPause,
  IconClockStop,
  IconDeviceMobile,
  IconMessage,
  IconPlayerRecord,
  IconTicket,
  IconUserCheck,
  IconUsers,
  IconVideoOff,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Conditions } from '../../../src/api/console.ts';
import classes from './ItemPage.module.css';

/** What the conditions are of: a session with an endpoint or a Jump Client, or a machine that a customer lends. */
type Of = 'session' | 'jump-client' | 'lent machine';

interface ConditionsCardProps {
  conditions: Conditions;
  of?: Of;
  /** Who is in the session that one joins; empty: one begins. */
  joins?: readonly string[];
}

/** What holds in a session, in whole sentences. */
export function ConditionsCard({ conditions, of = 'session', joins = [] }: ConditionsCardProps) {
  const { isRecorded, idleMinutes, limitMinutes, reasonRequired, ticketRequired, secondFactorRequired } = conditions;
  const recorded = of === 'session' ? 'The session is' : 'What a shell shows is';
  const lines: readonly (readonly [ReactNode, string])[] = [
    ...line(joins.length > 0, <IconUsers size={17} />, `You join the session of ${joins.join(', ')}.`),
    isRecorded
      ? [<IconPlayerRecord key="recorded" size={17} />, `${recorded} recorded.`]
      : [<IconVideoOff key="recorded" size={17} />, `${recorded} not recorded.`],
    ...line(
      limitMinutes !== null,
      <IconClockStop size={17} />,
      `${of === 'lent machine' ? 'The machine is disconnected' : 'It ends'} after ${timeOf(limitMinutes)}.`,
    ),
    ...line(
      idleMinutes !== null,
      <IconClockPause size={17} />,
      `${of === 'session' ? 'It' : 'A shell'} ends when nothing is done for ${timeOf(idleMinutes)}.`,
    ),
    ...line(reasonRequired, <IconMessage size={17} />, 'You say why you need it.'),
    ...line(ticketRequired, <IconTicket size={17} />, 'You name a ticket.'),
    ...line(secondFactorRequired, <IconDeviceMobile size={17} />, 'You enter a code of your authenticator app.'),
    ...line(conditions.approval.state !== 'not-needed', <IconUserCheck size={17} />, 'Somebody approves it first.'),
  ];
  return (
    <aside aria-label="Conditions">
      <Section title="Conditions">
        <ul className={classes.conditions}>
          {lines.map(([icon, words]) => (
            <li key={words}>
              {icon}
              {words}
            </li>
          ))}
        </ul>
      </Section>
    </aside>
  );
}

const line = (holds: boolean, icon: ReactNode, words: string): readonly (readonly [ReactNode, string])[] =>
  holds ? [[icon, words]] : [];

const timeOf = (minutes: number | null): string =>
  minutes === null || minutes === 1
    ? 'a minute'
    : minutes % 60 === 0
      ? minutes === 60
        ? 'an hour'
        : `${minutes / 60} hours`
      : `${minutes} minutes`;

import { Section } from '@gatehouse/ui';
import {
  IconClockPause,
  IconClockStop,
  IconDeviceMobile,
  IconMessage,
  IconPlayerRecord,
  IconTicket,
  IconUserCheck,
  IconVideoOff,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { ItemDetail } from '../api/paths.ts';
import classes from './ItemPage.module.css';

/** What holds in a session with this endpoint, in whole sentences. */
export function ConditionsCard({ item: { conditions } }: { item: ItemDetail }) {
  const { isRecorded, idleMinutes, limitMinutes, reasonRequired, ticketRequired, secondFactorRequired } = conditions;
  const lines: readonly (readonly [ReactNode, string])[] = [
    isRecorded
      ? [<IconPlayerRecord key="recorded" size={17} />, 'The session is recorded.']
      : [<IconVideoOff key="recorded" size={17} />, 'The session is not recorded.'],
    ...line(limitMinutes !== null, <IconClockStop size={17} />, `It ends after ${timeOf(limitMinutes)}.`),
    ...line(
      idleMinutes !== null,
      <IconClockPause size={17} />,
      `It ends when nothing is done for ${timeOf(idleMinutes)}.`,
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

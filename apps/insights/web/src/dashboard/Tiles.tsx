import { count, formatNumber } from '@gatehouse/ui';
import {
  IconAlertTriangle,
  IconEyeOff,
  IconId,
  IconMoonStars,
  IconRubberStamp,
  IconShieldX,
  IconUserCircle,
  IconUserShield,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Dashboard } from '../api/types.ts';
import classes from './Tiles.module.css';

type TileName = { [K in keyof Dashboard]: Dashboard[K] extends { value: number } ? K : never }[keyof Dashboard];

/** `asks`: any above none wants somebody's attention. */
const tiles: readonly {
  name: TileName;
  title: string;
  note: string | ((data: Dashboard) => string);
  icon: ReactNode;
  asks?: true;
}[] = [
  {
    name: 'openFindings',
    title: 'Open findings',
    note: 'New and in progress',
    icon: <IconAlertTriangle size={18} />,
    asks: true,
  },
  {
    name: 'privilegedWithoutStrongMfa',
    title: 'Privileged without strong MFA',
    note: 'High or highest True Privilege',
    icon: <IconShieldX size={18} />,
    asks: true,
  },
  {
    name: 'dormant',
    title: 'Dormant accounts',
    note: ({ dormant }) => `Enabled, not used for ${count(dormant.days, 'day')}`,
    icon: <IconMoonStars size={18} />,
    asks: true,
  },
  {
    name: 'blindRules',
    title: 'Blind rules',
    note: 'Their data cannot be read',
    icon: <IconEyeOff size={18} />,
    asks: true,
  },
  { name: 'identities', title: 'Identities', note: 'People and workloads', icon: <IconId size={18} /> },
  { name: 'accounts', title: 'Accounts', note: 'In every connected system', icon: <IconUserCircle size={18} /> },
  {
    name: 'privileged',
    title: 'Privileged accounts',
    note: 'High or highest True Privilege',
    icon: <IconUserShield size={18} />,
  },
  {
    name: 'acceptedFindings',
    title: 'Accepted risks',
    note: 'With owner, reason and expiry',
    icon: <IconRubberStamp size={18} />,
  },
];

export function Tiles({ data }: { data: Dashboard }) {
  return (
    <ul className={classes.tiles}>
      {tiles.map(({ name, title, note, icon, asks }) => (
        <li key={name}>
          <a
            href={data[name].href}
            className={classes.tile}
            data-asks={asks && data[name].value > 0 ? 'true' : undefined}
          >
            <span className={classes.title}>
              {icon}
              {title}
            </span>
            <span className={classes.value}>{formatNumber(data[name].value)}</span>
            <span className={classes.note}>{typeof note === 'string' ? note : note(data)}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}

import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import classes from './Notice.module.css';

interface NoticeProps {
  tone: 'critical' | 'medium' | 'low';
  icon?: ReactNode;
  title?: ReactNode;
  children?: ReactNode;
  /** Read out at once: for what went wrong just now. */
  isUrgent?: boolean;
}

/** Something to know before reading on. */
export function Notice({ tone, icon, title, children, isUrgent }: NoticeProps) {
  return (
    <div className={classes.notice} data-notice data-tone={tone} {...(isUrgent ? { role: 'alert' } : {})}>
      <span className={classes.icon}>
        {icon ?? (tone === 'low' ? <IconInfoCircle size={17} /> : <IconAlertTriangle size={17} />)}
      </span>
      <div className={classes.body}>
        {title === undefined ? null : <div className={classes.title}>{title}</div>}
        {children}
      </div>
    </div>
  );
}

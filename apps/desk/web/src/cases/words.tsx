import { Tag, type Tone } from '@gatehouse/ui';
import { IconCircle, IconCircleCheck, IconClock, IconLock, IconProgress } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { CaseStatus, CaseTable } from '../api/paths.ts';

export const tableWords: Readonly<Record<CaseTable, string>> = { support: 'Support Cases', helpdesk: 'Helpdesk Cases' };
export const statusWords: Readonly<Record<CaseStatus, string>> = {
  ...{ new: 'New', open: 'Open', waiting: 'Waiting for the customer', resolved: 'Resolved', closed: 'Closed' },
};
const looks: Readonly<Record<CaseStatus, readonly [Tone, ReactNode, string]>> = {
  new: ['low', <IconCircle key="icon" size={13} />, 'New'],
  open: ['medium', <IconProgress key="icon" size={13} />, 'Open'],
  waiting: ['quiet', <IconClock key="icon" size={13} />, 'Waiting'],
  resolved: ['good', <IconCircleCheck key="icon" size={13} />, 'Resolved'],
  closed: ['quiet', <IconLock key="icon" size={13} />, 'Closed'],
};

export function StatusTag({ status }: { status: CaseStatus }) {
  const [tone, icon, word] = looks[status];
  return (
    <Tag tone={tone} icon={icon}>
      {word}
    </Tag>
  );
}

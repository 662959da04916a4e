import { Tag, type Tone, wordsOf } from '@gatehouse/ui';
import {
  IconAlertTriangleFilled,
  IconCircle,
  IconCircleCheckFilled,
  IconCircleDashed,
  IconCircleXFilled,
  IconClock,
  IconPlayerPauseFilled,
  IconProgress,
} from '@tabler/icons-react';
import type { ReactNode } from 'react';
import type { Credential } from '../api/types.ts';

type Look = readonly [tone: Tone, icon: ReactNode, words?: string];

const states: Readonly<Record<string, Look>> = {
  idle: ['quiet', <IconCircle key="i" size={13} />],
  waiting: ['quiet', <IconClock key="i" size={13} />],
  running: ['low', <IconProgress key="i" size={13} />],
  succeeded: ['good', <IconCircleCheckFilled key="i" size={13} />],
  partial: ['medium', <IconAlertTriangleFilled key="i" size={13} />, 'Partly done'],
  failed: ['critical', <IconCircleXFilled key="i" size={13} />],
  cancelled: ['quiet', <IconPlayerPauseFilled key="i" size={13} />],
  pending: ['medium', <IconClock key="i" size={13} />, 'Waits for a decision'],
  granted: ['good', <IconCircleCheckFilled key="i" size={13} />],
  denied: ['critical', <IconCircleXFilled key="i" size={13} />],
  expired: ['quiet', <IconClock key="i" size={13} />],
  withdrawn: ['quiet', <IconPlayerPauseFilled key="i" size={13} />],
  used: ['quiet', <IconCircleCheckFilled key="i" size={13} />],
};

/** The state of a job, of a system in it, or of a request. */
export function StateTag({ state }: { state: string }) {
  const [tone, icon, words] = states[state] ?? ['quiet', null];
  return (
    <Tag tone={tone} icon={icon}>
      {words ?? wordsOf(state)}
    </Tag>
  );
}

/** Whether the stored password was seen to work. */
export function VerifiedTag({ hasSecret, isVerified }: Pick<Credential, 'hasSecret' | 'isVerified'>) {
  if (!hasSecret)
    return (
      <Tag tone="medium" icon={<IconCircleDashed size={13} />}>
        No password stored
      </Tag>
    );
  if (isVerified === null)
    return (
      <Tag tone="quiet" icon={<IconCircle size={13} />}>
        Not verified yet
      </Tag>
    );
  return isVerified ? (
    <Tag tone="good" icon={<IconCircleCheckFilled size={13} />}>
      Verified
    </Tag>
  ) : (
    <Tag tone="critical" icon={<IconCircleXFilled size={13} />}>
      Failing
    </Tag>
  );
}
